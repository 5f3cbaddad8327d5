"""The user's actions on the transcription of the recording that is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from amtstudio.ui.document import Document
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue
from amtstudio.ui.transcribe.instruments_dialog import InstrumentsDialog
from amtstudio.ui.transcribe.part_dialog import PartDialog
from amtstudio.ui.wrapped_label import breakable


class TranscribeActions(QObject):
    """Passes wishes about the item of a page on to the queue.

    Another transcription of what is transcribed already says first what it replaces; where the user
    has decided on notes, it asks.
    """

    said = Signal(str)

    def __init__(self, queue: TranscriptionQueue, page: DocumentPage) -> None:
        super().__init__(page)
        self._queue = queue
        self._page = page
        self._item: QueueItem | None = None
        page.cancel_wanted.connect(self.cancel)
        page.instrument_hint.instruments_wanted.connect(self._take_heard)

    def set_item(self, item: QueueItem | None) -> None:
        self._item = item

    def toggle_pause(self) -> None:
        if self._item is None:
            return
        if self._item.state in (State.PAUSED, State.HELD):
            self._queue.resume(self._item)
        else:
            self._queue.pause(self._item)

    def cancel(self) -> None:
        if self._item is not None:
            self._queue.cancel(self._item)

    def retry(self) -> None:
        if self._item is not None:
            self._queue.retry(self._item)

    def ask_and_retry(self, item: QueueItem | None = None) -> bool:
        """Transcribe an item again, or the one shown, once the user knows what will be lost.

        Returns whether the user declined.
        """
        item = item or self._item
        if item is None or item.state in (State.RUNNING, State.PAUSED):
            return False
        return self._tell_and(item, None, lambda: self._queue.retry(item))

    def ask_and_use_model(self, item: QueueItem, model: str) -> None:
        """Transcribe an item by this model, or ``AUTO``, whoever was said to play before."""

        def act() -> None:
            item.document.asked_instruments = ()
            self._queue.transcribe_with(item, "", model=model)

        self._tell_and(item, None, act)

    def ask_and_transcribe_with(self, item: QueueItem, profile: str) -> bool:
        """As ``ask_and_retry``, by a personal profile; "": by the model as it ships.

        What is at work on this item is cancelled first.
        """
        return self._tell_and(item, None, lambda: self._queue.transcribe_with(item, profile))

    def ask_instruments(self) -> None:
        """Ask who plays, and put the notes on their tracks: directly if the activations exist."""
        if self._item is None:
            return
        dialog = InstrumentsDialog(self._item.document, self._page.window())
        if dialog.exec() == InstrumentsDialog.DialogCode.Accepted:
            self.take_instruments(self._item, dialog.instruments)

    def take_instruments(self, item: QueueItem, instruments: tuple[str, ...]) -> None:
        """Transcribe these, or with none those detected."""
        document = item.document
        document.settle()
        former = document.asked_instruments
        if item.is_active and instruments == former:
            return
        document.asked_instruments = instruments
        if instruments and not item.is_active and document.can_part_among(instruments):
            document.part_among(instruments)
            self.said.emit(self.tr("The notes are on the tracks of the instruments you chose."))
            return
        if item.is_active or (instruments and document.profile):
            # A profile has a model of its own.
            profile = "" if instruments else document.profile
            declined = self.ask_and_transcribe_with(item, profile)
        else:
            declined = self.ask_and_retry(item)
        if declined:
            document.asked_instruments = former

    def _take_heard(self, instruments: tuple[str, ...]) -> None:
        if self._item is not None:
            self.take_instruments(self._item, instruments)

    def ask_part(self) -> None:
        """Ask which part of this recording to transcribe, and do it."""
        if self._item is None or self._item.document.duration <= 0.0:
            return
        dialog = PartDialog(
            self._item.document,
            view=self._page.roll.visible_range,
            selection=self._page.time_selection.range,
            parent=self._page.window(),
        )
        if dialog.exec() == PartDialog.DialogCode.Accepted:
            self._ask_and_transcribe_part(self._item, *dialog.span)

    def transcribe_marked(self) -> None:
        """Transcribe the marked stretch and nothing else."""
        marked = self._page.time_selection.range
        if self._item is not None and marked is not None:
            self._ask_and_transcribe_part(self._item, *marked)

    def _ask_and_transcribe_part(self, item: QueueItem, start: float, end: float | None) -> None:
        within = (start, item.document.duration if end is None else end)
        self._tell_and(item, within, lambda: self._queue.transcribe_part(item, start, end))

    def _tell_and(
        self,
        item: QueueItem,
        within: tuple[float, float] | None,
        act: Callable[[], object],
    ) -> bool:
        """Act once the user knows what that replaces; returns whether the user declined."""
        document = item.document
        document.settle()
        if within is None and document.is_part:
            within = document.span
        project = document.project
        if project is None or not project.source.model:
            act()
        elif not project.has_decisions:
            replaced = project.what_is_replaced(within)
            act()
            self.said.emit(
                self.tr(
                    "Transcribing again: the present notes ({count}) will be replaced when"
                    " it is done; Undo brings them back."
                ).format(count=replaced.n_replaced)
            )
        elif self._confirm(document, within):
            act()
        else:
            return True
        return False

    def _confirm(self, document: Document, within: tuple[float, float] | None) -> bool:
        project = document.project
        assert project is not None
        replaced = project.what_is_replaced(within)
        text = self.tr(
            "Transcribe {name} again? Notes found by the model that will be replaced: {replaced}."
        ).format(name=document.name, replaced=replaced.n_replaced)
        if replaced.n_decided:
            text += " " + self.tr(
                "Notes that you corrected, added, accepted or deleted stay as they are: {count}."
            ).format(count=replaced.n_decided)
        if replaced.n_passages:
            text += " " + self.tr(
                "So does everything in passages that you accepted: {count}."
            ).format(count=replaced.n_passages)
        answer = QMessageBox.question(
            self._page.window(),
            self.tr("Transcribe Again"),
            breakable(text) + " " + self.tr("Undo brings back the present notes."),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Yes,
        )
        return answer == QMessageBox.StandardButton.Yes
