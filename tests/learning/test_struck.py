import numpy as np
import pytest
import soxr

from amtstudio.learning.struck import struck, struck_balance
from amtstudio.playback import render_transcription
from amtstudio.symbolic import Note, Transcription

RATE = 16000
SCALE = [Note(0.5 + 0.4 * step, 0.8 + 0.4 * step, 55 + 2 * step, 80) for step in range(10)]


@pytest.fixture(scope="module")
def scale():
    return render_transcription(Transcription(tuple(SCALE), duration=6.0), RATE)


def moved(seconds=0.0, keys=0):
    return [Note(n.onset + seconds, n.offset + seconds, n.pitch + keys) for n in SCALE]


def test_every_note_of_a_scale_was_struck(scale):
    assert struck(SCALE, scale, RATE).all()
    # Ten notes in six seconds.
    assert struck_balance(SCALE, scale, RATE) == pytest.approx(10 / 6)


def test_notes_that_begin_where_none_does_were_not(scale):
    later = moved(seconds=0.2)
    assert struck(later, scale, RATE).mean() < 0.3
    both = struck_balance(SCALE + later, scale, RATE)
    assert both < struck_balance(SCALE, scale, RATE)


@pytest.mark.parametrize("cents", [-44.0, 0.0, 44.0])
def test_the_key_beside_the_one_that_was_struck_was_not(scale, cents):
    ratio = 2.0 ** (cents / 1200.0)
    audio = soxr.resample(scale, ratio, 1.0).astype(np.float32)
    played = [Note(n.onset / ratio, n.offset / ratio, n.pitch) for n in SCALE]
    assert struck(played, audio, RATE, tuning_cents=cents).mean() >= 0.9
    for keys in (-1, 1):
        beside = [Note(n.onset, n.offset, n.pitch + keys) for n in played]
        assert struck(beside, audio, RATE, tuning_cents=cents).mean() <= 0.2


def test_the_lowest_and_the_highest_key(rng):
    notes = (Note(0.5, 1.5, 21, 90), Note(2.0, 3.0, 108, 90))
    audio = render_transcription(Transcription(notes, duration=4.0), RATE)
    assert struck(notes, audio, RATE).all()
    noise = (0.1 * rng.standard_normal(4 * RATE)).astype(np.float32)
    assert not struck(notes, noise, RATE).any()


def test_nothing_heard_is_nothing_gained(scale):
    assert struck([], scale, RATE).shape == (0,)
    assert struck_balance([], scale, RATE) == 0.0
