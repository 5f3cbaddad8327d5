"""Beats and bars from how likely each frame is one."""

import numpy as np
import pytest

from amtstudio.decoding.beat_decoder import BeatSettings, decode_beats
from amtstudio.features import FrameGrid

GRID = FrameGrid(16000, 320)  # 20 ms


def heard(beats, n_frames=2000, *, height=0.9, floor=0.02):
    """Activation with a peak at each time, shared between the two frames nearest to it."""
    probs = np.full(n_frames, floor)
    for time in beats:
        frame = time / 0.02
        first = int(frame)
        probs[first] = max(probs[first], height * (1 - (frame - first)))
        probs[first + 1] = max(probs[first + 1], height * (frame - first))
    return probs


def f1(found, expected, within=0.04):
    hits = sum(np.abs(found - time).min() <= within for time in expected)
    return 2 * hits / (len(found) + len(expected))


@pytest.mark.parametrize("tempo", [55.0, 92.0, 120.0, 171.0])
def test_steady_beats_are_found_to_some_milliseconds(tempo):
    beats = np.arange(0.31, 38.0, 60.0 / tempo)
    found = decode_beats(heard(beats), heard(beats[::4]), GRID)
    assert len(found.beats) == len(beats)
    np.testing.assert_allclose(found.beats, beats, atol=0.012)
    np.testing.assert_allclose(found.downbeats, beats[::4], atol=0.012)
    assert found.tempo == pytest.approx(tempo, rel=0.02)


@pytest.mark.parametrize("meter", [2, 3, 4])
def test_the_meter_is_that_of_the_downbeats(meter):
    beats = np.arange(0.5, 38.0, 0.5)
    found = decode_beats(heard(beats), heard(beats[1::meter], height=0.6), GRID)
    assert set(found.meters) == {meter}
    assert found.downbeats[0] == pytest.approx(1.0, abs=0.02)


def test_beats_that_are_not_heard_are_filled_in():
    beats = np.arange(0.5, 38.0, 0.5)
    rng = np.random.default_rng(3)
    half_heard = beats[rng.random(len(beats)) < 0.75]
    wrong = rng.uniform(0.0, 38.0, 12)
    probs = np.maximum(heard(half_heard), heard(wrong, height=0.4))
    found = decode_beats(probs, heard(beats[::4]), GRID)
    assert f1(found.beats, beats[(beats > half_heard[0] - 0.1)]) > 0.97


def test_a_tempo_that_bends_is_followed():
    gaps = 0.5 * np.exp(0.3 * np.sin(np.arange(70) / 12.0))
    beats = 0.4 + np.cumsum(gaps)
    beats = beats[beats < 38.0]
    found = decode_beats(heard(beats), heard(beats[::3]), GRID)
    assert f1(found.beats, beats) > 0.98


def test_a_change_of_meter_is_found_once():
    beats = np.arange(0.5, 38.0, 0.5)
    downs = np.concatenate([beats[:36:4], beats[36::3]])
    found = decode_beats(heard(beats), heard(downs), GRID)
    changes = np.flatnonzero(np.diff(found.meters))
    assert set(found.meters) == {3, 4}
    assert len(changes) == 1


def test_nothing_heard_or_almost_no_music_gives_no_beats():
    assert decode_beats(np.zeros(10), np.zeros(10), GRID) is None
    assert decode_beats(np.zeros(0), np.zeros(0), GRID) is None


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="lowest < highest"):
        BeatSettings(lowest_tempo=200.0, highest_tempo=100.0)
    with pytest.raises(ValueError, match="steadiness"):
        BeatSettings(steadiness=0.0)
    with pytest.raises(ValueError, match="meters"):
        BeatSettings(meters=())
    with pytest.raises(ValueError, match="meter_change"):
        BeatSettings(meter_change=1.0)
