"""Leaves keys to the control that has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QTabBar,
    QWidget,
)

_SPACE = frozenset((Qt.Key.Key_Space,))
_STEPS = frozenset(
    (
        *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
        *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End),
    )
)
_KEYS_OF: tuple[tuple[type[QWidget], frozenset[Qt.Key]], ...] = (
    (QComboBox, _SPACE | _STEPS),
    (QAbstractItemView, _STEPS),
    (QAbstractSlider, _STEPS),
    (QTabBar, _STEPS),
    (QAbstractButton, _SPACE),
)


class KeyKeeper(QObject):
    """Leaves keys to the control that has the focus and does something with them.

    An event filter of a window: by default, an action's key takes precedence over them, so that the
    arrows would zoom the view while a slider has the focus. Text fields handle their keys
    themselves.
    """

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        focused = QApplication.focusWidget()
        keys = next((keys for kind, keys in _KEYS_OF if isinstance(focused, kind)), frozenset())
        if isinstance(focused, QAbstractItemView):
            edits = focused.editTriggers() & QAbstractItemView.EditTrigger.EditKeyPressed
            keys |= frozenset((Qt.Key.Key_F2,)) if edits else frozenset()
        if Qt.Key(event.key()) not in keys:
            return False
        event.accept()
        return True
