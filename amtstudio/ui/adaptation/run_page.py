"""A run in progress: what it does, how long it will take, pause and stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from amtstudio.ui.adaptation.controller import AdaptationController, State
from amtstudio.ui.adaptation.parts import button, heading, row_of, text_label
from amtstudio.ui.adaptation.score_curve import ScoreCurve
from amtstudio.ui.adaptation.words import detail_text, left_text, stage_text, step_text

_BAR_STEPS = 1000


class RunPage(QWidget):
    """Shows the run of a controller."""

    stop_wanted = Signal()

    def __init__(self, controller: AdaptationController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.title = heading()
        self.stage_label = text_label()
        self.detail_label = text_label(faint=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Learning progress"))
        self.left_label = text_label()
        self.wait_label = text_label()
        self.curve_label = text_label(
            self.tr(
                "How often it finds the same notes as its teacher, in altered copies of your"
                " recordings:"
            ),
            faint=True,
        )
        self.curve = ScoreCurve()
        self.steps_label = text_label(faint=True)
        self.pause_button = button("", self._toggle_pause)
        self.stop_button = button(
            self.tr("Stop"),
            self.stop_wanted.emit,
            self.tr("What has been learned so far is kept, so that you can resume"),
        )
        self.note = text_label(
            self.tr(
                "You can keep working: recording and transcribing take priority. Your model is not"
                " changed until the end."
            ),
            faint=True,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        for widget in (
            self.title,
            self.stage_label,
            self.detail_label,
            self.bar,
            self.left_label,
            self.wait_label,
            row_of(self.pause_button, self.stop_button),
            self.curve_label,
            self.curve,
            self.steps_label,
            self.note,
        ):
            layout.addWidget(widget)
        layout.addStretch()
        controller.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        controller = self._controller
        asked, story = controller.asked, controller.story
        if asked is None or not controller.is_on:
            return
        self.title.setText(self.tr("Learning “{name}”").format(name=asked.name))
        is_stopping = controller.state is State.STOPPING
        self.stage_label.setText(self._stage())
        self.detail_label.setText("" if is_stopping else detail_text(story))
        self.detail_label.setVisible(bool(self.detail_label.text()))
        self.left_label.setText(left_text(story, asked.request.minutes))
        self.left_label.setVisible(bool(self.left_label.text()) and not is_stopping)
        self.wait_label.setText(controller.waits_for)
        self.wait_label.setVisible(bool(controller.waits_for) and not is_stopping)
        if story.fraction and story.stage == "learning":
            self.bar.setMaximum(_BAR_STEPS)
            self.bar.setValue(round(_BAR_STEPS * story.fraction))
        else:  # busy; at rest where it waits
            self.bar.setMaximum(_BAR_STEPS if story.is_paused else 0)
            self.bar.setValue(0)
        has_points = bool(story.points)
        self.curve_label.setVisible(has_points)
        self.curve.setVisible(has_points)
        self.curve.show_story(story, asked.request.minutes)
        steps = "\n".join(step_text(judged) for judged in story.judged)
        if steps != self.steps_label.text():
            self.steps_label.setText(steps)
        self.steps_label.setVisible(bool(steps))
        self.pause_button.setText(self.tr("Resume") if controller.is_held else self.tr("Pause"))
        for control in (self.pause_button, self.stop_button):
            control.setEnabled(not is_stopping)

    def _stage(self) -> str:
        controller = self._controller
        if controller.state is State.STOPPING:
            return self.tr("Stopping…")
        if controller.is_held:
            return self.tr("Paused")
        if controller.waits_for and controller.story.is_paused:
            return self.tr("Waiting")
        return self.tr("{stage}…").format(stage=stage_text(controller.story))

    def _toggle_pause(self) -> None:
        self._controller.hold(not self._controller.is_held)
        self.refresh()
