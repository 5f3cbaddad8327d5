"""What a run would learn from a recording: what its teacher accepts, rejects, and is unsure of."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from amtstudio.learning.opinion import Opinion, Trust, Verdict
from amtstudio.ui.adaptation.labels_item import LabelsItem, LabelSwatch
from amtstudio.ui.adaptation.parts import button, row_of, text_label
from amtstudio.ui.adaptation.picture_work import PictureWork
from amtstudio.ui.calm_controls import Slider
from amtstudio.ui.document import Document
from amtstudio.ui.failure import describe
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.roll.roll_view import RollView
from amtstudio.ui.theme import theme_of
from amtstudio.ui.thread_priority import Urgency
from amtstudio.workbench.adaptation.listening import LOOKED_AT_S, listen

_SIZE = QSize(1080, 640)
_STEPS = 1000
_PER_CENT = 100
_SHOWN_S = 15.0


class LabelsWindow(QWidget):
    """A separate window, beside the studio window.

    Parameters
    ----------
    model, device : str
        Of the run.
    trust : Trust or None
        That was chosen before.
    """

    closed = Signal()
    trust_chosen = Signal(object)  # Trust to learn with; None: that of the teacher

    def __init__(
        self,
        pool: JobPool,
        path: Path,
        *,
        model: str,
        device: str,
        trust: Trust | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._pool = pool
        self.opinion: Opinion | None = None
        self._chosen = trust
        self.setWindowTitle(self.tr("What it would learn from {name}").format(name=path.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_SIZE)
        self.shown = Document(path, parent=self)
        self._build()
        self._listening: Job | None = Job(
            partial(listen, path, model, device), urgency=Urgency.STEADY
        )
        self._listening.signals.progressed.connect(self._take_progress)
        self._listening.signals.finished.connect(self._take)
        self._listening.signals.failed.connect(self._fail)
        pool.start(self._listening)
        self._picture = PictureWork(pool, self.shown)

    @property
    def is_settled(self) -> bool:
        return self._listening is None and self._picture.is_done

    @property
    def trust(self) -> Trust:
        """As the sliders stand."""
        return Trust(self.surely.value() / _PER_CENT, self.surely_not.value() / _PER_CENT)

    # -- layout -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.intro = text_label(
            self.tr(
                "Before it learns, the model listens to your recordings several times and marks"
                " what it is sure of. It learns when these notes begin, and silence where there are"
                " none. Where you corrected notes, yours count instead."
            )
        )
        self.summary = text_label(self.tr("Listening several times…"))
        self.bar = QProgressBar()
        self.bar.setMaximum(_STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Progress of listening"))
        self.roll = RollView()
        self.roll.setAccessibleName(self.tr("What it would learn, over the spectrogram"))
        self.roll.set_document(self.shown)
        self.roll.show_lane("velocities", wanted=False)
        self.item = LabelsItem()
        self.item.set_theme(theme_of(self.palette()))
        self.roll.box.addItem(self.item, ignoreBounds=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        for part in (self.intro, self.summary, self.bar, self._legend()):
            layout.addWidget(part)
        layout.addWidget(self.roll, 1)
        layout.addLayout(self._sliders())
        for key, slot in (("F", self.roll.fit), ("Esc", self.close)):
            action = QAction(self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(slot)
            self.addAction(action)

    def _legend(self) -> QWidget:
        parts: list[QWidget] = []
        for verdict, text in (
            (Verdict.TAKEN, self.tr("sure: learned as a note")),
            (Verdict.IGNORED, self.tr("unsure: ignored")),
            (Verdict.NOT_TAKEN, self.tr("heard faintly: learned as silence")),
        ):
            label = text_label(text)
            label.setWordWrap(False)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            parts += [LabelSwatch(verdict), label]
        return row_of(*parts)

    def _sliders(self) -> QGridLayout:
        self.surely, self.surely_not = (_slider() for _ in range(2))
        self.surely.valueChanged.connect(self._lower_other)
        self.surely_not.valueChanged.connect(self._raise_other)
        self.usual_button = button(
            self.tr("Reset"), self._reset, self.tr("Back to the recommended thresholds")
        )
        self.use_box = QCheckBox(self.tr("&Learn with these thresholds"))
        self.use_box.setToolTip(
            self.tr("Applies to all recordings, the next time you start learning")
        )
        self.use_box.toggled.connect(self._tell_chosen)
        for control in (self.usual_button, self.use_box):
            control.setEnabled(False)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        self._values = []
        for row, (text, slider) in enumerate(
            (
                (self.tr("&Sure from"), self.surely),
                (self.tr("Sile&nce up to"), self.surely_not),
            )
        ):
            name, value = QLabel(text), QLabel()
            name.setBuddy(slider)
            slider.setAccessibleName(text.replace("&", ""))
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance("100 %"))
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._values.append(value)
            for column, part in enumerate((name, slider, value)):
                grid.addWidget(part, row, column)
        grid.addWidget(self.use_box, 0, 3)
        grid.addWidget(self.usual_button, 1, 3)
        return grid

    # -- listening --------------------------------------------------------------------------------

    def _take_progress(self, done: float, total: float | None) -> None:
        self.bar.setValue(round(_STEPS * done / (total or 1.0)))

    def _take(self, opinion: Opinion) -> None:
        self._listening = None
        self.bar.hide()
        self.opinion = opinion
        self.item.set_notes(opinion.notes)
        self._set_trust(self._chosen or opinion.trust)
        self.use_box.setChecked(self._chosen is not None)
        for control in (self.surely, self.surely_not, self.usual_button, self.use_box):
            control.setEnabled(True)
        if opinion.notes:
            self.roll.show_range(0.0, min(_SHOWN_S, max(self.shown.duration, 1.0)))

    def _fail(self, error: Exception) -> None:
        self._listening = None
        self.bar.hide()
        failure = describe(error, subject=self.shown.name)
        self.summary.setText(failure.sentences)

    # -- thresholds -------------------------------------------------------------------------------

    def _reset(self) -> None:
        """As the teacher says itself."""
        self.use_box.setChecked(False)
        if self.opinion is not None:
            self._set_trust(self.opinion.trust)

    def _set_trust(self, trust: Trust) -> None:
        self.surely.setValue(round(_PER_CENT * trust.surely))
        self.surely_not.setValue(round(_PER_CENT * trust.surely_not))
        self._show_trust()

    def _tell_chosen(self) -> None:
        chosen = self.trust if self.use_box.isChecked() else None
        if chosen != self._chosen:
            self._chosen = chosen
            self.trust_chosen.emit(chosen)

    def _lower_other(self, value: int) -> None:
        self.surely_not.setValue(min(self.surely_not.value(), value - 1))
        self._show_trust()

    def _raise_other(self, value: int) -> None:
        self.surely.setValue(max(self.surely.value(), value + 1))
        self._show_trust()

    def _show_trust(self) -> None:
        for label, slider in zip(self._values, (self.surely, self.surely_not), strict=True):
            label.setText(self.tr("{n} %").format(n=slider.value()))
        if self.opinion is None or self.surely.value() <= self.surely_not.value():
            return
        self.item.set_trust(self.trust)
        self._tell_chosen()
        text = self.tr(
            "It would learn {taken} notes, ignore {ignored} that it is unsure of,"
            " and take {silent} for silence."
        ).format(
            taken=self.item.count(Verdict.TAKEN),
            ignored=self.item.count(Verdict.IGNORED),
            silent=self.item.count(Verdict.NOT_TAKEN),
        )
        if self.shown.duration > LOOKED_AT_S:
            text += " " + self.tr("Only the first two minutes are shown.")
        self.summary.setText(text)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "item"):
            self.item.set_theme(theme_of(self.palette()))
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self._listening is not None:
            self._listening.signals.disconnect(self)
            self._listening.cancel()
        self._picture.cancel()
        self.roll.set_document(None)
        self.closed.emit()
        super().closeEvent(event)


def _slider() -> Slider:
    slider = Slider()
    slider.setRange(1, _PER_CENT - 1)
    slider.setEnabled(False)
    return slider
