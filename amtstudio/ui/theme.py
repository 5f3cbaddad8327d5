"""Colours that go with the palette of the system, dark or light."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

Lut = npt.NDArray[np.uint32]  # 0xAARRGGBB for each of 256 levels

N_NOTE_COLOURS = 16
N_INSTRUMENT_COLOURS = 8
# Okabe and Ito's colours, which people with any common colour blindness can tell apart.
# From the lowest layer to the highest: onsets and offsets last a frame or two, and must be seen.
_HEAD_COLOURS = {
    "frame": QColor("#56b4e9"),
    "offset": QColor("#cc79a7"),
    "onset": QColor("#e69f00"),
}
_OTHER_HEADS = QColor("#009e73")
# For the stubs of Qt names of classes are bytes; the library itself takes texts alone.
_OUTLINED: tuple[Any, ...] = ("QCheckBox", "QRadioButton", "QSlider")
_OUTLINES = QColor("#c6cdda")
_FAINT_TEXT = 0.75  # of the colour of text, in palettes of the system


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of the views.

    Attributes
    ----------
    ramp : np.ndarray, shape (n, 3)
        Colours of the spectrogram from silence to loud, 0 to 255.
    notes : tuple of QColor
        From low to high velocity or confidence: viridis, which keeps its order in grey and for the
        colour blind, without the end that would vanish in the background.
    instruments : tuple of QColor
        One for each instrument, in turn.
    """

    is_dark: bool
    background: QColor
    text: QColor
    faint_text: QColor
    line: QColor
    accent: QColor
    waveform: QColor
    ramp: npt.NDArray[np.float64]
    notes: tuple[QColor, ...]
    instruments: tuple[QColor, ...]
    note_outline: QColor
    candidate: QColor
    highlight: QColor
    playhead: QColor  # the cursor, and the keys that sound at it


def is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def theme_of(palette: QPalette) -> Theme:
    """The colours for a window with this palette."""
    return _dark() if is_dark(palette) else _light()


@cache
def _dark() -> Theme:
    return Theme(
        is_dark=True,
        background=QColor("#14161c"),
        text=QColor("#e6e8ee"),
        faint_text=QColor("#9aa0ae"),
        line=QColor(255, 255, 255, 28),
        accent=QColor("#4aa3ff"),
        waveform=QColor("#7f8aa3"),
        ramp=np.array(
            [(20, 22, 28), (31, 35, 49), (50, 58, 84), (88, 100, 136), (150, 162, 194)], float
        ),
        notes=_viridis(0.38, 1.0),
        instruments=_instruments("#56b4e9 #e69f00 #00b985 #cc79a7 #f0e442 #e8703a #9a8cff #b5b5b5"),
        note_outline=QColor(10, 12, 16, 200),
        candidate=QColor(255, 255, 255, 190),
        highlight=QColor("#ffffff"),
        playhead=QColor("#ff6b57"),
    )


@cache
def _light() -> Theme:
    return Theme(
        is_dark=False,
        background=QColor("#fbfbfd"),
        text=QColor("#1d2129"),
        faint_text=QColor("#5d6675"),
        line=QColor(0, 0, 0, 26),
        accent=QColor("#0067c0"),
        waveform=QColor("#7686a3"),
        ramp=np.array(
            [(251, 251, 253), (233, 236, 243), (203, 210, 224), (160, 171, 194), (104, 117, 146)],
            float,
        ),
        notes=tuple(reversed(_viridis(0.0, 0.58))),
        instruments=_instruments("#0072b2 #c07a00 #007f5c #b0548a #8a7d00 #c24f00 #5b4bc4 #6e6e6e"),
        note_outline=QColor(255, 255, 255, 210),
        candidate=QColor(30, 30, 40, 190),
        highlight=QColor("#000000"),
        playhead=QColor("#d42f1d"),
    )


def _instruments(names: str) -> tuple[QColor, ...]:
    """Okabe and Ito's colours, made lighter or darker so that they stand out from the ground."""
    return tuple(QColor(name) for name in names.split())


def _viridis(low: float, high: float) -> tuple[QColor, ...]:
    colours = pg.colormap.get("viridis").map(np.linspace(low, high, N_NOTE_COLOURS), mode="byte")
    return tuple(QColor(*map(int, colour[:3])) for colour in colours)


