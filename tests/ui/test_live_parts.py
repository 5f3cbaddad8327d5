"""Parts of a live take that can be looked at one by one."""

from __future__ import annotations

import time

import numpy as np
import pytest

from amtstudio.audio.level_meter import Level
from amtstudio.decoding import LiveEvent
from amtstudio.symbolic import PIANO, Note, Track
from amtstudio.ui.document import Document
from amtstudio.ui.recording.level_bar import FLOOR_DB, LevelBar
from amtstudio.ui.recording.live_roll import FOLLOWED_S, LiveRollView
from amtstudio.workbench.growing import GrowingPyramid
from amtstudio.workbench.takes.live_notes import LiveNotes
from amtstudio.workbench.takes.rolling_pyramid import RollingPyramid

DRUMS = Track.named("drums")


def event(kind, id_, onset, *, pitch=60, offset=None, track=PIANO):
    return LiveEvent(kind, id_, pitch, onset, 80, 0.9, onset + 0.1, offset, track)


def test_a_provisional_note_is_confirmed_and_ends():
    notes = LiveNotes()
    notes.take([event("provisional", 1, 2.0)])
    assert (notes.sounding(2.5), notes.provisional(2.5)) == ([], [Note(2.0, 2.5, 60, 80, 0.9)])
    notes.take([event("confirmed", 1, 2.01)])
    assert (notes.sounding(2.5), notes.provisional(2.5)) == ([Note(2.01, 2.5, 60, 80, 0.9)], [])
    assert notes.n_confirmed == 1
    notes.take([event("ended", 1, 2.01, offset=2.4)])
    assert notes.ended == [Note(2.01, 2.4, 60, 80, 0.9)]
    assert notes.sounding(9.0) == []


def test_a_withdrawn_note_leaves_no_trace_and_a_gap_ends_what_sounds():
    notes = LiveNotes()
    notes.take([event("provisional", 1, 2.0), event("confirmed", 2, 2.0, pitch=64)])
    notes.take([event("withdrawn", 1, 2.0)])
    assert notes.provisional(3.0) == []
    notes.take([event("provisional", 3, 2.5)])
    notes.end_all(3.0)
    assert notes.ended == [Note(2.0, 3.0, 64, 80, 0.9)]
    assert (notes.sounding(4.0), notes.provisional(4.0)) == ([], [])


