"""Saving the notes as sound: long enough to go on beside the window, with a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

from amtstudio.audio import stem_of
from amtstudio.errors import AmtStudioError, OutputExistsError
from amtstudio.playback import Instruments, write_transcription_sound
from amtstudio.symbolic import Transcription
from amtstudio.ui.document import Document
from amtstudio.ui.exporting import Exporter
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.played_instruments import PlayedInstruments

_STEPS = 1000
_SHOWN_AFTER_MS = 400


class SoundExporter(QObject):
    """Asks for a file through an ``Exporter``, which also reports success and failure."""

    def __init__(self, exporter: Exporter, pool: JobPool, window: QWidget) -> None:
        super().__init__(window)
        self.instruments: PlayedInstruments | None = None  # None: those that ship
        self._exporter = exporter
        self._pool = pool
        self._window = window

    def ask_and_export(self, document: Document | None) -> None:
        if document is None or not document.is_transcribed:
            return
        # Not the bare name: that may be the recording's own.
        name = self.tr("{name} (notes)").format(name=stem_of(document.path))
        path = self._exporter.ask_path(document.path.with_name(f"{name}.wav"), "wav")
        if path is None:
            return
        exists = path.exists()
        if exists and document.path.exists() and path.samefile(document.path):
            self._exporter.failed.emit(
                OutputExistsError(
                    self.tr("{name} is the recording itself.").format(name=path.name),
                    hint=self.tr("Choose another name."),
                )
            )
            return
        heard = replace(document.transcription, notes=document.audible_notes)
        if not exists or self._exporter.confirm_overwrite(path):
            try:
                bank = None if self.instruments is None else self.instruments.get()
            except AmtStudioError as error:
                self._exporter.failed.emit(error)
                return
            _Run(self._exporter, self._window, heard, path, exists, bank).start(self._pool)


class _Run(QObject):
    """One export, with its dialog; deletes itself at its end."""

    def __init__(  # noqa: PLR0917 - made in one place
        self,
        exporter: Exporter,
        window: QWidget,
        transcription: Transcription,
        path: Path,
        overwrite: bool,
        bank: Instruments | None,
    ) -> None:
        super().__init__(window)
        self._exporter = exporter
        self._path = path

        def work(
            *,
            on_progress: Callable[[float, float | None], None],
            on_part: Callable[[object], None],  # noqa: ARG001 - there are none
            is_cancelled: Callable[[], bool],
        ) -> None:
            write_transcription_sound(
                transcription,
                path,
                bank=bank,
                overwrite=overwrite,
                on_progress=on_progress,
                is_cancelled=is_cancelled,
            )

        self._job = Job(work)
        self._dialog = QProgressDialog(
            self.tr("Rendering the notes to {name}").format(name=path.name),
            self.tr("Cancel"),
            0,
            _STEPS,
            window,
        )
        self._dialog.setWindowTitle(self.tr("Export"))
        self._dialog.setWindowModality(Qt.WindowModality.NonModal)
        self._dialog.setMinimumDuration(_SHOWN_AFTER_MS)
        self._dialog.setAutoReset(False)
        self._dialog.canceled.connect(self._job.cancel)
        self._job.signals.progressed.connect(self._show_progress)
        self._job.signals.finished.connect(self._tell_saved)
        self._job.signals.failed.connect(self._tell_failure)
        self._job.signals.cancelled.connect(self._end)

    def start(self, pool: JobPool) -> None:
        pool.start(self._job)

    def _show_progress(self, done: float, total: float) -> None:
        if not self._dialog.wasCanceled():
            self._dialog.setValue(round(_STEPS * done / total))

    def _tell_saved(self) -> None:
        self._end()
        self._exporter.saved.emit(self._path)

    def _tell_failure(self, error: Exception) -> None:
        self._end()
        self._exporter.failed.emit(error)

    def _end(self) -> None:
        self._dialog.close()
        self._dialog.deleteLater()
        self.deleteLater()
