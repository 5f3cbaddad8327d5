"""Beats of two and of three parts, as people play them."""

import numpy as np
import pytest

from amtstudio.decoding.beat_division import is_in_threes
from amtstudio.symbolic import TempoMap

TEMPO = TempoMap.even(72.0, n_beats=49)


def played(shares, rng):
    """Onsets at these shares of each of 48 beats, some of them left out."""
    places = (np.arange(48)[:, None] + np.array(shares)).ravel()
    places = places[(rng.random(len(places)) < 0.85)]
    return TEMPO.to_seconds(places + rng.normal(0.0, 0.012, len(places)))


@pytest.mark.parametrize(
    "shares", [(0.0, 1 / 3, 2 / 3), tuple(np.arange(6) / 6), (0.0, 1 / 3, 2 / 3, 5 / 6)]
)
def test_thirds_and_sixths_are_three_parts(shares, rng):
    assert is_in_threes(played(shares, rng), TEMPO)


def test_a_long_and_a_short_note_are_three_parts_where_some_beats_have_all_three(rng):
    onsets = played((0.0, 2 / 3), rng)
    full = TEMPO.to_seconds(np.arange(0, 48, 4) + 1 / 3)
    assert is_in_threes(np.sort(np.concatenate([onsets, full])), TEMPO)


@pytest.mark.parametrize(
    "shares",
    [
        (0.0,),
        (0.0, 0.5),
        (0.0, 0.25, 0.5, 0.75),
        (0.0, 0.75),
        (0.0, 0.64),  # swing
    ],
)
def test_halves_quarters_and_swung_eighths_are_not(shares, rng):
    assert not is_in_threes(played(shares, rng), TEMPO)


def test_a_few_triplets_among_halves_are_not(rng):
    onsets = [played((0.0, 0.5), rng)[:80], TEMPO.to_seconds(np.arange(40, 48) + 1 / 3)]
    assert not is_in_threes(np.sort(np.concatenate(onsets)), TEMPO)


def test_no_notes_and_too_few_say_nothing():
    assert not is_in_threes([], TEMPO)
    assert not is_in_threes(TEMPO.to_seconds([0.0, 1 / 3, 2 / 3, 1.0]), TEMPO)
