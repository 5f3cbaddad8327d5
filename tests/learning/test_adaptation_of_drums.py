"""A whole adaptation of the model of drums, with corrected hits, on as little as will do."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from amtstudio.engine import Transcriber
from amtstudio.errors import CheckpointError
from amtstudio.learning import adaptation, lesson, rehearsal
from amtstudio.learning.adaptation import adapt
from amtstudio.learning.control import RunControl
from amtstudio.learning.drums.clips import drum_excerpt
from amtstudio.learning.gate import Verdict
from amtstudio.learning.rehearsal import guard_of_drums
from amtstudio.learning.replay import bundled_music, played
from amtstudio.learning.report import Code, Reason
from amtstudio.learning.request import Corrections, Passage, Request
from amtstudio.profiles import read_profile
from amtstudio.profiles.weights import load_profiled_model
from amtstudio.symbolic.drums import DRUMS

GAIN = Reason(Code.CORRECTED_ROSE, 0.6, 0.7)


@pytest.fixture
def quick(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(
        adaptation, "guard_of_drums", lambda rate: guard_of_drums(rate, 4.0, count=1)
    )
    monkeypatch.setattr("amtstudio.learning.split.LEAST_TOTAL_S", 15.0)
    monkeypatch.setattr(lesson, "THRESHOLD_PIECES", 1)
    monkeypatch.setattr(lesson, "_MANY", (4, 60, 6e-4))
    monkeypatch.setattr(rehearsal, "_GUARD_S", 6.0)


def takes_of(folder: Path, seeds):
    found = {}
    for seed in seeds:
        excerpt = drum_excerpt(seed, 8.0, 32000)
        path = folder / f"take {seed}.wav"
        soundfile.write(path, excerpt.audio, 32000)
        found[path] = excerpt.truth
    return found


def test_a_profile_of_drums_from_recordings_and_corrected_hits(tmp_path, monkeypatch, quick):
    monkeypatch.setattr(adaptation, "judge", lambda before, after, **_: Verdict(True, (GAIN,)))
    takes = takes_of(tmp_path, (2601, 2602, 2604))
    first = next(iter(takes))
    known = Corrections((Passage(0.0, 8.0, tuple(takes[first].notes)),))
    request = Request(
        "my kit", tuple(takes), minutes=0.01, model="drums", device="cpu",
        corrections={first: known},
    )  # fmt: skip
    report = adapt(request, RunControl(tmp_path))
    assert report.adopted, report.reasons
    assert report.teacher == "ensemble of drums"
    assert report.before["corrected_f1"] is not None
    assert report.tuning_cents == 0.0
    assert [step.step for step in report.steps] == [
        "weights",
        "weights, three quarters",
        "weights, half way",
    ]
    profile = read_profile("my kit")
    assert profile.base == "drums"
    assert set(DRUMS) <= profile.thresholds.keys()
    model, card, _ = load_profiled_model("my kit")
    heard = Transcriber(model, card, device="cpu").transcribe_file(first).transcription
    assert len(heard.notes) > 5
    assert all(note.track.is_drums for note in heard.notes)


def test_a_piano_teaches_no_drums(tmp_path, quick):
    path = tmp_path / "piano.wav"
    soundfile.write(path, played(bundled_music("replay")[0], 50, seconds=10.0).audio, 16000)
    report = adapt(
        Request("no", (path,), minutes=0.01, model="drums", device="cpu"), RunControl(tmp_path)
    )
    assert not report.adopted
    assert report.reasons[0].code in (Code.HARDLY_ANY_NOTES, Code.OTHER_INSTRUMENT)


def test_drums_are_not_learned_from_scores(tmp_path, quick):
    path = next(iter(takes_of(tmp_path, (2601,))))
    request = Request("no", (path,), model="drums", device="cpu", scores={path: path})
    with pytest.raises(CheckpointError, match="cannot be learned from scores"):
        adapt(request, RunControl(tmp_path))
