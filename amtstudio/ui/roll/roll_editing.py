"""Puts the editor behind the view of notes: mouse, wheel, keys, and what is selected."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from amtstudio.session import Document as Project
from amtstudio.symbolic import TrackKind
from amtstudio.ui.editor import VELOCITY_STEP, Editor
from amtstudio.ui.roll.bend_gestures import BendGestures
from amtstudio.ui.roll.contour_item import ContourItem
from amtstudio.ui.roll.drum_lane import DrumLane
from amtstudio.ui.roll.gestures import NoteGestures, Tool
from amtstudio.ui.roll.lane import Lane, LaneGestures
from amtstudio.ui.roll.note_item import NoteItem
from amtstudio.ui.roll.note_planes import KeyPlane
from amtstudio.ui.roll.roll_view_box import RollViewBox
from amtstudio.ui.roll.selection_item import SelectionItem, note_rect


class EditedRoll(Protocol):
    """The edited objects: boxes with their axes, and their content."""

    box: RollViewBox
    drums: DrumLane
    lanes: dict[str, Lane]
    candidates: NoteItem
    selected: SelectionItem
    contours: ContourItem

    def reveal(self, onset: float, offset: float) -> None: ...

    def viewport(self) -> QWidget: ...


class RollEditing(QObject):
    """Editing in a view of notes; ``parent`` is usually the view."""

    def __init__(self, roll: EditedRoll, editor: Editor, parent: QObject) -> None:
        super().__init__(parent)
        self._roll = roll
        self._editor = editor
        self.notes = NoteGestures(roll.box, roll.selected, editor, KeyPlane())
        self.notes.shows_candidates = roll.candidates.isVisible
        self.hits = roll.drums.gestures(editor)
        self.bends = BendGestures(roll.box, roll.contours, editor)
        self.lanes: dict[str, LaneGestures] = {}
        roll.box.gestures = self
        roll.box.on_alt_wheel = self._change_velocity
        for lane in roll.lanes.values():
            self.add_lane(lane)
        editor.selection.changed.connect(self.show_selected)
        editor.revealed.connect(roll.reveal)

    def add_lane(self, lane: Lane) -> None:
        """Let the mouse edit in a lane, too."""
        gestures = self.hits if lane is self._roll.drums else lane.gestures(self._editor)
        lane.box.on_alt_wheel = self._change_velocity
        lane.box.gestures = gestures
        if gestures is not None:
            self.lanes[lane.name] = gestures

    def cancel(self) -> bool:
        """Let go of what is dragged, unchanged; whether there was anything."""
        # Each has to cancel, even after one that did.
        held = [self.notes.cancel(), self.bends.cancel()]
        held += [gestures.cancel() for gestures in self.lanes.values()]
        return any(held)

    def show_selected(self) -> None:
        document = self._editor.document
        rects = []
        for notes in (
            () if document is None else (document.visible_notes, document.visible_candidates)
        ):
            chosen = notes.take(notes.places_of(self._editor.selection.ids))
            chosen = chosen.of_kind(TrackKind.PITCHED)
            rects += [note_rect(note.onset, note.offset, note.pitch) for note in chosen]
        self._roll.selected.set_selected(rects)
        self._roll.drums.show_selected(self._editor.selection.ids)

    def set_tool(self, tool: Tool) -> None:
        self.notes.tool = tool
        self.hits.tool = Tool.EDIT if tool is Tool.BEND else tool
        self._roll.contours.show_dots(tool is Tool.BEND)

    def click(self, event: Any) -> bool:
        """Clicks on the notes; whether this one was for us."""
        return (self._bends_notes and self.bends.click(event)) or self.notes.click(event)

    def drag(self, event: Any) -> bool:
        """Drags on the notes; whether this one is ours."""
        if not self.notes.is_dragging and self._bends_notes and self.bends.drag(event):
            return True
        return self.notes.drag(event)

    @property
    def _bends_notes(self) -> bool:
        return self.notes.tool is Tool.BEND

    def key_at(self, time: float, y: float, kind: TrackKind) -> int | None:
        """The id of the note at these coordinates of its view."""
        hit = (self.hits if kind is TrackKind.DRUMS else self.notes).hit(time, y)
        return None if hit is None else hit.key

    def show_cursor(self, time: float, y: float, kind: TrackKind) -> None:
        if self.bends.is_dragging or self.notes.is_dragging or self.hits.is_dragging:
            return
        if kind is TrackKind.DRUMS:
            self._roll.viewport().setCursor(self.hits.cursor_at(time, y))
        elif self._bends_notes and self._editor.can_edit and self.bends.hit(time, y) is not None:
            self._roll.viewport().setCursor(Qt.CursorShape.SizeVerCursor)
        else:
            self._roll.viewport().setCursor(self.notes.cursor_at(time, y))

    def wants_key(self, event: QEvent) -> bool:
        """With notes selected, the arrows up and down are theirs; without, they zoom."""
        return self._steps(event) != 0

    def take_key(self, event: QKeyEvent) -> bool:
        steps = self._steps(event)
        if steps:
            self._editor.move(steps=steps)
        return steps != 0

    def _steps(self, event: QEvent) -> int:
        if not isinstance(event, QKeyEvent) or not len(self._editor.selection):
            return 0
        if not self._editor.can_edit or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return 0
        return {Qt.Key.Key_Up.value: 1, Qt.Key.Key_Down.value: -1}.get(event.key(), 0)

    def _change_velocity(self, notches: float) -> None:
        self._editor.change(Project.change_velocity, round(notches * VELOCITY_STEP))
