"""Which MIDI keyboards there are, and which one is to be recorded along."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from amtstudio.ui.failure import Failure
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.listing import Listing


class KeyboardList(Listing):
    """The MIDI inputs as they were found last.

    Attributes
    ----------
    names : list of str
        Empty until they have been looked for.
    chosen : str
        The user's choice, whether it is there or not; empty: none.
    reason : str
        Why there are none, in sentences; empty if there are.
    """

    def __init__(self, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(pool, parent)
        self.names: list[str] = []
        self.chosen = ""
        self.reason = ""
        self.list_keyboards: Callable[[], list[str]] = _list_keyboards

    @property
    def name(self) -> str:
        """The keyboard to record as well; empty: none."""
        return self.chosen if self.chosen in self.names else ""

    def look(self) -> None:
        if not self.is_looking:
            self._start(self.list_keyboards)

    def choose(self, name: str) -> None:
        if name != self.chosen:
            self.chosen = name
            self.changed.emit()

    def _take(self, names: list[str]) -> None:
        self.names = names
        self.reason = "" if names else self.tr("No MIDI keyboard is connected.")

    def _miss(self, failure: Failure) -> None:
        self.names = []
        self.reason = failure.sentences


def _list_keyboards() -> list[str]:
    from amtstudio.formats.midi_keyboard import list_keyboards  # noqa: PLC0415 - imports mido

    return list_keyboards()
