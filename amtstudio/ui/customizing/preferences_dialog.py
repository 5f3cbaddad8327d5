"""The user's lasting settings. Everything takes effect immediately."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from amtstudio.audio.take_files import recordings_folder
from amtstudio.formats import DRUM_MAPS
from amtstudio.settings import Settings
from amtstudio.ui.calm_controls import ComboBox, SpinBox
from amtstudio.ui.elided_label import ElidedLabel
from amtstudio.ui.preferences import Preferences
from amtstudio.ui.translation import languages

_PER_CENT = 100
_LONGEST_MINIMUM_MS = 300
_TITLE_BAR = 40  # pixels, about


class _Groups(QScrollArea):
    """The settings, which scroll where the screen is lower than they are."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = content
        self.setWidget(content)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        bar = self.verticalScrollBar().sizeHint().width()
        width = self._content.minimumSizeHint().width() + bar
        return QSize(width, super().minimumSizeHint().height())


class PreferencesDialog(QDialog):
    """Shows the settings and changes them as soon as a control is moved.

    A folder is only requested: whether it can be used is checked later.

    Parameters
    ----------
    preferences : Preferences
    """

    take_folder_wanted = Signal(str)  # empty: the usual place
    soundfont_wanted = Signal(str)  # empty: the instruments that ship

    def __init__(
        self,
        preferences: Preferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setWindowTitle(self.tr("Preferences"))
        content = QWidget()
        groups = QVBoxLayout(content)
        groups.addWidget(self._transcription())
        groups.addWidget(self._appearance())
        groups.addWidget(self._midi())
        groups.addWidget(self._playback())
        groups.addWidget(self._recording())
        groups.addWidget(self._program())
        _align(content.findChildren(QFormLayout))
        groups.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(_Groups(content))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.rejected.connect(self.reject)
        self.reset_button = QPushButton(self.tr("Restore the &defaults"))
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(self._reset)
        self.buttons.addButton(self.reset_button, QDialogButtonBox.ButtonRole.ResetRole)
        row = QVBoxLayout()
        margins = groups.contentsMargins()
        margins.setTop(0)
        row.setContentsMargins(margins)
        row.addWidget(self.buttons)
        layout.addLayout(row)
        self._show()
        self._connect()
        preferences.changed.connect(self._show)
        self._fit(self.screen().availableSize())

    def _fit(self, room: QSize) -> None:
        """Be as large as all settings need, and no larger than the screen."""
        room -= QSize(0, _TITLE_BAR)
        self.resize(self.sizeHint().boundedTo(room))

    # -- layout -----------------------------------------------------------------------------------

    def add_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer what computes here beside the CPU: names for the command line, and for people."""
        for name, text in devices:
            index = self.device_box.findData(name)
            if index < 0:
                self.device_box.addItem(text, name)
            else:
                self.device_box.setItemText(index, text)

    def _transcription(self) -> QGroupBox:
        group, form = _group(self.tr("Transcription"))
        self.device_box = ComboBox()
        self.device_box.addItem(self.tr("Automatic (fastest available)"), "auto")
        self.device_box.addItem(self.tr("CPU"), "cpu")
        wanted = self._preferences.settings.device
        if self.device_box.findData(wanted) < 0:
            self.device_box.addItem(wanted, wanted)
        form.addRow(self.tr("Com&pute on"), self.device_box)
        self.onset_box = self._threshold_box(self.tr("Onset threshold"))
        self.frame_box = self._threshold_box(self.tr("Frame threshold"))
        self.length_box = SpinBox()
        self.length_box.setRange(-1, _LONGEST_MINIMUM_MS)
        self.length_box.setSpecialValueText(self.tr("recommended value"))
        self.length_box.setSuffix(self.tr(" ms"))
        self.length_box.setAccessibleName(self.tr("Minimum length"))
        form.addRow(self.tr("&Onset threshold"), self.onset_box)
        form.addRow(self.tr("&Frame threshold"), self.frame_box)
        form.addRow(self.tr("Minimum &length"), self.length_box)
        form.addRow(_hint(self.tr("Applies to recordings opened from now on.")))
        return group

    def _threshold_box(self, name: str) -> SpinBox:
        box = SpinBox()
        box.setRange(4, 99)  # 4 stands for the model's own
        box.setSpecialValueText(self.tr("recommended value"))
        box.setSuffix(self.tr(" %"))
        box.setAccessibleName(name)
        return box

    def _appearance(self) -> QGroupBox:
        group, form = _group(self.tr("Appearance"))
        self.theme_box = ComboBox()
        for name, text in (
            ("system", self.tr("Follow system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            self.theme_box.addItem(text, name)
        form.addRow(self.tr("&Colours of the window"), self.theme_box)
        self.colour_box = ComboBox()
        for name, text in (
            ("velocity", self.tr("Velocity")),
            ("confidence", self.tr("Confidence")),
            ("instrument", self.tr("Track")),
        ):
            self.colour_box.addItem(text, name)
        form.addRow(self.tr("Colour &notes by"), self.colour_box)
        self.candidates_box = QCheckBox(self.tr("S&how candidate notes"))
        form.addRow(self.candidates_box)
        return group

    def _midi(self) -> QGroupBox:
        group, form = _group(self.tr("MIDI"))
        self.drum_map_box = ComboBox()
        for entry in DRUM_MAPS.values():
            self.drum_map_box.addItem(entry.label, entry.name)
        self.drum_map_box.setToolTip(
            self.tr("Which note number each drum has in exported MIDI files")
        )
        form.addRow(self.tr("Drum note nu&mbers"), self.drum_map_box)
        return group

    def _playback(self) -> QGroupBox:
        group, form = _group(self.tr("Playback"))
        self.soundfont_label = ElidedLabel()
        self.soundfont_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.soundfont_button = QPushButton(self.tr("Choose a &SoundFont…"))
        self.shipped_button = QPushButton(self.tr("&Built-in instruments"))
        form.addRow(self.tr("Notes are played by"), self.soundfont_label)
        form.addRow(_in_row(self.soundfont_button, self.shipped_button))
        return group

    def _recording(self) -> QGroupBox:
        group, form = _group(self.tr("Recording"))
        self.folder_label = ElidedLabel()
        self.folder_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.folder_button = QPushButton(self.tr("Choose the folder for &takes…"))
        self.usual_folder_button = QPushButton(self.tr("&Default folder"))
        form.addRow(self.tr("Save takes in"), self.folder_label)
        form.addRow(_in_row(self.folder_button, self.usual_folder_button))
        return group

    def _program(self) -> QGroupBox:
        group, form = _group(self.tr("Program"))
        self.single_box = QCheckBox(self.tr("Open files in the existing &window"))
        form.addRow(self.single_box)
        self.language_box = ComboBox()
        self.language_box.addItem(self.tr("Follow system"), "")
        for name in languages():
            self.language_box.addItem(QLocale(name).nativeLanguageName(), name)
        form.addRow(self.tr("&Language"), self.language_box)
        self.language_hint = _hint(
            self.tr("The language changes the next time the program starts.")
        )
        self.language_hint.hide()
        form.addRow(self.language_hint)
        self.forget_button = QPushButton(self.tr("Clear &recent files"))
        self.forget_button.setAutoDefault(False)
        form.addRow(self.forget_button)
        return group

    # -- settings ---------------------------------------------------------------------------------

    def _connect(self) -> None:
        change = self._preferences.change
        self.device_box.activated.connect(lambda _: change(device=self.device_box.currentData()))
        self.onset_box.valueChanged.connect(lambda value: change(onset_threshold=_share(value)))
        self.frame_box.valueChanged.connect(lambda value: change(frame_threshold=_share(value)))
        self.length_box.valueChanged.connect(
            lambda value: change(minimum_duration_s=None if value < 0 else value / 1e3)
        )
        self.theme_box.activated.connect(lambda _: change(theme=self.theme_box.currentData()))
        self.colour_box.activated.connect(lambda _: change(colour_by=self.colour_box.currentData()))
        self.drum_map_box.activated.connect(
            lambda _: change(drum_map=self.drum_map_box.currentData())
        )
        self.language_box.activated.connect(self._choose_language)
        self.candidates_box.toggled.connect(lambda is_on: change(shows_candidates=is_on))
        self.single_box.toggled.connect(lambda is_on: change(single_instance=is_on))
        self.forget_button.clicked.connect(lambda: change(recent_files=()))
        self.folder_button.clicked.connect(self._choose_folder)
        self.usual_folder_button.clicked.connect(lambda: self.take_folder_wanted.emit(""))
        self.soundfont_button.clicked.connect(self._choose_soundfont)
        self.shipped_button.clicked.connect(lambda: self.soundfont_wanted.emit(""))

    def _show(self) -> None:
        settings = self._preferences.settings
        for box, value in (
            (self.device_box, settings.device),
            (self.theme_box, settings.theme),
            (self.colour_box, settings.colour_by),
            (self.drum_map_box, settings.drum_map),
            (self.language_box, settings.language),
        ):
            box.setCurrentIndex(box.findData(value))
        for spin, number in (
            (self.onset_box, _percent(settings.onset_threshold)),
            (self.frame_box, _percent(settings.frame_threshold)),
            (self.length_box, _milliseconds(settings.minimum_duration_s)),
        ):
            spin.blockSignals(True)
            spin.setValue(number)
            spin.blockSignals(False)
        self.candidates_box.setChecked(settings.shows_candidates)
        self.single_box.setChecked(settings.single_instance)
        self.forget_button.setEnabled(bool(settings.recent_files))
        folder = str(recordings_folder(settings.recordings_folder))
        self.folder_label.setText(folder)
        self.folder_label.setToolTip(folder)
        self.folder_button.setAccessibleDescription(folder)
        self.usual_folder_button.setEnabled(bool(settings.recordings_folder))
        font = settings.soundfont
        self.soundfont_label.setText(Path(font).name if font else self.tr("Built-in instruments"))
        self.soundfont_label.setToolTip(font)
        self.soundfont_button.setAccessibleDescription(self.soundfont_label.text())
        self.shipped_button.setEnabled(bool(font))

    def _choose_language(self) -> None:
        self._preferences.change(language=self.language_box.currentData())
        self.language_hint.show()

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for takes"), self.folder_label.toolTip()
        )
        if name:
            self.take_folder_wanted.emit(str(Path(name)))

    def _choose_soundfont(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("SoundFont for playback"),
            self._preferences.settings.soundfont,
            self.tr("SoundFonts (*.sf2 *.sf3 *.SF2 *.SF3);;All files (*)"),
        )
        if name:
            self.soundfont_wanted.emit(str(Path(name)))

    def _reset(self) -> None:
        default = Settings()
        names = (
            "device onset_threshold frame_threshold minimum_duration_s theme colour_by"
            " shows_candidates drum_map language single_instance recordings_folder soundfont"
        )
        self._preferences.change(**{name: getattr(default, name) for name in names.split()})


def _group(title: str) -> tuple[QGroupBox, QFormLayout]:
    group = QGroupBox(title)
    return group, QFormLayout(group)


def _align(forms: Iterable[QFormLayout]) -> None:
    """Let the fields of all groups begin at the same place."""
    rows = [(form, row) for form in forms for row in range(form.rowCount())]
    items = [form.itemAt(row, QFormLayout.ItemRole.LabelRole) for form, row in rows]
    labels = [label for item in items if item is not None and (label := item.widget())]
    widest = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(widest)


def _in_row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for button in buttons:
        button.setAutoDefault(False)
        row.addWidget(button)
    row.addStretch()
    return row


def _hint(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setEnabled(False)
    return label


def _share(percent: int) -> float | None:
    return None if percent < 5 else percent / _PER_CENT


def _percent(share: float | None) -> int:
    return 4 if share is None else min(max(round(share * _PER_CENT), 5), 99)


def _milliseconds(seconds: float | None) -> int:
    return -1 if seconds is None else min(round(seconds * 1e3), _LONGEST_MINIMUM_MS)
