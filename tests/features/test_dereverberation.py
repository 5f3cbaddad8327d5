"""Late echo goes, the music stays, and how a recording is cut into blocks makes no difference."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.features.dereverberation import (
    BLOCK_S,
    DELAY,
    FADE_S,
    HOP,
    dereverberate,
    dereverberated,
)
from amtstudio.playback import render_transcription
from amtstudio.symbolic import Note, Transcription

RATE = 16000


@pytest.fixture(scope="module")
def dry() -> np.ndarray:
    """Notes of half a second with gaps between them."""
    rng = np.random.default_rng(5)
    audio = np.zeros(30 * RATE, dtype=np.float32)
    times = np.arange(RATE // 2) / RATE
    for start in np.arange(0.2, 29.0, 0.9):
        f0 = 440.0 * 2.0 ** (rng.integers(-12, 12) / 12)
        partials = sum(np.sin(2 * np.pi * f0 * k * times) / k for k in range(1, 6))
        first = round(start * RATE)
        audio[first : first + len(times)] += 0.1 * partials * np.exp(-6.0 * times)
    return audio


@pytest.fixture(scope="module")
def wet(dry) -> np.ndarray:
    """In a room of 1.5 s, its tail as loud as the direct sound."""
    rng = np.random.default_rng(6)
    times = np.arange(round(1.5 * RATE)) / RATE
    tail = rng.standard_normal(len(times)) * 10.0 ** (-3.0 * times / 1.5)
    tail[: round(0.02 * RATE)] = 0.0
    tail /= np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    n_fft = len(dry) + len(tail)
    echoed = np.fft.irfft(np.fft.rfft(dry, n_fft) * np.fft.rfft(tail, n_fft), n_fft)
    return echoed[: len(dry)].astype(np.float32)


def level_in_gaps(audio: np.ndarray) -> float:
    """Of the tenth of a second before each note, in dB of the whole."""
    gaps = [audio[round((t - 0.1) * RATE) : round(t * RATE)] for t in np.arange(1.1, 29.0, 0.9)]
    return 10 * np.log10(np.mean(np.square(gaps)) / np.mean(np.square(audio)))


def blocks_of(audio: np.ndarray, length: int) -> list[np.ndarray]:
    return [audio[i : i + length] for i in range(0, len(audio), length)]


def test_the_tail_of_a_room_goes_and_notes_stay(dry, wet):
    cleaned = dereverberate(wet)
    assert cleaned.shape == wet.shape
    assert cleaned.dtype == np.float32
    assert level_in_gaps(cleaned) < level_in_gaps(wet) - 2.0
    assert np.corrcoef(cleaned, dry)[0, 1] > np.corrcoef(wet, dry)[0, 1] + 0.02


def test_what_comes_at_once_is_never_taken_for_echo(dry):
    """A first note of a recording stays as it is: nothing before it predicts it."""
    lone = np.zeros(6 * RATE, dtype=np.float32)
    lone[3 * RATE : 3 * RATE + RATE // 2] = dry[round(0.2 * RATE) : round(0.2 * RATE) + RATE // 2]
    cleaned = dereverberate(lone)
    soon = slice(3 * RATE, 3 * RATE + (DELAY - 2) * HOP)
    assert np.abs(cleaned[soon] - lone[soon]).max() < 0.02 * np.abs(lone[soon]).max()


@pytest.mark.parametrize("length", [777, 16000, 10**6])
def test_blocks_come_out_as_long_as_they_went_in_whatever_their_lengths(wet, length):
    out = np.concatenate(list(dereverberated(blocks_of(wet, length), RATE)))
    assert len(out) == len(wet)
    np.testing.assert_array_equal(out, np.concatenate(list(dereverberated([wet], RATE))))
    assert level_in_gaps(out) < level_in_gaps(wet) - 2.0


def test_blocks_fade_into_one_another(wet):
    """At the seam there is no step larger than those of the recording itself."""
    out = np.concatenate(list(dereverberated([wet], RATE)))
    steps = np.abs(np.diff(out))
    seam = round(BLOCK_S * RATE)
    around = slice(seam - 5, seam + round(FADE_S * RATE) + 5)
    assert steps[around].max() <= steps.max()
    assert steps[seam - 1] < 3 * np.median(steps[around]) + 1e-4


@pytest.mark.parametrize("n_samples", [0, 1, 5000, 4 * RATE])
def test_what_is_short_or_silent_stays_as_it_is(wet, n_samples):
    assert sum(len(b) for b in dereverberated([wet[:n_samples]], RATE)) == n_samples
    silence = np.zeros(n_samples, dtype=np.float32)
    np.testing.assert_array_equal(dereverberate(silence), silence)


def test_the_loudness_of_a_recording_makes_no_difference(wet):
    loud, soft = dereverberate(wet), dereverberate(wet * np.float32(1e-4))
    np.testing.assert_allclose(soft * 1e4, loud, atol=1e-3 * np.abs(loud).max())


def played(notes: list[Note], duration: float) -> np.ndarray:
    return render_transcription(Transcription(tuple(notes), duration=duration), RATE)


def partials(pitch: int, duration: float, decay: float) -> np.ndarray:
    """A tone of six partials, as of an organ; with a decay, as of a string."""
    times = np.arange(round(duration * RATE)) / RATE
    f0 = 440.0 * 2.0 ** ((pitch - 69) / 12)
    tone = sum(np.sin(2 * np.pi * f0 * k * times + k) / k for k in range(1, 7))
    return (0.05 * tone * np.exp(-decay * times)).astype(np.float32)


HELD = {
    "one low key": played([Note(0.5, 8.0, 40, 80)], 8.5),
    "a minor third": played([Note(0.5, 7.0, p, 70) for p in (64, 67)], 7.5),
    "four keys": played([Note(0.5, 8.0, p, 85) for p in (43, 55, 59, 74)], 8.5),
    "one key again and again": played(
        [Note(0.5 + 0.7 * i, 1.2 + 0.7 * i, 55, 80) for i in range(10)], 8.0
    ),
    "a trill": played([Note(0.5 + 0.1 * i, 0.6 + 0.1 * i, 64 + i % 2, 80) for i in range(60)], 7.0),
    "an organ": partials(62, 8.0, 0.0),
    "a string": partials(50, 8.0, 0.7),
}


@pytest.mark.parametrize("name", HELD)
def test_notes_that_foretell_themselves_are_not_taken_for_echo(name):
    audio = HELD[name]
    cleaned = np.concatenate(list(dereverberated([audio], RATE)))
    # Each tenth of a second, as far as the ear follows the tone.
    n = RATE // 10
    before, after = (
        np.square(x[: len(x) // n * n].reshape(-1, n)).mean(axis=1) for x in (audio, cleaned)
    )
    sounds = before > 1e-4 * before.max()
    assert (10 * np.log10(before[sounds] / after[sounds])).max() < 1.0


def test_a_chord_held_in_the_middle_of_a_piece_stays_and_the_echo_around_it_goes(wet):
    chord = played([Note(0.0, 8.0, p, 80) for p in (45, 52, 61)], 8.0)
    chord *= np.abs(wet).max() / np.abs(chord).max()
    piece = np.concatenate([wet[: 20 * RATE], chord, wet[20 * RATE :]])
    cleaned = np.concatenate(list(dereverberated([piece], RATE)))
    middle = slice(22 * RATE, 26 * RATE)
    lost_db = 10 * np.log10(np.mean(piece[middle] ** 2) / np.mean(cleaned[middle] ** 2))
    assert lost_db < 2.5
    early = slice(0, 15 * RATE)
    gaps = [slice(round((t - 0.1) * RATE), round(t * RATE)) for t in np.arange(1.1, 15.0, 0.9)]
    assert sum(np.sum(cleaned[gap] ** 2) for gap in gaps) < 0.65 * sum(
        np.sum(piece[gap] ** 2) for gap in gaps
    )
    assert np.mean(cleaned[early] ** 2) < np.mean(piece[early] ** 2)
