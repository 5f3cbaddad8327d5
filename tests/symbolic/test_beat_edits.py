"""Beats put right by hand."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.symbolic import Meter, TempoMap, beat_edits

FOUR = TempoMap(1.0 + 0.5 * np.arange(17), np.arange(17) % 4 == 1)


def test_half_and_double_and_back():
    half = beat_edits.halved(FOUR)
    assert half.tempo == pytest.approx(FOUR.tempo / 2)
    assert half.beats[0] == FOUR.beats[1]  # downbeats stay
    assert set(half.downbeats) <= set(FOUR.downbeats)
    assert half.meter == Meter(2)
    twice = beat_edits.doubled(FOUR)
    assert twice.tempo == pytest.approx(FOUR.tempo * 2)
    assert set(FOUR.beats) <= set(twice.beats)
    assert twice.meter == Meter(4)
    with pytest.raises(ValueError, match="at least two beats"):
        beat_edits.halved(TempoMap.even(60.0, n_beats=2))


def test_the_meter_and_the_first_beat():
    three = beat_edits.with_meter(FOUR, Meter.parse("3/4"))
    assert three.meters == [3] * 5
    assert three.downbeats[0] == FOUR.downbeats[0]
    here = beat_edits.with_bar_at(three, 2.6)
    assert 2.5 in here.downbeats
    assert set(here.meters) == {3}
    assert str(beat_edits.with_meter(FOUR, Meter.parse("6/8")).meter) == "6/8"


def test_bars_are_counted_anew_from_a_beat_on_and_those_before_stay():
    # An upbeat, bars of four from 1.5 s on; a bar of two is wanted, and three to a bar from 5 s on.
    anew = beat_edits.with_bars_from(FOUR, 4.5)
    assert anew.downbeats.tolist() == [1.5, 3.5, 4.5, 6.5, 8.5]
    three = beat_edits.with_bars_from(anew, 6.6, Meter(3))
    assert three.downbeats.tolist() == [1.5, 3.5, 4.5, 6.5, 8.0]
    again = beat_edits.with_bars_from(three, 8.4)  # as the last whole bars before
    assert again.downbeats.tolist() == [1.5, 3.5, 4.5, 6.5, 8.0, 8.5]
    assert beat_edits.with_bars_from(FOUR, 0.0).downbeats[0] == 1.0  # none before
    with pytest.raises(ValueError, match="6/8 has beats of another kind"):
        beat_edits.with_bars_from(FOUR, 4.5, Meter.parse("6/8"))


def test_a_steady_tempo_from_a_beat_that_is_known():
    even = beat_edits.even_beats(120.0, Meter(3), first=1.2, duration=10.0)
    assert even.beats[0] == pytest.approx(0.2)
    assert even.beats[-1] >= 10.0
    assert 1.2 in np.round(even.downbeats, 9)
    np.testing.assert_allclose(np.diff(even.beats), 0.5)
    with pytest.raises(ValueError, match="between 15 and 400"):
        beat_edits.even_beats(1000.0, Meter(), first=0.0, duration=1.0)


def test_single_beats_are_moved_added_and_removed():
    moved = beat_edits.with_beat_moved(FOUR, 2, 2.1)
    assert moved.beats[2] == 2.1
    far = beat_edits.with_beat_moved(FOUR, 2, 9.0)
    assert far.beats[2] == pytest.approx(FOUR.beats[3] - 0.05)
    more = beat_edits.with_beat_added(FOUR, 1.25)
    assert more.beats[1] == 1.25
    assert more.downbeats.tolist() == FOUR.downbeats.tolist()
    with pytest.raises(ValueError, match="already a beat"):
        beat_edits.with_beat_added(FOUR, 1.01)
    less = beat_edits.without_beat(FOUR, 1)
    assert len(less.beats) == 16
    assert less.is_downbeat[1]


def test_taps_take_the_place_of_what_was_there():
    taps = [3.02, 3.6, 4.2, 4.8]
    tapped = beat_edits.tapped(FOUR, taps)
    assert set(taps) <= set(tapped.beats)
    assert np.all(np.diff(tapped.beats) > 0.1)
    # Bars go on as they were counted: downbeats at 1.5 and 3.5, so the second tap is the first.
    assert 3.6 in tapped.downbeats
    new = beat_edits.tapped(None, taps, Meter(3))
    assert new.beats.tolist() == taps
    assert new.is_downbeat.tolist() == [True, False, False, True]
    with pytest.raises(ValueError, match="at least two beats"):
        beat_edits.tapped(None, [1.0])


def test_bars_and_places_are_counted():
    bars, places = FOUR.places()
    assert bars[:6].tolist() == [0, 1, 1, 1, 1, 2]
    assert places[:6].tolist() == [4, 1, 2, 3, 4, 1]
    assert FOUR.meter == Meter(4)
    assert TempoMap.even(60.0, n_beats=3, meter=4).meter is None


@pytest.mark.parametrize("text", ["", "3", "0/4", "3/7", "99/4", "a/b"])
def test_what_is_no_time_signature_is_refused(text):
    with pytest.raises(ValueError, match=r"time signature|beats, got|must be 1, 2"):
        Meter.parse(text)


def test_time_signatures():
    assert Meter.parse("6/8") == Meter(2, 8, is_compound=True)
    assert Meter.parse("3/8") == Meter(3, 8)
    assert Meter.parse("12/8").quarters == 1.5
    assert [str(Meter.parse(text)) for text in ("4/4", "9/8", "2/2")] == ["4/4", "9/8", "2/2"]


def test_two_beats_always_remain_and_no_tempo_becomes_absurd():
    two = TempoMap.even(60.0)
    for edit in (beat_edits.halved, lambda tempo: beat_edits.without_beat(tempo, 0)):
        with pytest.raises(ValueError, match="at least two beats must remain"):
            edit(two)
    assert len(beat_edits.halved(TempoMap.even(60.0, n_beats=3)).beats) == 2
    fast = beat_edits.doubled(beat_edits.doubled(two))
    assert fast.tempo == pytest.approx(240.0)
    with pytest.raises(ValueError, match="faster than 400 a minute"):
        beat_edits.doubled(fast)
