"""The controls beside the view: thresholds, and what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTabBar,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from amtstudio.decoding import Adjustable, DecodingSettings, DrumSettings
from amtstudio.symbolic import TrackKind
from amtstudio.symbolic.drums import GENERAL_MIDI_KEYS
from amtstudio.symbolic.heads import NOTE_HEADS, HeadKind
from amtstudio.symbolic.note_filter import NoteFilter
from amtstudio.ui.calm_controls import ComboBox, Slider
from amtstudio.ui.document import Document
from amtstudio.ui.drum_rows import drum_name
from amtstudio.ui.instrument_names import track_name
from amtstudio.ui.plurals import counted
from amtstudio.ui.roll.note_colours import ColourBy
from amtstudio.ui.theme import Theme, head_colour, theme_of
from amtstudio.ui.view.note_filter_box import NoteFilterBox
from amtstudio.workbench.model_parts import ModelPart

_PER_CENT = 100
_NO_MODEL = DecodingSettings()  # what the sliders show before there is a recording
_PICTURED = (HeadKind.EVENT, HeadKind.SOUND)
_LEGEND_ROW_PX = 16
_HELP_PX = 18


class ValueSlider(QWidget):
    """A slider with its name before and its value behind it."""

    moved = Signal(int)

    def __init__(
        self, name: str, *, lowest: int, highest: int, unit: str, tip: str, page: int = 5
    ) -> None:
        super().__init__()
        self._unit = unit
        self.slider = Slider()
        self.slider.setRange(lowest, highest)
        self.slider.setPageStep(page)
        self.slider.setAccessibleName(name)
        self.slider.setAccessibleDescription(tip)
        self.value_label = QLabel()
        label = QLabel(name)
        label.setBuddy(self.slider)
        head = QHBoxLayout()
        head.addWidget(label)
        self.help_button = QToolButton()
        self.help_button.setText("?")
        self.help_button.setAutoRaise(True)
        self.help_button.setFixedSize(_HELP_PX, _HELP_PX)
        self.help_button.setToolTip(tip)
        self.help_button.setAccessibleName(self.tr("What is “{name}”?").format(name=name))
        self.help_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.help_button.clicked.connect(self._explain)
        head.addWidget(self.help_button)
        head.addStretch(1)
        head.addWidget(self.value_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addLayout(head)
        layout.addWidget(self.slider)
        self.setToolTip(tip)
        self.slider.valueChanged.connect(self._show)
        self.slider.valueChanged.connect(self.moved)
        self._show(self.slider.value())

    def _explain(self) -> None:
        """At once, and without the pointer: a tool tip comes after a while, and to a mouse only."""
        place = self.help_button.mapToGlobal(self.help_button.rect().bottomLeft())
        QToolTip.showText(place, self.toolTip(), self.help_button)

    def set_silently(self, value: int) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self._show(value)

    def _show(self, value: int) -> None:
        self.value_label.setText(f"{value} {self._unit}")


class ColourLegend(QWidget):
    """The legend of the notes' colours: a scale, or a name for each."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = ("", "")
        self._names: dict[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(180, max(30, _LEGEND_ROW_PX * len(self._names)))

    def set_names(self, names: dict[str, int]) -> None:
        """Names with the places of their colours."""
        self._names = names
        self.setAccessibleName(self.tr("Colours: {names}").format(names=", ".join(names)))
        self.updateGeometry()
        self.update()

    def set_ends(self, low: str, high: str) -> None:
        self._ends, self._names = (low, high), {}
        self.updateGeometry()
        self.setAccessibleName(self.tr("Colours from {low} to {high}").format(low=low, high=high))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        if self._names:
            self._draw_names(painter, theme)
            return
        bar = QRectF(0.5, 1.0, self.width() - 1.0, 10.0)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for index, colour in enumerate(theme.notes):
            gradient.setColorAt(index / (len(theme.notes) - 1), colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 3.0, 3.0)
        painter.setPen(theme.faint_text)
        text = QRectF(0, 13, self.width(), 16)
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft, self._ends[0])
        painter.drawText(text, Qt.AlignmentFlag.AlignRight, self._ends[1])

    def _draw_names(self, painter: QPainter, theme: Theme) -> None:
        for row, (name, colour) in enumerate(self._names.items()):
            top = row * _LEGEND_ROW_PX
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.instruments[colour % len(theme.instruments)])
            painter.drawRoundedRect(QRectF(0.5, top + 3.0, 16.0, 9.0), 2.0, 2.0)
            painter.setPen(theme.text)
            box = QRectF(24.0, top, self.width() - 24.0, _LEGEND_ROW_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)


