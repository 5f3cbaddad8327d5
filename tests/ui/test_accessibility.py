"""Every control has a name that a screen reader can say, and is reached with the Tab key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QHeaderView,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMenuBar,
    QScrollBar,
    QWidget,
)

from amtstudio.ui.customizing.preferences_dialog import PreferencesDialog
from amtstudio.ui.error_box import ErrorBox
from amtstudio.ui.export.part_export import Part, PartExportDialog
from amtstudio.ui.failure import describe
from amtstudio.ui.help.dialogs import AboutDialog, KeySheet
from amtstudio.ui.transcribe.part_dialog import PartDialog

_OF_QT = (QScrollBar, QHeaderView, QMenuBar, QMenu)


def is_inside_of_another(widget: QWidget) -> bool:
    """The field of a spin box, the inside of a scroll area: Qt names them by what holds them."""
    parent = widget.parentWidget()
    if isinstance(widget, QLineEdit) and isinstance(parent, QAbstractSpinBox):
        return True
    return isinstance(parent, QAbstractScrollArea) and widget is parent.viewport()


def controls_of(root: QWidget) -> list[QWidget]:
    """What can have the focus."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisibleTo(root)
        and widget.window() is root.window()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget, _OF_QT)
        and not widget.objectName().startswith("qt_")
        and widget.focusProxy() is None
        and not is_inside_of_another(widget)
    ]


def spoken_name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def describe_widget(widget: QWidget) -> str:
    return f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"


def reached_by_tab(root: QWidget, qtbot, *, most: int = 300) -> set[QWidget]:
    reached: set[QWidget] = set()
    for _ in range(most):
        focused = QApplication.focusWidget()
        if focused is not None:
            reached.add(focused)
            if isinstance(focused.parentWidget(), QAbstractSpinBox):
                reached.add(focused.parentWidget())
        qtbot.keyClick(focused or root, Qt.Key.Key_Tab)
        if QApplication.focusWidget() in reached and len(reached) > 1 and is_first(reached, root):
            return reached
    return reached


def is_first(reached: set[QWidget], root: QWidget) -> bool:
    """Whether the round is complete: every enabled control was met."""
    return all(control in reached for control in controls_of(root) if control.isEnabled())


@pytest.fixture
def opened(window, finish, recording, qtbot):
    window.open_paths([recording])
    finish()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def dialogs(opened) -> dict[str, QWidget]:
    document = opened.document
    return {
        "preferences": PreferencesDialog(opened.preferences, opened),
        "part": PartDialog(document, view=(0.0, 1.0), selection=(0.5, 1.0), parent=opened),
        "export": PartExportDialog(document, Part((0.0, 3.0), frozenset((1, 2))), opened),
        "keys": KeySheet(opened.menus.by_title, opened),
        "about": AboutDialog("CPU", opened),
        "error": ErrorBox(describe(ValueError("x")), opened),
    }


def test_every_control_of_the_window_has_a_name(opened):
    for dock in opened.findChildren(QMainWindow):
        assert dock.windowTitle()
    controls = controls_of(opened)
    assert len(controls) > 15
    nameless = [describe_widget(control) for control in controls if not spoken_name(control)]
    assert nameless == []


def test_every_control_of_the_empty_window_has_a_name(window):
    controls = controls_of(window)
    assert len(controls) >= 2
    assert [describe_widget(control) for control in controls if not spoken_name(control)] == []


def test_every_control_of_a_dialog_has_a_name_and_is_reached(opened, qtbot):
    for name, dialog in dialogs(opened).items():
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        controls = controls_of(dialog)
        assert controls, name
        nameless = [describe_widget(control) for control in controls if not spoken_name(control)]
        assert nameless == [], name
        reached = reached_by_tab(dialog, qtbot)
        missed = [
            f"{describe_widget(control)} {spoken_name(control)}"
            for control in controls
            if control.isEnabled() and control not in reached
        ]
        assert missed == [], name
        assert dialog.windowTitle() or name == "error"
        dialog.close()
        dialog.deleteLater()


def test_every_control_of_the_window_is_reached_with_tab(opened, qtbot):
    opened.page.roll.setFocus()
    reached = reached_by_tab(opened, qtbot)
    missed = [
        f"{describe_widget(control)} {spoken_name(control)}"
        for control in controls_of(opened)
        if control.isEnabled() and control not in reached
    ]
    assert missed == []


def test_keys_go_from_row_to_row_and_tab_to_the_buttons_of_a_row(window, finish, recording, qtbot):
    other = recording.with_name("other.wav")
    other.write_bytes(recording.read_bytes())
    window.open_paths([recording, other])
    finish()
    window.queue.move(window.queue.items[1], -1)
    window.activateWindow()
    view = window.queue_panel.view
    view.setFocus()
    for item, key in zip(window.queue.items, (Qt.Key.Key_Home, Qt.Key.Key_Down), strict=True):
        view.setFocus()
        qtbot.keyClick(view, key)
        met = []
        for _ in range(8):
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            if QApplication.focusWidget().parent() is not view.buttons:
                break
            met.append(spoken_name(QApplication.focusWidget()))
        texts = ("Transcribe again", "Remove from the list")
        assert met == [f"{text}: {item.document.name}" for text in texts]


def test_every_entry_of_the_menus_has_a_text(opened):
    entries = list(opened.menuBar().actions())
    for entry in entries:  # grows by those of the menus below
        if entry.menu() is not None:
            entries += entry.menu().actions()
    assert len(entries) > 40
    assert [entry for entry in entries if not entry.isSeparator() and not entry.text()] == []
