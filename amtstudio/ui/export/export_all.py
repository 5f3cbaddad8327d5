"""Writing all recordings of the list, or what takes long: how to ask for it, and the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from amtstudio.audio import stem_of
from amtstudio.errors import AmtStudioError
from amtstudio.formats import FORMATS, check_format
from amtstudio.ui.calm_controls import ComboBox
from amtstudio.ui.document import Document
from amtstudio.ui.exporting import Exporter
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.plurals import counted
from amtstudio.ui.translation import translated_message
from amtstudio.ui.wait_dialog import WaitDialog
from amtstudio.ui.wrapped_label import WrappedLabel
from amtstudio.workbench.export_files import NAME, Output, file_names, free_paths, write_all

_FORBIDDEN = set('<>:"/\\|?*')


class ExportAllDialog(QDialog):
    """Asks for the format, the folder and how the files are called."""

    def __init__(self, documents: Sequence[Document], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._documents = documents
        self.setWindowTitle(self.tr("Export All"))
        self.format_box = ComboBox()
        for entry in FORMATS.values():
            self.format_box.addItem(entry.label, entry.name)
        self.folder_edit = QLineEdit(str(documents[0].path.absolute().parent) if documents else "")
        self.folder_button = QPushButton(self.tr("&Choose…"))
        self.folder_button.setAutoDefault(False)
        self.folder_button.clicked.connect(self._choose)
        self.name_edit = QLineEdit(NAME)
        self.name_edit.setToolTip(
            self.tr(
                "{name} stands for the name of the recording, {number} for its place in the list"
            )
        )
        self.example_label = WrappedLabel()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setText(self.tr("Export"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        folder = QHBoxLayout()
        folder.addWidget(self.folder_edit, 1)
        folder.addWidget(self.folder_button)
        form = QFormLayout()
        form.addRow(self.tr("&Format"), self.format_box)
        folder_label = QLabel(self.tr("F&older"))
        folder_label.setBuddy(self.folder_edit)
        form.addRow(folder_label, folder)
        form.addRow(self.tr("&Names"), self.name_edit)
        self.folder_edit.setAccessibleName(self.tr("Folder"))
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.example_label)
        layout.addWidget(self.buttons)
        for edit in (self.folder_edit, self.name_edit):
            edit.textChanged.connect(self._show)
        self.format_box.currentIndexChanged.connect(self._show)
        self.resize(520, self.sizeHint().height())
        self._show()

    @property
    def format_name(self) -> str:
        return str(self.format_box.currentData())

    @property
    def folder(self) -> Path:
        return Path(self.folder_edit.text()).expanduser()

    def outputs(self) -> list[Output]:
        """The files to write, none of which replaces an existing one."""
        suffix = FORMATS[self.format_name].suffix
        names = file_names(
            self.name_edit.text(), (stem_of(document.path) for document in self._documents)
        )
        return [
            Output(document.transcription, path)
            for document, path in zip(
                self._documents, free_paths(self.folder, names, suffix), strict=True
            )
        ]

    def _problem(self) -> str:
        template = self.name_edit.text().strip()
        if not self.folder_edit.text().strip() or not self.folder.is_dir():
            return self.tr("This folder does not exist. Choose another one.")
        if not template:
            return self.tr("The files need a name, such as {name}.")
        if _FORBIDDEN & set(template):
            return self.tr("A name cannot contain these characters: {characters}").format(
                characters=" ".join(sorted(_FORBIDDEN))
            )
        return ""

    def _show(self) -> None:
        problem = self._problem()
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not problem)
        if problem:
            self.example_label.setText(problem)
            return
        outputs = self.outputs()
        told = counted(
            len(outputs),
            "%n recording will be written to {file}",
            "%n recordings will be written to {file}",
        )
        names = [output.path.name for output in outputs]
        shown = names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"
        self.example_label.setText(told.format(file=shown))

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for the files"), self.folder_edit.text()
        )
        if name:
            self.folder_edit.setText(name)


class ExportAll(QObject):
    """Asks, and has the files written beside the thread of the window.

    Attributes
    ----------
    documents : callable
        Tells which documents there are to export, in order.
    """

    saved = Signal(object)  # Path of the folder, or of the one file
    failed = Signal(Exception)

    def __init__(self, exporter: Exporter, pool: JobPool, window: QWidget) -> None:
        super().__init__(window)
        self._exporter = exporter
        self._pool = pool
        self._window = window
        self._wait: WaitDialog | None = None
        self._told = Path()
        self.documents: Callable[[], Sequence[Document]] = tuple

    def ask(self) -> None:
        documents = [document for document in self.documents() if document.is_transcribed]
        if not documents:
            return
        dialog = ExportAllDialog(documents, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.start(dialog.outputs(), dialog.format_name, dialog.folder)

    def start(
        self,
        outputs: Sequence[Output],
        format_name: str,
        told: Path,
        overwrite: bool = False,
    ) -> None:
        """Write these; ``saved`` reports the path ``told``, ``failed`` what went wrong."""
        try:
            check_format(format_name)
        except AmtStudioError as error:
            self.failed.emit(error)
            return
        self._told = told
        exporter = self._exporter
        work = partial(
            write_all,
            outputs,
            format_name,
            exporter.midi,
            notation=exporter.notation,
            overwrite=overwrite,
        )
        job = Job(work)
        self._wait = WaitDialog(
            self.tr("Exporting {name}").format(name=told.name)
            if [told] == [output.path for output in outputs]
            else counted(len(outputs), "Exporting %n file", "Exporting %n files"),
            self._window,
            cancel=job.cancel,
        )
        job.signals.progressed.connect(self._wait.set_progress)
        job.signals.finished.connect(self._finish)
        job.signals.failed.connect(self._fail)
        job.signals.cancelled.connect(self._end)
        self._pool.start(job)

    def _finish(self, failures: list[tuple[Path, AmtStudioError]]) -> None:
        self._end()
        if failures and self._told == failures[0][0]:
            self.failed.emit(failures[0][1])
        elif failures:
            path, error = failures[0]
            told = counted(
                len(failures), "%n file could not be written", "%n files could not be written"
            )
            self.failed.emit(
                AmtStudioError(
                    f"{told}: {path.name}: {translated_message(error.cause)}", hint=error.hint
                )
            )
        else:
            self.saved.emit(self._told)

    def _fail(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        if self._wait is not None:
            self._wait.end()
            self._wait = None
