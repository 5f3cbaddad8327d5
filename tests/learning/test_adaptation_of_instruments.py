"""A whole adaptation of the model of all instruments, with a score, on as little as will do."""

from __future__ import annotations

import pytest
import soundfile

from amtstudio.formats import write_transcription
from amtstudio.learning import adaptation, lesson, rehearsal
from amtstudio.learning.adaptation import adapt
from amtstudio.learning.control import RunControl
from amtstudio.learning.events import EventTail, stage_of
from amtstudio.learning.gate import Verdict
from amtstudio.learning.guard import guard_set
from amtstudio.learning.replay import bundled_music, played
from amtstudio.learning.report import Code, Reason
from amtstudio.learning.request import Request
from amtstudio.models import find_model
from amtstudio.profiles import read_profile
from amtstudio.profiles.weights import load_profiled_model

GAIN = Reason(Code.STEADIER, 0.6, 0.7)


@pytest.fixture
def takes(tmp_path):
    """Three pieces, and the notes of the first."""
    music = bundled_music("replay")[:3]
    excerpts = [played(piece, 50 + number, seconds=6.0) for number, piece in enumerate(music)]
    paths = []
    for number, excerpt in enumerate(excerpts):
        paths.append(tmp_path / f"take {number}.wav")
        soundfile.write(paths[-1], excerpt.audio, 16000)
    score = tmp_path / "first.mid"
    write_transcription(excerpts[0].truth, score, format_name="midi")
    return tuple(paths), score


def test_a_profile_of_the_melodic_model_from_recordings_and_a_score(tmp_path, monkeypatch, takes):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(adaptation, "guard_of_instruments", lambda: guard_set(3.0, count=2)[1:])
    monkeypatch.setattr("amtstudio.learning.split.LEAST_TOTAL_S", 15.0)
    monkeypatch.setattr(lesson, "THRESHOLD_PIECES", 1)
    monkeypatch.setattr(rehearsal, "_THRESHOLD_S", 5.0)
    monkeypatch.setattr(lesson, "_FEW", (2, 60, 3e-4))
    monkeypatch.setattr(adaptation, "judge", lambda before, after, **_: Verdict(True, (GAIN,)))
    paths, score = takes
    shipped = find_model("melodic").read_bytes()
    request = Request(
        "strings",
        paths,
        minutes=0.01,
        model="melodic",
        device="cpu",
        scores={paths[0]: score},
    )
    report = adapt(request, RunControl(tmp_path))
    assert report.adopted, report.reasons
    assert find_model("melodic").read_bytes() == shipped
    assert report.scores["take 0.wav"].matched > 0.6
    assert report.before["corrected_f1"] is not None
    assert [step.step for step in report.steps] == [
        "weights",
        "weights, three quarters",
        "weights, half way",
    ]
    assert "aligning" in [stage_of(event) for event in EventTail(tmp_path).read()]
    profile = read_profile("strings")
    assert profile.base == "melodic"
    assert profile.instruments == report.instruments
    # What was labelled is learned from.
    assert {entry.recording: entry.role for entry in profile.ledger}["take 0.wav"] == "adapt"
    model, _, _ = load_profiled_model("strings")
    assert [head.name for head in model.heads][-2:] == ["bend", "family"]
