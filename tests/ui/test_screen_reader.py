"""Open, read the notes, correct one, export: by keyboard, with what a screen reader would say."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QFileDialog

KEY, ROLE = Qt.Key, QAccessible.Role
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def spoken() -> tuple[ROLE, str]:
    """Role and name of what has the focus, as they go over AT-SPI."""
    interface = QAccessible.queryAccessibleInterface(QApplication.focusWidget())
    if interface is None:  # an editor that is about to go
        return ROLE.NoRole, ""
    child = interface.focusChild()
    inner = interface if child is None else child
    return inner.role(), inner.text(QAccessible.Text.Name)


@pytest.fixture(autouse=True)
def _screen_reader(qapp):
    QAccessible.setActive(True)  # Qt then keeps what it says of tables in step with them
    yield
    QAccessible.setActive(False)


@pytest.fixture
def press(qtbot, window):
    def press(key, modifiers=Qt.KeyboardModifier.NoModifier, times=1) -> tuple[ROLE, str]:
        for _ in range(times):
            qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)
        return spoken()

    return press


def tab_to(press, role: ROLE, name: str, most: int = 80) -> None:
    for _ in range(most):
        if press(KEY.Key_Tab) == (role, name):
            return
    pytest.fail(f"Tab does not lead to {role} {name!r}")


def test_from_the_recording_to_the_file_without_eyes_and_mouse(
    window, finish, press, qtbot, recording, tmp_path, monkeypatch
):
    # The dialogs of the system read themselves out; here they answer.
    saved = tmp_path / "corrected.mid"
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(recording)], ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(saved), ""))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    # Open: the empty page says its ways in.
    window.empty_page.setFocus()
    tab_to(press, ROLE.Button, "Open…")
    press(KEY.Key_Space)
    finish()
    assert window.document.path == recording
    n_notes = len(window.document.notes)
    tab_to(press, ROLE.ListItem, f"{recording.name}: {n_notes} notes, 0:03")
    assert press(KEY.Key_Tab) == (ROLE.Button, f"Transcribe again: {recording.name}")

    # Read: the table of notes, a cell at a time.
    press(KEY.Key_L, CTRL)
    tab_to(press, ROLE.Cell, spoken_cell(window, 0, 0))
    onset = press(KEY.Key_Home, CTRL)
    note = window.note_table.notes._notes[0]
    assert onset == (ROLE.Cell, f"Onset (s): {note.onset:.3f}")
    assert press(KEY.Key_Right)[1].startswith("Offset (s): ")
    assert press(KEY.Key_Right)[1].startswith("Pitch: ")
    assert press(KEY.Key_Right) == (ROLE.Cell, f"Velocity: {note.velocity}")
    assert press(KEY.Key_Right)[1] == f"Confidence: {round(100 * note.confidence)} %"
    assert press(KEY.Key_Right) == (ROLE.Cell, "State: found")

    # Correct: its velocity.
    wanted = 100 if note.velocity != 100 else 99
    press(KEY.Key_Left, times=2)
    role, _ = press(KEY.Key_F2)
    assert role is ROLE.EditableText
    press(KEY.Key_A, CTRL)
    qtbot.keyClicks(QApplication.focusWidget(), str(wanted))
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: spoken() == (ROLE.Cell, f"Velocity: {wanted}"), timeout=60_000)
    assert press(KEY.Key_Right, times=2) == (ROLE.Cell, "State: edited")

    # A wrong value is refused in words.
    press(KEY.Key_Left, times=2)
    press(KEY.Key_F2)
    press(KEY.Key_A, CTRL)
    qtbot.keyClicks(QApplication.focusWidget(), "loud")
    press(KEY.Key_Return)
    refusal = "“loud” is not a valid velocity. Type a number"
    qtbot.waitUntil(lambda: refusal in window.statusBar().currentMessage(), timeout=60_000)

    # Export: Ctrl+E, and the file has the correction.
    press(KEY.Key_Escape)
    press(KEY.Key_E, CTRL)
    assert Path(saved).exists()
    struck = [m.velocity for m in mido.MidiFile(saved) if m.type == "note_on" and m.velocity]
    assert len(struck) == n_notes
    assert wanted in struck
    assert str(saved) in window.statusBar().currentMessage()


def spoken_cell(window, row: int, column: int) -> str:
    index = window.note_table.notes.index(row, column)
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole))
