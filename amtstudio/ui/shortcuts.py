"""Shortcuts that the user has changed, by the key that an entry has from the start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QAction, QKeySequence

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_BETWEEN = " -> "


class Shortcuts:
    """The entries that have keys, with their default keys.

    An entry is known by its first key, and not by its text, which is another in every language.
    """

    def __init__(self, actions: Iterable[QAction]) -> None:
        self._defaults: dict[QAction, tuple[QKeySequence, ...]] = {
            action: tuple(action.shortcuts()) for action in actions if action.shortcuts()
        }

    @property
    def actions(self) -> tuple[QAction, ...]:
        return tuple(self._defaults)

    def default(self, action: QAction) -> tuple[QKeySequence, ...]:
        return self._defaults[action]

    def owner(self, *keys: QKeySequence, but: QAction) -> QAction | None:
        """Which other entry has one of these keys."""
        return next(
            (
                action
                for action in self._defaults
                if action is not but and any(key in action.shortcuts() for key in keys)
            ),
            None,
        )

    def set(self, action: QAction, key: QKeySequence) -> None:
        """Give an entry one key in place of those that it has; an empty one: none."""
        action.setShortcuts([] if key.isEmpty() else [key])

    def reset(self, action: QAction) -> None:
        action.setShortcuts(list(self._defaults[action]))

    def changed(self) -> tuple[str, ...]:
        """The text to save, such as ``Ctrl+E -> Ctrl+Shift+X``."""
        return tuple(
            f"{_name(keys)}{_BETWEEN}{_text(action.shortcuts()[:1])}"
            for action, keys in self._defaults.items()
            if tuple(action.shortcuts()) != keys
        )

    def apply(self, changed: Sequence[str]) -> None:
        """Take what was kept; entries that are not known any more are passed over.

        A key assigned by the user is taken from any entry that has it by default, as one in a later
        version may: if two entries share a key, neither responds to it.
        """
        wanted = dict(text.split(_BETWEEN, 1) for text in changed if _BETWEEN in text)
        given: list[QKeySequence] = []
        for action, keys in self._defaults.items():
            if (name := _name(keys)) in wanted:
                key = QKeySequence(wanted[name], _PORTABLE)
                self.set(action, QKeySequence() if key in given else key)
                given += action.shortcuts()
        for action, keys in self._defaults.items():
            if _name(keys) not in wanted:
                action.setShortcuts([key for key in keys if key not in given])


def _name(keys: Sequence[QKeySequence]) -> str:
    return _text(keys[:1])


def _text(keys: Sequence[QKeySequence]) -> str:
    return keys[0].toString(_PORTABLE) if keys else ""
