"""Steps in the journal of a project of format 1 or 2, which knew no tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from amtstudio.session.command import Command, Rows
from amtstudio.session.tables import (
    NOTES,
    PASSAGES,
    PEDALS,
    SOURCE,
    Table,
    note_from,
    passage_from,
    pedal_from,
    source_from,
    whole,
)
from amtstudio.session.values import SessionNote
from amtstudio.symbolic import NoteState

RowT = TypeVar("RowT")


def former_command(text: str, values: dict[str, Any]) -> Command:
    """The step of its values: notes that go and come, and of all else the whole of both sides."""
    removed, inserted = (tuple(map(_entry, values[key])) for key in ("removed", "inserted"))
    return Command.of(
        text,
        (NOTES, Rows(removed, inserted)),
        (PEDALS, _swapped(PEDALS, pedal_from, values.get("pedals"))),
        (PASSAGES, _swapped(PASSAGES, passage_from, values.get("passages"))),
        (SOURCE, _swapped(SOURCE, source_from, [[side] for side in values.get("source") or ()])),
    )


def _swapped(
    table: Table[RowT], parse: Callable[[Any], RowT], sides: Sequence[Any] | None
) -> Rows[RowT]:
    if not sides:
        return Rows()
    old, new = ({table.key(row): row for row in map(parse, side)} for side in sides)
    return Rows.between(old, new)


def _entry(values: Sequence[Any]) -> SessionNote:
    key, note_values, state, original = values
    note = note_from(note_values)
    former = note if original == 0 else None if original == [] else note_from(original)
    return SessionNote(whole(key), note, NoteState(state), former)
