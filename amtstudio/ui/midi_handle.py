"""A handle by which the MIDI file is dragged into another program, whole or a track of it."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from amtstudio.audio import stem_of
from amtstudio.errors import AmtStudioError
from amtstudio.formats import track_files, write_transcription
from amtstudio.symbolic import Track
from amtstudio.ui.document import Document
from amtstudio.ui.icons import icon
from amtstudio.workbench.export_files import MidiOptions, for_midi

logger = logging.getLogger("amtstudio.ui")


class MidiHandle(QToolButton):
    """Drag it: the file is written the moment the drag begins. A click offers to save it."""

    failed = Signal(Exception)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._pressed_at: QPoint | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._n_drags = 0
        self.midi = MidiOptions()
        self.setText(self.tr("Drag MIDI"))
        self.setIcon(icon("note", self.palette()))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setToolTip(self.tr("Drag this into a DAW or a folder; click to save the file"))
        self.setAccessibleName(self.tr("Drag the MIDI file out, or save it"))
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setEnabled(False)

    def set_document(self, document: Document | None) -> None:
        """Offer the notes of this document, as they are when the drag begins; None: none."""
        self._document = document
        self.setEnabled(document is not None)

    def mime_data(self, track: Track | None = None) -> QMimeData:
        """Write the MIDI file, or that of one track, and return what a drag of it carries.

        Raises ``AmtStudioError`` if it cannot be written or the track has no notes, ``ValueError``
        without a document.
        """
        if self._document is None:
            raise ValueError("there is no document to drag")
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="amtstudio-")
        # A folder for each drag: the program that took the last file may read it still.
        self._n_drags += 1
        folder = Path(self._folder.name) / str(self._n_drags)
        folder.mkdir()
        path = folder / f"{stem_of(self._document.path)}.mid"
        transcription = for_midi(self._document.transcription, self.midi)
        if track is not None:
            files = track_files(transcription, path)  # named like those of all tracks
            path = next((file for file, part in files.items() if part.tracks == (track,)), path)
            transcription = transcription.of_track(track)
            if not len(transcription.notes):
                raise AmtStudioError(
                    self.tr("The track “{name}” has no notes to drag.").format(name=track.name)
                )
        write_transcription(transcription, path, format_name="midi", drum_map=self.midi.drum_map)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        return data

    def clean_up(self) -> None:
        """Remove the files that were dragged."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.PaletteChange:
            self.setIcon(icon("note", self.palette()))
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._pressed_at is None or self._document is None:
            return
        distance = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if distance < QApplication.startDragDistance():
            return
        self._pressed_at = None
        self.setDown(False)
        self.drag()

    def drag(self, track: Track | None = None) -> None:
        """Drag the MIDI file, or that of one track, from where the pointer is."""
        try:
            data = self.mime_data(track)
        except Exception as error:  # noqa: BLE001 - whatever it is, the window shows it
            self.failed.emit(error)
            return
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self.icon().pixmap(32, 32))
        drag.exec(Qt.DropAction.CopyAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