class Swatch(QWidget):
    """The colour of an overlay, or the outline of a candidate, beside its switch."""

    def __init__(self, head: str | None) -> None:
        super().__init__()
        self._head = head
        self.setFixedSize(18, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        box = QRectF(0.5, 0.5, 17, 10)
        if self._head is None:
            painter.setPen(QPen(theme_of(self.palette()).candidate, 1.0))
            painter.drawRect(box)
        else:
            painter.fillRect(box, head_colour(self._head))


class NotesPanel(QScrollArea):
    """Moves the thresholds of the document, and updates the views."""

    colour_by_changed = Signal(ColourBy)
    colour_by_chosen = Signal(ColourBy)  # by the user: a band is coloured by track of itself
    candidates_shown = Signal(bool)
    contours_shown = Signal(bool)
    heads_changed = Signal(frozenset)
    overlay_opacity_changed = Signal(float)
    brightness_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._chosen = ColourBy.VELOCITY
        self._is_automatic = False  # whether the colours are those of tracks for there are several
        self._follows_tracks = True  # until the user says otherwise for this recording
        self.setAccessibleName(self.tr("Notes and display"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        self._add_thresholds(layout)
        layout.addSpacing(8)
        self._add_display(layout)
        layout.addSpacing(8)
        self._add_overlays(layout)
        layout.addStretch()
        self.setWidget(content)
        self._show_settings()
        self._enable_overlays()
        self._tell_colours()

    # -- layout -----------------------------------------------------------------------------------

    def _add_thresholds(self, layout: QVBoxLayout) -> None:
        self.count_label = _heading("")
        layout.addWidget(self.count_label)
        self.model_tabs = QTabBar()
        self.model_tabs.setDrawBase(False)
        self.model_tabs.hide()
        self.model_tabs.setAccessibleName(self.tr("Thresholds of"))
        self.model_tabs.setToolTip(
            self.tr("Which thresholds to show. Clicking a note or its lane also switches.")
        )
        self.model_tabs.currentChanged.connect(self._choose_part)
        layout.addWidget(self.model_tabs)
        self._sliders_layout = QVBoxLayout()
        layout.addLayout(self._sliders_layout)
        self.sliders: dict[str, ValueSlider] = {}  # by the name of the setting
        self.switches: dict[str, QCheckBox] = {}  # as the sliders
        self.filter_box = NoteFilterBox()
        self.filter_box.changed.connect(self._filter)
        layout.addWidget(self.filter_box)
        self.again_label = QLabel(self.tr("To change the thresholds, transcribe again (Ctrl+R)."))
        self.again_label.setWordWrap(True)
        layout.addWidget(self.again_label)
        self.reset_button = QPushButton(self.tr("Reset to recommended values"))
        self.reset_button.setToolTip(self.tr("Set everything to what suits this model best"))
        self.reset_button.clicked.connect(self._reset)
        layout.addWidget(self.reset_button)

    def _add_display(self, layout: QVBoxLayout) -> None:
        layout.addWidget(_heading(self.tr("Display")))
        self.colour_box = ComboBox()
        self.colour_box.addItem(self.tr("Velocity"), ColourBy.VELOCITY)
        self.colour_box.addItem(self.tr("Confidence"), ColourBy.CONFIDENCE)
        self.colour_box.addItem(self.tr("Track"), ColourBy.INSTRUMENT)
        self.colour_box.setAccessibleName(self.tr("Colour of notes by"))
        self.colour_box.currentIndexChanged.connect(self._choose_colours)
        form = QFormLayout()
        form.addRow(self.tr("Colour by"), self.colour_box)
        layout.addLayout(form)
        self.legend = ColourLegend()
        layout.addWidget(self.legend)
        self.candidate_box = QCheckBox(self.tr("Candidate notes"))
        self.candidate_box.setChecked(True)
        self.candidate_box.setToolTip(
            self.tr(
                "Notes that the model is not sure of; a lower onset threshold would include them"
            )
        )
        self.candidate_box.toggled.connect(self.candidates_shown)
        layout.addLayout(_row(self.candidate_box, Swatch(None)))
        self.contour_box = QCheckBox(self.tr("Bends"))
        self.contour_box.setChecked(True)
        self.contour_box.setToolTip(
            self.tr("A line through each bent note, at the pitch that sounds")
        )
        self.contour_box.toggled.connect(self.contours_shown)
        layout.addWidget(self.contour_box)
        self.brightness_slider = ValueSlider(
            self.tr("Spectrogram brightness"),
            lowest=-60,
            highest=60,
            unit="",
            tip=self.tr("Lifts quiet sounds out of the background"),
            page=10,
        )
        self.brightness_slider.moved.connect(self._tell_brightness)
        layout.addWidget(self.brightness_slider)

    def _add_overlays(self, layout: QVBoxLayout) -> None:
        layout.addWidget(_heading(self.tr("What the model heard")))
        self._heads_layout = QVBoxLayout()
        layout.addLayout(self._heads_layout)
        self.head_boxes: dict[str, QCheckBox] = {}
        self._shown_heads: frozenset[str] = frozenset()  # also of models that are not in front
        self.opacity_slider = ValueSlider(
            self.tr("Strength"),
            lowest=10,
            highest=100,
            unit="%",
            tip=self.tr("How strongly the overlays cover what is below them"),
            page=10,
        )
        self.opacity_slider.set_silently(75)
        self.opacity_slider.moved.connect(self._tell_opacity)
        layout.addWidget(self.opacity_slider)

    # -- document ---------------------------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.notes_changed.disconnect(self._show_count)
            self._document.candidates_changed.disconnect(self._show_count)
            self._document.settings_changed.disconnect(self._show_settings)
            self._document.filter_changed.disconnect(self._show_filter)
            self._document.activations_changed.disconnect(self._show_parts)
            self._document.foreground_changed.disconnect(self._show_parts)
        self._document = document
        if document is not None:
            document.notes_changed.connect(self._show_count)
            document.candidates_changed.connect(self._show_count)
            document.settings_changed.connect(self._show_settings)
            document.filter_changed.connect(self._show_filter)
            document.activations_changed.connect(self._show_parts)
            document.foreground_changed.connect(self._show_parts)
        self._follows_tracks = True
        self._show_parts()
        self._show_filter()
        self._show_count()

    def _show_parts(self) -> None:
        """A tab for each of several models, and the thresholds and overlays of that in front."""
        parts = () if self._document is None else self._document.parts
        tabs = self.model_tabs
        tabs.blockSignals(True)
        while tabs.count() > len(parts):
            tabs.removeTab(tabs.count() - 1)
        for index, part in enumerate(parts):
            if index == tabs.count():
                tabs.addTab("")
            tabs.setTabText(index, self._part_name(part))
            if self._document is not None and part is self._document.foreground:
                tabs.setCurrentIndex(index)
        tabs.blockSignals(False)
        tabs.setVisible(len(parts) > 1)
        self._show_settings()
        self._enable_overlays()

    def _part_name(self, part: ModelPart) -> str:
        is_drums = part.kind is TrackKind.DRUMS or part.settings.decoder == DrumSettings.decoder
        return self.tr("Drums") if is_drums else self.tr("Pitched notes")

    def _choose_part(self, index: int) -> None:
        if self._document is not None and 0 <= index < len(self._document.parts):
            self._document.set_foreground(self._document.parts[index])

    def _show_filter(self) -> None:
        document = self._document
        self.filter_box.setEnabled(document is not None)
        self.filter_box.show_filter(NoteFilter() if document is None else document.filter)

    def _filter(self, chosen: NoteFilter) -> None:
        if self._document is not None:
            self._document.set_filter(chosen)

    def _show_settings(self) -> None:
        settings = _NO_MODEL if self._document is None else self._document.settings
        adjustable = settings.adjustable()
        if [entry.name for entry in adjustable] != [*self.sliders, *self.switches]:
            self._make_sliders(adjustable)
        for entry in adjustable:
            value = settings.value(entry.name)
            if entry.name in self.switches:
                switch = self.switches[entry.name]
                switch.blockSignals(True)
                switch.setChecked(bool(value))
                switch.blockSignals(False)
            else:
                self.sliders[entry.name].set_silently(round(value * _steps(entry)))
        default = None if self._document is None else self._document.default_settings
        self.reset_button.setEnabled(default is not None and default != settings)

    def _make_sliders(self, adjustable: Sequence[Adjustable]) -> None:
        for widget in (*self.sliders.values(), *self.switches.values()):
            self._sliders_layout.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.sliders, self.switches = {}, {}
        # Switches last, whatever the order: a row of sliders reads better in one piece.
        for entry in sorted(adjustable, key=lambda entry: entry.unit == "switch"):
            name, tip = self._texts_of_setting(entry.name)
            if entry.unit == "switch":
                self._add_switch(entry, name, tip)
                continue
            slider = ValueSlider(
                name,
                lowest=round(entry.lowest * _steps(entry)),
                highest=round(entry.highest * _steps(entry)),
                unit="ms" if entry.unit == "s" else "%",
                tip=tip,
                page=20 if entry.unit == "s" else 5,
            )
            # Each changes its own setting only: the card's value may be between two steps.
            slider.moved.connect(partial(self._change, entry))
            self.sliders[entry.name] = slider
            self._sliders_layout.addWidget(slider)
        self._enable_overlays()

    def _add_switch(self, entry: Adjustable, name: str, tip: str) -> None:
        switch = QCheckBox(name)
        switch.setToolTip(tip)
        switch.setAccessibleDescription(tip)
        switch.toggled.connect(partial(self._switch, entry))
        self.switches[entry.name] = switch
        self._sliders_layout.addWidget(switch)

    def _switch(self, entry: Adjustable, is_on: bool) -> None:
        if self._document is not None:
            self._document.change_settings(**{entry.name: float(is_on)})

    def _texts_of_setting(self, name: str) -> tuple[str, str]:
        """The name of a slider, and what it does."""
        known = {
            "onset_threshold": (
                self.tr("Onset threshold"),
                self.tr(
                    "Left: more notes, and more wrong ones. Right: fewer wrong notes, and some"
                    " right ones may be lost. This is how sure the model must be that a note"
                    " starts."
                ),
            ),
            "frame_threshold": (
                self.tr("Frame threshold"),
                self.tr(
                    "Left: longer notes. Right: shorter notes. This is how sure the model"
                    " must be that a note is still sounding."
                ),
            ),
            "drop_shorter_than_s": (
                self.tr("Minimum length"),
                self.tr(
                    "Right: fewer very short notes. Notes shorter than this are left out,"
                    " even if they are ornaments."
                ),
            ),
            "melody_only": (
                self.tr("Melody line only"),
                self.tr(
                    "One note at a time, for a single voice. The notes left out become candidates."
                ),
            ),
        }
        if name in known:
            return known[name]
        what = name.removesuffix("_threshold")
        if what in GENERAL_MIDI_KEYS:
            return drum_name(GENERAL_MIDI_KEYS[what]), self.tr(
                "Left: more hits of this drum. Right: fewer wrong ones. This is how sure"
                " the model must be that the drum was hit."
            )
        shown = what.replace("_", " ").capitalize()
        return shown, self.tr(
            "Left: more notes. Right: fewer wrong notes. This is how sure the model must be."
        )

    def _show_count(self) -> None:
        if self._document is None:
            return
        self._follow_tracks()
        if self.colour_box.currentData() is ColourBy.INSTRUMENT:
            self._show_legend()
        text = ", ".join(
            (
                counted(len(self._document.notes), "%n note", "%n notes"),
                counted(len(self._document.candidates), "%n candidate", "%n candidates"),
            )
        )
        if n_hidden := self._document.n_hidden:
            text += self.tr(", {count} hidden").format(count=n_hidden)
        self.count_label.setText(text)

    def _enable_overlays(self) -> None:
        activations = None if self._document is None else self._document.activations
        is_there = activations is not None
        heads = NOTE_HEADS if activations is None else activations.pictured
        self._make_head_boxes([head.name for head in heads if head.kind in _PICTURED])
        for box in self.head_boxes.values():
            box.setEnabled(is_there)
        self.opacity_slider.setEnabled(is_there)
        # A project of an older version keeps the notes, but not the activations.
        project = None if self._document is None else self._document.edits
        can_change = project is None or (is_there and not project.is_read_only)
        for widget in (*self.sliders.values(), *self.switches.values()):
            widget.setEnabled(can_change)
        self.again_label.setVisible(project is not None and not is_there)

    def _make_head_boxes(self, heads: Sequence[str]) -> None:
        if list(heads) == list(self.head_boxes):
            return
        while (item := self._heads_layout.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        self.head_boxes = {}
        for head in heads:
            name, tip = self._texts_of_head(head)
            box = QCheckBox(name)
            box.setToolTip(tip)
            box.setAccessibleDescription(tip)
            box.setChecked(head in self._shown_heads)
            box.toggled.connect(partial(self._show_head, head))
            self.head_boxes[head] = box
            row = QWidget()
            row.setLayout(_row(box, Swatch(head)))
            self._heads_layout.addWidget(row)
        self.heads_changed.emit(self._shown_heads)

    def _texts_of_head(self, head: str) -> tuple[str, str]:
        known = {
            "onset": (self.tr("Onsets"), self.tr("The probability that a note starts")),
            "offset": (self.tr("Offsets"), self.tr("The probability that a note ends")),
            "frame": (self.tr("Frames"), self.tr("The probability that a note sounds")),
        }
        if head in known:
            return known[head]
        return head.replace("_", " ").capitalize(), self.tr(
            "What the model heard, under its own name for it"
        )

    # -- what the user does -----------------------------------------------------------------------

    def _change(self, entry: Adjustable, value: int) -> None:
        if self._document is not None:
            self._document.change_settings(**{entry.name: value / _steps(entry)})

    def _reset(self) -> None:
        if self._document is not None:
            self._document.reset_settings()

    def prefer_colours(self, colour_by: ColourBy) -> None:
        """Take what the preferences say."""
        if colour_by is self._chosen:
            return
        self._chosen = colour_by
        self._is_automatic = self._follows_tracks = False
        self._show_colours(colour_by)

    def _show_colours(self, colour_by: ColourBy) -> None:
        self.colour_box.blockSignals(True)
        self.colour_box.setCurrentIndex(self.colour_box.findData(colour_by))
        self.colour_box.blockSignals(False)
        self._tell_colours()

    def _follow_tracks(self) -> None:
        """Colour several tracks by track, one as the user has chosen."""
        has_tracks = self._document is not None and len(self._document.shown_tracks) > 1
        if not self._follows_tracks or has_tracks == self._is_automatic:
            return
        self._is_automatic = has_tracks
        self._show_colours(ColourBy.INSTRUMENT if has_tracks else self._chosen)

    def _choose_colours(self) -> None:
        self._chosen = self.colour_box.currentData()
        self._is_automatic = self._follows_tracks = False
        self._tell_colours()
        self.colour_by_chosen.emit(self._chosen)

    def _tell_colours(self) -> None:
        self._show_legend()
        self.colour_by_changed.emit(self.colour_box.currentData())

    def _show_legend(self) -> None:
        colour_by = self.colour_box.currentData()
        if colour_by is ColourBy.INSTRUMENT:
            colours = {} if self._document is None else self._document.track_colours()
            self.legend.set_names({track_name(track): c for track, c in colours.items()})
        elif colour_by is ColourBy.VELOCITY:
            self.legend.set_ends(self.tr("1 soft"), self.tr("loud 127"))
        else:
            self.legend.set_ends(self.tr("0 % doubtful"), self.tr("sure 100 %"))

    @property
    def shown_heads(self) -> frozenset[str]:
        """The heads of all models whose activations are overlaid."""
        return self._shown_heads

    def show_heads(self, heads: frozenset[str]) -> None:
        """Lay the activations of these heads over the picture, and no others."""
        self._shown_heads = heads
        for head, box in self.head_boxes.items():
            box.blockSignals(True)
            box.setChecked(head in heads)
            box.blockSignals(False)
        self.heads_changed.emit(heads)

    def _show_head(self, head: str, is_shown: bool) -> None:
        others = self._shown_heads - {head}
        self._shown_heads = others | {head} if is_shown else others
        self.heads_changed.emit(self._shown_heads)

    def _tell_opacity(self, value: int) -> None:
        self.overlay_opacity_changed.emit(value / _PER_CENT)

    def _tell_brightness(self, value: int) -> None:
        self.brightness_changed.emit(float(value))


def _steps(entry: Adjustable) -> float:
    """Steps of a slider to one: milliseconds of a second, per cents of a probability."""
    return 1e3 if entry.unit == "s" else float(_PER_CENT)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def _row(box: QCheckBox, swatch: Swatch) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(box, 1)
    row.addWidget(swatch)
    return row
