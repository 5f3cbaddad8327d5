"""Lines that sound together, and the players of a quartet and of a solo, on made-up notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amtstudio.decoding import Players, with_players
from amtstudio.decoding.lines import notes_together, split_lines, usual_lines
from amtstudio.symbolic import NoteTable
from amtstudio.symbolic.families import FAMILIES

RNG = np.random.default_rng(5)
QUARTET = (74, 67, 60, 48)


def chords(middles, n_chords=40, every=0.5):
    """Lines that wander about their middles without crossing: onset, offset, pitch, line."""
    onset = np.repeat(np.arange(n_chords) * every, len(middles))
    steps = RNG.integers(-2, 3, (n_chords, len(middles)))
    pitch = (np.array(middles) + steps).ravel().astype(float)
    return onset, onset + 0.9 * every, pitch, np.tile(np.arange(len(middles)), n_chords)


@pytest.mark.parametrize("n_lines", [1, 2, 4])
def test_lines_that_sound_together_are_counted_and_parted(n_lines):
    onset, offset, pitch, line = chords(QUARTET[:n_lines])
    assert usual_lines(onset, offset) == n_lines
    assert np.array_equal(split_lines(onset, offset, pitch, n_lines), line)


def test_notes_that_ring_into_the_next_for_a_little_do_not_sound_together():
    onset = np.arange(20) * 0.5
    first, second = notes_together(onset, onset + 0.6)
    assert not len(first)
    first, second = notes_together(onset, onset + 1.2)
    assert np.array_equal(second - first, np.ones(19))
    assert usual_lines(onset, onset + 0.6) == 1


def test_a_line_that_rests_goes_on_where_it_was():
    onset, offset, pitch, line = chords((72, 55))
    kept = (line == 0) | (onset < 6.0) | (onset > 14.0)
    found = split_lines(onset[kept], offset[kept], pitch[kept], 2)
    assert np.array_equal(found, line[kept])


def played(onset, offset, pitch, shares):
    velocity, sure = np.full(len(pitch), 80), np.full(len(pitch), 0.9)
    table = NoteTable.of_columns(onset, offset, pitch.astype(np.int64), velocity, sure)
    return replace(table, shares=shares)


def doubtful(families, share):
    """The family of a note with a small lead over the others, as noise lets it have."""
    shares = RNG.uniform(0.02, 0.2, (len(families), len(FAMILIES)))
    shares[np.arange(len(families)), families] += share
    return shares / shares.sum(axis=1, keepdims=True)


def test_a_quartet_of_two_families_has_four_players():
    onset, offset, pitch, line = chords(QUARTET)
    strings, winds = FAMILIES.index("strings"), FAMILIES.index("winds")
    shares = doubtful(np.where(line == 0, strings, winds), 0.25)
    heard = Players({"violin": 0.3, "clarinet": 0.2, "saxophone": 0.25})
    found = with_players(played(onset, offset, pitch, shares), heard)
    names = [found.tracks[place].name for place in found.track.tolist()]
    assert names[0] == "violin"
    for number in range(4):
        of_line = [name for name, place in zip(names, line, strict=True) if place == number]
        assert max(of_line.count(name) for name in set(of_line)) >= 0.95 * len(of_line)
    assert len(found.tracks) == 4
    assert sum("2" in track.name for track in found.tracks) == 1
    assert all(track.program for track in found.tracks)


def test_chords_of_one_instrument_stay_on_one_track():
    onset, offset, pitch, _ = chords((64, 59, 55, 50))
    shares = doubtful(np.full(len(pitch), FAMILIES.index("guitar")), 0.15)
    found = with_players(played(onset, offset, pitch, shares), Players({"guitar": 0.6}))
    assert [track.name for track in found.tracks] == ["guitar"]


def test_players_of_one_name_are_one_where_the_user_says_who_plays():
    onset, offset, pitch, line = chords((74, 48))
    shares = np.full((len(pitch), len(FAMILIES)), 1.0 / len(FAMILIES))
    notes = played(onset, offset, pitch, shares)
    alone = with_players(notes, Players.given(("violin",)))
    assert [track.name for track in alone.tracks] == ["violin"]
    both = with_players(notes, Players.given(("violin", "cello")))
    names = np.array([track.name for track in both.tracks])[both.track]
    assert np.array_equal(names, np.where(line == 0, "violin", "cello"))
