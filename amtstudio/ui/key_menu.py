"""The keys that a score can be written in."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from amtstudio.symbolic.keys import KEYS, Key
from amtstudio.ui.calls import without_arguments


class KeyMenu(QMenu):
    """Offers all keys, and the one that the notes suggest."""

    chosen = Signal(object)  # Key, or None: by the notes

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.actions_of: dict[Key | None, QAction] = {}
        self._add(self, None, self.tr("Automatic: By the Notes"))
        self.addSeparator()
        names = _key_names()
        for mode, text in (("major", self.tr("Ma&jor")), ("minor", self.tr("Mi&nor"))):
            menu = self.addMenu(text)
            for key in KEYS:
                if key.mode == mode:
                    self._add(menu, key, f"{names[key]}{_signature(key)}")

    def show_key(self, key: Key | None) -> None:
        """Tick this one."""
        for other, action in self.actions_of.items():
            action.setChecked(other == key)

    def _add(self, menu: QMenu, key: Key | None, text: str) -> None:
        action = self.actions_of[key] = menu.addAction(text)
        action.setCheckable(True)
        action.triggered.connect(without_arguments(partial(self.chosen.emit, key)))


def _signature(key: Key) -> str:
    if key.fifths == 0:
        return ""
    return f" ({abs(key.fifths)} {'♯' if key.fifths > 0 else '♭'})"


def _key_names() -> dict[Key, str]:
    names = (
        QCoreApplication.translate("keys", "C♭ major"),
        QCoreApplication.translate("keys", "G♭ major"),
        QCoreApplication.translate("keys", "D♭ major"),
        QCoreApplication.translate("keys", "A♭ major"),
        QCoreApplication.translate("keys", "E♭ major"),
        QCoreApplication.translate("keys", "B♭ major"),
        QCoreApplication.translate("keys", "F major"),
        QCoreApplication.translate("keys", "C major"),
        QCoreApplication.translate("keys", "G major"),
        QCoreApplication.translate("keys", "D major"),
        QCoreApplication.translate("keys", "A major"),
        QCoreApplication.translate("keys", "E major"),
        QCoreApplication.translate("keys", "B major"),
        QCoreApplication.translate("keys", "F♯ major"),
        QCoreApplication.translate("keys", "C♯ major"),
        QCoreApplication.translate("keys", "A♭ minor"),
        QCoreApplication.translate("keys", "E♭ minor"),
        QCoreApplication.translate("keys", "B♭ minor"),
        QCoreApplication.translate("keys", "F minor"),
        QCoreApplication.translate("keys", "C minor"),
        QCoreApplication.translate("keys", "G minor"),
        QCoreApplication.translate("keys", "D minor"),
        QCoreApplication.translate("keys", "A minor"),
        QCoreApplication.translate("keys", "E minor"),
        QCoreApplication.translate("keys", "B minor"),
        QCoreApplication.translate("keys", "F♯ minor"),
        QCoreApplication.translate("keys", "C♯ minor"),
        QCoreApplication.translate("keys", "G♯ minor"),
        QCoreApplication.translate("keys", "D♯ minor"),
        QCoreApplication.translate("keys", "A♯ minor"),
    )
    return dict(zip(KEYS, names, strict=True))
