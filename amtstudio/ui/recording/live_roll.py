"""The main view while a take is recorded: it grows, and follows what is being played."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from amtstudio.symbolic import TrackKind
from amtstudio.ui.document import Document
from amtstudio.ui.icons import RECORD_COLOUR
from amtstudio.ui.recording.live_layer import LiveNoteLayer
from amtstudio.ui.roll.roll_view import RollView
from amtstudio.ui.theme import Theme
from amtstudio.workbench.takes.live_notes import LiveNotes

FOLLOWED_S = 15.0
_AHEAD = 0.06  # of the view, empty before the newest sound
_STEP_S = 10.0  # in which the room of the view grows


class LiveRollView(RollView):
    """Shows a document that has no end yet.

    The newest sound stays in view until the user moves away from it.
    """

    follow_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.layer: LiveNoteLayer | None = None
        self.hits: LiveNoteLayer | None = None
        self._notes = LiveNotes()
        super().__init__(parent=parent)
        self.show_lane("velocities", False)
        self.layer = LiveNoteLayer(self.box)
        self.hits = LiveNoteLayer(self.drums.box, TrackKind.DRUMS)
        for layer in (self.layer, self.hits):
            layer.set_theme(self._theme)
        self._follows = True
        self._is_moving = False
        self._now = 0.0
        self.line = pg.InfiniteLine(pos=0.0, angle=90)
        pen = QPen(RECORD_COLOUR, 1.5)
        pen.setCosmetic(True)
        self.line.setPen(pen)
        self.box.addItem(self.line, ignoreBounds=True)
        self.box.sigXRangeChanged.connect(self._look_who_moved)

    @property
    def follows(self) -> bool:
        return self._follows

    def begin(self, document: Document, notes: LiveNotes) -> None:
        """Show a take from its first sample on."""
        assert self.layer is not None
        assert self.hits is not None
        self._now = 0.0
        self.set_document(document)
        self._notes = notes
        for layer in (self.layer, self.hits):
            layer.set_notes(notes)
        self.show_drums(notes.has_drums)
        self._set_room(FOLLOWED_S)
        self._show_moved(0.0, FOLLOWED_S)
        self.set_follows(True)
        self.show_now(0.0)

    def set_follows(self, follows: bool) -> None:
        if follows != self._follows:
            self._follows = follows
            self.follow_changed.emit(follows)
        self.show_now(self._now)

    def zoom(self, factor: float) -> None:
        """Show ``factor`` times as much, of what is being played where that is followed."""
        self.box.zoom(0, factor, self._now if self._follows else None)

    def show_now(self, now: float) -> None:
        """Draw the take up to ``now``, seconds."""
        assert self.layer is not None
        assert self.hits is not None
        self._now = now
        start, end = self.visible_range
        length = end - start
        if self._follows:
            end = max(now + _AHEAD * length, length)
        room = math.ceil(max(now * (1.0 + _AHEAD), end, FOLLOWED_S) / _STEP_S) * _STEP_S
        if room != self.box.duration:
            self._set_room(room)
        if self._follows:
            self._show_moved(end - length, end)
        self.layer.show(now)
        self.hits.show(now)
        if self._notes.has_drums and not self.drums.has_drums:
            self.show_drums(True)
        self.line.setPos(now)

    def apply_theme(self, theme: Theme) -> None:
        self._theme = theme
        super().apply_theme(theme)
        for layer in (self.layer, self.hits):
            if layer is not None:
                layer.set_theme(theme)

    def show_drums(self, wanted: bool) -> None:
        """Have a lane for drums, or none, before there are hits."""
        self.drums.expect(wanted)
        self.show_lane("drums", wanted)

    def _take_info(self) -> None:
        """``show_now`` gives the length of the take; the file is not used."""

    def _set_room(self, seconds: float) -> None:
        self._is_moving = True
        self._set_duration(seconds)
        self._is_moving = False

    def _show_moved(self, start: float, end: float) -> None:
        self._is_moving = True
        self.show_range(start, end)
        self._is_moving = False

    def _look_who_moved(self) -> None:
        """Following continues at the user's zoom, as long as the newest notes are in view."""
        if self._is_moving or self._document is None:
            return
        start, end = self.visible_range
        follows = start <= self._now <= end
        if follows != self._follows:
            self._follows = follows
            self.follow_changed.emit(follows)
