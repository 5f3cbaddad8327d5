"""The wheel over a slider or a box scrolls the panel, until the control is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QScrollBar,
    QSlider,
    QWidget,
)

from amtstudio import session
from amtstudio.ui.export.export_all import ExportAllDialog
from amtstudio.ui.transcribe.part_dialog import PartDialog


def turn_wheel(widget: QWidget, steps: int = -1) -> bool:
    """Returns whether the widget took it."""
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def spin(widget: QWidget) -> None:
    """As the window system does: what the widget does not take goes to those around it."""
    window = widget.window().windowHandle()
    place = QPointF(widget.mapTo(widget.window(), widget.rect().center()))
    QTest.wheelEvent(window, place, QPoint(0, -120))
    QApplication.processEvents()


def controls(root: QWidget) -> list[QWidget]:
    found = [
        *root.findChildren(QSlider),
        *root.findChildren(QComboBox),
        *root.findChildren(QAbstractSpinBox),
    ]
    return [widget for widget in found if not isinstance(widget, QScrollBar)]


def value_of(widget) -> float:
    return widget.currentIndex() if isinstance(widget, QComboBox) else widget.value()


def put_in_the_middle(widget) -> None:
    if isinstance(widget, QComboBox):
        widget.setCurrentIndex(widget.count() // 2)
    else:
        widget.setValue(int((widget.minimum() + min(widget.maximum(), 1000)) / 2))


@pytest.fixture
def roots(editing, qtbot):
    """The window with a project, and dialogs with such controls."""
    editing.customizing.show_dialog()
    export = ExportAllDialog([editing.document], editing)
    part = PartDialog(editing.document, view=(0.0, 1.0), parent=editing)
    for dialog in (export, part):
        qtbot.addWidget(dialog)
        dialog.show()
    yield [editing, editing.customizing.dialog, export, part]
    editing.customizing.dialog.close()


def test_the_wheel_changes_nothing_without_the_focus(roots):
    n_tried = 0
    for root in roots:
        for widget in controls(root):
            if isinstance(root, QDialog) != isinstance(widget.window(), QDialog):
                continue
            put_in_the_middle(widget)
            widget.clearFocus()
            before = value_of(widget)
            for steps in (-1, 1, 1):
                assert widget.focusPolicy() is not Qt.FocusPolicy.WheelFocus
                took = turn_wheel(widget, steps)
                assert value_of(widget) == before, widget.accessibleName()
                assert not (took and widget.isEnabled()), widget.accessibleName()
            n_tried += 1
    assert n_tried > 20


def test_the_wheel_over_a_threshold_scrolls_the_panel(window, recording, finish, qtbot):
    window.open_paths([recording])
    finish()
    window.resize(1000, 520)
    panel = window.notes_panel
    slider, bar = panel.sliders["onset_threshold"].slider, panel.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    slider.setValue(50)
    window.page.roll.setFocus()
    spin(slider)
    assert slider.value() == 50
    assert bar.value() > 0
    panel.ensureWidgetVisible(slider)  # the wheel has scrolled it away
    slider.setFocus()
    qtbot.waitUntil(slider.hasFocus)
    spin(slider)
    assert slider.value() < 50


def test_a_project_is_not_changed_by_scrolling(editing):
    assert isinstance(editing.document.project, session.Document)
    undo = editing.document.project.undo_text
    for widget in controls(editing.notes_panel):
        widget.clearFocus()
        turn_wheel(widget)
    assert editing.document.project.undo_text == undo
