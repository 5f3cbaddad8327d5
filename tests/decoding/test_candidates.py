from __future__ import annotations

from amtstudio.decoding import candidates_beyond
from amtstudio.symbolic import Note, NoteState, NoteTable, Track


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


def test_candidates_of_a_band_are_on_the_track_of_the_note_beside_them():
    guitar, bass, drums = (Track.named(name) for name in ("guitar", "bass", "drums"))
    notes = [Note(1.0, 2.0, 64, track=guitar), Note(1.0, 2.0, 40, track=bass)]
    found = [
        *(Note(onset, onset + 0.5, pitch) for onset in (1.0, 1.2) for pitch in (40, 43, 64, 67)),
        Note(1.1, 1.2, 36, track=drums),
        Note(1.3, 1.4, 42, track=guitar),  # was a note before
    ]
    candidates = candidates_beyond(NoteTable.of(found), NoteTable.of(notes))
    tracks = {(note.onset, note.pitch): note.track for note in candidates}
    assert tracks == {
        **dict.fromkeys([(1.0, 43), (1.2, 40), (1.2, 43)], bass),
        **dict.fromkeys([(1.0, 67), (1.2, 64), (1.2, 67), (1.3, 42)], guitar),
        (1.1, 36): drums,
    }
    alone = candidates_beyond(NoteTable.of(found[:8]), NoteTable.of([]))
    assert [note.track for note in alone] == [Note(0.0, 1.0, 60).track] * 8
