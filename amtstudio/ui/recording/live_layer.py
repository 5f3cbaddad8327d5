"""Live notes in the main view, in parts, of which only the newest are rebuilt."""

from __future__ import annotations

from typing import Any

from amtstudio.symbolic import Note, NoteTable, TrackKind
from amtstudio.ui.roll.drum_item import DrumItem
from amtstudio.ui.roll.note_colours import ColourBy
from amtstudio.ui.roll.note_item import NoteItem
from amtstudio.ui.theme import Theme
from amtstudio.workbench.takes.live_notes import LiveNotes

_PROVISIONAL_OPACITY = 0.45
_NOTES_OF_A_PART = 400  # built within a millisecond or two


class LiveNoteLayer:
    """Keeps the items of a view box in step with those of ``LiveNotes`` that are of a kind."""

    def __init__(self, box: Any, kind: TrackKind = TrackKind.PITCHED) -> None:
        self._box = box
        self._kind = kind
        self._theme: Theme | None = None
        self._colour_by = ColourBy.VELOCITY
        self._notes = LiveNotes()
        # Notes that have ended; all but the last are full.
        self._parts: list[NoteItem | DrumItem] = []
        self._n_shown = 0  # of those that have ended
        self._n_forgotten = 0
        self.sounding = self._new_item()
        self.provisional = self._new_item()
        self.provisional.setOpacity(_PROVISIONAL_OPACITY)

    @property
    def items(self) -> list[NoteItem | DrumItem]:
        return [*self._parts, self.sounding, self.provisional]

    def set_notes(self, notes: LiveNotes, now: float = 0.0) -> None:
        """Show these from now on."""
        for part in self._parts:
            self._box.removeItem(part)
        self._parts, self._n_shown, self._notes = [], 0, notes
        self._n_forgotten = notes.n_forgotten
        self.show(now)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for item in self.items:
            item.set_theme(theme)

    def set_colour_by(self, colour_by: ColourBy) -> None:
        self._colour_by = colour_by
        for item in self.items:
            item.set_colour_by(colour_by)

    def show(self, now: float) -> None:
        """Draw what has changed; notes that sound reach up to ``now``, seconds."""
        if self._n_forgotten != self._notes.n_forgotten:
            self.set_notes(self._notes, now)
            return
        ended = self._notes.ended
        while self._n_shown < len(ended):
            part = self._n_shown // _NOTES_OF_A_PART
            if part == len(self._parts):
                self._parts.append(self._new_item())
            first = part * _NOTES_OF_A_PART
            self._n_shown = min(first + _NOTES_OF_A_PART, len(ended))
            self._parts[part].set_notes(self._table(ended[first : self._n_shown]))
        self.sounding.set_notes(self._table(self._notes.sounding(now)))
        self.provisional.set_notes(self._table(self._notes.provisional(now)))

    def _table(self, notes: list[Note]) -> NoteTable:
        return NoteTable.of(sorted(notes)).of_kind(self._kind)

    def _new_item(self) -> NoteItem | DrumItem:
        item = DrumItem() if self._kind is TrackKind.DRUMS else NoteItem()
        item.set_colour_by(self._colour_by)
        if self._theme is not None:
            item.set_theme(self._theme)
        self._box.addItem(item, ignoreBounds=True)
        return item
