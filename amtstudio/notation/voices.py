"""Voices of a staff, and how long their notes are written."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from amtstudio.notation.bars import SMALLEST

Integers = npt.NDArray[np.int64]

_BEAM = 12
_CUT = 2.0  # for the share of a note that the next of its voice cuts off, beyond _OVERLAP
_OVERLAP = 0.15  # of a note: legato
_UNLIKE = 0.7  # for each beat by which the notes of a chord differ in length
_SECOND = 0.4  # a note in the second voice
_GAP = 0.5  # a voice rests for a beat
_LEAP = 0.012  # for each semitone between notes of a voice that follow one another
_WRONG_SIDE = 1.5  # the second voice above the first
_LEGATO = 0.6  # a note that lasts this share of the time to the next is meant to last until then


@dataclass(frozen=True, slots=True)
class _Line:
    """The last state of a voice."""

    offset: float  # in divisions, as played
    pitch: float
    onset: int


class _Way(NamedTuple):
    split: int
    before: _Way | None


@dataclass(frozen=True, slots=True)
class _State:
    cost: float
    lines: tuple[_Line, _Line]
    way: _Way | None


_SILENT = _Line(-1e9, -1.0, -(10**9))


def voices_of(onset: Integers, offset: Integers, pitch: Integers, *, beat: int) -> Integers:
    """1 for the upper voice of a staff and 2 for the lower, shape (n_notes,).

    Times are divisions, ``offset`` as played, ``beat`` is how many are a beat. The notes of a chord
    are divided at one place, so that little is cut off and few notes stand in the second voice: a
    beam search.
    """
    voices = np.ones(len(pitch), np.int64)
    order = np.lexsort((-pitch, onset))
    groups = [
        list(rows) for _, rows in itertools.groupby(order.tolist(), key=lambda row: onset[row])
    ]
    beam = [_State(0.0, (_SILENT, _SILENT), None)]
    for rows in groups:
        chord = [(int(onset[r]), float(offset[r]), float(pitch[r])) for r in rows]
        grown = sorted(
            (_after(state, chord, split, beat) for state in beam for split in range(len(rows) + 1)),
            key=lambda state: state.cost,
        )
        beam = list({state.lines: state for state in reversed(grown[: 3 * _BEAM])}.values())
        beam = sorted(beam, key=lambda state: state.cost)[:_BEAM]
    way = beam[0].way
    for rows in reversed(groups):
        assert way is not None
        voices[rows[way.split :]] = 2
        way = way.before
    return voices


def _after(state: _State, chord: list[tuple[int, float, float]], split: int, beat: int) -> _State:
    cost = state.cost
    lines = []
    for place, part in enumerate((chord[:split], chord[split:])):
        line = state.lines[place]
        other = state.lines[1 - place]
        if not part:
            lines.append(line)
            continue
        onset = part[0][0]
        if line.offset > onset:
            cost += _CUT * max(0.0, (line.offset - onset) / (line.offset - line.onset) - _OVERLAP)
        if line is not _SILENT and place == 0:
            cost += _GAP * min(max(0.0, onset - line.offset) / beat, 1.0)
        ends = [offset for _, offset, _ in part]
        longest = max(ends)
        cost += _UNLIKE * sum(min((longest - end) / beat, 2.0) for end in ends)
        pitches = [pitch for _, _, pitch in part]
        lead = max(pitches) if place == 0 else min(pitches)
        if line is not _SILENT:
            cost += _LEAP * abs(lead - line.pitch)
        cost += _SECOND * (place == 1)
        if other.offset > onset + beat / 4 and other.pitch >= 0:
            above = lead > other.pitch
            cost += _WRONG_SIDE * (above if place == 1 else not above)
        lines.append(_Line(longest, lead, onset))
    return _State(cost, (lines[0], lines[1]), _Way(split, state.way))


def written_offsets(onset: Integers, offset: Integers, *, beat: int, bar_of: Integers) -> Integers:
    """The written lengths of the notes of one voice, in divisions.

    Notes that begin together end together. A note lasts until the next one begins if it is played
    for a good part of that time, else for the value of the grid that is nearest.

    Parameters
    ----------
    onset, offset : np.ndarray of int, shape (n_notes,)
        ``offset`` on the grid, behind the onset.
    beat : int
    bar_of : np.ndarray of int, shape (n_notes,)
        Where the bar ends in which a note begins: what is the last of a bar and nearly fills it is
        held until then.
    """
    written = offset.copy()
    starts, place = np.unique(onset, return_inverse=True)
    following = np.append(starts[1:], np.iinfo(np.int64).max)
    for index, start in enumerate(starts.tolist()):
        rows = np.flatnonzero(place == index)
        played = int(np.max(offset[rows])) - start
        until = int(following[index])
        end = start + played
        if end >= until or played >= _LEGATO * (until - start):
            end = until
        else:
            end = start + _plain(played, beat)
            bar_end = int(bar_of[rows[0]])
            if end < bar_end < end + beat // 2 and bar_end <= until:
                end = bar_end
        written[rows] = min(end, until)
    return written


def _plain(length: int, beat: int) -> int:
    """The note value nearest to a length, of those that are read easily."""
    values = [beat // 4, beat // 2, beat, 2 * beat, 3 * beat, 4 * beat]
    if beat % 9 == 0:
        values = [beat // 6, beat // 3, 2 * beat // 3, beat, 2 * beat, 3 * beat, 4 * beat]
    values = [value for value in values if value and value % SMALLEST == 0] or [SMALLEST]
    return min(values, key=lambda value: abs(np.log(max(length, 1) / value)))
