"""The mouse of the tests, in the coordinates of the view of notes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def place(roll, time: float, pitch: float) -> QPoint:
    return roll.mapFromScene(roll.box.mapViewToScene(QPointF(time, pitch)))


def in_lane(roll, time: float) -> QPoint:
    return roll.mapFromScene(roll.lanes["pedal"].box.mapViewToScene(QPointF(time, 0.5)))


def in_velocities(roll, time: float, velocity: float) -> QPoint:
    return roll.mapFromScene(roll.lanes["velocities"].box.mapViewToScene(QPointF(time, velocity)))


def click(qtbot, roll, point: QPoint, modifiers=NONE) -> None:
    qtbot.mouseMove(roll.viewport(), point)
    qtbot.mouseClick(roll.viewport(), LEFT, modifiers, point)


def double_click(qtbot, roll, point: QPoint) -> None:
    qtbot.mouseDClick(roll.viewport(), LEFT, NONE, point)
    qtbot.mouseRelease(roll.viewport(), LEFT, NONE, point)


def drag(qtbot, roll, start: QPoint, end: QPoint, modifiers=NONE, button=LEFT) -> None:
    press_and_pull(qtbot, roll, start, end, modifiers, button)
    qtbot.mouseRelease(roll.viewport(), button, modifiers, end)


def press_and_pull(qtbot, roll, start: QPoint, end: QPoint, modifiers=NONE, button=LEFT) -> None:
    viewport = roll.viewport()
    qtbot.mouseMove(viewport, start)
    qtbot.mousePress(viewport, button, modifiers, start)
    for point in ((start + end) / 2, end):
        move(viewport, point, modifiers, button)


def move(viewport, point: QPoint, modifiers, button) -> None:
    """Qt's own mouse of tests forgets the keys that are held while it moves."""
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        QPointF(point),
        QPointF(viewport.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        button,
        modifiers,
    )
    QApplication.sendEvent(viewport, event)
