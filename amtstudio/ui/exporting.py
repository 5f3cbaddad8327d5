"""Saving notes and pictures, never over a file without a question."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QObject, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from amtstudio.atomic_file import write_atomically
from amtstudio.audio import stem_of
from amtstudio.errors import AmtStudioError, OutputExistsError
from amtstudio.formats import (
    FORMATS,
    check_format,
    track_files,
    write_track_files,
    write_transcription,
)
from amtstudio.notation import NotationSettings
from amtstudio.symbolic import Track, Transcription
from amtstudio.ui.document import Document
from amtstudio.ui.plurals import counted
from amtstudio.workbench.export_files import MidiOptions, Output, for_midi

_MOST_NAMED = 10  # files in a question
_FILTERS = {
    "png": "PNG (*.png)",
    "wav": "WAV (*.wav)",
} | {entry.name: f"{entry.label} (*{entry.suffix})" for entry in FORMATS.values()}
# Besides that of the format itself. Any other ending is part of the name: notes that are written
# under the name of a recording would replace it.
_ALSO = {
    "midi": {".midi", ".smf"},
    "csv": {".txt"},
    "json": {".txt"},
    "jsonl": {".txt", ".json", ".ndjson"},
    "musicxml": {".xml"},
    "mei": {".xml"},
}


class Exporter(QObject):
    """Asks where to save, and saves.

    Attributes
    ----------
    write_later : callable
        Takes what takes long to write, as scores that are engraved do: the files, the name of the
        format, the path to name when they are saved, and whether they may replace other files.
    """

    saved = Signal(object)  # Path
    failed = Signal(Exception)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.midi = MidiOptions()
        self.notation = NotationSettings()  # of scores
        self.write_later: Callable[[list[Output], str, Path, bool], None]

    def ask_and_export(self, document: Document | None, format_name: str) -> None:
        if document is None or not document.is_transcribed:
            return
        self.ask_and_write(document.transcription, document.path, format_name)

    def ask_and_write(self, transcription: Transcription, beside: Path, format_name: str) -> None:
        """Ask for a name, beginning with that of ``beside``, and write these notes."""
        try:
            check_format(format_name)
        except AmtStudioError as error:
            self.failed.emit(error)
            return
        suggestion = beside.with_name(f"{stem_of(beside)}{FORMATS[format_name].suffix}")
        path = self.ask_path(suggestion, format_name)
        if path is None:
            return
        if format_name == "midi":
            transcription = for_midi(transcription, self.midi)
        if FORMATS[format_name].packages:
            exists = os.path.lexists(path)
            if not exists or self.confirm_overwrite(path):
                self.write_later([Output(transcription, path)], format_name, path, exists)
            return
        self._save(
            path,
            lambda overwrite: write_transcription(
                transcription,
                path,
                format_name=format_name,
                overwrite=overwrite,
                drum_map=self.midi.drum_map,
                notation=self.notation,
            ),
        )

    def ask_and_export_track(self, document: Document, track: Track, format_name: str) -> None:
        """Ask for a name, and write one track by itself."""
        part = document.transcription.of_track(track)
        files = track_files(part, document.path)
        if files:
            self.ask_and_write(part, next(iter(files)), format_name)

    def ask_and_export_tracks(self, document: Document | None, format_name: str) -> None:
        """Ask for a name, and write a file for each track beside it."""
        if document is None or not document.is_transcribed:
            return
        try:
            check_format(format_name)
        except AmtStudioError as error:
            self.failed.emit(error)
            return
        suffix = FORMATS[format_name].suffix
        suggestion = document.path.with_name(f"{stem_of(document.path)}{suffix}")
        path = self.ask_path(suggestion, format_name)
        if path is None:
            return
        transcription = document.transcription
        if format_name == "midi":
            transcription = for_midi(transcription, self.midi)
        parts = track_files(transcription, path)
        files = list(parts)
        if not files:
            self.failed.emit(
                AmtStudioError(
                    _tr("There are no notes to export."),
                    hint=_tr("A lower onset threshold finds more notes."),
                )
            )
            return
        try:
            taken = [file for file in files if os.path.lexists(file)]
            if taken and not self.confirm_overwrite(*taken):
                return
            if FORMATS[format_name].packages:
                outputs = [Output(part, file) for file, part in parts.items()]
                self.write_later(outputs, format_name, path.parent, bool(taken))
                return
            write_track_files(
                transcription,
                path,
                format_name=format_name,
                overwrite=bool(taken),
                drum_map=self.midi.drum_map,
                notation=self.notation,
            )
        except (AmtStudioError, OSError) as error:
            self.failed.emit(error)
        else:
            self.saved.emit(files[0] if len(files) == 1 else path.parent)

    def ask_and_save_picture(self, picture: QPixmap, document: Document) -> None:
        path = self.ask_path(document.path.with_name(f"{stem_of(document.path)}.png"), "png")
        if path is not None:
            data = png_bytes(picture)
            self._save(path, lambda overwrite: write_atomically(path, data, overwrite=overwrite))

    def ask_path(self, suggestion: Path, format_name: str) -> Path | None:
        """The file that the user names, with its suffix; None if they change their mind."""
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            _tr("Export"),
            str(suggestion),
            _FILTERS[format_name],
            # It would ask about a name without the suffix: asked below, for the name with it.
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if not name:
            return None
        path = Path(name)
        if path.suffix.lower() in {suggestion.suffix, *_ALSO.get(format_name, ())}:
            return path
        # "Op. 28 No. 4" has no suffix, whatever stands behind its last dot.
        return path.with_name(path.name + suggestion.suffix)

    def confirm_overwrite(self, *paths: Path) -> bool:
        """Ask once whether all of these may be replaced; each is named, unless they are many."""
        question = _tr("{name} already exists. Replace it?").format(name=paths[0].name)
        if len(paths) > 1:
            names = [path.name for path in paths[:_MOST_NAMED]]
            question = "\n".join(
                [
                    counted(len(paths), "%n file already exists:", "%n files already exist:"),
                    *names,
                    *(["…"] if len(paths) > _MOST_NAMED else []),
                    _tr("Replace them?"),
                ]
            )
        answer = QMessageBox.question(
            self._window,
            _tr("Export"),
            question,
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return answer == QMessageBox.StandardButton.Yes

    def _save(self, path: Path, write: Callable[[bool], None]) -> None:
        try:
            try:
                write(False)
            except OutputExistsError:
                if not self.confirm_overwrite(path):
                    return
                write(True)
        except AmtStudioError as error:
            self.failed.emit(error)
        else:
            self.saved.emit(path)


def png_bytes(picture: QPixmap) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _tr(text: str) -> str:
    return QCoreApplication.translate("Exporter", text)
