from __future__ import annotations

from amtstudio.symbolic import Note, NoteTable, Pedal, Track, held_until, joined_presses

RHODES = Track("Rhodes", 4)


def test_presses_of_a_track_that_overlap_are_one():
    presses = [Pedal(4.0, 5.0), Pedal(0.0, 3.0), Pedal(1.0, 2.0), Pedal(2.5, 3.5), Pedal(3.5, 4.0)]
    assert joined_presses(presses) == [Pedal(0.0, 3.5), Pedal(3.5, 4.0), Pedal(4.0, 5.0)]
    assert joined_presses(presses, touching=True) == [Pedal(0.0, 5.0)]
    assert joined_presses([]) == []


def test_presses_of_different_tracks_stay_apart():
    presses = [Pedal(0.0, 3.0), Pedal(1.0, 2.0, RHODES), Pedal(2.0, 4.0)]
    assert joined_presses(presses) == [Pedal(0.0, 4.0), Pedal(1.0, 2.0, RHODES)]


def test_the_pedal_holds_the_notes_of_its_own_track():
    notes = NoteTable.of(
        [
            Note(0.0, 0.5, 60),
            Note(0.0, 1.5, 62),
            Note(0.0, 1.5, 62, track=RHODES),
            Note(0.0, 2.0, 64),
            Note(0.0, 2.0, 64, track=RHODES),
            Note(0.0, 9.0, 65),
        ]
    )
    presses = [Pedal(1.0, 2.0), Pedal(2.0, 3.0), Pedal(1.5, 4.0, RHODES)]
    assert held_until(notes, presses).tolist() == [0.5, 2.0, 4.0, 3.0, 4.0, 9.0]
    assert held_until(notes, presses, touching=True).tolist() == [0.5, 3.0, 4.0, 3.0, 4.0, 9.0]
    assert held_until(notes, []).tolist() == notes.offset.tolist()
