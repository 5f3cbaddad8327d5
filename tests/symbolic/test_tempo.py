from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amtstudio.symbolic import TempoMap

# Two bars of three that slow down, after an upbeat.
WALTZ = TempoMap(
    np.array([0.5, 1.0, 1.5, 2.0, 2.6, 3.2, 3.8, 4.6]),
    np.array([False, True, False, False, True, False, False, True]),
)


def test_times_become_beats_and_back():
    seconds = np.array([0.5, 0.75, 2.3, 4.6])
    np.testing.assert_allclose(WALTZ.to_beats(seconds), [0.0, 0.5, 3.5, 7.0])
    np.testing.assert_allclose(WALTZ.to_seconds([0.0, 0.5, 3.5, 7.0]), seconds)
    # Beyond its ends the line of beats goes on evenly.
    np.testing.assert_allclose(WALTZ.to_beats([0.0, 5.4]), [-1.0, 8.0])
    np.testing.assert_allclose(WALTZ.to_seconds([-1.0, 8.0]), [0.0, 5.4])


def test_any_time_comes_back(rng):
    tempo = TempoMap(np.cumsum(rng.uniform(0.2, 1.5, 50)), rng.random(50) < 0.3)
    seconds = rng.uniform(-5.0, 60.0, 200)
    np.testing.assert_allclose(tempo.to_seconds(tempo.to_beats(seconds)), seconds, atol=1e-9)


def test_bars_and_tempo():
    assert WALTZ.downbeats.tolist() == [1.0, 2.6, 4.6]
    assert WALTZ.meters == [3, 3]
    assert WALTZ.tempo == pytest.approx(100.0)
    even = TempoMap.even(120.0, n_beats=9, meter=4)
    assert even.tempo == pytest.approx(120.0)
    assert even.downbeats.tolist() == [0.0, 2.0, 4.0]


def test_beats_a_few_milliseconds_off_do_not_move_the_tempo():
    # Two in three beats early by turns: the median distance of two would say 152.
    early = 0.4 * np.arange(90) - np.tile([0.0, 0.005, 0.010], 30)
    assert TempoMap(early, np.zeros(90, dtype=bool)).tempo == pytest.approx(150.0, abs=0.5)


def test_maps_are_compared_by_their_values_and_cannot_be_written_to():
    same = TempoMap(WALTZ.beats.copy(), WALTZ.is_downbeat.copy())
    assert same == WALTZ
    assert replace(WALTZ, beat_unit=8) != WALTZ
    assert replace(WALTZ, beats=WALTZ.beats + 1.0) != WALTZ
    with pytest.raises(ValueError, match="read-only"):
        WALTZ.beats[0] = 0.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"beats": np.array([1.0]), "is_downbeat": np.array([True])}, "two beats or more"),
        ({"beats": WALTZ.beats[::-1]}, "later than the one before"),
        ({"beats": np.full(8, np.nan)}, "later than the one before"),
        ({"is_downbeat": np.array([True])}, "is_downbeat must have shape"),
        ({"beat_unit": 3}, "power of two, got 3"),
        ({"beat_unit": 0}, "power of two, got 0"),
        ({"beat_unit": 64}, "at most 32"),  # no time signature of this program has it
    ],
)
def test_a_map_that_cannot_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        replace(WALTZ, **changes)


def test_a_tempo_is_positive():
    with pytest.raises(ValueError, match="tempo must be positive, got 0"):
        TempoMap.even(0.0)
