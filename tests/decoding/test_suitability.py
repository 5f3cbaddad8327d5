from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amtstudio.decoding.suitability import Mismatch, find_mismatch, mismatch_beside_tags
from amtstudio.symbolic.instrument_tags import InstrumentTag
from amtstudio.symbolic.instruments import InstrumentActivity

CLASSES = ("drums", "guitar", "piano")


def activity(scores):
    scores = np.array(scores, dtype=np.float32).reshape(-1, 3)
    n = len(scores)
    return InstrumentActivity(
        classes=CLASSES,
        onsets=np.arange(n),
        offsets=np.arange(n) + 1,
        scores=scores,
        attention=np.full((n, 3), 1 / max(n, 1)),
        track_scores=scores.mean(axis=0) if n else np.zeros(3),
        thresholds=np.full(3, 0.5),
        duration=float(n),
    )


def test_a_band_is_no_piano_and_its_instruments_are_told_in_order():
    found = find_mismatch(activity([(0.9, 0.3, 0.2)] * 4 + [(0.9, 0.8, 0.1)] * 4))
    assert found is not None
    assert found.instruments == ("drums", "guitar")
    assert found.share == 1.0


def test_a_piano_with_a_few_strange_seconds_is_a_piano():
    assert find_mismatch(activity([(0.1, 0.2, 0.9)] * 8 + [(0.9, 0.2, 0.3)] * 4)) is None


def test_a_louder_piano_beside_a_guitar_is_a_piano():
    assert find_mismatch(activity([(0.1, 0.7, 0.8)] * 8)) is None


def test_seconds_without_any_instrument_do_not_count():
    quiet = [(0.1, 0.1, 0.1)] * 50
    assert find_mismatch(activity(quiet)) is None
    found = find_mismatch(activity(quiet + [(0.1, 0.9, 0.1)] * 4))
    assert found is not None
    assert found.instruments == ("guitar",)


def test_what_the_recording_is_said_to_hold_is_told_and_not_what_single_seconds_suggest():
    scores = [(0.6, 0.9, 0.1)] * 6
    assert find_mismatch(activity(scores)).instruments == ("drums", "guitar")
    named = replace(activity(scores), is_named=np.array([False, True, False]))
    assert find_mismatch(named).instruments == ("guitar",)
    nobody = replace(activity(scores), is_named=np.zeros(3, dtype=bool))
    assert find_mismatch(nobody).instruments == ("drums", "guitar")


def test_too_little_sound_says_nothing():
    assert find_mismatch(activity([(0.9, 0.1, 0.1)] * 2)) is None
    assert find_mismatch(activity([])) is None


def test_another_model_may_be_made_for_another_instrument():
    guitar = activity([(0.1, 0.9, 0.2)] * 5)
    assert find_mismatch(guitar, made_for=("guitar", "piano")) is None


@pytest.mark.parametrize(
    ("tags", "left"),
    [
        ([], ("guitar", "drums")),
        ([("guitar", False)], ("drums",)),
        ([("guitar", False), ("drums", False)], None),
        ([("piano", True)], None),
        ([("piano", False), ("guitar", True)], ("guitar", "drums")),
    ],
)
def test_what_the_user_marked_overrules_the_mismatch(tags, left):
    said = [InstrumentTag(1.0, 2.0, name, is_heard) for name, is_heard in tags]
    found = mismatch_beside_tags(Mismatch(("guitar", "drums"), 0.9), said)
    assert found == (None if left is None else Mismatch(left, 0.9))
    assert mismatch_beside_tags(None, said) is None


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="mostly must lie"):
        find_mismatch(activity([]), mostly=0.0)
    with pytest.raises(ValueError, match="must name a class"):
        find_mismatch(activity([]), made_for=())
