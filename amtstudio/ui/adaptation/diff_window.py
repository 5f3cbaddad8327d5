"""What a profile changes compared with the shipped model, to see and to hear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QRadioButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from amtstudio.ui.adaptation.diff_item import DiffItem
from amtstudio.ui.adaptation.diff_list import DiffList, legend
from amtstudio.ui.adaptation.diff_player import DiffPlayer
from amtstudio.ui.adaptation.parts import button, row_of, text_label
from amtstudio.ui.adaptation.picture_work import PictureWork
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.calm_controls import ComboBox, Slider
from amtstudio.ui.document import Document
from amtstudio.ui.failure import describe
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.key_keeper import KeyKeeper
from amtstudio.ui.playback_controller import PlaybackController
from amtstudio.ui.roll.roll_view import RollView
from amtstudio.ui.theme import theme_of
from amtstudio.ui.thread_priority import Urgency
from amtstudio.workbench.adaptation.comparison import Compared, compare
from amtstudio.workbench.adaptation.note_diff import Difference, Kind
from amtstudio.workbench.transcribing import Engine

_SIZE = QSize(1080, 640)
_STEPS = 1000
_SHOWN_S = 12.0


class DiffWindow(QWidget):
    """A separate window, beside the studio window.

    Parameters
    ----------
    engine : Engine
    pool : JobPool
    playback : PlaybackController
    profile : str
    recordings : sequence of Path
        To choose from; the first is shown at once.
    """

    closed = Signal()

    def __init__(
        self,
        engine: Engine,
        pool: JobPool,
        playback: PlaybackController,
        *,
        profile: str,
        recordings: Sequence[Path],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._engine, self._pool, self._profile = engine, pool, profile
        self._playback = playback
        self._job: Job | None = None
        self._picture: PictureWork | None = None
        self.compared: Compared | None = None
        self.setWindowTitle(self.tr("What “{name}” changes").format(name=profile))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_SIZE)
        self.player = DiffPlayer(playback, self)
        self._build(recordings)
        self._add_keys()
        self.installEventFilter(KeyKeeper(self))
        self.player.changed.connect(self._show_player)
        playback.position_changed.connect(self._show_position)
        self._show_player()
        self._start()

    @property
    def is_settled(self) -> bool:
        return self._job is None and (self._picture is None or self._picture.is_done)

    # -- layout -----------------------------------------------------------------------------------

    def _build(self, recordings: Sequence[Path]) -> None:
        self.recording_box = ComboBox()
        self.recording_box.setAccessibleName(self.tr("Recording"))
        self.recording_box.setMinimumContentsLength(12)
        self.recording_box.setSizeAdjustPolicy(
            ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for path in recordings:
            self.recording_box.addItem(path.name, str(path))
        self.recording_box.activated.connect(self._start)
        self.bar = QProgressBar()
        self.bar.setMaximum(_STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Progress of the comparison"))
        self.summary = text_label()
        self.roll = RollView()
        self.roll.setAccessibleName(self.tr("Changed notes over the spectrogram"))
        self.diff_item = DiffItem()
        self.roll.box.addItem(self.diff_item, ignoreBounds=True)
        self.diff_item.set_theme(theme_of(self.palette()))
        self.roll.ruler_clicked.connect(self.player.seek)
        self.list = DiffList()
        self.list.chosen.connect(self._show_change)
        self.list.itemActivated.connect(self._play_change)
        side = QWidget()
        side_layout = QVBoxLayout(side)
        side_layout.setContentsMargins(8, 0, 8, 8)
        side_layout.addWidget(self.list, 1)
        self.before_button = button(
            self.tr("Previous change"), lambda: self.list.step(-1), "Shift+N"
        )
        self.next_button = button(self.tr("Next change"), lambda: self.list.step(1), "N")
        side_layout.addWidget(row_of(self.before_button, self.next_button))
        splitter = QSplitter()
        splitter.addWidget(self.roll)
        splitter.addWidget(side)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([_SIZE.width() - 280, 280])
        splitter.setChildrenCollapsible(False)
        head = QHBoxLayout()
        head.addWidget(self.recording_box, 1)
        head.addWidget(self.summary, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        for part in (self._padded(head), self.bar):
            layout.addWidget(part)
        layout.addWidget(self._padded(legend(self)))
        layout.addWidget(splitter, 1)
        layout.addWidget(self._padded(self._make_transport()))

    def _padded(self, content: QHBoxLayout | QWidget) -> QWidget:
        holder = QWidget()
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(10, 0, 10, 0)
        if isinstance(content, QWidget):
            layout.addWidget(content)
        else:
            layout.addLayout(content)
        return holder

    def _make_transport(self) -> QWidget:
        self.play_button = button(self.tr("Play"), self.player.toggle, self.tr("Space"))
        self.before_radio = QRadioButton(self.tr("Notes before"))
        self.after_radio = QRadioButton(self.tr("Notes after"))
        for radio in (self.before_radio, self.after_radio):
            radio.setToolTip(self.tr("X switches between the two, even while playing"))
        self.after_radio.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.before_radio)
        group.addButton(self.after_radio)
        self.after_radio.toggled.connect(self.player.set_after)
        self.balance_slider = Slider()
        self.balance_slider.setRange(0, 100)
        self.balance_slider.setFixedWidth(130)
        self.balance_slider.setAccessibleName(self.tr("From the recording to the notes"))
        self.balance_slider.valueChanged.connect(self._set_balance)
        self.sound_label = text_label(faint=True)
        return row_of(
            self.play_button,
            self.before_radio,
            self.after_radio,
            QLabel(self.tr("Recording")),
            self.balance_slider,
            QLabel(self.tr("Notes")),
            self.sound_label,
        )

    def _add_keys(self) -> None:
        for key, slot in (
            ("Space", self.player.toggle),
            ("X", self._change_over),
            ("N", partial(self.list.step, 1)),
            ("Shift+N", partial(self.list.step, -1)),
            ("P", self._play_change),
            ("F", self.roll.fit),
            ("Esc", self.close),
        ):
            action = QAction(self)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(without_arguments(slot))
            self.addAction(action)

    # -- comparing --------------------------------------------------------------------------------

    def _start(self) -> None:
        self._drop_jobs()
        self.player.give_back()
        path = Path(self.recording_box.currentData())
        self.compared = None
        self.shown = Document(path, parent=self)
        self.roll.set_document(self.shown)
        self.bar.setValue(0)
        self.bar.show()
        self.summary.setText(self.tr("Transcribing it twice…"))
        self._job = Job(partial(compare, self._engine, path, self._profile), urgency=Urgency.STEADY)
        self._job.signals.progressed.connect(self._take_progress)
        self._job.signals.finished.connect(self._take)
        self._job.signals.failed.connect(self._fail)
        self._pool.start(self._job)
        self._picture = PictureWork(self._pool, self.shown)

    def _drop_jobs(self) -> None:
        if self._job is not None:
            self._job.signals.disconnect(self)
            self._job.cancel()
        if self._picture is not None:
            self._picture.cancel()
        self._job = self._picture = None

    def _take_progress(self, done: float, _total: object) -> None:
        self.bar.setValue(round(_STEPS * done))

    def _take(self, compared: Compared) -> None:
        self._job = None
        self.compared = compared
        self.bar.hide()
        diff = compared.diff
        self.summary.setText(
            self.tr("{added} added, {removed} removed, {moved} moved; {same} the same").format(
                added=diff.count(Kind.ADDED),
                removed=diff.count(Kind.REMOVED),
                moved=diff.count(Kind.MOVED),
                same=diff.n_same,
            )
        )
        self.diff_item.set_diff(diff, compared.after.notes)
        self.list.set_diff(diff)
        end = max((note.offset for note in compared.after.notes), default=0.0)
        self.player.load(self.shown.path, max(self.shown.duration, end), compared)
        for control in (self.before_button, self.next_button):
            control.setEnabled(bool(diff.changes))
        self.list.step(1)  # first: a list that gets the focus chooses a row by itself
        self.list.setFocus()

    def _fail(self, error: Exception) -> None:
        self._job = None
        self.bar.hide()
        failure = describe(error, subject=self.shown.name)
        self.summary.setText(failure.sentences)

    # -- seeing and hearing -----------------------------------------------------------------------

    def _show_change(self, change: Difference) -> None:
        self.diff_item.set_chosen(change)
        start, end = self.roll.visible_range
        if end - start > 2 * _SHOWN_S:  # from so far away, one note is not to be seen
            begin = max(change.onset - 0.4 * _SHOWN_S, 0.0)
            self.roll.show_range(begin, begin + _SHOWN_S)
        self.roll.reveal(change.onset, change.note.offset)

    def _play_change(self) -> None:
        if (change := self.list.current) is not None:
            self.player.play_around(change.onset)

    def _change_over(self) -> None:
        wanted = self.before_radio if self.player.is_after else self.after_radio
        wanted.setChecked(True)

    def _set_balance(self, value: int) -> None:
        self.player.set_balance(value / 100.0)

    def _show_player(self) -> None:
        self.play_button.setText(self.tr("Pause") if self.player.is_playing else self.tr("Play"))
        self.sound_label.setText(self.player.reason)
        self.sound_label.setVisible(bool(self.player.reason))
        for control in (self.play_button, self.balance_slider):
            control.setEnabled(self.player.can_play)
        self.balance_slider.blockSignals(True)
        self.balance_slider.setValue(round(100.0 * self.player.balance))
        self.balance_slider.blockSignals(False)

    def _show_position(self, seconds: float) -> None:
        is_ours = self.player.is_borrowing
        self.roll.cursor_line.set_time(seconds if is_ours else None)
        start, end = self.roll.visible_range
        if is_ours and self.player.is_playing and not start <= seconds <= end:
            self.roll.show_range(seconds, seconds + end - start)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "diff_item"):
            self.diff_item.set_theme(theme_of(self.palette()))
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._drop_jobs()
        self._playback.position_changed.disconnect(self._show_position)
        self.player.give_back()
        self.roll.set_document(None)
        self.closed.emit()
        super().closeEvent(event)
