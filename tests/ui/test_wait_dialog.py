"""What keeps the window from other wishes during long work, and gives it back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from amtstudio.ui.wait_dialog import WaitDialog


def test_keys_reach_the_window_again_when_it_ends(qtbot):
    window, pressed = QWidget(), []
    qtbot.addWidget(window)
    shortcut = QShortcut(QKeySequence("Ctrl+S"), window)
    shortcut.activated.connect(lambda: pressed.append("Ctrl+S"))
    window.show()
    qtbot.waitActive(window)
    dialog = WaitDialog("Saving", window)
    qtbot.waitUntil(dialog.isVisible)
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.end()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert pressed == ["Ctrl+S"]
