from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from amtstudio.formats.instrument_activity import (
    dump_activity_csv,
    dump_activity_json,
    dump_activity_text,
)
from amtstudio.symbolic.instruments import InstrumentActivity


@pytest.fixture
def activity():
    scores = np.array([[0.9, 0.1], [0.8, 0.7], [0.1, 0.2]])
    return InstrumentActivity(
        classes=("mallet_percussion", "voice"),
        onsets=np.arange(3),
        offsets=np.array([1, 2, 2.5]),
        scores=scores,
        attention=np.array([[0.5, 0.2], [0.25, 0.6], [0.25, 0.2]]),
        track_scores=np.array([0.675, 0.48]),
        thresholds=np.array([0.5, 0.5]),
        duration=2.5,
        file="ä.wav",
        model="instruments",
    )


def test_json_is_the_contract(activity):
    content = json.loads(dump_activity_json(activity))
    assert content["file"] == "ä.wav"
    assert content["duration_s"] == 2.5
    assert content["classes"] == ["mallet_percussion", "voice"]
    assert content["scores"] == {"mallet_percussion": 0.675, "voice": 0.48}
    assert content["instruments"] == ["mallet_percussion"]
    assert content["instances"][1] == {
        "onset_s": 1.0,
        "offset_s": 2.0,
        "scores": {"mallet_percussion": 0.8, "voice": 0.7},
        "attention": {"mallet_percussion": 0.25, "voice": 0.6},
        "instruments": ["mallet_percussion"],
    }
    assert content["instances"][2]["instruments"] == []


def test_attention_of_a_long_recording_still_sums_to_one_when_read_back():
    n = 10800
    shares = np.random.default_rng(1).random((n, 1))
    long = InstrumentActivity(
        classes=("voice",),
        onsets=np.arange(n),
        offsets=np.arange(n) + 1,
        scores=np.zeros((n, 1)),
        attention=shares / shares.sum(),
        track_scores=np.zeros(1),
        thresholds=np.ones(1),
        duration=n,
    )
    instances = json.loads(dump_activity_json(long))["instances"]
    assert sum(each["attention"]["voice"] for each in instances) == pytest.approx(1.0, abs=1e-4)


def test_csv_has_a_row_a_second(activity):
    rows = list(csv.reader(io.StringIO(dump_activity_csv(activity).decode())))
    assert rows[0] == ["onset_s", "offset_s", "mallet_percussion", "voice"]
    assert rows[3] == ["2.000", "2.500", "0.1000", "0.2000"]


def test_text_marks_what_is_named_and_tells_where(activity):
    lines = dump_activity_text(activity).decode().splitlines()
    assert lines[0].startswith("* mallet_percussion  0.68  ##############")
    assert lines[0].endswith("0:00-0:02")
    assert lines[1].split() == ["voice", "0.48", "##########"]


def test_text_says_when_nothing_is_sure(activity):
    quiet = InstrumentActivity(
        **{name: getattr(activity, name) for name in ("classes", "onsets", "offsets", "scores",
           "attention", "thresholds", "duration")}, track_scores=np.zeros(2),
    )  # fmt: skip
    assert dump_activity_text(quiet).decode().splitlines()[-1] == (
        "no instrument is heard with certainty"
    )
