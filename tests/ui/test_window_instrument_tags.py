"""In the window: say that an instrument is heard in a stretch, or is not; see it, take it back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from amtstudio import session
from amtstudio.decoding.suitability import Mismatch
from amtstudio.symbolic.instrument_tags import InstrumentTag
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.ui.roll.axes import SIDE_WIDTH
from amtstudio.ui.roll.instrument_strip import InstrumentStrip, rows_of
from amtstudio.ui.theme import theme_of
from amtstudio.workbench.instrument_engine import MODEL, Heard

CLASSES = ("banjo", "drums", "piano", "violin")


def activity():
    """Three seconds: the piano and, so it is thought, the drums throughout."""
    scores = np.tile([0.05, 0.7, 0.9, 0.1], (3, 1))
    return InstrumentActivity(
        classes=CLASSES,
        onsets=np.arange(3),
        offsets=np.arange(3) + 1,
        scores=scores,
        attention=np.full((3, 4), 1 / 3),
        track_scores=scores[0],
        thresholds=np.full(4, 0.5),
        duration=3.0,
        file="a.wav",
        model=MODEL,
    )


class Listener:
    def find(self, _source, **_callbacks):
        return Heard(activity(), Mismatch(("drums",), 1.0))


@pytest.fixture
def heard(editing, finish, monkeypatch):
    """The window with a project whose instruments were found."""
    monkeypatch.setattr(editing.instrument_finder, "_engine", Listener())
    item = editing.item
    editing.instrument_finder._heard[item] = Heard(activity(), Mismatch(("drums",), 1.0))
    item.document.set_instruments(activity())
    editing.instruments._refresh()
    finish()
    return editing


def tag(onset, offset, instrument="drums", *, is_heard=False):
    return InstrumentTag(onset, offset, instrument, is_heard)


def names(window):
    tree = window.instruments_panel.tree
    return [tree.topLevelItem(i).text(0) for i in range(tree.topLevelItemCount())]


def test_the_marked_time_is_tagged_shown_undone_and_kept(heard, finish, tmp_path):
    document, strip = heard.document, heard.page.instrument_strip
    assert strip.shown_classes == ["piano", "drums"]
    heard.instruments_panel.choose("drums")
    heard.page.time_selection.set(1.0, 2.0)
    heard.instruments.tagging.not_heard.trigger()
    finish()
    assert document.instrument_tags == (tag(1.0, 2.0),)
    assert document.instruments.heard[:, 1].tolist() == [True, False, True]
    assert heard.instruments_panel.chosen_class == "drums"
    assert "drums (marked by you)" in names(heard)
    assert (
        heard.statusBar().currentMessage() == "You marked drums as not heard from 0:01.0 to 0:02.0."
    )
    heard.editor.undo()
    finish()
    assert document.instrument_tags == ()
    assert document.instruments.heard[:, 1].all()
    heard.editor.redo()
    finish()
    path = tmp_path / "kept.amts"
    document.project.save_as(path)
    document.edits.project.close()
    with session.Document.open(path) as again:
        assert again.instrument_tags == (tag(1.0, 2.0),)


def test_without_a_mark_the_whole_recording_is_meant_and_the_hint_gives_way(heard, finish):
    assert heard.page.instrument_hint.isVisible()
    heard.instruments_panel.choose("drums")
    heard.instruments.tagging.not_heard.trigger()
    finish()
    assert heard.document.instrument_tags == (tag(0.0, heard.document.duration),)
    assert heard.document.instruments.named() == ["piano"]
    assert not heard.page.instrument_hint.isVisible()
    assert heard.page.instrument_strip.shown_classes == ["piano", "drums"]  # to be seen and removed
    heard.instruments.tagging.as_found.trigger()
    finish()
    assert heard.document.instrument_tags == ()
    assert heard.document.instruments.named() == ["piano", "drums"]
    assert heard.page.instrument_hint.isVisible()


def test_an_instrument_that_the_program_does_not_hear_is_named_from_the_panel(heard, finish):
    heard.instruments_panel.choose("violin")
    heard.page.time_selection.set(0.0, 1.5)
    heard.instruments.tagging.heard.trigger()
    finish()
    assert "violin" in heard.document.instruments.named()
    assert heard.page.instrument_strip.shown_classes == ["piano", "drums", "violin"]
    [passage] = heard.document.instruments.passages("violin")
    assert (passage.onset, passage.offset) == (0.0, 1.0)


def test_the_menu_of_the_strip_takes_back_what_is_under_the_pointer(heard, finish):
    strip, tagging = heard.page.instrument_strip, heard.instruments.tagging
    document = heard.document
    assert not tagging.as_found.isEnabled()
    for span in ((0.0, 1.0), (2.0, 3.0)):
        document.edits.take(
            lambda project, s=span: project.tag_instrument("drums", *s, is_heard=False)
        )
    finish()
    heard.page.time_selection.set(0.0, 1.0)
    heard.instruments_panel.choose("drums")
    strip.set_range(0.0, 3.0)
    row = strip.shown_classes.index("drums")
    width = strip.width() - SIDE_WIDTH
    place = QPoint(round(SIDE_WIDTH + 2.5 / 3.0 * width), 2 + 17 * row + 5)
    assert strip.tag_at(place.x(), place.y()) == tag(2.0, 3.0)
    menu = tagging.strip_menu(place)
    entries = [action for action in menu.actions() if not action.isSeparator()]
    assert [action.text() for action in entries[:3]] == [
        "Is &Heard Here", "Is &Not Heard Here", "As &Detected",
    ]  # fmt: skip
    assert all(action.isEnabled() for action in entries[:3])
    entries[2].trigger()
    finish()
    assert document.instrument_tags == (tag(0.0, 1.0),)
    menu.deleteLater()


def test_while_there_is_no_project_nothing_can_be_said(window, finish, recording):
    tagging = window.instruments.tagging
    assert not tagging.heard.isEnabled()
    assert not tagging.as_found.isEnabled()
    tagging._say(is_heard=True)
    tagging._withdraw()
    assert window.document is None


def test_tags_are_painted_and_told_under_the_pointer(qtbot):
    strip = InstrumentStrip()
    qtbot.addWidget(strip)
    tags = (tag(0.0, 1.0), tag(2.0, 3.0, "piano", is_heard=True))
    strip.set_activity(activity(), tags)
    strip.set_range(0.0, 3.0)
    strip.resize(SIDE_WIDTH + 300, strip.sizeHint().height())
    strip.show()
    plain = InstrumentStrip()
    qtbot.addWidget(plain)
    plain.set_activity(activity())
    plain.set_range(0.0, 3.0)
    plain.resize(strip.size())
    plain.show()
    one, other = strip.grab().toImage(), plain.grab().toImage()
    drums = strip.shown_classes.index("drums")

    def n_changed(row, x):
        return sum(
            one.pixelColor(SIDE_WIDTH + x + dx, 2 + 17 * row + dy)
            != other.pixelColor(SIDE_WIDTH + x + dx, 2 + 17 * row + dy)
            for dx in range(60)
            for dy in range(11)
        )

    assert n_changed(drums, 20) > 50
    assert n_changed(drums, 120) == 0
    assert n_changed(1 - drums, 220) > 20
    ground = theme_of(strip.palette()).background
    assert one.pixelColor(SIDE_WIDTH + 7, 2 + 17 * drums + 1) == ground  # behind the cross
    y = 2 + 17 * drums + 5
    assert strip.text_at(SIDE_WIDTH + 50, y) == (
        "drums: you marked it as not heard from 0:00.0 to 0:01.0."
    )
    assert strip.text_at(SIDE_WIDTH + 150, y).startswith("drums at 0:01: 70 %")


def test_what_is_tagged_has_a_row_before_what_is_not():
    assert rows_of(activity()) == [2, 1]
    assert rows_of(activity(), {"banjo"}) == [2, 1, 0]
