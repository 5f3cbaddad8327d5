"""Which notes of a project are shown: on the tracks as the user wants them."""

from __future__ import annotations

from collections.abc import Iterable

from amtstudio import session
from amtstudio.session.command import SOUNDING
from amtstudio.symbolic import NoteState, NoteTable


def shown_notes(project: session.Document) -> tuple[NoteTable, NoteTable]:
    """The notes that sound, and the candidates, of a project."""
    table = project.content.table()
    return (
        project.tracks.shown_notes(table.take(table.has_state(*SOUNDING))),
        table.take(table.has_state(NoteState.CANDIDATE)),
    )


def updated(
    notes: NoteTable, project: session.Document, ids: Iterable[int], *, candidates: bool
) -> NoteTable:
    """The table after the notes with these ids have changed, or come, or gone."""
    ids = list(ids)
    states = (NoteState.CANDIDATE,) if candidates else SOUNDING
    wanted = project.content.table(ids)
    wanted = wanted.take(wanted.has_state(*states))
    if not candidates:  # those may come back to the project, on tracks as the model calls them
        wanted = project.tracks.shown_notes(wanted)
    touched = notes.places_of(ids)
    if not len(touched) and not len(wanted):
        return notes
    return notes.without(touched).joined(wanted).in_order()
