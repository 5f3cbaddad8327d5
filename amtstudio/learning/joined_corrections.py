"""What is said of one recording in several places, as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from amtstudio.learning.request import Corrections, Passage, may_be_same
from amtstudio.symbolic import Note
from amtstudio.symbolic.instrument_tags import with_tags

_SAME_S = 0.05  # between onsets of one note


def joined(earlier: Corrections, later: Corrections) -> Corrections:
    """The decisions of two projects, or files, of the same recording.

    Where they contradict each other, the later ones are right: a passage accepted in both is taken
    from the later, and its single notes overrule those of the earlier.
    """
    ours = [passage for passage in later.passages if passage.knows == "all"]
    whole = [
        part
        for passage in earlier.passages
        if passage.knows == "all"
        for part in _outside(passage, ours)
    ]
    others = [entry for entry in (*earlier.passages, *later.passages) if entry.knows != "all"]
    return Corrections(
        passages=(*others, *(_overruled(passage, later) for passage in whole), *ours),
        right=(*_left(earlier.right, ours, later.wrong), *_left(later.right, whole)),
        wrong=(*_left(earlier.wrong, ours, later.right), *_left(later.wrong, whole)),
        project=later.project or earlier.project,
        sha256=later.sha256 or earlier.sha256,
        instruments=with_tags(earlier.instruments, later.instruments),
    )


def _outside(passage: Passage, others: Iterable[Passage]) -> list[Passage]:
    """The parts of a passage that lie in none of the others."""
    parts = [(passage.start, passage.end)]
    for other in others:
        parts = [
            (start, end)
            for first, last in parts
            for start, end in ((first, min(last, other.start)), (max(first, other.end), last))
            if start < end
        ]

    def within(notes: Iterable[Note], start: float, end: float) -> tuple[Note, ...]:
        return tuple(note for note in notes if start <= note.onset < end)

    return [
        replace(
            passage,
            start=start,
            end=end,
            notes=within(passage.notes, start, end),
            unsure=within(passage.unsure, start, end),
        )
        for start, end in parts
    ]


def _overruled(passage: Passage, by: Corrections) -> Passage:
    """A passage with the single notes that were decided on in it later."""
    added = [note for note in by.right if passage.start <= note.onset < passage.end]
    kept = _left(passage.notes, (), (*by.wrong, *added))
    unsure = tuple(note for note in passage.unsure if not may_be_same(note, added))
    return replace(passage, notes=tuple(sorted((*kept, *added))), unsure=unsure)


def _left(
    notes: Iterable[Note], passages: Iterable[Passage], others: Iterable[Note] = ()
) -> tuple[Note, ...]:
    """The notes outside of passages that are none of the others."""
    passages, others = tuple(passages), tuple(others)
    return tuple(
        note
        for note in notes
        if not any(passage.start <= note.onset < passage.end for passage in passages)
        and not any(_is_same(note, other) for other in others)
    )


def _is_same(note: Note, other: Note) -> bool:
    return note.pitch == other.pitch and abs(note.onset - other.onset) <= _SAME_S
