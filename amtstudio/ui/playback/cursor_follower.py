"""Keeps cursor, keyboard and view in step with playback."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QGuiApplication

from amtstudio.symbolic import NoteTable, Track, TrackKind
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.playback_controller import PlaybackController

_LEAD_SHARE = 0.1  # of the view: how far from its left edge the cursor stands after a turn


class CursorFollower(QObject):
    """Ties the views of a page to the controller, in both directions.

    The view is turned like a page when the cursor runs out of it. Where the user has scrolled
    away, it stays until the cursor comes by or is sent somewhere.

    Attributes
    ----------
    is_following : bool
        Whether pages are turned.
    """

    def __init__(self, controller: PlaybackController, page: DocumentPage) -> None:
        super().__init__(page)
        self.is_following = True
        self._controller = controller
        self._page = page
        self._last = 0.0
        controller.position_changed.connect(self._show)
        controller.state_changed.connect(self._show_again)
        controller.jumped.connect(self._reveal)
        page.roll.ruler_clicked.connect(controller.seek)
        page.overview.clicked.connect(controller.seek)
        page.roll.keyboard.pressed.connect(self._hear_key)
        page.roll.drums.axis.pressed.connect(self._hear_drum)
        page.roll.scene().sigMouseClicked.connect(self._hear_note)

    # -- in step ----------------------------------------------------------------------------------

    def _show_again(self) -> None:
        self._show(self._controller.position)

    def _show(self, seconds: float) -> None:
        document = self._controller.document
        place = None if document is None else seconds
        if place is not None and self._controller.is_playing and self._has_run_out(place):
            self._turn_to(place)
        self._last = seconds
        self._page.roll.cursor_line.set_time(place)
        self._page.overview.set_cursor(place)
        sounding: frozenset[int] = frozenset()
        if document is not None and self._controller.is_playing:
            sounding = pitches_at(document.audible_notes.of_kind(TrackKind.PITCHED), seconds)
        self._page.roll.keyboard.set_sounding(sounding)

    def _has_run_out(self, seconds: float) -> bool:
        start, end = self._page.roll.visible_range
        if not self.is_following or QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return False  # never pull the view away below the mouse
        return start <= self._last <= end and not start <= seconds < end

    def _reveal(self, seconds: float) -> None:
        start, end = self._page.roll.visible_range
        if not start <= seconds <= end:
            self._turn_to(seconds)

    def _turn_to(self, seconds: float) -> None:
        roll = self._page.roll
        start, end = roll.visible_range
        begin = seconds - _LEAD_SHARE * (end - start)
        begin = min(max(begin, 0.0), max(roll.box.duration - (end - start), 0.0))
        roll.show_range(begin, begin + end - start)

    # -- to be played ------------------------------------------------------------------------------

    def _hear_key(self, pitch: int) -> None:
        self._controller.hear(pitch)

    def _hear_drum(self, pitch: int) -> None:
        self._controller.hear(pitch, track=Track.named("drums"))

    def _hear_note(self, event: object) -> None:
        """A click on a note, or on a candidate that is shown."""
        if event.button() != Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        position: QPointF = event.scenePos()  # type: ignore[attr-defined]
        hover = self._page.roll.hover_under(position)
        note = None if hover is None else hover.note
        if note is not None:
            self._controller.hear(note.pitch, note.velocity, note.duration, note.track)


def pitches_at(table: NoteTable, seconds: float) -> frozenset[int]:
    """The keys that are down at a moment."""
    part = table.between(seconds, seconds)
    sounds = (table.onset[part] <= seconds) & (table.offset[part] > seconds)
    return frozenset(np.unique(table.pitch[part][sounds]).tolist())
