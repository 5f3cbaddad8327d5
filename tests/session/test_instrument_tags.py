"""Who plays and who does not, as the user says: kept, undone, and stronger than the detector."""

from __future__ import annotations

import json
import sqlite3

import numpy as np
import pytest

from amtstudio.errors import EditError
from amtstudio.session import Document, find_recoverable, read_labels
from amtstudio.session.rows import sealed
from amtstudio.symbolic.instrument_tags import (
    InstrumentTag,
    honoured,
    with_tag,
    with_tags,
    without_tags,
)
from amtstudio.symbolic.instruments import InstrumentActivity


def tag(onset, offset, instrument="drums", *, is_heard=True):
    return InstrumentTag(onset, offset, instrument, is_heard)


def activity(n=6, **changes):
    """The piano is heard throughout, the drums in seconds 2 and 3, the voice nowhere."""
    heard = np.zeros((n, 3), dtype=bool)
    heard[:, 0] = True
    heard[2:4, 1] = True
    values = {
        "classes": ("piano", "drums", "voice"),
        "onsets": np.arange(n),
        "offsets": np.arange(n) + 1,
        "scores": np.where(heard, 0.8, 0.1),
        "attention": np.full((n, 3), 1.0 / max(n, 1)),
        "track_scores": np.array([0.8, 0.4, 0.1]),
        "thresholds": np.full(3, 0.3),
        "duration": float(n),
        "heard": heard,
        "is_named": np.array([True, True, False]),
    }
    return InstrumentActivity(**(values | changes))


@pytest.mark.parametrize(
    "values",
    [(-1.0, 2.0, "drums"), (2.0, 2.0, "drums"), (0.0, np.inf, "drums"), (np.nan, 1.0, "drums"),
     (0.0, 1.0, "")],
)  # fmt: skip
def test_a_tag_has_a_stretch_and_a_name(values):
    with pytest.raises(ValueError, match=r"onset < offset|name"):
        InstrumentTag(*values, True)


def test_the_latest_word_on_a_stretch_counts_and_others_stay():
    tags = with_tag((), tag(0, 10))
    tags = with_tag(tags, tag(3, 12, "piano"))
    tags = with_tag(tags, tag(4, 6, is_heard=False))
    assert tags == (tag(0, 4), tag(3, 12, "piano"), tag(4, 6, is_heard=False), tag(6, 10))
    tags = with_tag(tags, tag(4, 6))
    assert tags == (tag(0, 10), tag(3, 12, "piano"))
    assert with_tags((), [tag(0, 10), tag(3, 12, "piano"), tag(4, 6, is_heard=False)]) == (
        tag(0, 4), tag(3, 12, "piano"), tag(4, 6, is_heard=False), tag(6, 10),
    )  # fmt: skip
    assert with_tag(tags, tag(10, 11)) == (tag(0, 11), tag(3, 12, "piano"))
    assert without_tags(tags, "drums", 2, 3) == (tag(0, 2), tag(3, 10), tag(3, 12, "piano"))
    assert without_tags(tags, "voice", 0, 20) == tags


def test_within_its_stretch_a_tag_wins_over_the_detector():
    heard = honoured(activity(), [tag(2, 4, is_heard=False), tag(1, 3, "voice")])
    assert heard.named() == ["piano", "voice"]
    assert heard.heard[:, 1].tolist() == [False] * 6
    assert heard.heard[:, 2].tolist() == [False, True, True, False, False, False]
    np.testing.assert_array_equal(heard.scores, activity().scores)
    partly = honoured(activity(), [tag(0, 3, is_heard=False)])
    assert partly.named() == ["piano", "drums"]
    assert [(p.onset, p.offset) for p in partly.passages("drums")] == [(3.0, 4.0)]


def test_a_tag_shorter_than_a_second_speaks_of_the_second_that_it_lies_in():
    heard = honoured(activity(), [tag(4.6, 4.9, "voice")])
    assert heard.heard[:, 2].tolist() == [False] * 4 + [True, False]


def test_what_says_nothing_changes_nothing():
    same = activity()
    assert honoured(same, []) is same
    assert honoured(same, [tag(0, 3, "harpsichord")]) is same
    empty = activity(0, scores=np.zeros((0, 3)), heard=np.zeros((0, 3), bool))
    assert honoured(empty, [tag(0, 3)]) is empty
    outside = honoured(same, [tag(50, 60, is_heard=False)])
    np.testing.assert_array_equal(outside.heard, same.heard)


def test_tags_are_set_undone_and_kept_with_the_project(document):
    steps = document.undo_text
    document.tag_instrument("drums", 1, 4, is_heard=False)
    assert document.undo_text == "Mark an instrument as not heard"
    document.tag_instrument("piano", 0, 5, is_heard=True)
    path = document.path
    document.close()
    with Document.open(path) as again:
        expected = (tag(0, 5, "piano"), tag(1, 4, is_heard=False))
        assert again.instrument_tags == expected
        assert again.labels().instruments == expected
        again.withdraw_instrument_tags("piano", 2, 9)
        assert again.instrument_tags == (tag(0, 2, "piano"), tag(1, 4, is_heard=False))
        again.undo()
        assert again.instrument_tags == expected
        again.undo()
        again.undo()
        assert again.instrument_tags == ()
        assert again.undo_text == steps
        again.redo()
        assert again.instrument_tags == (tag(1, 4, is_heard=False),)


def test_another_transcription_leaves_them_alone(document, transcription):
    document.tag_instrument("drums", 1, 4, is_heard=False)
    document.replace_transcription(transcription)
    assert document.instrument_tags == (tag(1, 4, is_heard=False),)


def test_what_changes_nothing_is_no_step_and_what_cannot_be_is_refused(document):
    document.tag_instrument("drums", 1, 4, is_heard=False)
    before = document.undo_text
    document.tag_instrument("drums", 2, 3, is_heard=False)
    document.withdraw_instrument_tags("voice", 0, 5)
    assert document.undo_text == before
    for span in ((3, 3), (-1, 2), (0, 1e9)):
        with pytest.raises(EditError):
            document.tag_instrument("drums", *span, is_heard=True)
    assert document.instrument_tags == (tag(1, 4, is_heard=False),)


def test_an_unsaved_project_with_tags_alone_is_offered_again_and_its_labels_are_read(document):
    assert not document.has_decisions
    document.tag_instrument("drums", 1, 4, is_heard=False)
    assert document.has_decisions
    path = document.path
    document.close()
    assert [found.path for found in find_recoverable() if found.has_decisions] == [path]
    assert read_labels(path).instruments == (tag(1, 4, is_heard=False),)


@pytest.mark.parametrize(
    "rows", [[[0, 1, "drums"]], [[1, 0, "drums", True]], [[0, 1, 7, True]], [[0, 1, "drums", 1]],
             [[0, 1e99, "drums", True]], 3, None]
)  # fmt: skip
def test_damaged_tags_are_told_and_the_notes_still_open(document, rows):
    document.tag_instrument("drums", 1, 4, is_heard=False)
    n_notes, path = len(document.notes), document.path
    document.close()
    with sqlite3.connect(path) as connection:
        row = sealed(("instrument_tags", json.dumps(rows)))
        connection.execute("INSERT OR REPLACE INTO property VALUES (?, ?, ?)", row)
    connection.close()
    with Document.open(path) as again:
        assert again.is_read_only
        assert again.instrument_tags == ()
        assert len(again.notes) == n_notes
        assert "instrument_tags" in again.problems[0]