@pytest.mark.parametrize("parts", [[1] * 700, [64] * 11, [700], [3, 250, 440, 7]])
def test_the_newest_part_of_a_long_picture_is_kept_whole_and_the_rest_coarser(rng, parts):
    columns = rng.integers(0, 256, (sum(parts), 5)).astype(np.uint8)
    whole, rolling = GrowingPyramid(5), RollingPyramid(5, kept=128)
    for part in np.split(columns, np.cumsum(parts)[:-1]):
        whole.append(part)
        rolling.append(part)
    n_columns = sum(parts)
    assert rolling.n_columns == n_columns
    assert rolling.n_levels == whole.n_levels
    for level in range(3):
        first = -(-(n_columns - 128) // (1 << level))
        np.testing.assert_array_equal(
            rolling.columns(level, first, n_columns), whole.columns(level, first, n_columns)
        )
        # Of what is older, each column has the maximum of the eight that it stands for.
        every = rolling.columns(level, 0, n_columns)
        assert every.shape == whole.columns(level, 0, n_columns).shape
        assert np.all(every >= whole.columns(level, 0, n_columns))
    for level in range(3, whole.n_levels):
        # The newest column waits for eight to be there.
        np.testing.assert_array_equal(
            rolling.columns(level, 0, n_columns)[:, :-1], whole.columns(level, 0, n_columns)[:, :-1]
        )
    np.testing.assert_array_equal(rolling.columns(0, 3, 21)[:, 5], columns[8:16].max(axis=0))


def test_a_long_picture_takes_little_memory(rng):
    rolling = RollingPyramid(264)
    minute = rng.integers(0, 256, (1875, 264)).astype(np.uint8)
    for _ in range(60):
        rolling.append(minute)
    kept = [*rolling._recent._levels, *rolling._coarse._levels]
    assert sum(level.nbytes for level in kept) < 30e6


def test_the_view_follows_the_music_until_the_user_moves_away(qtbot, tmp_path):
    roll = LiveRollView()
    qtbot.addWidget(roll)
    roll.resize(800, 500)
    roll.show()
    roll.begin(Document(tmp_path), LiveNotes())
    assert roll.visible_range == (0.0, FOLLOWED_S)
    roll.show_now(60.0)
    start, end = roll.visible_range
    assert end - start == pytest.approx(FOLLOWED_S)
    assert start < 60.0 < end < 62.0

    roll.box.zoom(0, 2.0)  # the newest stays in view: followed at the new length
    roll.show_now(70.0)
    start, end = roll.visible_range
    assert (roll.follows, start < 70.0 < end) == (True, True)
    assert end - start == pytest.approx(2 * FOLLOWED_S)

    with qtbot.waitSignal(roll.follow_changed) as changed:
        roll.box.scroll(0, -1e9)
    assert changed.args == [False]
    roll.show_now(200.0)
    assert roll.visible_range[0] == 0.0
    roll.set_follows(True)
    start, end = roll.visible_range
    assert start < 200.0 < end


def test_live_hits_are_drawn_in_the_lane_of_drums_as_they_come(qtbot, tmp_path):
    roll, notes = LiveRollView(), LiveNotes()
    qtbot.addWidget(roll)
    roll.resize(800, 600)
    roll.show()
    roll.begin(Document(tmp_path), notes)
    assert not roll.drums.box.isVisible()
    notes.take([event("confirmed", 1, 1.0), event("confirmed", 2, 1.5, pitch=38, track=DRUMS)])
    roll.show_now(2.0)
    assert roll.drums.box.isVisible()
    assert roll.hits.sounding._table == (Note(1.5, 2.0, 38, 80, 0.9, DRUMS),)
    assert roll.layer.sounding._table == (Note(1.0, 2.0, 60, 80, 0.9),)
    notes.take([event("ended", 2, 1.5, pitch=38, offset=1.6, track=DRUMS)])
    qtbot.wait(20)  # for the layout
    before = roll.grab().toImage()
    notes.take([event("confirmed", 3, 1.8, pitch=36, track=DRUMS)])
    roll.show_now(2.0)
    assert roll.grab().toImage() != before

    # The next take is of a model that plays drums: the lane is there from the start.
    roll.begin(Document(tmp_path), LiveNotes())
    assert not roll.drums.box.isVisible()
    roll.begin(Document(tmp_path), LiveNotes(has_drums=True))
    assert roll.drums.box.isVisible()


def test_live_notes_are_drawn_once_and_provisional_ones_lighter(qtbot, tmp_path):
    roll, notes = LiveRollView(), LiveNotes()
    qtbot.addWidget(roll)
    roll.begin(Document(tmp_path), notes)
    for number in range(1000):
        at = number * 0.1
        notes.take([event("confirmed", number, at), event("ended", number, at, offset=at + 0.05)])
    notes.take([event("confirmed", 5000, 99.0), event("provisional", 5001, 99.5, pitch=70)])
    roll.show_now(100.0)
    layer = roll.layer
    shown = [note for part in layer._parts for note in part._table]
    assert shown == notes.ended
    full = [part._table for part in layer._parts[:-1]]
    notes.take([event("ended", 5000, 99.0, offset=99.9)])
    roll.show_now(100.1)
    assert [part._table for part in layer._parts[:-1]] == full  # the very same, not built again
    assert layer.provisional._table == (Note(99.5, 100.1, 70, 80, 0.9),)
    assert layer.provisional.opacity() < 0.6
    assert layer.sounding.opacity() == 1.0


def test_the_level_bar_holds_a_peak_and_says_it_in_words(qtbot, monkeypatch):
    bar, now = LevelBar(), [100.0]
    qtbot.addWidget(bar)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    bar.show_level(Level(-6.0, -20.0), is_clipped=False)
    now[0] += 1.0
    bar.show_level(Level(-40.0, -50.0), is_clipped=False)
    assert bar.held_db == -6.0
    now[0] += 0.6  # a second and a half is over: it falls
    bar.show_level(Level(-40.0, -50.0), is_clipped=False)
    assert bar.held_db == pytest.approx(-6.0 - 0.6 * 20.0)
    assert bar.accessibleName() == "Input level: peak -18 dB"
    bar.show_level(Level(-0.0, -3.0), is_clipped=True)
    assert bar.accessibleName() == "Input level: peak 0 dB, too loud"
    bar.clear()
    assert bar.held_db == FLOOR_DB
