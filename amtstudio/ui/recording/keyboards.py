"""Which MIDI keyboards there are, and which one is to be recorded along."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from amtstudio.ui.failure import describe
from amtstudio.ui.jobs import Job, JobPool


class KeyboardList(QObject):
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

    changed = Signal()

    def __init__(self, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.names: list[str] = []
        self.chosen = ""
        self.reason = ""
        self.list_keyboards: Callable[[], list[str]] = _list_keyboards
        self._pool = pool
        self._job: Job | None = None

    @property
    def name(self) -> str:
        """What to record along; empty: nothing."""
        return self.chosen if self.chosen in self.names else ""

    def look(self) -> None:
        if self._job is None:
            self._job = Job(lambda **_: self.list_keyboards())
            self._job.signals.finished.connect(self._take)
            self._job.signals.failed.connect(self._fail)
            self._pool.start(self._job)

    def choose(self, name: str) -> None:
        if name != self.chosen:
            self.chosen = name
            self.changed.emit()

    def _take(self, names: list[str]) -> None:
        self.names = names
        self.reason = "" if names else self.tr("No MIDI keyboard is connected.")
        self._end()

    def _fail(self, error: Exception) -> None:
        failure = describe(error)
        self.names = []
        self.reason = " ".join(part for part in (failure.cause, failure.next_step) if part)
        self._end()

    def _end(self) -> None:
        self._job = None
        self.changed.emit()


def _list_keyboards() -> list[str]:
    from amtstudio.formats.midi_keyboard import list_keyboards  # noqa: PLC0415 - imports mido

    return list_keyboards()
