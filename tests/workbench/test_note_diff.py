"""Two transcriptions compared, worked out by hand."""

from __future__ import annotations

from amtstudio.symbolic import Note
from amtstudio.workbench.adaptation.note_diff import Difference, Kind, diff_notes

C4, E4, G4, C5 = 60, 64, 67, 72


def test_added_removed_and_the_same():
    same = Note(1.0, 2.0, C4)
    gone, new = Note(2.0, 3.0, E4), Note(4.0, 5.0, G4)
    diff = diff_notes([same, gone], [Note(1.03, 5.0, C4, 20), new])
    assert diff.n_same == 1  # whatever its end and its velocity
    assert diff.changes == (
        Difference(Kind.REMOVED, gone, None),
        Difference(Kind.ADDED, None, new),
    )
    assert [diff.count(kind) for kind in Kind] == [1, 1, 0]


def test_a_note_moves_in_time_or_to_the_octave_and_each_takes_part_once():
    early, late = Note(1.0, 2.0, C4), Note(1.12, 2.0, C4)
    low, high = Note(3.0, 4.0, C4), Note(3.01, 4.0, C5)
    far = Note(1.4, 2.0, C4)  # a second one of that key: only the nearest is the same note
    diff = diff_notes([early, low], [late, far, high])
    assert diff.changes == (
        Difference(Kind.MOVED, early, late),
        Difference(Kind.ADDED, None, far),
        Difference(Kind.MOVED, low, high),
    )


def test_another_key_at_another_time_is_another_note():
    diff = diff_notes([Note(1.0, 2.0, C4)], [Note(1.2, 2.0, C5)])
    assert [change.kind for change in diff.changes] == [Kind.REMOVED, Kind.ADDED]
    diff = diff_notes([Note(1.0, 2.0, C4)], [Note(1.0, 2.0, E4)])  # no slip: a third
    assert diff.count(Kind.MOVED) == 0


def test_nothing_against_nothing():
    assert diff_notes([], []).changes == ()
    assert diff_notes([], [Note(0.0, 1.0, C4)]).count(Kind.ADDED) == 1
