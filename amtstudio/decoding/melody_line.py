"""One note at a time: the line that a voice, a flute or a bass plays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import NoteTable

Doubles = npt.NDArray[np.float64]

MELODY_ONLY = "melody_only"  # the setting of a decoder that asks for it

# Onsets of a line are at least so far apart: nearer ones are two readings of one sound.
LEAST_APART_S = 0.05
# What the onset of a sure and loud note is worth, and what it gains with time, in the same measure.
# The gain has a bound: strings ring on below the next notes, and are not the line for that.
_ONSET_WORTH = 0.3
_MOST_GAIN, _GAINING_S = 0.5, 0.5
_NOTE_COST = 0.05  # a note worth less, such as a faint click, is left out
# Within this time after a note, a line seldom leaps by more than a fifth; overtones do.
_LEAP_WITHIN_S = 0.3
_FREE_LEAP = 7  # semitones
_LEAP_COST = 0.02  # for each further semitone
_MOST_BEFORE = 64  # notes that may come before one in the line; more never sound together


def melody_line(notes: NoteTable) -> NoteTable:
    """From notes in order, those of the best line, in which no note overlaps the next.

    A line is worth what its notes are: that they begin, and how long each sounds until the next,
    times its confidence and the root of its loudness; less a cost for leaps beyond a fifth soon
    after a note, which are mostly overtones. The best one is found by dynamic programming.
    """
    n_notes = len(notes)
    if n_notes < 2:
        return notes
    onset, offset = notes.onset, notes.offset
    weight = notes.confidence * np.sqrt(notes.velocity / 127.0)
    own = weight * (_ONSET_WORTH + _gain(offset - onset)) - _NOTE_COST
    total = own.copy()  # of the best line that ends with each note
    before = np.full(n_notes, -1)
    best_end, best_total = -1, 0.0  # of the lines that have ended before all notes considered
    for index in range(1, n_notes):
        first = max(0, index - _MOST_BEFORE)
        if first > 0 and total[first - 1] > best_total:
            best_end, best_total = first - 1, float(total[first - 1])
        candidates = np.arange(first, index)
        candidates = candidates[onset[candidates] <= onset[index] - LEAST_APART_S]
        worth, comes_after = best_total, best_end
        if len(candidates):
            sounded = np.minimum(offset[candidates], onset[index]) - onset[candidates]
            whole = offset[candidates] - onset[candidates]
            lost = weight[candidates] * (_gain(whole) - _gain(sounded))
            leap = np.abs(notes.pitch[candidates] - notes.pitch[index]) - _FREE_LEAP
            is_soon = onset[index] - offset[candidates] < _LEAP_WITHIN_S
            cost = _LEAP_COST * np.maximum(leap, 0) * is_soon
            values = total[candidates] - lost - cost
            place = int(np.argmax(values))
            if values[place] > worth:
                worth, comes_after = float(values[place]), int(candidates[place])
        total[index] += worth
        before[index] = comes_after
    places = [int(np.argmax(total))]
    while before[places[-1]] >= 0:
        places.append(int(before[places[-1]]))
    return _cut(notes.take(np.array(places[::-1])))


def _gain(seconds: Doubles) -> Doubles:
    gain: Doubles = _MOST_GAIN * -np.expm1(-seconds / _GAINING_S)
    return gain


def _cut(line: NoteTable) -> NoteTable:
    """The notes of a line, each ended where the next begins."""
    ends = np.append(line.onset[1:], np.inf)
    offset: Doubles = np.minimum(line.offset, ends)
    if np.array_equal(offset, line.offset):
        return line
    bends = None if line.bends is None else line.bends.until(offset - line.onset)
    return replace(line, offset=offset, bends=bends)
