"""Mouse gestures on the contours of notes, with the bend tool."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Qt

from amtstudio.session import Document as Project
from amtstudio.symbolic import Note, TrackKind
from amtstudio.symbolic.bends import limited_bend, shifted_bend
from amtstudio.symbolic.notes import Bend, bend_at
from amtstudio.ui.editor import Editor
from amtstudio.ui.pitch_names import signed
from amtstudio.ui.roll.contour_item import ContourItem

_REACH_PX = 6.0  # how near the pointer has to be to a point or a line
_APART_S = 0.001  # two points of a contour


@dataclass(frozen=True, slots=True)
class BendHit:
    """The note whose contour is under the pointer; ``point`` is the place of one of its points."""

    key: int
    note: Note
    point: int | None


@dataclass(slots=True)
class _Pull:
    """The dragged object: a point of one contour, or whole contours."""

    hit: BendHit
    origin: QPointF
    notes: dict[int, Note]
    wanted: dict[int, tuple[Note, Bend]] = field(default_factory=dict)
    cents: float = 0.0


class BendGestures(QObject):
    """Drag a point, or a whole contour with those of all selected notes; double click: a point.

    A double click on a point takes it away. Each is one step of undo.
    """

    def __init__(self, box: pg.ViewBox, item: ContourItem, editor: Editor) -> None:
        super().__init__(editor)
        self._box = box
        self._item = item
        self._editor = editor
        self._pull: _Pull | None = None

    @property
    def is_dragging(self) -> bool:
        return self._pull is not None

    def hit(self, time: float, y: float) -> BendHit | None:
        """The nearest contour at these coordinates of the view, or else the note there."""
        document = self._editor.document
        if document is None:
            return None
        across, up = self._units_per_px()
        table = document.visible_notes.of_kind(TrackKind.PITCHED)
        reach = _REACH_PX * across
        part = table.between(time - reach, time + reach)
        best: tuple[float, BendHit] | None = None
        for place in range(part.start, part.stop):
            note, key = table[place], int(table.id[place])
            if key <= 0 or not note.onset - reach <= time <= note.offset + reach:
                continue
            found = _distance(note, time, y, across, up)
            if found is not None and (best is None or found[0] < best[0]):
                best = (found[0], BendHit(key, note, found[1]))
        return None if best is None else best[1]

    def click(self, event: Any) -> bool:
        """Whether the click was for us."""
        if event.button() != Qt.MouseButton.LeftButton or self._editor.document is None:
            return False
        if not self._editor.can_edit or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        self._editor.document.settle()
        place = self._box.mapSceneToView(event.scenePos())
        hit = self.hit(place.x(), place.y())
        if hit is None:
            return False
        self._editor.selection.set([hit.key])
        if event.double():
            self._editor.take(Project.set_bend, hit.key, _with_or_without_point(hit, place))
        return True

    def drag(self, event: Any) -> bool:
        """Whether the drag is ours."""
        if event.isStart():
            self._begin(event)
        pull = self._pull
        if pull is None:
            return False
        point = self._box.mapSceneToView(event.scenePos())
        self._show(pull, point)
        if event.isFinish():
            self.cancel()
            self._finish(pull)
        return True

    def cancel(self) -> bool:
        """Let go of what is dragged, unchanged; whether there was anything."""
        pull, self._pull = self._pull, None
        if pull is not None:
            self._item.set_wanted({})
        return pull is not None

    def _begin(self, event: Any) -> None:
        self._pull = None
        if event.button() != Qt.MouseButton.LeftButton or not self._editor.can_edit:
            return
        document = self._editor.document
        assert document is not None  # else nothing could be edited
        document.settle()
        origin = self._box.mapSceneToView(event.buttonDownScenePos())
        hit = self.hit(origin.x(), origin.y())
        if hit is None:
            return
        if hit.key not in self._editor.selection:
            self._editor.selection.set([hit.key])
        notes = {entry.id: entry.note for entry in self._editor.selected_entries()}
        self._pull = _Pull(hit, origin, notes)

    def _show(self, pull: _Pull, place: QPointF) -> None:
        cents = float(round(100.0 * (place.y() - pull.origin.y())))
        hit = pull.hit
        if hit.point is None:
            pull.cents = cents
            pull.wanted = {
                key: (note, shifted_bend(note.bend, cents)) for key, note in pull.notes.items()
            }
            text = self.tr("{cents} cents").format(cents=signed(cents))
        else:
            bend = _moved_point(hit.note, hit.point, place)
            pull.wanted = {hit.key: (hit.note, bend)}
            text = self.tr("{cents} cents").format(cents=signed(bend[hit.point][1]))
        self._item.set_wanted(pull.wanted, text, place)

    def _finish(self, pull: _Pull) -> None:
        if pull.hit.point is not None:
            _, bend = pull.wanted[pull.hit.key]
            self._editor.take(Project.set_bend, pull.hit.key, bend)
        elif pull.cents:
            self._editor.change(Project.shift_bends, pull.cents)

    def _units_per_px(self) -> tuple[float, float]:
        (start, end), (low, high) = self._box.viewRange()
        width, height = max(float(self._box.width()), 1.0), max(float(self._box.height()), 1.0)
        return float(end - start) / width, float(high - low) / height


def _distance(
    note: Note, time: float, y: float, across: float, up: float
) -> tuple[float, int | None] | None:
    """How far the contour is from the pointer in pixels, and which point it is near."""
    near: tuple[float, int | None] | None = None
    for place, (second, cents) in enumerate(note.bend):
        dx = (min(note.onset + second, note.offset) - time) / across
        dy = (note.pitch + cents / 100.0 - y) / up
        far = (dx * dx + dy * dy) ** 0.5
        if far <= _REACH_PX and (near is None or far < near[0]):
            near = (far - _REACH_PX, place)  # a point before a line
    if near is not None or not note.onset <= time <= note.offset:
        return near
    line = abs(note.pitch + bend_at(note.bend, time - note.onset) / 100.0 - y) / up
    if line <= _REACH_PX:
        return line, None
    return (2.0 * _REACH_PX, None) if round(y) == note.pitch else None


def _moved_point(note: Note, point: int, place: QPointF) -> Bend:
    """The contour with a point elsewhere, still between its neighbours and within the note."""
    points = list(note.bend)
    lowest = points[point - 1][0] + _APART_S if point else 0.0
    highest = points[point + 1][0] - _APART_S if point + 1 < len(points) else note.duration
    second = min(max(place.x() - note.onset, lowest), max(highest, lowest))
    if len(points) > point + 1 and second >= points[point + 1][0]:
        second = points[point][0]
    points[point] = (second, round(100.0 * (place.y() - note.pitch), 1))
    return tuple(points)


def _with_or_without_point(hit: BendHit, place: QPointF) -> Bend:
    """The contour without the point that was hit, or with a new one where the pointer is."""
    note = hit.note
    if hit.point is not None:
        return limited_bend(note.bend[: hit.point] + note.bend[hit.point + 1 :])
    second = min(max(place.x() - note.onset, _APART_S), max(note.duration - _APART_S, _APART_S))
    new = (second, round(100.0 * (place.y() - note.pitch), 1))
    # On a straight note it becomes a bump: the ends stay where they are.
    points = note.bend or ((0.0, 0.0), (note.duration, 0.0))
    return tuple(sorted([*(p for p in points if abs(p[0] - second) >= _APART_S), new]))
