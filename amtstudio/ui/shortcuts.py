"""Shortcuts that the user has changed, by the key that an entry has from the start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QAction, QKeySequence

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_BETWEEN = " -> "


class Shortcuts:
    """The entries that have keys, with those that they had first.

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

    def owner(self, key: QKeySequence, *, but: QAction) -> QAction | None:
        """Which other entry has this key."""
        return next(
            (
                action
                for action in self._defaults
                if action is not but and key in action.shortcuts()
            ),
            None,
        )

    def set(self, action: QAction, key: QKeySequence) -> None:
        """Give an entry one key in place of those that it has; an empty one: none."""
        action.setShortcuts([] if key.isEmpty() else [key])

    def reset(self, action: QAction) -> None:
        action.setShortcuts(list(self._defaults[action]))

    def changed(self) -> tuple[str, ...]:
        """What is to be kept, such as ``Ctrl+E -> Ctrl+Shift+X``."""
        return tuple(
            f"{_name(keys)}{_BETWEEN}{_text(action.shortcuts()[:1])}"
            for action, keys in self._defaults.items()
            if tuple(action.shortcuts()) != keys
        )

    def apply(self, changed: Sequence[str]) -> None:
        """Take what was kept; entries that are not known any more are passed over."""
        wanted = dict(text.split(_BETWEEN, 1) for text in changed if _BETWEEN in text)
        for action, keys in self._defaults.items():
            name = _name(keys)
            if name in wanted:
                self.set(action, QKeySequence(wanted[name], _PORTABLE))
            else:
                self.reset(action)


def _name(keys: Sequence[QKeySequence]) -> str:
    return _text(keys[:1])


def _text(keys: Sequence[QKeySequence]) -> str:
    return keys[0].toString(_PORTABLE) if keys else ""
