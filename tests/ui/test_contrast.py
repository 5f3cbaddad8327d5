"""Both themes can be read: the contrast ratios of WCAG 2.2, level AA.

4.5 for text, 3 for what is drawn and has to be seen, and for text that is greyed out.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QMainWindow

from amtstudio.ui import theme
from amtstudio.ui.panel_dock import PanelDock
from amtstudio.ui.roll.note_colours import text_colour

Role, Group = QPalette.ColorRole, QPalette.ColorGroup
GROUNDS = (Role.Window, Role.Base, Role.AlternateBase, Role.Button, Role.ToolTipBase)


def luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: QColor, ground: QColor) -> float:
    share = colour.alphaF()
    seen = QColor.fromRgbF(
        *(
            share * getattr(colour, channel)() + (1 - share) * getattr(ground, channel)()
            for channel in ("redF", "greenF", "blueF")
        )
    )
    low, high = sorted((luminance(seen), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)
    assert contrast(QColor("#767676"), QColor("#ffffff")) == pytest.approx(4.54, abs=0.01)
    assert contrast(QColor(0, 0, 0, 0), QColor("#ffffff")) == pytest.approx(1.0)


@pytest.fixture(params=["light", "dark"])
def scheme(request, qapp):
    yield Qt.ColorScheme.Dark if request.param == "dark" else Qt.ColorScheme.Light
    theme.set_appearance(Qt.ColorScheme.Unknown)


def test_the_texts_of_the_window_can_be_read(scheme):
    theme.set_appearance(scheme)
    palette = QGuiApplication.palette()
    assert theme.is_dark(palette) == (scheme == Qt.ColorScheme.Dark)
    for ground in GROUNDS:
        for text in (Role.WindowText, Role.Text, Role.ButtonText, Role.PlaceholderText, Role.Link):
            assert contrast(palette.color(text), palette.color(ground)) >= 4.5, (text, ground)


def test_our_own_palettes_can_be_read_where_the_platform_has_none():
    for is_dark in (False, True):
        palette = theme._own_palette(dark=is_dark)
        for ground in GROUNDS:
            for text in (Role.WindowText, Role.PlaceholderText, Role.Link):
                assert contrast(palette.color(text), palette.color(ground)) >= 4.5, (text, ground)
            greyed_out = palette.color(Group.Disabled, Role.Text)
            assert contrast(greyed_out, palette.color(ground)) >= 3.0, ground
        assert contrast(palette.color(Role.HighlightedText), palette.color(Role.Highlight)) >= 4.5
        for ground in (Role.Window, Role.Base):
            assert contrast(palette.color(Role.Accent), palette.color(ground)) >= 3.0


def test_boxes_and_sliders_have_an_outline_in_the_dark(qtbot):
    theme.set_appearance(Qt.ColorScheme.Dark)
    box = QCheckBox()
    qtbot.addWidget(box)
    box.show()
    image = box.grab().toImage()
    ground = image.pixelColor(0, 0)
    row = [image.pixelColor(x, image.height() // 2) for x in range(image.width())]
    assert max(contrast(colour, ground) for colour in row) >= 3.0
    theme.set_appearance(Qt.ColorScheme.Unknown)


def test_the_buttons_of_panels_can_be_seen(scheme, qtbot):
    theme.set_appearance(scheme)
    window = QMainWindow()
    qtbot.addWidget(window)
    window.addDockWidget(
        Qt.DockWidgetArea.RightDockWidgetArea, PanelDock("Notes", "notes", QLabel(), window)
    )
    window.show()
    buttons = [b for b in window.findChildren(QAbstractButton) if b.isVisible()]
    assert len(buttons) == 2
    for button in buttons:
        image = button.grab().toImage()
        ground = window.palette().color(Role.Window)
        places = [(x, y) for x in range(image.width()) for y in range(image.height())]
        assert max(contrast(image.pixelColor(*place), ground) for place in places) >= 4.5


def test_faint_texts_can_be_read_with_the_palette_of_the_system(qapp):
    theme.set_appearance(Qt.ColorScheme.Unknown)
    palette = QGuiApplication.palette()
    for ground in (Role.Window, Role.Base):
        assert contrast(palette.color(Role.PlaceholderText), palette.color(ground)) >= 4.5


def test_the_names_in_notes_can_be_read(scheme):
    theme.set_appearance(scheme)
    colours = theme.theme_of(QGuiApplication.palette())
    selected = colours.accent
    for ground in (selected, *colours.notes, *colours.instruments):
        assert contrast(text_colour(ground), ground) >= 4.3, ground.name()


def test_what_the_views_draw_can_be_seen(scheme):
    theme.set_appearance(scheme)
    colours = theme.theme_of(QGuiApplication.palette())
    for text in (colours.text, colours.faint_text, colours.accent):
        assert contrast(text, colours.background) >= 4.5
    drawn = (colours.waveform, colours.candidate, colours.highlight, colours.playhead)
    for colour in (*drawn, *colours.notes, *colours.instruments):
        assert contrast(colour, colours.background) >= 3.0, colour.name()
