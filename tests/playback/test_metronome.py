"""Clicks on the beats."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from amtstudio.playback import ManualOutput, Player
from amtstudio.playback.metronome import Metronome
from amtstudio.symbolic import Note, TempoMap

RATE = 8000  # Hz
BEATS = TempoMap(0.3 + 0.5 * np.arange(8), np.arange(8) % 4 == 0)


def onsets(sound):
    """Samples at which something begins after a tenth of a second of silence."""
    loud = np.flatnonzero(np.abs(sound) > 1e-3)
    return loud[np.diff(loud, prepend=-RATE) > RATE // 10]


def frequency(sound):
    spectrum = np.abs(np.fft.rfft(sound, RATE))
    return int(spectrum.argmax())


def test_a_click_begins_on_every_beat_and_a_higher_one_on_the_bar():
    sound = Metronome(BEATS, sample_rate=RATE).read(0, 5 * RATE)
    np.testing.assert_allclose(onsets(sound) / RATE, BEATS.beats, atol=2 / RATE)
    places = np.rint(BEATS.beats * RATE).astype(int)
    heard = [frequency(sound[at : at + RATE // 20]) for at in places.tolist()]
    assert heard[0] == heard[4] == pytest.approx(1500, abs=30)
    assert heard[1] == heard[7] == pytest.approx(1000, abs=30)
    assert 0.2 < np.abs(sound).max() < 1.0


def test_slower_the_clicks_lie_further_apart():
    sound = Metronome(BEATS, sample_rate=RATE, speed=0.5).read(0, 9 * RATE)
    np.testing.assert_allclose(onsets(sound) / RATE, BEATS.beats * 2, atol=2 / RATE)


def test_it_reads_alike_in_pieces_from_anywhere():
    track = Metronome(BEATS, sample_rate=RATE)
    whole = track.read(-500, 30_000)
    edges = [-500, 0, 2399, 2401, 2650, 6500, 6501, 29_500]
    parts = [track.read(a, b - a) for a, b in itertools.pairwise(edges)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_without_beats_it_is_silent():
    assert not Metronome(None, sample_rate=RATE).read(0, RATE).any()


def test_the_player_clicks_while_it_is_switched_on():
    output = ManualOutput(sample_rate=RATE)
    player = Player(output)
    try:
        player.load(None, [])
        player.set_notes([Note(0.0, 4.5, 60, 40)])
        player.set_beats(BEATS)
        player.balance = 0.0  # the notes are not heard
        player.play()
        assert player.wait_until_ready(1, 10.0)
        assert not output.render(RATE).any()
        player.is_clicking = True
        heard = []
        for _ in range(30):
            assert player.wait_until_ready(400, 10.0)
            heard.append(output.render(400))
        at = 1.0 + onsets(np.concatenate(heard)) / RATE
        np.testing.assert_allclose(
            at, BEATS.beats[(BEATS.beats > 1.0) & (BEATS.beats < 2.5)], atol=2e-3
        )
        player.is_clicking = False
        assert player.wait_until_ready(400, 10.0)
        output.render(400)  # fades out
        assert player.wait_until_ready(400, 10.0)
        assert not output.render(400).any()
    finally:
        player.close()
