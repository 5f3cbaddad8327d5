"""The differences between two transcriptions of one recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from amtstudio.scoring.matching import match_notes
from amtstudio.symbolic import Note, NoteTable

SAME_ONSET_S = 0.05  # as scores count it
_MOVED_S = 0.3  # the same key within this time: moved rather than another note
_SLIPS = frozenset({1, 11, 12, 13, 24})  # semitones: a neighbour, or an octave


class Kind(Enum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """``before`` is None for a note that was added, ``after`` for one that was removed."""

    kind: Kind
    before: Note | None
    after: Note | None

    @property
    def note(self) -> Note:
        """Where to look."""
        found = self.after if self.after is not None else self.before
        assert found is not None
        return found

    @property
    def onset(self) -> float:
        return self.note.onset


@dataclass(frozen=True, slots=True)
class NoteDiff:
    """``changes`` in order of time, and how many notes are the same in both."""

    changes: tuple[Difference, ...]
    n_same: int

    def count(self, kind: Kind) -> int:
        return sum(change.kind is kind for change in self.changes)


def diff_notes(before: Sequence[Note], after: Sequence[Note]) -> NoteDiff:
    """Compare two transcriptions.

    Notes of one pitch whose onsets are within 50 ms are the same, whatever their ends. Of the
    others, two count as one that has moved if the key is the same and the onsets are within 0.3 s,
    or the onset is the same and the key an octave or a semitone away; each takes part once, the
    nearest first.
    """
    pairs = match_notes(NoteTable.of(before), NoteTable.of(after), onset_tolerance=SAME_ONSET_S)
    same_before, same_after = set(pairs[:, 0].tolist()), set(pairs[:, 1].tolist())
    gone = [note for place, note in enumerate(before) if place not in same_before]
    new = [note for place, note in enumerate(after) if place not in same_after]
    changes = []
    for old, other in _moves(gone, new):
        gone.remove(old)
        new.remove(other)
        changes.append(Difference(Kind.MOVED, old, other))
    changes += [Difference(Kind.REMOVED, note, None) for note in gone]
    changes += [Difference(Kind.ADDED, None, note) for note in new]
    changes.sort(key=lambda change: (change.onset, change.note.pitch))
    return NoteDiff(tuple(changes), len(pairs))


def _moves(gone: Sequence[Note], new: Sequence[Note]) -> list[tuple[Note, Note]]:
    ordered = sorted(new, key=lambda note: note.onset)
    possible = []
    first = 0
    for old in sorted(gone, key=lambda note: note.onset):
        while first < len(ordered) and ordered[first].onset < old.onset - _MOVED_S:
            first += 1
        for other in ordered[first:]:
            if other.onset > old.onset + _MOVED_S:
                break
            shift, step = abs(other.onset - old.onset), abs(other.pitch - old.pitch)
            if step == 0 or (shift <= SAME_ONSET_S and step in _SLIPS):
                possible.append((shift + (0.0 if step == 0 else 0.1), old, other))
    possible.sort(key=lambda entry: entry[0])
    taken: set[tuple[str, int]] = set()
    found = []
    for _, old, other in possible:
        if ("old", id(old)) in taken or ("new", id(other)) in taken:
            continue
        taken |= {("old", id(old)), ("new", id(other))}
        found.append((old, other))
    return found
