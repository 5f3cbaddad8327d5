"""The result of a run: before and after, why it was adopted or not, and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from amtstudio.learning.report import Report
from amtstudio.ui.adaptation.controller import AdaptationController, State
from amtstudio.ui.adaptation.parts import button, heading, row_of, text_label
from amtstudio.ui.adaptation.words import (
    Figure,
    calibrations_text,
    figures,
    headline,
    report_reasons,
    step_text,
    trained_on_text,
    tuning_text,
    used_text,
)
from amtstudio.ui.theme import theme_of

_BAR_HEIGHT = 18


class ResultPage(QWidget):
    """There is no button for adopting what the tests refuse."""

    keep_wanted = Signal(bool)  # whether it is to be used for new recordings
    discard_wanted = Signal()
    compare_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, controller: AdaptationController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._shown: object = None
        self.title = heading()
        self.tuning_label = text_label()
        self.reason_label = text_label()
        self.calibrations_label = text_label()
        self.tried_title = text_label(self.tr("What was tried but not kept:"))
        self.figures_holder = QWidget()
        self._grid = QGridLayout(self.figures_holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self.figures: list[Figure] = []
        self.help_label = text_label()
        self.used_label = text_label(faint=True)
        self.steps_label = text_label(faint=True)
        self.trained_title = text_label(self.tr("Recordings"))
        self.trained_label = text_label(faint=True)
        self.default_box = QCheckBox(self.tr("Use it for new recordings"))
        self.keep_button = button(self.tr("Keep"), self._keep)
        self.discard_button = button(
            self.tr("Discard"), self.discard_wanted.emit, self.tr("Everything stays as it was")
        )
        self.compare_button = button(
            self.tr("See and hear what changed…"),
            self.compare_wanted.emit,
            self.tr("In one of your recordings"),
        )
        self.close_button = button(self.tr("Close"), self.close_wanted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        for widget in (
            self.title,
            self.tuning_label,
            self.reason_label,
            self.calibrations_label,
            self.help_label,
            self.tried_title,
            self.figures_holder,
            self.steps_label,
            self.default_box,
            row_of(self.keep_button, self.discard_button, self.close_button),
            row_of(self.compare_button),
            self.used_label,
            self.trained_title,
            self.trained_label,
        ):
            layout.addWidget(widget)
        layout.addStretch()
        controller.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        report = self._controller.report
        if self._controller.state is not State.DONE or report is None or report is self._shown:
            return
        self._shown = report
        adopted = report.adopted
        self.title.setText(headline(report))
        for label, text in (
            (self.tuning_label, tuning_text(report) if adopted else ""),
            (self.reason_label, report_reasons(report)),
            (self.calibrations_label, calibrations_text(report)),
            (self.used_label, used_text(report)),
            (self.steps_label, self._steps(report)),
            (self.trained_label, trained_on_text(report)),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.trained_title.setText(
            self.tr("It learned from these recordings:")
            if adopted
            else self.tr("These recordings were examined; nothing from them was kept:")
        )
        self.trained_title.setVisible(bool(self.trained_label.text()))
        self.tried_title.setVisible(not report.hears_better and bool(report.steps))
        self._show_figures(figures(report) if report.hears_better or report.steps else [])
        for control in (
            self.default_box,
            self.keep_button,
            self.discard_button,
            self.compare_button,
        ):
            control.setVisible(adopted)
        self.compare_button.setVisible(adopted and not report.is_of_instruments)
        self.help_label.setText(self._help(report))
        self.default_box.setChecked(adopted)
        self.close_button.setVisible(not adopted)
        self.help_label.setVisible(not adopted)

    def _help(self, report: Report) -> str:
        if report.is_of_instruments:
            return self.tr("What may help: more marked passages, in more recordings.")
        parts = [
            self.tr(
                "What may help: passages that you corrected and accepted, the score of a piece that"
                " you recorded, more recordings, or more minutes."
            )
        ]
        asked = self._controller.asked
        is_of_drums = asked is not None and asked.request.model == "drums"
        if not report.calibrations and not is_of_drums:
            parts.append(
                self.tr(
                    "Notes corrected in three recordings can also set timing, loudness and"
                    " lengths right, even if no other notes are found."
                )
            )
        parts.append(self.tr("In the editor, N takes you from one doubtful note to the next."))
        return " ".join(parts)

    def _steps(self, report: Report) -> str:
        if len(report.steps) < 2 and (report.hears_better or not report.adopted):
            return ""  # the one step's reasons stand above
        return "\n".join(step_text(step) for step in report.steps)

    def _show_figures(self, found: list[Figure]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.figures = found
        for row, figure in enumerate(found):
            name = text_label(figure.name)
            change = text_label(
                self.tr("{before} → {after} %").format(
                    before=f"{figure.before:.1f}", after=f"{figure.after:.1f}"
                )
            )
            change.setWordWrap(False)
            change.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for widget in (name, change):
                widget.setToolTip(figure.text)
                widget.setAccessibleDescription(figure.text)
            self._grid.addWidget(name, 2 * row, 0)
            self._grid.addWidget(change, 2 * row, 1)
            self._grid.addWidget(_Bars(figure), 2 * row + 1, 0, 1, 2)
        self.figures_holder.setVisible(bool(found))

    def _keep(self) -> None:
        self.keep_wanted.emit(self.default_box.isChecked())


class _Bars(QWidget):
    """Before, in grey, and after, in the colour of the accent, one over the other."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self._figure = figure
        self.setFixedHeight(_BAR_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(figure.text)
        self.setAccessibleName(figure.text)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = theme_of(self.palette())
        painter = QPainter(self)
        half = self.height() / 2.0 - 1.0
        for place, value, colour in (
            (0.0, self._figure.before, theme.faint_text),
            (half, self._figure.after, theme.accent),
        ):
            painter.fillRect(QRectF(0.0, place, self.width(), half - 2.0), theme.line)
            painter.fillRect(QRectF(0.0, place, self.width() * value / 100.0, half - 2.0), colour)
