from __future__ import annotations

from amtstudio.decoding import candidates_beyond
from amtstudio.symbolic import Note, NoteState, NoteTable


def test_candidates_of_a_noisy_recording_are_the_likeliest():
    notes = [Note(1.0, 2.0, 60)]
    found = [*notes, *(Note(float(i), i + 1.0, 61, 80, (i % 7) / 10) for i in range(1400))]
    candidates = candidates_beyond(NoteTable.of(found), NoteTable.of(notes))

    assert candidates.has_state(NoteState.CANDIDATE).all()
    assert len(candidates) == 1000
    assert min(note.confidence for note in candidates) == 0.2
    assert all(note.pitch == 61 for note in candidates)


def test_only_what_the_lower_threshold_finds_is_a_candidate():
    notes = NoteTable.of([Note(1.0, 2.0, 60), Note(3.0, 4.0, 62)])
    lower = NoteTable.of([Note(1.0, 2.5, 60, 5), Note(1.0, 2.0, 61), Note(3.2, 4.0, 62)])
    assert list(candidates_beyond(lower, notes)) == list(lower)[1:]
