"""Exports what is selected: the marked stretch of time, the selected notes, or both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from amtstudio.audio import stem_of, suffix_of
from amtstudio.formats import FORMATS
from amtstudio.symbolic import Transcription
from amtstudio.symbolic.parts import part_of
from amtstudio.ui.calm_controls import ComboBox
from amtstudio.ui.document import Document
from amtstudio.ui.exporting import Exporter
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.plurals import counted
from amtstudio.ui.time_selection import TimeSelection

SelectedIds = Callable[[], frozenset[int]]


@dataclass(frozen=True, slots=True)
class Part:
    """The selection: a stretch, notes, or both. Only notes: from the first to the last."""

    range: tuple[float, float] | None
    ids: frozenset[int]

    def of(self, document: Document, *, from_zero: bool) -> Transcription:
        """The notes of the document that belong to it."""
        document.settle()
        whole = document.transcription
        if self.ids:
            whole = replace(whole, notes=whole.notes.take(whole.notes.places_of(self.ids)))
        begin, end = self.range or (0.0, 0.0)
        if self.range is None:
            if not whole.notes:
                return replace(whole, pedals=())
            begin = float(whole.notes.onset.min())
            end = float(whole.notes.offset.max())
        return part_of(whole, begin, end, from_zero=from_zero)


class PartExport(QObject):
    """Asks for the format, then where to save."""

    def __init__(self, window: QWidget, exporter: Exporter, time_selection: TimeSelection) -> None:
        super().__init__(window)
        self._window = window
        self._exporter = exporter
        self._time_selection = time_selection
        self.selected_ids: SelectedIds = frozenset

    @property
    def is_possible(self) -> bool:
        """Whether anything is selected."""
        return bool(self.selected_ids()) or not self._time_selection.is_empty

    def ask(self, document: Document | None) -> None:
        if document is None or not document.is_transcribed or not self.is_possible:
            return
        part = Part(self._time_selection.range, self.selected_ids())
        dialog = PartExportDialog(document, part, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._exporter.ask_and_write(
                dialog.transcription,
                document.path.with_name(
                    f"{stem_of(document.path)}{self._suffix(dialog.transcription)}"
                    f"{suffix_of(document.path)}"
                ),
                dialog.format_name,
            )

    def _suffix(self, transcription: Transcription) -> str:
        marked = self._time_selection.range
        if marked is None:
            return f" ({counted(len(transcription.notes), '%n note', '%n notes')})"
        begin, end = (clock(time, 1).replace(":", ".") for time in marked)
        return f" ({begin}-{end})"


class PartExportDialog(QDialog):
    """Shows what is going to be written, and asks how."""

    def __init__(self, document: Document, part: Part, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._part = part
        self.setWindowTitle(self.tr("Export the Selection"))
        self.format_box = ComboBox()
        for entry in FORMATS.values():
            self.format_box.addItem(entry.label, entry.name)
        self.zero_box = QCheckBox(self.tr("&Times count from the start of the selection"))
        self.zero_box.setToolTip(
            self.tr("If unticked, from the start of the recording, so that both stay aligned")
        )
        self.zero_box.setChecked(True)
        self.notes_box = QCheckBox(self.tr("Only the &selected notes"))
        self.notes_box.setChecked(bool(part.ids))
        self.notes_box.setVisible(bool(part.ids) and part.range is not None)
        self.notes_box.toggled.connect(self._show)
        self.count_label = QLabel()
        self.count_label.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setText(self.tr("Export…"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("&Format"), self.format_box)
        form.addRow(self.zero_box)
        form.addRow(self.notes_box)
        layout = QVBoxLayout(self)
        layout.addWidget(self.count_label)
        layout.addLayout(form)
        layout.addWidget(self.buttons)
        self._show()

    @property
    def format_name(self) -> str:
        return str(self.format_box.currentData())

    @property
    def transcription(self) -> Transcription:
        ids = self._part.ids if self.notes_box.isChecked() else frozenset()
        part = replace(self._part, ids=ids)
        return part.of(self._document, from_zero=self.zero_box.isChecked())

    def _show(self) -> None:
        count = len(self.transcription.notes)
        text = counted(count, "%n note", "%n notes")
        if self._part.range is not None:
            begin, end = (clock(time, 2) for time in self._part.range)
            text = self.tr("{notes}, {begin} to {end}").format(notes=text, begin=begin, end=end)
        self.count_label.setText(text)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(count > 0)
