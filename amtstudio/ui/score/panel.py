"""The panel of the score: engraves the notes that are shown, while it is open."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amtstudio import session
from amtstudio.formats.drawing import drawing_of
from amtstudio.formats.engraving import INSTALL_HINT
from amtstudio.formats.engraving_process import engraved_pages
from amtstudio.notation import NotationSettings
from amtstudio.session import Document as Project
from amtstudio.symbolic import NO_CHOICES, ScoreChoices, Transcription
from amtstudio.ui.document import Document
from amtstudio.ui.editor import Editor
from amtstudio.ui.failure import describe
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.playback_controller import PlaybackController
from amtstudio.ui.score.options import ScoreOptions
from amtstudio.ui.score.sheet import painted
from amtstudio.ui.score.sheet_view import SheetView
from amtstudio.ui.thread_priority import Urgency
from amtstudio.ui.wrapped_label import WrappedLabel
from amtstudio.workbench.sheet import Sheet

_REST_MS = 500  # after the last edit, before the score is updated
_ZOOM = 1.25
_TUNING = ("guitar", "bass", "capo")
_HEIGHT = 240  # pixels, at first: the first staves can be read, and the roll keeps some room


class ScorePanel(QWidget):
    """Pages of the score of the notes that are shown, with the cursor in step with playback.

    A click on a note selects it, and the roll shows it; what is selected elsewhere is marked here.
    Nothing is engraved while the panel is closed.
    """

    reveal_wanted = Signal(float, float)  # onset and offset of the note that was clicked
    settings_changed = Signal(object)  # NotationSettings

    def __init__(
        self,
        editor: Editor,
        playback: PlaybackController,
        pool: JobPool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._pool = pool
        self._document: Document | None = None
        self._engraving: Job | None = None
        self._painting: Job | None = None
        self._ids: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._defaults = NotationSettings()
        self.options = ScoreOptions()
        self.options.changed.connect(self._take_options)
        self.options.for_new_wanted.connect(self._take_for_new)
        self._is_stale = True
        self._is_first = False  # whether the next page begins a score
        self.view = SheetView()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._engrave)
        self._lay_out()
        self.view.row_clicked.connect(self._select)
        self.view.page_changed.connect(self._show_page)
        self.view.pictures_wanted.connect(self._paint)
        editor.selection.changed.connect(self._show_selected)
        self._playback = playback
        playback.position_changed.connect(self._show_time)
        playback.jumped.connect(self._show_time)

    def _lay_out(self) -> None:
        self.before = self._button("<", self.tr("Previous page"), self._go_before)
        self.next = self._button(">", self.tr("Next page"), self._go_on)
        self.smaller = self._button("-", self.tr("Smaller"), self._zoom_out)
        self.larger = self._button("+", self.tr("Larger"), self._zoom_in)
        self.page_label = QLabel()
        self.message = WrappedLabel()
        self.message.setMargin(16)
        self.state_label = QLabel()
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 2, 8, 2)
        for part in (self.before, self.page_label, self.next, self.smaller, self.larger):
            bar.addWidget(part)
        bar.addWidget(self.state_label, 1)
        bar.addWidget(self.options)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.message)
        self._stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addLayout(self._stack, 1)
        self._show_message(self.tr("The score appears here once there are notes."))
        self._show_page(0)

    def _button(self, text: str, name: str, slot: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAutoRaise(True)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(slot)
        return button

    @property
    def settings(self) -> NotationSettings:
        """How the score is written."""
        return self.options.settings

    def set_settings(self, settings: NotationSettings) -> None:
        """Write scores in this way, where nothing else is said of the recording."""
        self._defaults = settings
        self._show_settings()

    @property
    def _choices(self) -> ScoreChoices:
        project = None if self._document is None else self._document.project
        return NO_CHOICES if project is None else project.score_choices

    def _show_settings(self) -> None:
        options, before = self.options, self.options.settings
        options.show_settings(self._defaults.with_choices(self._choices))
        can_choose = self._document is not None and self._document.can_edit
        options.keys.menuAction().setEnabled(can_choose)
        options.for_new.setVisible(can_choose)
        options.for_new.setEnabled(
            options.settings.tablature
            and _of_tuning(options.settings) != _of_tuning(self._defaults)
        )
        if options.settings != before:
            self._note_change()

    def _take_options(self, settings: NotationSettings) -> None:
        """Keep the key and the tuning with the recording, and the rest for all."""
        defaults = replace(settings, key=self._defaults.key)
        if self._document is not None and self._document.can_edit:
            before = self._defaults.with_choices(self._choices)
            said = {name: getattr(settings, name) for name in ("key", *_TUNING)}
            new = {name: value for name, value in said.items() if value != getattr(before, name)}
            if new:
                choices = replace(self._choices, **new)
                self._editor.take(Project.set_score_choices, choices)
            defaults = replace(defaults, **_of_tuning(self._defaults))
        self._keep(defaults)
        self._note_change()

    def _take_for_new(self) -> None:
        self._keep(replace(self._defaults, **_of_tuning(self.settings)))

    def _keep(self, defaults: NotationSettings) -> None:
        is_new = defaults != self._defaults
        self._defaults = defaults
        self._show_settings()
        if is_new:
            self.settings_changed.emit(defaults)

    def _follow_project(self, change: session.Change) -> None:
        if change.score_choices or change.audio:
            self._show_settings()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(640, _HEIGHT)

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        """Whether the visible part of the score is up to date with the notes."""
        is_painted = self._painting is None or self._painting.is_done
        return not self._rest.isActive() and self._engraving is None and is_painted

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.notes_changed.disconnect(self._note_change)
            self._document.beats_changed.disconnect(self._note_change)
            self._document.project_changed.disconnect(self._follow_project)
        self._document = document
        if document is not None:
            document.notes_changed.connect(self._note_change)
            document.beats_changed.connect(self._note_change)
            document.project_changed.connect(self._follow_project)
        self._show_settings()
        self._stop()
        self.view.set_sheets([])
        self._show_message(self.tr("The score appears here once there are notes."))
        self._is_stale = True
        if self.isVisible():
            self._engrave()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self._is_stale:
            self._engrave()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        if self._engraving is not None:
            self._stop()
            self._is_stale = True

    def _note_change(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._rest.start()

    # -- engraving --------------------------------------------------------------------------------

    def _engrave(self) -> None:
        self._stop()
        document = self._document
        if importlib.util.find_spec("verovio") is None:
            self._show_message(
                self.tr(
                    "The score needs the package verovio, which is not installed.\n"
                    "Install it with: {command}\nThen close this panel and open it again."
                ).format(command=INSTALL_HINT)
            )
            return
        if document is None or not document.is_transcribed or not len(document.notes):
            self._show_message(self.tr("The score appears here once there are notes."))
            return
        transcription = document.transcription
        self._is_stale = False
        self._is_first = True
        self._ids = transcription.notes.id
        self.state_label.setText(self.tr("Writing the score…"))
        job = self._engraving = Job(
            partial(_engrave, transcription, self.settings), urgency=Urgency.STEADY
        )
        job.signals.part.connect(self._take_page)
        job.signals.finished.connect(self._end)
        job.signals.failed.connect(self._fail)
        self._pool.start(job)

    def _stop(self) -> None:
        self._rest.stop()
        for job in (self._engraving, self._painting):
            if job is not None:
                job.cancel()
                job.signals.blockSignals(True)
        self._engraving = self._painting = None
        self.state_label.clear()

    def _take_page(self, part: object) -> None:
        assert isinstance(part, _Page)
        if part.number == 1:
            self.view.set_sheets([part.sheet])
        else:
            self.view.add_sheet(part.sheet)
        self._stack.setCurrentWidget(self.view)
        self._show_page(self.view.page)
        if part.number == 1:
            self._show_selected()
            self.view.set_time(self._playback.position, turns=False)

    def _end(self, _result: object) -> None:
        self._engraving = None  # not before: pages of a job that is done may still be on their way
        self.state_label.clear()

    def _fail(self, error: Exception) -> None:
        self._engraving = None
        failure = describe(error)
        self._show_message("\n".join(filter(None, (failure.cause, failure.next_step))))

    def _show_message(self, text: str) -> None:
        self.message.setText(text)
        self.state_label.clear()
        self._stack.setCurrentWidget(self.message)

    # -- pictures ---------------------------------------------------------------------------------

    def _paint(self) -> None:
        """Paint the pages in view, sharp at their size, on a thread."""
        if self._painting is not None and not self._painting.is_done:
            return
        view = self.view
        wanted = [
            (page, view.sheets[page]) for page in view.visible_pages() if not view.has_sharp(page)
        ]
        if not wanted:
            return
        job = self._painting = Job(partial(_paint, wanted, view.page_width))
        job.signals.part.connect(self._take_picture)
        job.signals.finished.connect(self._after_painting)
        self._pool.start(job)

    def _take_picture(self, part: object) -> None:
        assert isinstance(part, _Picture)
        self.view.set_picture(part.page, part.sheet, part.picture)

    def _after_painting(self, _result: object) -> None:
        self._painting = None
        self.view.viewport().update()  # which asks again, if the size has changed meanwhile

    # -- in step ----------------------------------------------------------------------------------

    def _show_time(self, seconds: float) -> None:
        if self.isVisible() and self._document is not None:
            self.view.set_time(seconds)

    def _show_selected(self) -> None:
        ids = self._editor.selection.ids
        rows = frozenset(np.flatnonzero(np.isin(self._ids, list(ids))).tolist()) if ids else ()
        self.view.set_selected(frozenset(rows))
        if len(rows) == 1 and self.isVisible():
            self.view.reveal(next(iter(rows)))

    def _select(self, row: int) -> None:
        document = self._document
        if document is None or row >= len(self._ids):
            return
        document.settle()
        key = int(self._ids[row])
        places: list[int] = document.notes.places_of([key]).tolist() if key > 0 else []
        if not places:
            return
        note = document.notes[places[0]]
        self._editor.selection.set([key])
        self.reveal_wanted.emit(note.onset, note.offset)

    # -- pages and size ---------------------------------------------------------------------------

    def _show_page(self, page: int) -> None:
        n_pages = len(self.view.sheets)
        self.page_label.setText(
            self.tr("Page {page} of {pages}").format(page=page, pages=n_pages) if n_pages else ""
        )
        self.before.setEnabled(page > 1)
        self.next.setEnabled(page < n_pages)
        for button in (self.smaller, self.larger):
            button.setEnabled(n_pages > 0)

    def _go_before(self) -> None:
        self.view.show_page(self.view.page - 1)

    def _go_on(self) -> None:
        self.view.show_page(self.view.page + 1)

    def _zoom_in(self) -> None:
        self.view.set_zoom(self.view.zoom * _ZOOM)

    def _zoom_out(self) -> None:
        self.view.set_zoom(self.view.zoom / _ZOOM)


def _of_tuning(settings: NotationSettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in _TUNING}


class _Page(NamedTuple):
    number: int
    sheet: Sheet


class _Picture(NamedTuple):
    page: int
    sheet: Sheet
    picture: QImage


def _engrave(
    transcription: Transcription,
    settings: NotationSettings,
    *,
    on_part: Callable[[object], None],
    is_cancelled: Callable[[], bool],
    **_callbacks: object,
) -> None:
    """Work for a thread: hands on pages."""
    for page in engraved_pages(transcription, settings, is_cancelled=is_cancelled):
        on_part(_Page(page.number, Sheet(drawing_of(page.svg), page.seconds)))


def _paint(
    pages: list[tuple[int, Sheet]],
    width: int,
    *,
    on_part: Callable[[object], None],
    is_cancelled: Callable[[], bool],
    **_callbacks: object,
) -> None:
    """Work for a thread: hands on pictures."""
    for page, sheet in pages:
        if is_cancelled():
            break
        on_part(_Picture(page, sheet, painted(sheet, width)))