def spectrogram_lut(theme: Theme, floor: float, top: float) -> Lut:
    """Colours of the levels 0 to 255, from ``floor`` (background) to ``top`` (brightest)."""
    share = np.clip((np.arange(256) - floor) / max(top - floor, 1.0), 0.0, 1.0)
    stops = np.linspace(0.0, 1.0, len(theme.ramp))
    lut = np.full(256, 0xFF000000, dtype=np.uint32)
    for channel, shift in enumerate((16, 8, 0)):
        value = np.interp(share, stops, theme.ramp[:, channel]).astype(np.uint32)
        lut |= value << np.uint32(shift)
    return lut


def head_colour(name: str) -> QColor:
    """The colour of an overlay."""
    return _HEAD_COLOURS.get(name, _OTHER_HEADS)


def overlay_lut(colour: QColor) -> Lut:
    """Premultiplied colours of the levels 0 to 255, from nothing to ``colour``."""
    alpha = np.arange(256) / 255.0
    lut = np.zeros(256, dtype=np.uint32)
    for value in (255, colour.red(), colour.green(), colour.blue()):
        lut = (lut << np.uint32(8)) | np.rint(alpha * value).astype(np.uint32)
    return lut


def set_appearance(scheme: Qt.ColorScheme) -> None:
    """Follow the system (``Unknown``), or be light or dark whatever it is."""
    hints = QGuiApplication.styleHints()
    hints.setColorScheme(scheme)
    wants_dark = scheme == Qt.ColorScheme.Dark
    if scheme == Qt.ColorScheme.Unknown:
        _follow_system()
    elif is_dark(QGuiApplication.palette()) != wants_dark:
        # Platforms without their own theme do not provide such a palette.
        _use_own_palette(dark=wants_dark)
    else:
        _strengthen_faint_text()


def show_scheme(scheme: Qt.ColorScheme) -> None:
    """The system is light or dark from now on: see that the palette is, too."""
    _follow_system()
    wants_dark = scheme == Qt.ColorScheme.Dark
    if scheme != Qt.ColorScheme.Unknown and is_dark(QGuiApplication.palette()) != wants_dark:
        _use_own_palette(dark=wants_dark)


def _follow_system() -> None:
    QGuiApplication.setPalette(QPalette())
    for name in _OUTLINED:
        QApplication.setPalette(QPalette(), name)
    _strengthen_faint_text()


def _use_own_palette(*, dark: bool) -> None:
    palette = _own_palette(dark=dark)
    QGuiApplication.setPalette(palette)
    # Qt's own style outlines these in a darker tone of the window: on a dark one they vanish.
    outlined = QPalette(palette)
    outlined.setColor(QPalette.ColorRole.Window, _OUTLINES if dark else palette.window().color())
    for name in _OUTLINED:
        QApplication.setPalette(outlined, name)


def _strengthen_faint_text() -> None:
    """Qt makes it half transparent, which is too faint to read with ease."""
    palette = QGuiApplication.palette()
    faint = palette.color(QPalette.ColorRole.WindowText)
    faint.setAlphaF(_FAINT_TEXT)
    palette.setColor(QPalette.ColorRole.PlaceholderText, faint)
    QGuiApplication.setPalette(palette)


def _own_palette(*, dark: bool) -> QPalette:
    if dark:
        window, base, button = QColor("#22252d"), QColor("#30343e"), QColor("#343945")
        text, faint, disabled = QColor("#e6e8ee"), QColor("#a9b0bd"), QColor("#828997")
        selection, accent, link = QColor("#2770c0"), QColor("#3f93ea"), QColor("#6db0f2")
    else:
        window, base, button = QColor("#f2f3f6"), QColor("#ffffff"), QColor("#e8eaef")
        text, faint, disabled = QColor("#1d2129"), QColor("#5a6270"), QColor("#7d838f")
        selection = accent = link = QColor("#0067c0")
    palette = QPalette(button, window)
    role = QPalette.ColorRole
    for name in (role.WindowText, role.Text, role.ButtonText, role.ToolTipText):
        palette.setColor(name, text)
        palette.setColor(QPalette.ColorGroup.Disabled, name, disabled)
    palette.setColor(role.PlaceholderText, faint)
    palette.setColor(role.Window, window)
    palette.setColor(role.Base, base)
    palette.setColor(role.AlternateBase, window)
    palette.setColor(role.ToolTipBase, base)
    palette.setColor(role.Button, button)
    palette.setColor(role.Highlight, selection)
    palette.setColor(role.HighlightedText, QColor("#ffffff"))
    palette.setColor(role.Accent, accent)
    palette.setColor(role.Link, link)
    return palette
