"""Hearing a recording with the notes of before or of after, through the window's own playback."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from amtstudio.audio import AudioInfo
from amtstudio.ui.document import Document
from amtstudio.ui.playback_controller import PlaybackController
from amtstudio.workbench.adaptation.comparison import Compared

_LEAD_S = 1.0  # before a change that is listened to


class DiffPlayer(QObject):
    """Borrows the playback while something plays, and gives it back to the open document.

    ``is_after`` says whose notes are played; switching does not interrupt playback.
    """

    changed = Signal()

    def __init__(self, playback: PlaybackController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_after = True
        self._playback = playback
        self._heard: Document | None = None
        self._compared: Compared | None = None
        self._lender: Document | None = None
        playback.state_changed.connect(self.changed)

    @property
    def is_borrowing(self) -> bool:
        return self._heard is not None and self._playback.document is self._heard

    @property
    def is_playing(self) -> bool:
        return self.is_borrowing and self._playback.is_playing

    @property
    def can_play(self) -> bool:
        return self._heard is not None and self._playback.absence is None

    @property
    def reason(self) -> str:
        """Why nothing can be played; "" if it can."""
        absence = self._playback.absence
        return "" if absence is None else f"{absence.reason} {absence.next_step}".strip()

    def load(self, path: Path, duration: float, compared: Compared) -> None:
        """Take what is to be played."""
        self.give_back()
        self._compared = compared
        self._heard = Document(path)
        self._heard.setParent(self)
        self._heard.set_info(AudioInfo(path, duration, 0, 1, "", ""))
        self._take_notes()
        self.changed.emit()

    def set_after(self, is_after: bool) -> None:
        if is_after != self.is_after:
            self.is_after = is_after
            self._take_notes()
            self.changed.emit()

    def toggle(self) -> None:
        if self.is_playing:
            self._playback.pause()
        else:
            self._borrow()
            self._playback.play()

    def play_around(self, onset: float) -> None:
        """Play on from a little before a change."""
        self._borrow()
        self._playback.seek(max(onset - _LEAD_S, 0.0))
        if not self._playback.is_playing:
            self._playback.play()

    def seek(self, seconds: float) -> None:
        self._borrow()
        self._playback.seek(seconds)

    def set_balance(self, balance: float) -> None:
        """0 for the recording, 1 for the notes."""
        self._playback.set_balance(balance)

    @property
    def balance(self) -> float:
        return self._playback.balance

    def give_back(self) -> None:
        """Let the window play its own document again."""
        if self.is_borrowing:
            self._playback.set_document(self._lender)
        self._lender = None
        if self._heard is not None:
            self._heard.deleteLater()
            self._heard = None

    def _borrow(self) -> None:
        if self._heard is not None and self._playback.document is not self._heard:
            self._lender = self._playback.document
            self._playback.set_document(self._heard)

    def _take_notes(self) -> None:
        if self._heard is not None and self._compared is not None:
            heard = self._compared.after if self.is_after else self._compared.before
            self._heard.set_notes(heard.notes, pedals=heard.pedals)
