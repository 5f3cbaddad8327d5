"""Who was heard, kept with the project: nobody has to listen again."""

from __future__ import annotations

import json
import logging
from dataclasses import fields

import numpy as np
import pytest
import soundfile

from amtstudio.session import AudioReference, Document
from amtstudio.session.kept_instruments import instruments_from_text, instruments_to_text
from amtstudio.symbolic.instruments import InstrumentActivity


def activity(n: int = 70) -> InstrumentActivity:
    rng = np.random.default_rng(2)
    attention = rng.random((n, 3))
    return InstrumentActivity(
        classes=("banjo", "piano", "voice"),
        onsets=np.arange(n),
        offsets=np.arange(n) + 1,
        scores=rng.random((n, 3)),
        attention=attention / attention.sum(axis=0) if n else attention,
        track_scores=rng.random(3),
        thresholds=rng.random(3),
        duration=float(n),
        file="ä.wav",
        model="instruments",
        track_thresholds=rng.random(3),
        heard=rng.random((n, 3)) < 0.3,
        is_named=np.array([True, False, True]),
    )


def assert_same(one: InstrumentActivity, other: InstrumentActivity) -> None:
    for each in fields(InstrumentActivity):
        np.testing.assert_array_equal(getattr(one, each.name), getattr(other, each.name))


@pytest.mark.parametrize("n", [0, 1, 70])
def test_every_number_comes_back(n):
    text = instruments_to_text(activity(n), "abc")
    assert_same(instruments_from_text(text, "abc"), activity(n))
    assert instruments_from_text(text, "abd") is None


@pytest.mark.parametrize(
    "change",
    [
        {"n_instances": 71},
        {"n_instances": 10**12},
        {"n_instances": -1},
        {"classes": []},
        {"data": "no"},
        {"data": None},
        {"duration": "long"},
        {"version": 1, "classes": ["banjo", "piano"]},
    ],
)
def test_what_is_damaged_counts_as_not_there(change, caplog):
    content = json.loads(instruments_to_text(activity(), "abc"))
    with caplog.at_level(logging.WARNING, "amtstudio.session"):
        assert instruments_from_text(json.dumps(content | change), "abc") is None
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "{"])
def test_no_text_of_ours_is_no_activity(text):
    assert instruments_from_text(text, "abc") is None


def test_a_project_keeps_them_wherever_it_is_saved(transcription, sound, tmp_path):
    with Document.create(AudioReference.read(sound)) as document:
        document.replace_transcription(transcription)
        assert document.instruments is None
        undo_text = document.undo_text
        document.set_instruments(activity())
        assert document.undo_text == undo_text
        assert_same(document.instruments, activity())
        document.save_as(tmp_path / "take.amts")
        document.set_instruments(activity(5))
    with Document.open(tmp_path / "take.amts") as reopened:
        assert_same(reopened.instruments, activity(5))
        assert not reopened.problems


def test_of_another_recording_nothing_is_told(sound, tmp_path):
    other = tmp_path / "other.wav"
    soundfile.write(other, np.ones(8000) / 2, 8000)
    with Document.create(AudioReference.read(sound)) as document:
        document.set_instruments(activity())
        document._saved.audio = AudioReference.read(other)
        assert document.instruments is None
