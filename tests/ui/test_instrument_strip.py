"""The strip of instruments above the notes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from amtstudio.symbolic import PIANO, Note, NoteTable, Track
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.ui.roll.axes import SIDE_WIDTH
from amtstudio.ui.roll.instrument_strip import InstrumentStrip, rows_of
from amtstudio.ui.roll.note_colours import ColourBy, NoteColours
from amtstudio.ui.theme import theme_of

CLASSES = ("banjo", "piano", "violin", "mallet_percussion")


def activity(n_instances: int = 4, **changes) -> InstrumentActivity:
    """Piano in the first two seconds, violin in the third; attention on the second of the piano."""
    onsets = np.arange(n_instances, dtype=float)
    scores = np.full((n_instances, 4), 0.05)
    scores[:2, 1] = 0.9
    scores[2:3, 2] = 0.7
    attention = np.full((n_instances, 4), 1.0 / max(n_instances, 1))
    if n_instances:
        attention[:, 1] = 0.1
        attention[1, 1] = 1.0 - 0.1 * (n_instances - 1)
    values = {
        "classes": CLASSES,
        "onsets": onsets,
        "offsets": onsets + 1.0,
        "scores": scores,
        "attention": attention,
        "track_scores": np.array([0.05, 0.8, 0.5, 0.2]),
        "thresholds": np.array([0.5, 0.4, 0.4, 0.6]),
        "duration": float(n_instances),
    }
    return InstrumentActivity(**(values | changes))


@pytest.fixture
def strip(qtbot):
    strip = InstrumentStrip()
    qtbot.addWidget(strip)
    strip.set_activity(activity())
    strip.resize(SIDE_WIDTH + 400, strip.sizeHint().height())
    strip.set_range(0.0, 4.0)
    strip.show()
    return strip


def test_rows_are_the_named_or_else_the_likeliest_the_surest_first():
    assert rows_of(activity()) == [1, 2]
    in_passing = np.array([0.05, 0.8, 0.1, 0.2])
    assert rows_of(activity(track_scores=in_passing)) == [1]
    often = activity().scores.copy()
    often[1:, 2] = 0.7
    assert rows_of(activity(scores=often, track_scores=in_passing)) == [1, 2]
    assert rows_of(activity(scores=np.full((4, 4), 0.05), track_scores=np.full(4, 0.1))) == [1]
    assert rows_of(activity(track_scores=np.full(4, 0.6))) == [1, 2, 0, 3]
    many = InstrumentActivity(
        classes=tuple(map(str, range(9))),
        onsets=[0.0],
        offsets=[1.0],
        scores=np.ones((1, 9)),
        attention=np.ones((1, 9)),
        track_scores=np.ones(9),
        thresholds=np.full(9, 0.5),
        duration=1.0,
    )
    assert rows_of(many) == [0, 1, 2, 3, 4, 5]


def test_the_text_under_the_pointer_tells_score_threshold_and_attention(strip):
    assert strip.shown_classes == ["piano", "violin"]
    assert strip.text_at(SIDE_WIDTH + 150, 5) == (
        "piano at 0:01: 90 %. 70.0 % of the model's attention for this"
        " instrument was here: a hint, not proof."
    )
    assert strip.text_at(SIDE_WIDTH + 250, 22).startswith("violin at 0:02: 70 %")
    assert strip.text_at(10, 22) == "violin: 50 % for the whole recording, named if above 40 %"
    assert strip.text_at(10, 60) == ""
    assert strip.text_at(SIDE_WIDTH + 150, 500) == ""
    strip.set_range(3.5, 7.5)
    assert strip.text_at(SIDE_WIDTH + 10, 5).startswith("piano at 0:03: 5 %, not named here.")
    assert strip.text_at(SIDE_WIDTH + 399, 5) == ""  # behind the end


def test_the_tool_tip_says_it_too(strip):
    place = QPoint(SIDE_WIDTH + 150, 5)
    QApplication.sendEvent(strip, QHelpEvent(QEvent.Type.ToolTip, place, strip.mapToGlobal(place)))
    assert QToolTip.text().startswith("piano at 0:01")
    QToolTip.hideText()


def test_levels_and_attention_are_painted_as_high_as_they_are(strip):
    image = strip.grab().toImage()
    ground = theme_of(strip.palette()).background

    def coloured(x: int, first: int, last: int) -> int:
        return sum(image.pixelColor(x, y) != ground for y in range(first, last))

    piano, silent = SIDE_WIDTH + 50, SIDE_WIDTH + 350
    assert coloured(piano, 2, 13) >= 9  # 0.9 of 10 pixels
    assert coloured(silent, 2, 13) <= 4  # a hint of level, and the line of the threshold
    assert coloured(SIDE_WIDTH + 150, 14, 18) == 4  # where the attention was
    assert coloured(piano, 14, 18) <= 1


def test_it_is_hidden_while_there_is_nothing_to_show(qtbot):
    strip = InstrumentStrip()
    qtbot.addWidget(strip)
    assert strip.isHidden()
    strip.set_activity(activity())
    assert not strip.isHidden()
    assert strip.accessibleDescription() == "piano 80 %, violin 50 %"
    strip.set_activity(activity(0))
    assert strip.isHidden()
    assert strip.text_at(100, 5) == ""


def test_the_page_shows_what_the_document_has_on_the_time_axis_of_the_notes(
    window, finish, recording
):
    window.open_paths([recording])
    finish()
    strip = window.page.instrument_strip
    window.document.set_instruments(None)
    assert strip.isHidden()
    window.document.set_instruments(activity())
    assert strip.isVisible()
    window.page.roll.show_range(1.0, 2.0)
    assert strip._range == pytest.approx((1.0, 2.0))
    box = window.page.roll.box
    left = window.page.roll.mapTo(window, QPoint(round(box.sceneBoundingRect().left()), 0)).x()
    assert abs(left - strip.mapTo(window, QPoint(SIDE_WIDTH, 0)).x()) <= 1

    strip.hovered.emit("piano at 0:01")
    assert window.page.read_out.text() == "piano at 0:01"
    strip.hovered.emit("")
    assert "Wheel" in window.page.read_out.text()
    window.instruments.strip_shown.trigger()
    assert strip.isHidden()
    assert window.preferences.settings.shows_instruments is False
    window.document.set_instruments(activity(3))
    assert strip.isHidden()
    window.instruments.strip_shown.trigger()
    assert strip.isVisible()
    window.document.set_instruments(None)
    assert strip.isHidden()


def test_notes_of_different_instruments_have_different_colours(window, finish, recording):
    violin = Track.named("violin")
    notes = [Note(0.0, 1.0, 60, track=violin), Note(0.5, 1.0, 62)]
    table = NoteTable.of([*notes, Note(0.8, 1.0, 64, track=violin)])
    assert table.tracks == (PIANO, violin)
    assert NoteColours(ColourBy.INSTRUMENT).places(table).tolist() == [1, 0, 1]

    window.open_paths([recording])
    finish()
    window.document.set_notes(table)
    panel = window.notes_panel
    panel.colour_box.setCurrentIndex(panel.colour_box.findData(ColourBy.INSTRUMENT))
    assert tuple(panel.legend._names) == ("piano", "violin")
    theme = theme_of(window.palette())
    roll = window.page.roll
    roll.show_range(0.0, 1.0)
    image = roll.grab().toImage()
    for note, place in ((notes[0], 1), (notes[1], 0)):
        place_px = roll.box.mapViewToScene(QPointF(note.onset + 0.25, note.pitch + 0.2))
        colour = image.pixelColor(round(place_px.x()), round(place_px.y()))
        assert colour == theme.instruments[place]
