"""Where the user changes the keys of the menus."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from amtstudio.ui.shortcuts import Shortcuts

_NATIVE = QKeySequence.SequenceFormat.NativeText
_WIDTH, _HEIGHT = 560, 560


class ShortcutDialog(QDialog):
    """A list of all entries with keys; the chosen one gets the key that is pressed below."""

    changed = Signal()

    def __init__(self, shortcuts: Shortcuts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shortcuts = shortcuts
        self.setWindowTitle(self.tr("Keyboard Shortcuts"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.tr("Search"))
        self.search.textChanged.connect(self._filter)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.windowTitle())
        self.tree.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.tree.setRootIsDecorated(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._rows = {action: QTreeWidgetItem(self.tree) for action in shortcuts.actions}
        self.key_edit = QKeySequenceEdit()
        self.key_edit.setMaximumSequenceLength(1)
        self.key_edit.setAccessibleName(self.tr("New key"))
        self.set_button = QPushButton(self.tr("&Set"))
        self.none_button = QPushButton(self.tr("&No key"))
        self.default_button = QPushButton(self.tr("&Default"))
        self.said = QLabel()
        self.said.setWordWrap(True)
        below = QHBoxLayout()
        below.addWidget(self.key_edit, 1)
        for button, slot in (
            (self.set_button, self._set),
            (self.none_button, self._clear),
            (self.default_button, self._reset),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            below.addWidget(button)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.all_button = QPushButton(self.tr("Restore &all"))
        self.all_button.setAutoDefault(False)
        self.all_button.clicked.connect(self._reset_all)
        self.buttons.addButton(self.all_button, QDialogButtonBox.ButtonRole.ResetRole)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addLayout(below)
        layout.addWidget(self.said)
        layout.addWidget(self.buttons)
        self.tree.currentItemChanged.connect(self._choose)
        self.resize(_WIDTH, _HEIGHT)
        self._show()
        if (first := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(first)

    def choose(self, action: QAction) -> None:
        self.tree.setCurrentItem(self._rows[action])

    @property
    def chosen(self) -> QAction | None:
        row = self.tree.currentItem()
        return next((action for action, other in self._rows.items() if other is row), None)

    def _show(self) -> None:
        for action, row in self._rows.items():
            row.setText(0, command_name(action))
            row.setText(1, ", ".join(key.toString(_NATIVE) for key in action.shortcuts()))
            font = row.font(1)
            font.setBold(tuple(action.shortcuts()) != self._shortcuts.default(action))
            row.setFont(1, font)

    def _filter(self, text: str) -> None:
        for row in self._rows.values():
            shown = f"{row.text(0)} {row.text(1)}".casefold()
            row.setHidden(text.casefold() not in shown)

    def _choose(self) -> None:
        action = self.chosen
        self.said.clear()
        keys = [] if action is None else action.shortcuts()
        self.key_edit.setKeySequence(keys[0] if keys else QKeySequence())

    def _set(self) -> None:
        action, key = self.chosen, self.key_edit.keySequence()
        if action is None or key.isEmpty():
            self.said.setText(self.tr("First click the field and press the new key."))
            return
        if self._are_free(action, key):
            self._shortcuts.set(action, key)
            self._take()

    def _are_free(self, action: QAction, *keys: QKeySequence) -> bool:
        """Whether no other entry has these keys; of one that has them the dialog tells."""
        owner = self._shortcuts.owner(*keys, but=action)
        if owner is not None:
            self.said.setText(
                self.tr(
                    "“{command}” already has this key. Give that command another key first."
                ).format(command=command_name(owner))
            )
        return owner is None

    def _clear(self) -> None:
        if (action := self.chosen) is not None:
            self._shortcuts.set(action, QKeySequence())
            self._take()

    def _reset(self) -> None:
        action = self.chosen
        if action is not None and self._are_free(action, *self._shortcuts.default(action)):
            self._shortcuts.reset(action)
            self._take()

    def _reset_all(self) -> None:
        for action in self._shortcuts.actions:
            self._shortcuts.reset(action)
        self._take()

    def _take(self) -> None:
        self._show()
        self._choose()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()


def command_name(action: QAction) -> str:
    """The name of an entry outside its menu."""
    return (action.whatsThis() or action.text()).replace("&", "").rstrip("…")
