"""The exports of the document that is shown."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from amtstudio.symbolic import Track
from amtstudio.ui.document import Document
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.editor import Editor
from amtstudio.ui.export.export_all import ExportAll
from amtstudio.ui.export.part_export import PartExport
from amtstudio.ui.export.sound_export import SoundExporter
from amtstudio.ui.exporting import Exporter
from amtstudio.ui.jobs import JobPool
from amtstudio.workbench.export_files import MidiOptions


class ExportActions(QObject):
    """Asks where to, and has it written."""

    def __init__(
        self, exporter: Exporter, page: DocumentPage, editor: Editor, pool: JobPool, window: QWidget
    ) -> None:
        super().__init__(window)
        self._page = page
        self._exporter = exporter
        self.sound_exporter = SoundExporter(exporter, pool, window)
        self.all = ExportAll(exporter, pool, window)
        exporter.write_later = self.all.start
        self._part_export = PartExport(window, exporter, page.time_selection)
        self._part_export.selected_ids = lambda: editor.selection.ids
        page.export_wanted.connect(self.export_midi)

    @property
    def has_selection(self) -> bool:
        """Whether something is selected that could be exported by itself."""
        return self._part_export.is_possible

    @property
    def _document(self) -> Document | None:
        return self._page.document

    def set_midi(self, options: MidiOptions) -> None:
        """What is in MIDI files, also in those that are dragged out."""
        self._exporter.midi = self._page.handle.midi = options

    def export(self, format_name: str) -> None:
        """Write the notes in a format by its name, such as ``midi``."""
        self._exporter.ask_and_export(self._document, format_name)

    def export_midi(self) -> None:
        self.export("midi")

    def export_midi_of(self, document: Document) -> None:
        """Of another one than that which is shown."""
        self._exporter.ask_and_export(document, "midi")

    def export_all(self) -> None:
        """Write all that is on the list."""
        self.all.ask()

    def export_track(self, track: Track, format_name: str) -> None:
        """Write one track by itself."""
        if (document := self._document) is not None:
            self._exporter.ask_and_export_track(document, track, format_name)

    def export_tracks(self, format_name: str = "midi") -> None:
        """Write a file for each track."""
        self._exporter.ask_and_export_tracks(self._document, format_name)

    def export_picture(self) -> None:
        if self._document is not None:
            self._exporter.ask_and_save_picture(self._page.roll.grab(), self._document)

    def export_sound(self) -> None:
        self.sound_exporter.ask_and_export(self._document)

    def export_part(self) -> None:
        self._part_export.ask(self._document)
