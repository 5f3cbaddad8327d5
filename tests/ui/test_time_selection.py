"""Marking a stretch of time, with the mouse and without."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from amtstudio.ui.roll.axes import SIDE_WIDTH
from amtstudio.ui.time_selection import TimeSelection


@pytest.fixture
def opened(window, finish, recording):
    window.open_paths([recording])
    finish()
    return window


def drag(qtbot, widget, start: QPoint, end: QPoint, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, modifiers, start)
    qtbot.mouseMove(widget, (start + end) / 2)
    qtbot.mouseMove(widget, end)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, modifiers, end)


def on_ruler(roll, time: float) -> QPoint:
    x = roll.box.mapViewToScene(QPointF(time, 60.0)).x()
    ruler = roll._time_axis.sceneBoundingRect()
    return roll.mapFromScene(QPointF(x, ruler.bottom() - 10.0))


def test_a_stretch_has_its_ends_in_order_and_lies_within_the_recording(qtbot):
    selection = TimeSelection()
    assert selection.is_empty
    with qtbot.waitSignal(selection.changed):
        selection.set(4.0, -1.0, duration=3.0)
    assert selection.range == (selection.begin, selection.end) == (0.0, 3.0)
    assert selection.holds(0.0)
    assert not selection.holds(3.0)

    with qtbot.assertNotEmitted(selection.changed):
        selection.set(0.0, 3.0)
    with qtbot.waitSignal(selection.changed):
        selection.set(1.0, 1.001)
    assert selection.range is None
    assert not selection.holds(1.0)


def test_a_drag_along_the_ruler_marks_time_and_its_ends_can_be_moved(opened, qtbot):
    roll, selection = opened.page.roll, opened.page.time_selection
    drag(qtbot, roll.viewport(), on_ruler(roll, 1.0), on_ruler(roll, 2.0))
    step = 3.0 / roll.box.width()  # seconds a pixel
    assert selection.range == pytest.approx((1.0, 2.0), abs=2 * step)

    drag(qtbot, roll.viewport(), on_ruler(roll, 2.0), on_ruler(roll, 2.5))
    assert selection.range == pytest.approx((1.0, 2.5), abs=2 * step)
    qtbot.mouseClick(
        roll.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ShiftModifier,
        on_ruler(roll, 0.5),
    )
    assert selection.range == pytest.approx((0.5, 2.5), abs=2 * step)
    # The view stays where it was.
    assert roll.visible_range == pytest.approx((0.0, 3.0))


def test_a_click_on_the_ruler_tells_the_time_and_a_double_click_clears(opened, qtbot):
    roll, selection = opened.page.roll, opened.page.time_selection
    selection.set(1.0, 2.0)
    with qtbot.waitSignal(roll.ruler_clicked) as clicked:
        qtbot.mouseClick(roll.viewport(), Qt.MouseButton.LeftButton, pos=on_ruler(roll, 1.5))
    assert clicked.args[0] == pytest.approx(1.5, abs=0.01)
    assert selection.range == (1.0, 2.0)
    qtbot.mouseDClick(roll.viewport(), Qt.MouseButton.LeftButton, pos=on_ruler(roll, 1.5))
    qtbot.mouseRelease(roll.viewport(), Qt.MouseButton.LeftButton, pos=on_ruler(roll, 1.5))
    assert selection.is_empty


def test_the_overview_marks_with_shift_and_moves_the_view_without(opened, qtbot):
    overview, selection = opened.page.overview, opened.page.time_selection
    opened.page.roll.show_range(0.0, 1.0)
    width = overview.width() - SIDE_WIDTH
    ends = QPoint(SIDE_WIDTH + width // 3, 20), QPoint(SIDE_WIDTH + 2 * width // 3, 20)
    drag(qtbot, overview, *ends, Qt.KeyboardModifier.ShiftModifier)
    assert selection.range == pytest.approx((1.0, 2.0), abs=0.01)
    assert opened.page.roll.visible_range == pytest.approx((0.0, 1.0))

    drag(qtbot, overview, *reversed(ends))
    assert selection.range == pytest.approx((1.0, 2.0), abs=0.01)
    assert opened.page.roll.visible_range == pytest.approx((0.5, 1.5), abs=0.01)


def test_the_marked_stretch_is_seen(opened):
    before = opened.page.grab().toImage()
    opened.page.time_selection.set(1.0, 2.0)
    assert opened.page.grab().toImage() != before
    opened.page.time_selection.clear()
    assert opened.page.grab().toImage() == before


def test_another_recording_begins_without_a_marked_stretch(opened, finish, long_recording):
    opened.page.time_selection.set(1.0, 2.0)
    opened.open_paths([long_recording])
    opened.transcribe_actions.cancel()
    finish()
    assert opened.page.time_selection.is_empty
