"""The bar below the notes: play, loop, speed, original or notes, volume, and where one is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QFontDatabase, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amtstudio.ui.calm_controls import Slider, SpinBox
from amtstudio.ui.elided_label import ElidedLabel
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.playback.actions import SPEED_STEP, PlaybackActions
from amtstudio.ui.playback_controller import (
    FASTEST_PERCENT,
    SLOWEST_PERCENT,
    PlaybackController,
)

_PER_CENT = 100
_ICON_PX = 18
_SIDE_PX = 10
_NARROWEST_PX = 400


class TransportBar(QWidget):
    """Shows a ``PlaybackController`` and passes on what is wished of it."""

    def __init__(
        self,
        controller: PlaybackController,
        actions: PlaybackActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._actions = actions
        self.setAccessibleName(self.tr("Playback"))
        self.play_button = self._button(actions.play)
        self.position_label = self._make_position_label()
        self.speed_box = self._make_speed_box()
        self.balance_slider = self._slider(
            self.tr("From the recording to the notes"),
            self.tr("Left: only the recording. Right: only the notes."),
        )
        self.volume_slider = self._slider(self.tr("Volume"), self.tr("Volume"))
        self.word = ElidedLabel()
        self.word.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.word.setAccessibleName(self.tr("State of the playback"))
        self.look_button = self._button(actions.look_again, with_text=True)
        self._original_label, self._notes_label = (
            QLabel(self.tr("Recording")),
            QLabel(self.tr("Notes")),
        )
        self._lay_out()
        self.speed_box.valueChanged.connect(controller.set_speed)
        self.balance_slider.valueChanged.connect(self._set_balance)
        self.volume_slider.valueChanged.connect(self._set_volume)
        controller.state_changed.connect(self.refresh)
        controller.position_changed.connect(self._show_position)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_actions"):
            self._actions.set_icons(self.palette())
        super().changeEvent(event)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Without what can be dispensed with: all of that is in the menu too."""
        return QSize(_NARROWEST_PX, super().minimumSizeHint().height())

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802
        for widgets in self._dispensable:
            for widget in widgets:
                widget.setVisible(True)
        for widgets in self._dispensable:
            if self._controls.minimumSize().width() > self.width() - 2 * _SIDE_PX:
                for widget in widgets:
                    widget.setVisible(False)

    def refresh(self) -> None:
        controller = self._controller
        can_play, absence = controller.can_play, controller.absence
        has_audio = controller.audio is not None
        for control, value in (
            (self.speed_box, controller.speed_percent),
            (self.balance_slider, round(controller.balance * _PER_CENT)),
            (self.volume_slider, round(controller.volume * _PER_CENT)),
        ):
            control.blockSignals(True)
            control.setValue(value)
            control.blockSignals(False)
            control.setEnabled(can_play)
        self.balance_slider.setEnabled(can_play and has_audio)
        for label in (self._original_label, self._notes_label):
            label.setEnabled(self.balance_slider.isEnabled())
        self._set_tips()
        self.look_button.setVisible(absence is not None and not controller.devices.is_looking)
        word = controller.message
        if not word and absence is not None:
            # To look for devices takes a moment only: not worth a row that comes and goes.
            word = "" if controller.devices.is_looking else absence.reason
        elif not word and controller.document is not None and not has_audio:
            word = self.tr("The recording is missing: only its notes are played.")
        next_step = absence.next_step if absence is not None and word == absence.reason else ""
        text = " ".join(part for part in (word, next_step) if part)
        self.word.setText(text)
        self.word.setToolTip(text)
        self._word_row.setVisible(bool(text))
        self._show_position(controller.position)

    # -- layout -----------------------------------------------------------------------------------

    def _button(self, action: QAction, *, with_text: bool = False) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(QSize(_ICON_PX, _ICON_PX))
        # A click leaves the focus where it is: the next press of Space is for the playback again.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if with_text:
            button.setAutoRaise(False)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        return button

    def _slider(self, name: str, tip: str) -> Slider:
        slider = Slider()
        slider.setRange(0, _PER_CENT)
        slider.setPageStep(10)
        slider.setMinimumWidth(48)
        slider.setMaximumWidth(130)
        slider.setAccessibleName(name)
        slider.setToolTip(tip)
        return slider

    def _make_position_label(self) -> QLabel:
        label = QLabel()
        label.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        label.setAccessibleName(self.tr("Position and length"))
        return label

    def _make_speed_box(self) -> SpinBox:
        box = SpinBox()
        box.setRange(SLOWEST_PERCENT, FASTEST_PERCENT)
        box.setSingleStep(SPEED_STEP)
        box.setSuffix(self.tr(" %"))
        box.setKeyboardTracking(False)
        box.setAccessibleName(self.tr("Speed"))
        return box

    def _lay_out(self) -> None:
        actions = self._actions
        stop, follow = self._button(actions.stop), self._button(actions.follow)
        click = self._button(actions.click)
        speed = QLabel(self.tr("Speed"))
        speed.setBuddy(self.speed_box)
        # In this order they give way to the others where there is little room.
        self._dispensable: list[list[QWidget]] = [
            [speed, self._original_label, self._notes_label],
            [stop, follow, click, self.volume_slider],
        ]
        layout = self._controls = QHBoxLayout()
        layout.setSpacing(4)
        layout.addWidget(self._button(actions.to_start))
        layout.addWidget(self.play_button)
        layout.addWidget(stop)
        layout.addWidget(self._button(actions.loop))
        layout.addWidget(follow)
        layout.addWidget(click)
        layout.addSpacing(6)
        layout.addWidget(self.position_label)
        layout.addStretch(1)
        layout.addWidget(speed)
        layout.addWidget(self.speed_box)
        layout.addSpacing(8)
        layout.addWidget(self._original_label)
        layout.addWidget(self.balance_slider, 1)
        layout.addWidget(self._notes_label)
        layout.addSpacing(8)
        layout.addWidget(self._button(self._actions.mute))
        layout.addWidget(self.volume_slider, 1)
        # Below, and only while there is something to say: it may be a whole sentence.
        self._word_row = QWidget()
        words = QHBoxLayout(self._word_row)
        words.setContentsMargins(6, 0, 0, 0)
        words.addWidget(self.word, 1)
        words.addWidget(self.look_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(_SIDE_PX, 4, _SIDE_PX, 4)
        rows.setSpacing(2)
        rows.addLayout(layout)
        rows.addWidget(self._word_row)

    # -- state ------------------------------------------------------------------------------------

    def _set_tips(self) -> None:
        absence = self._controller.absence
        tips = {
            self.speed_box: self.tr(
                "Playback speed; the pitch stays the same (Ctrl+PgUp, Ctrl+PgDown)"
            ),
            self.balance_slider: self.tr("Left: only the recording. Right: only the notes."),
            self.volume_slider: self.tr("Volume"),
        }
        for control, tip in tips.items():
            control.setToolTip(tip if absence is None else absence.reason)

    def _show_position(self, seconds: float) -> None:
        text = f"{clock(seconds, 1)} / {clock(self._controller.duration)}"
        if text != self.position_label.text():
            self.position_label.setText(text)

    def _set_balance(self, value: int) -> None:
        self._controller.set_balance(value / _PER_CENT)

    def _set_volume(self, value: int) -> None:
        self._controller.set_volume(value / _PER_CENT)
