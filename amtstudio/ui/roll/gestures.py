"""Mouse gestures on the notes: select, move, resize, draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal

from amtstudio.session import Document as Project
from amtstudio.session import SessionNote
from amtstudio.symbolic import Note, NoteTable
from amtstudio.symbolic.snapping import BeatGrid
from amtstudio.ui.document import Document
from amtstudio.ui.editor import NEW_HIT_S, Editor
from amtstudio.ui.roll.note_planes import Grip, NotePlane
from amtstudio.ui.roll.selection_item import SelectionItem

_STILL_PX = 4.0  # a drag up or down does not move a note in time
_SHORTEST_S = 0.01  # to which a drag can shorten a note
_FREELY = Qt.KeyboardModifier.AltModifier  # not to the grid
_EXTEND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Tool(Enum):
    NAVIGATE = "navigate"
    EDIT = "edit"
    DRAW = "draw"
    BEND = "bend"


@dataclass(frozen=True, slots=True)
class Hit:
    """The note under the pointer."""

    key: int
    note: Note
    grip: Grip


class _Kind(Enum):
    BAND = "band"
    MOVE = "move"
    RESIZE = "resize"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class _Drag:
    kind: _Kind
    origin: QPointF  # coordinates of the view
    origin_px: QPointF
    entries: tuple[SessionNote, ...] = ()
    grip: Grip = Grip.BODY
    note: Note | None = None  # the one that was caught
    held: frozenset[int] = frozenset()  # selected before the rubber band


class NoteGestures(QObject):
    """Turns clicks and drags on a view of notes into wishes to the editor.

    ``plane`` says where in the view the notes are; those of other kinds are not touched there.
    """

    note_clicked = Signal(object)  # Note

    def __init__(
        self, box: pg.ViewBox, overlay: SelectionItem, editor: Editor, plane: NotePlane
    ) -> None:
        super().__init__(editor)
        self.tool = Tool.EDIT
        self._plane = plane
        self._box = box
        self._overlay = overlay
        self._editor = editor
        self._drag: _Drag | None = None
        self._is_cancelled = False
        self._shift: tuple[float, float, int] = (0.0, 0.0, 0)  # onset, offset, steps
        self._grid: BeatGrid | None = None  # that what is dragged is drawn to
        self.shows_candidates: Callable[[], bool] = lambda: True

    @property
    def is_dragging(self) -> bool:
        return self._drag is not None

    # -- what is where ----------------------------------------------------------------------------

    def hit(self, time: float, y: float) -> Hit | None:
        """The note, or candidate, at these coordinates of the view."""
        document = self._editor.document
        if document is None:
            return None
        per_px = self._seconds_per_px()
        for notes in self._tables(document):
            index = self._plane.place_at(notes, time, y, per_px)
            if index is not None and notes.id[index] > 0:
                note = notes[index]
                return Hit(int(notes.id[index]), note, self._plane.grip(note, time, per_px))
        return None

    def _tables(self, document: Document) -> list[NoteTable]:
        """The items that can be grabbed, topmost first."""
        tables = [
            document.visible_notes,
            *([document.visible_candidates] if self.shows_candidates() else []),
        ]
        return [table.of_kind(self._plane.kind) for table in tables]

    def cursor_at(self, time: float, y: float) -> Qt.CursorShape:
        """The shape of the pointer, to show what a drag would do."""
        if self.tool is Tool.NAVIGATE:
            return Qt.CursorShape.OpenHandCursor
        hit = self.hit(time, y) if self._editor.can_edit else None
        if hit is None:
            is_drawing = self.tool is Tool.DRAW
            return Qt.CursorShape.CrossCursor if is_drawing else Qt.CursorShape.ArrowCursor
        if hit.grip is Grip.BODY:
            return Qt.CursorShape.SizeAllCursor
        return Qt.CursorShape.SizeHorCursor

    # -- clicks -----------------------------------------------------------------------------------

    def click(self, event: Any) -> bool:
        """Whether the click was for us."""
        if event.button() != Qt.MouseButton.LeftButton or self._editor.document is None:
            return False
        self._editor.document.settle()
        point = self._box.mapSceneToView(event.scenePos())
        hit = self.hit(point.x(), point.y())
        if hit is None:
            self._click_nothing(event, point)
        elif event.modifiers() & _EXTEND:
            self._editor.selection.toggle(hit.key)
        else:
            self._editor.select_pedal(None)
            self._editor.selection.set([hit.key])
            self.note_clicked.emit(hit.note)
        return True

    def _click_nothing(self, event: Any, point: QPointF) -> None:
        adds = self._editor.can_edit and (
            self.tool is Tool.DRAW or (self.tool is Tool.EDIT and event.double())
        )
        if adds and not (self.tool is Tool.DRAW and event.double()):
            pitch = self._plane.pitch_at(point.y())
            self._editor.add_note(pitch, point.x(), kind=self._plane.kind)
        elif not adds and not event.modifiers() & _EXTEND:
            self._editor.select_pedal(None)
            self._editor.selection.clear()

    # -- drags ------------------------------------------------------------------------------------

    def drag(self, event: Any) -> bool:
        """Whether the drag is ours; if not, it moves the view."""
        if event.isStart():
            self._is_cancelled = False
            self._begin(event)
        if self._drag is None:
            return self._is_cancelled
        point = self._box.mapSceneToView(event.scenePos())
        if event.isFinish():
            self._show(event, point)
            self._finish(point)
        else:
            self._show(event, point)
        return True

    def cancel(self) -> bool:
        """Let go of what is dragged, unchanged; whether there was anything."""
        if self._drag is None:
            return False
        if self._drag.kind is _Kind.BAND:
            self._editor.selection.set(self._drag.held)
        self._is_cancelled = True
        self._let_go()
        return True

    def _begin(self, event: Any) -> None:
        self._drag = None
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not is_left or self.tool is Tool.NAVIGATE or self._editor.document is None:
            return
        self._editor.document.settle()
        origin_px = event.buttonDownScenePos()
        origin = self._box.mapSceneToView(origin_px)
        hit = self.hit(origin.x(), origin.y())
        extends = bool(event.modifiers() & _EXTEND)
        self._shift = (0.0, 0.0, 0)
        if hit is not None and self._editor.can_edit:
            self._drag = self._held_note(hit, origin, origin_px, extends=extends)
        elif self.tool is Tool.DRAW and self._editor.can_edit:
            self._drag = _Drag(_Kind.DRAW, origin, origin_px)
        else:
            held = self._editor.selection.ids if extends else frozenset()
            self._drag = _Drag(_Kind.BAND, origin, origin_px, held=held)

    def _held_note(self, hit: Hit, origin: QPointF, origin_px: QPointF, *, extends: bool) -> _Drag:
        selection = self._editor.selection
        if hit.key not in selection:
            selection.set(selection.ids | {hit.key} if extends else [hit.key])
        entries = tuple(self._editor.selected_entries())
        kind = _Kind.MOVE if hit.grip is Grip.BODY else _Kind.RESIZE
        return _Drag(kind, origin, origin_px, entries, hit.grip, hit.note)

    def _show(self, event: Any, point: QPointF) -> None:
        drag = self._drag
        assert drag is not None
        self._grid = None if event.modifiers() & _FREELY else self._editor.grid
        if drag.kind is _Kind.BAND:
            self._show_band(drag, point)
        elif drag.kind is _Kind.DRAW:
            pitch, begin, end = self._drawn(drag, point)
            note = Note(begin, end, pitch)
            self._overlay.set_ghosts([self._plane.rect(note, seconds=(begin, end), pitch=pitch)])
        else:
            self._shift = self._wanted_shift(drag, event.scenePos(), point)
            self._overlay.set_ghosts(self._ghosts(drag))

    def _ghosts(self, drag: _Drag) -> list[QRectF]:
        """The visible items being dragged, at their new positions."""
        onset_by, offset_by, steps = self._shift
        pitches = self._editor.moved_pitches(drag.entries, steps, self._plane.kind)
        return [
            self._plane.rect(
                entry.note,
                seconds=(entry.note.onset + onset_by, entry.note.offset + offset_by),
                pitch=pitches[entry.id],
            )
            for entry in drag.entries
            if entry.id in pitches
        ]

    def _drawn(self, drag: _Drag, point: QPointF) -> tuple[int, float, float]:
        """Pitch, onset and offset of what is drawn; of a hit the last place counts."""
        if self._plane.has_length:
            begin, end = _span(drag.origin.x(), point.x())
            if self._grid is not None:
                begin = self._grid.nearest(begin)
                end = max(self._grid.nearest(end), self._grid.after(begin))
            return self._plane.pitch_at(drag.origin.y()), begin, end
        begin = self._snapped(max(point.x(), 0.0))
        return self._plane.pitch_at(point.y()), begin, begin + NEW_HIT_S

    def _show_band(self, drag: _Drag, point: QPointF) -> None:
        document = self._editor.document
        if document is None:
            return
        band = QRectF(drag.origin, point).normalized()
        self._overlay.set_band(band)
        ids = [self._plane.ids_within(table, band) for table in self._tables(document)]
        self._editor.selection.set(drag.held.union(*ids))

    def _wanted_shift(
        self, drag: _Drag, scene_pos: QPointF, point: QPointF
    ) -> tuple[float, float, int]:
        seconds = point.x() - drag.origin.x()
        if drag.kind is _Kind.MOVE and abs(scene_pos.x() - drag.origin_px.x()) < _STILL_PX:
            seconds = 0.0
        elif drag.note is not None:
            edge = drag.note.offset if drag.grip is Grip.OFFSET else drag.note.onset
            seconds = self._snapped(edge + seconds) - edge
        if drag.kind is _Kind.RESIZE:
            shortest = min(entry.note.duration for entry in drag.entries) - _SHORTEST_S
            if drag.grip is Grip.ONSET:
                earliest = min(entry.note.onset for entry in drag.entries)
                return max(-earliest, min(seconds, max(shortest, 0.0))), 0.0, 0
            return 0.0, max(seconds, -max(shortest, 0.0)), 0
        steps = round(point.y()) - round(drag.origin.y())
        seconds, steps = self._editor.limited(drag.entries, seconds, steps, self._plane.kind)
        return seconds, seconds, steps

    def _snapped(self, second: float) -> float:
        return second if self._grid is None else self._grid.nearest(second)

    def _finish(self, point: QPointF) -> None:
        drag, shift = self._drag, self._shift
        assert drag is not None
        self._let_go()
        onset_by, offset_by, steps = shift
        if drag.kind is _Kind.MOVE and (onset_by or steps):
            self._editor.move(seconds=onset_by, steps=steps, kind=self._plane.kind)
        elif drag.kind is _Kind.RESIZE and (onset_by or offset_by):
            self._editor.change(Project.resize, onset_by=onset_by, offset_by=offset_by)
        elif drag.kind is _Kind.DRAW:
            self._editor.add_note(*self._drawn(drag, point), kind=self._plane.kind)

    def _let_go(self) -> None:
        self._drag = None
        self._overlay.set_ghosts([])
        self._overlay.set_band(None)

    def _seconds_per_px(self) -> float:
        start, end = self._box.viewRange()[0]
        return float(end - start) / max(float(self._box.width()), 1.0)


def _span(one: float, other: float) -> tuple[float, float]:
    begin, end = max(min(one, other), 0.0), max(one, other)
    return begin, max(end, begin + _SHORTEST_S)
