"""Which notes are shown, played and exported: a range of keys, and a scale."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QSizePolicy, QWidget

from amtstudio.symbolic.heads import PIANO_KEYS
from amtstudio.symbolic.note_filter import HIGHEST, LOWEST, SCALES, NoteFilter, Scale
from amtstudio.ui.calm_controls import ComboBox
from amtstudio.ui.pitch_names import pitch_name

_ROOTS = ("C", "C♯ / D♭", "D", "D♯ / E♭", "E", "F", "F♯ / G♭", "G", "G♯ / A♭", "A", "A♯ / B♭", "B")


class NoteFilterBox(QWidget):
    """Chooses a ``NoteFilter``; what it hides stays in the project."""

    changed = Signal(object)  # NoteFilter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_silent = False
        keys = range(PIANO_KEYS.lowest, PIANO_KEYS.highest + 1)
        self.lowest_box = _box(self.tr("Lowest key"), [(pitch_name(key), key) for key in keys])
        self.highest_box = _box(self.tr("Highest key"), [(pitch_name(key), key) for key in keys])
        roots: list[tuple[str, object]] = [(self.tr("All keys"), None)]
        roots += [(name, root) for root, name in enumerate(_ROOTS)]
        self.root_box = _box(self.tr("Key note of the scale"), roots)
        self.kind_box = _box(
            self.tr("Kind of scale"), [(scale_name(kind), kind) for kind in SCALES]
        )
        tip = self.tr(
            "Notes outside the range or the scale are hidden, and left out of"
            " playback and export. They stay in the project."
        )
        for box in self._boxes:
            box.setToolTip(tip)
            box.currentIndexChanged.connect(self._tell)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(self.tr("Range"), _row(self.lowest_box, self.highest_box))
        form.addRow(self.tr("Scale"), _row(self.root_box, self.kind_box, is_even=False))
        self.show_filter(NoteFilter())

    @property
    def _boxes(self) -> tuple[ComboBox, ...]:
        return self.lowest_box, self.highest_box, self.root_box, self.kind_box

    def show_filter(self, chosen: NoteFilter) -> None:
        """Show what is chosen, without telling of it."""
        self._is_silent = True
        lowest = max(chosen.lowest, PIANO_KEYS.lowest)
        highest = min(chosen.highest, PIANO_KEYS.highest)
        self.lowest_box.setCurrentIndex(self.lowest_box.findData(lowest))
        self.highest_box.setCurrentIndex(self.highest_box.findData(highest))
        root = None if chosen.scale is None else chosen.scale.root
        self.root_box.setCurrentIndex(0 if root is None else root + 1)
        if chosen.scale is not None:
            self.kind_box.setCurrentIndex(self.kind_box.findData(chosen.scale.kind))
        self.kind_box.setEnabled(root is not None)
        self._is_silent = False

    def _tell(self) -> None:
        if self._is_silent:
            return
        lowest, highest = self.lowest_box.currentData(), self.highest_box.currentData()
        if lowest > highest:  # the one that was moved takes the other along
            if self.sender() is self.lowest_box:
                highest = lowest
            else:
                lowest = highest
        root = self.root_box.currentData()
        chosen = NoteFilter(
            # The ends of the keyboard stand for no end.
            LOWEST if lowest == PIANO_KEYS.lowest else lowest,
            HIGHEST if highest == PIANO_KEYS.highest else highest,
            None if root is None else Scale(root, self.kind_box.currentData()),
        )
        self.show_filter(chosen)
        self.changed.emit(chosen)


def scale_name(kind: str) -> str:
    """The name of a kind of scale."""
    names = {
        "major": QCoreApplication.translate("scales", "major"),
        "minor": QCoreApplication.translate("scales", "minor"),
        "harmonic minor": QCoreApplication.translate("scales", "harmonic minor"),
        "melodic minor": QCoreApplication.translate("scales", "melodic minor"),
        "major pentatonic": QCoreApplication.translate("scales", "major pentatonic"),
        "minor pentatonic": QCoreApplication.translate("scales", "minor pentatonic"),
        "blues": QCoreApplication.translate("scales", "blues"),
        "dorian": QCoreApplication.translate("scales", "Dorian"),
        "phrygian": QCoreApplication.translate("scales", "Phrygian"),
        "lydian": QCoreApplication.translate("scales", "Lydian"),
        "mixolydian": QCoreApplication.translate("scales", "Mixolydian"),
        "locrian": QCoreApplication.translate("scales", "Locrian"),
        "whole tone": QCoreApplication.translate("scales", "whole tone"),
    }
    return names[kind]


def _box(name: str, entries: list[tuple[str, object]]) -> ComboBox:
    box = ComboBox()
    box.setAccessibleName(name)
    # The panel is narrow: long names are cut rather than the panel made wider.
    box.setMinimumContentsLength(3)
    box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    for text, data in entries:
        box.addItem(text, data)
    return box


def _row(*boxes: ComboBox, is_even: bool = True) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    for box in boxes:
        row.addWidget(box, 1 if box is boxes[0] or is_even else 2)
    return row
