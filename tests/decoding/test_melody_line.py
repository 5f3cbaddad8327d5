"""One note at a time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from amtstudio.decoding.melody_line import LEAST_APART_S, melody_line
from amtstudio.symbolic import NO_NOTES, Note, NoteTable


def line(*notes: Note) -> list[tuple[float, float, int]]:
    found = melody_line(NoteTable.of(notes).in_order())
    return [(note.onset, note.offset, note.pitch) for note in found]


def test_a_line_stays_as_it_is():
    notes = NoteTable.of([Note(0.0, 0.5, 60), Note(0.5, 1.0, 64), Note(1.2, 1.5, 55)])
    assert melody_line(notes) == notes
    assert melody_line(NO_NOTES) == NO_NOTES


def test_of_notes_that_sound_together_the_surest_stays():
    assert line(
        Note(0.0, 0.5, 60, confidence=0.9),
        Note(0.0, 0.5, 72, confidence=0.4),
        Note(0.01, 0.4, 67, confidence=0.5),
    ) == [(0.0, 0.5, 60)]
    # Of two as sure the louder.
    assert line(Note(0.0, 0.5, 60, 50), Note(0.0, 0.5, 67, 90)) == [(0.0, 0.5, 67)]


def test_a_note_ends_where_the_next_one_begins():
    assert line(Note(0.0, 1.0, 60), Note(0.4, 0.8, 62)) == [(0.0, 0.4, 60), (0.4, 0.8, 62)]


def test_a_string_that_rings_on_is_no_line():
    tune = [Note(0.0, 3.0, 60), *(Note(0.5 * i, 0.5 * i + 0.5, 60 + i) for i in range(1, 5))]
    assert [pitch for *_, pitch in line(*tune)] == [60, 61, 62, 63, 64]


def test_a_short_faint_note_does_not_cut_a_long_one():
    assert line(Note(0.0, 2.0, 60), Note(0.9, 1.0, 79, 40, 0.3)) == [(0.0, 2.0, 60)]


def test_the_line_that_leaps_less_is_taken():
    notes = []
    for step, pitch in enumerate((60, 62, 64, 65, 67)):
        begin = 0.3 * step
        notes.append(Note(begin, begin + 0.28, pitch, 80, 0.6))
        # An overtone, here and there a little surer than the note itself.
        notes.append(Note(begin, begin + 0.28, pitch + 12, 80, 0.62 if step == 2 else 0.5))
    assert [pitch for *_, pitch in line(*notes)] == [60, 62, 64, 65, 67]


def test_no_two_notes_of_a_line_overlap_or_begin_together():
    rng = np.random.default_rng(7)
    onset = np.sort(rng.uniform(0.0, 60.0, 800))
    table = NoteTable.of_columns(
        onset,
        onset + rng.uniform(0.03, 2.0, 800),
        rng.integers(40, 90, 800),
        rng.integers(1, 128, 800),
        rng.uniform(0.1, 1.0, 800),
    )
    found = melody_line(table)
    assert np.all(found.offset[:-1] <= found.onset[1:])
    assert np.all(np.diff(found.onset) >= LEAST_APART_S)
    assert 60 < len(found) < 800
    assert set(zip(found.onset, found.pitch, strict=True)) <= set(
        zip(table.onset, table.pitch, strict=True)
    )


def test_the_best_line_is_found():
    """Against all the lines that there are, of a few notes."""
    rng = np.random.default_rng(11)

    def worth(notes: list[Note]) -> float:
        total = 0.0
        for index, note in enumerate(notes):
            after = notes[index + 1].onset if index + 1 < len(notes) else np.inf
            weight = note.confidence * np.sqrt(note.velocity / 127.0)
            sounds = min(note.offset, after) - note.onset
            total += weight * (0.3 + 0.5 * (1.0 - np.exp(-sounds / 0.5))) - 0.05
            if index and note.onset - notes[index - 1].offset < 0.3:
                total -= 0.02 * max(0, abs(note.pitch - notes[index - 1].pitch) - 7)
        return total

    for _ in range(20):
        notes = sorted(
            Note(
                on, on + rng.uniform(0.05, 0.8), int(rng.integers(50, 80)), 80, rng.uniform(0.1, 1)
            )
            for on in rng.uniform(0.0, 2.0, 8)
        )
        lines = [
            chosen
            for mask in range(1, 256)
            if (chosen := [note for place, note in enumerate(notes) if mask >> place & 1])
            and all(b.onset - a.onset >= LEAST_APART_S for a, b in pairwise(chosen))
        ]
        best = max(map(worth, lines))
        found = melody_line(NoteTable.of(notes))
        chosen = [note for note in notes if note.onset in set(found.onset.tolist())]
        assert worth(chosen) == pytest.approx(best)


def test_what_a_note_bends_is_cut_with_it():
    table = NoteTable.of([Note(0.0, 1.0, 60, bend=((0.0, 0.0), (1.0, 100.0))), Note(0.5, 1.0, 62)])
    first = melody_line(table)[0]
    assert first.bend == ((0.0, 0.0), (0.5, 50.0))
