"""The strip from which takes are made: device, level, time, and the button."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amtstudio.models import list_models
from amtstudio.ui.calm_controls import ComboBox
from amtstudio.ui.elided_label import ElidedLabel
from amtstudio.ui.icons import icon
from amtstudio.ui.model_names import model_name
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.recording.controller import Phase, RecordingController
from amtstudio.ui.recording.devices import label_of
from amtstudio.ui.recording.hints import hints
from amtstudio.ui.recording.level_bar import LevelBar
from amtstudio.ui.recording.take import LiveTake
from amtstudio.workbench.transcribing import AUTO, LIVE_MODELS

_TICK_MS = 50
_SPACE_EVERY = 40  # ticks: asking the disk may take a moment


class RecordBar(QFrame):
    """Shown while a take is prepared or made."""

    close_wanted = Signal()
    show_wanted = Signal()  # the take, where another recording is in view

    def __init__(self, controller: RecordingController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._n_ticks = 0
        self._seconds_left = float("inf")
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        controller.changed.connect(self._refresh)
        self._refresh()

    # -- layout -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Recorder"))
        self.record_button = QPushButton()
        self.record_button.setMinimumWidth(110)
        self.record_button.clicked.connect(self._controller.toggle)
        self.device_box = ComboBox()
        self.device_box.setAccessibleName(self.tr("Device to record from"))
        self.device_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.device_box.setMinimumContentsLength(8)
        self.device_box.setMaximumWidth(280)
        self.device_box.activated.connect(self._choose)
        self.keyboard_box = ComboBox()
        self.keyboard_box.setAccessibleName(self.tr("MIDI keyboard to record as well"))
        self.keyboard_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.keyboard_box.setMinimumContentsLength(6)
        self.keyboard_box.setMaximumWidth(180)
        self.keyboard_box.activated.connect(self._choose_keyboard)
        self.refresh_button = self._tool_button(self.tr("Look for microphones and keyboards again"))
        self.refresh_button.clicked.connect(lambda: self._controller.look_for_devices(rescan=True))
        self.level_bar = LevelBar()
        self.time_label = QLabel()
        font = self.time_label.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setBold(True)
        self.time_label.setFont(font)
        self.time_label.setMinimumWidth(76)
        self.space_label = QLabel()
        self.show_button = QPushButton(self.tr("Show the take"))
        self.show_button.clicked.connect(self.show_wanted)
        self.folder_button = self._tool_button(self.tr("Folder for takes"))
        self.folder_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.folder_button.setMenu(self._folder_menu())
        self.close_button = self._tool_button(self.tr("Close the recorder"))
        self.close_button.clicked.connect(self.close_wanted)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (
            self.record_button,
            self.device_box,
            self.keyboard_box,
            self.refresh_button,
        ):
            row.addWidget(widget)
        row.addWidget(self.level_bar, 1)
        for label in (self.time_label, self.space_label):
            row.addWidget(label)
        for button in (self.show_button, self.folder_button, self.close_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addLayout(self._make_line())
        self._name_icons()

    def _make_line(self) -> QHBoxLayout:
        """The hint of the moment, and the model that hears."""
        self.hint_label = ElidedLabel()
        # Always there, in one line: a page that jumps with each hint cannot be watched.
        self.hint_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.model_box = self._make_model_box()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.hint_label, 1)
        line.addWidget(self.model_box)
        return line

    def _make_model_box(self) -> ComboBox:
        box = ComboBox()
        box.setAccessibleName(self.tr("Model that finds the notes while you play"))
        box.setToolTip(
            self.tr(
                "Which model finds the notes while you play. The take is transcribed again when you"
                " stop."
            )
        )
        there = list_models()
        for name in (AUTO, *(name for name in LIVE_MODELS if name in there)):
            box.addItem(model_name(name), name)
        box.activated.connect(self._ask_for_model)
        return box

    def _tool_button(self, text: str) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setToolTip(text)
        button.setAccessibleName(text)
        return button

    def _folder_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("Show the Folder of Recordings"), self._show_folder)
        menu.addAction(self.tr("Choose Another Folder…"), self._choose_folder)
        return menu

    def _name_icons(self) -> None:
        self.refresh_button.setIcon(icon("retry", self.palette()))
        self.folder_button.setIcon(icon("folder", self.palette()))
        self.close_button.setIcon(icon("cancel", self.palette()))
        is_going = self._controller.phase in (Phase.RECORDING, Phase.OPENING, Phase.ENDING)
        self.record_button.setIcon(icon("stop" if is_going else "record", self.palette()))

    # -- state ------------------------------------------------------------------------------------

    def set_shows_take(self, shows: bool) -> None:
        """Whether the take is in view."""
        self.show_button.setVisible(self._controller.is_recording and not shows)

    def _refresh(self) -> None:
        controller = self._controller
        phase = controller.phase
        self._fill_devices()
        self._fill_keyboards()
        texts = {
            Phase.IDLE: self.tr("Record"),
            Phase.OPENING: self.tr("Opening…"),
            Phase.RECORDING: self.tr("Stop"),
            Phase.ENDING: self.tr("Stopping…"),
        }
        self.record_button.setText(texts[phase])
        self.record_button.setEnabled(
            phase is Phase.RECORDING or (phase is Phase.IDLE and controller.can_record)
        )
        self.record_button.setToolTip(controller.devices.reason or self.tr("R"))
        is_idle = phase is Phase.IDLE
        self.device_box.setEnabled(is_idle and bool(controller.devices.devices))
        self.keyboard_box.setEnabled(is_idle and bool(controller.keyboards.names))
        self.refresh_button.setEnabled(is_idle and not controller.devices.is_looking)
        self.folder_button.setEnabled(is_idle)
        self.close_button.setEnabled(is_idle)
        if not controller.is_recording:
            self.show_button.hide()
        self._name_icons()
        self._n_ticks = 0
        self._tick()

    def _fill_devices(self) -> None:
        devices = self._controller.devices
        found = devices.devices or []
        default = next((device.name for device in found if device.is_default), "")
        name = self.tr("System default")
        entries = [(f"{name}: {default}" if default else name, "")]
        entries += [(label_of(device), label_of(device)) for device in found]
        now = [
            (self.device_box.itemText(row), self.device_box.itemData(row))
            for row in range(self.device_box.count())
        ]
        if entries != now:
            self.device_box.clear()
            for text, label in entries:
                self.device_box.addItem(text, label)
        # A device that is remembered and not there gives way to the default one, for now.
        self.device_box.setCurrentIndex(max(self.device_box.findData(devices.chosen), 0))

    def _fill_keyboards(self) -> None:
        keyboards = self._controller.keyboards
        entries = [(self.tr("No MIDI keyboard"), ""), *((name, name) for name in keyboards.names)]
        box = self.keyboard_box
        now = [(box.itemText(row), box.itemData(row)) for row in range(box.count())]
        if entries != now:
            box.clear()
            for text, name in entries:
                box.addItem(text, name)
        box.setCurrentIndex(max(box.findData(keyboards.name), 0))
        box.setToolTip(
            keyboards.reason
            or self.tr("Its notes are kept beside the take, and My Instrument learns from them")
        )

    def _show_model(self, take: LiveTake | None) -> None:
        """While a take is made whose model may be another one by and by."""
        may_choose = take is not None and take.plans and take.problem is None
        self.model_box.setVisible(may_choose and self.model_box.count() > 2)
        if take is None or not may_choose:
            return
        text = model_name(AUTO)
        if take.is_ready:
            text = f"{text}: {model_name(take.model)}"
        if text != self.model_box.itemText(0):
            self.model_box.setItemText(0, text)
        self.model_box.setCurrentIndex(max(self.model_box.findData(take.asked), 0))

    def _tick(self) -> None:
        recorder, take = self._controller.recorder, self._controller.take
        self._show_model(take)
        if recorder is None:
            self.level_bar.clear()
        else:
            self.level_bar.show_level(recorder.level, is_clipped=recorder.clipped)
        if self._n_ticks % _SPACE_EVERY == 0:
            self._measure_space()
        self._n_ticks += 1
        self.time_label.setText(clock(0.0 if take is None else take.duration, 1))
        self.space_label.setText(self._space_text())
        found = hints(self._controller, self._seconds_left)
        self.hint_label.setText("   ".join(found))
        self.hint_label.setToolTip("\n".join(found))

    def _measure_space(self) -> None:
        take = self._controller.take
        self._seconds_left = float("inf")
        if take is not None and take.recorder is not None:
            try:
                self._seconds_left = take.recorder.seconds_left
            except OSError:  # the folder has gone; the recorder will say so
                self._seconds_left = 0.0

    def _space_text(self) -> str:
        seconds = self._seconds_left
        if seconds == float("inf"):
            return ""
        if seconds >= 3600.0:
            return self.tr("{hours} h free").format(hours=int(seconds // 3600))
        return self.tr("{minutes} min free").format(minutes=int(seconds // 60))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self._timer.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "hint_label"):
            self._name_icons()
        super().changeEvent(event)

    # -- wishes -----------------------------------------------------------------------------------

    def _choose(self, row: int) -> None:
        self._controller.devices.choose(self.device_box.itemData(row))

    def _choose_keyboard(self, row: int) -> None:
        self._controller.keyboards.choose(self.keyboard_box.itemData(row))

    def _ask_for_model(self, row: int) -> None:
        if self._controller.take is not None:
            self._controller.take.ask_for(self.model_box.itemData(row))

    def _show_folder(self) -> None:
        folder = self._controller.folder
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for recordings"), str(self._controller.folder)
        )
        if name:
            self._controller.take_folder.choose(str(Path(name)))
