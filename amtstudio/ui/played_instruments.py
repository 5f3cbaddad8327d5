"""What plays the notes: the bundled instruments, or the user's SoundFont."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from amtstudio.errors import AmtStudioError
from amtstudio.playback import Instruments, InstrumentSet, SoundFont
from amtstudio.ui.jobs import Job, JobPool


class PlayedInstruments(QObject):
    """Holds the choice. A SoundFont is read beside the thread of the window before it counts.

    Attributes
    ----------
    chosen : str
        The SoundFont as it was named; empty: the instruments that ship.
    """

    changed = Signal(str)  # the new choice
    refused = Signal(Exception)  # it stays as it was, or the instruments that ship play

    def __init__(self, pool: JobPool, chosen: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chosen = chosen
        self._pool = pool
        self._trial: Job | None = None
        self._shipped: InstrumentSet | None = None
        self._font: SoundFont | None = None

    @property
    def is_idle(self) -> bool:
        return self._trial is None

    def get(self) -> Instruments:
        """Those that play now; if a chosen SoundFont no longer exists, the bundled ones.

        Raises ``AmtStudioError`` if even these cannot be had.
        """
        shipped = self._shipped = self._shipped or InstrumentSet()
        if not self.chosen:
            return shipped
        if self._font is None:
            try:
                self._font = SoundFont(Path(self.chosen), shipped)
            except AmtStudioError as error:
                self.refused.emit(error)
                return shipped
        return self._font

    def choose(self, name: str) -> None:
        """Let this SoundFont play, if it can be used; empty: the instruments that ship."""
        self._trial = Job(partial(_read, name))
        self._trial.signals.finished.connect(self._take)
        self._trial.signals.failed.connect(self._refuse)
        self._trial.signals.cancelled.connect(self._end)
        self._pool.start(self._trial)

    def follow(self, name: str) -> None:
        """Take a choice from the preferences, where it was not made here."""
        if name != self.chosen:
            self._set(name, None)

    def _end(self) -> None:
        self._trial = None

    def _refuse(self, error: Exception) -> None:
        self._trial = None
        self.refused.emit(error)

    def _take(self, found: tuple[str, SoundFont | None]) -> None:
        self._trial = None
        self._set(*found)

    def _set(self, name: str, font: SoundFont | None) -> None:
        self.chosen, self._font = name, font
        self.changed.emit(name)


def _read(name: str, **_callbacks: object) -> tuple[str, SoundFont | None]:
    return name, SoundFont(Path(name), InstrumentSet()) if name else None
