"""Whole adaptations with the shipped model, on as little as will do."""

import hashlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import msgspec
import numpy as np
import pytest
import soundfile
import soxr

from amtstudio.errors import BadAudioError, CheckpointError
from amtstudio.features import FrameGrid
from amtstudio.learning import adaptation, lesson
from amtstudio.learning.adaptation import Step, adapt
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.events import EventTail, stage_of
from amtstudio.learning.gate import Evidence, Verdict
from amtstudio.learning.guard import guard_set
from amtstudio.learning.label_free import LabelFreeScores
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.replay import bundled_music, played
from amtstudio.learning.report import Code, Reason, StepName
from amtstudio.learning.request import Request
from amtstudio.learning.split import split_recordings
from amtstudio.learning.teacher_choice import choose_teacher
from amtstudio.learning.teachers import EngineTeacher, EnsembleTeacher
from amtstudio.learning.wording import sentences
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_model
from amtstudio.profiles import list_profiles, read_profile

STEADIER = Reason(Code.STEADIER, 0.63, 0.912)


@pytest.fixture(autouse=True)
def _data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    # A few seconds of one piece judge here, in place of half a minute of all.
    monkeypatch.setattr(adaptation, "guard_set", lambda: guard_set(5.0, count=1))


@pytest.fixture
def short_lessons(monkeypatch):
    """Weights learn from seconds, two at a time, and a short piece sets their thresholds."""
    monkeypatch.setattr("amtstudio.learning.split.LEAST_TOTAL_S", 10.0)
    monkeypatch.setattr(lesson, "_FEW", (2, 60, 3e-4))
    piece = played(bundled_music("replay")[0], 900, seconds=6.0)
    monkeypatch.setattr(lesson, "rehearsed_excerpts", lambda *_: [piece])


def recordings(folder, cents, count=2, seconds=12.0):
    """Pieces on a piano that is out of tune."""
    paths = []
    for number, piece in enumerate(bundled_music("replay")[:count]):
        audio = played(piece, 50 + number, seconds=seconds).audio
        path = folder / f"take {number}.wav"
        soundfile.write(path, soxr.resample(audio, 2 ** (cents / 1200), 1.0), 16000)
        paths.append(path)
    return tuple(paths)


def test_a_piano_out_of_tune_is_heard_as_the_engine_hears_it(tmp_path, read):
    request = Request(name="flat", recordings=recordings(tmp_path, -40.0), device="cpu")
    report = adapt(request, RunControl(tmp_path))
    # In tune from the beginning: that the engine does by itself is no gain of a profile.
    assert report.tuning_cents == pytest.approx(-40.0, abs=4.0)
    assert report.before == report.after
    assert not report.adopted
    assert report.reasons == (Reason(Code.NOTHING_GAINED), Reason(Code.FEW_RECORDINGS, 2, 3))
    assert "2 recordings, and 3 are needed" in sentences(report.reasons)
    assert once(read, request.recordings)


@pytest.fixture
def read(monkeypatch, openings):
    """The files that were opened for decoding, and those whose bytes were hashed, in order."""
    hashed = []

    def counted(file, name, real=hashlib.file_digest):
        hashed.append(Path(str(file.name)))  # that of a model file is a number
        return real(file, name)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    return openings, hashed


def once(read, paths):
    return all([path for path in found if path in paths] == list(paths) for found in read)


def test_recordings_are_decoded_once_whatever_is_tried(tmp_path, monkeypatch, read, short_lessons):
    monkeypatch.setattr(adaptation, "LEAST_CENTS", 0.1)
    monkeypatch.setattr(adaptation, "judge", lambda before, after, **_: Verdict(True, (STEADIER,)))
    for chosen in ("matched_onset_threshold", "retuned_onset_threshold"):  # by the teacher
        monkeypatch.setattr(lesson, chosen, lambda *_, **__: 0.37)
    monkeypatch.setattr(lesson, "matched_frame_threshold", lambda *_: 0.22)
    paths = recordings(tmp_path, -8.0, count=3, seconds=5.2)
    report = adapt(Request("out", paths, minutes=0.01, device="cpu"), RunControl(tmp_path))
    assert report.adopted
    assert [step.step for step in report.steps] == [
        "tuning",
        "weights",
        "weights, three quarters",
        "weights, half way",
    ]
    assert once(read, paths)
    # Weights never come without thresholds that were chosen for them.
    thresholds = read_profile("out").thresholds
    assert (thresholds["onset"], thresholds["frame"]) == (0.37, 0.22)


def test_a_result_that_passes_the_gate_is_kept_with_its_report(tmp_path, monkeypatch):
    # Whether a few seconds of learning help is left to chance; what is kept, is not.
    monkeypatch.setattr(adaptation, "LEAST_CENTS", 0.1)
    monkeypatch.setattr(adaptation, "judge", lambda before, after, **_: Verdict(True, (STEADIER,)))
    paths = recordings(tmp_path, -8.0, seconds=8.0)
    request = Request(name="flat", recordings=paths, device="cpu")
    shipped = find_model("piano").read_bytes()
    report = adapt(request, RunControl(tmp_path))
    assert find_model("piano").read_bytes() == shipped
    assert report.adopted
    assert report.reasons[0] == STEADIER
    assert report.tuning_cents == pytest.approx(-8.0, abs=4.0)
    assert set(report.recordings) == {"take 0.wav", "take 1.wav"}
    profile = read_profile("flat")
    assert profile.report["asked"] == {"minutes": 5.0, "teacher": "auto"}
    assert [entry.source for entry in profile.ledger] == [
        str(tmp_path / entry.recording) for entry in profile.ledger
    ]
    assert profile.tuning_cents == report.tuning_cents
    assert profile.report["adopted"] is True
    assert {entry.role for entry in profile.ledger} == {"adapt", "accept"}
    values = msgspec.to_builtins(report)
    expected = ("adopted", "reasons", "minutes_used", "recordings", "before", "after", "guard_set")
    assert all(key in values for key in (*expected, "seconds"))
    stages = [stage_of(event) for event in EventTail(tmp_path).read()]
    assert stages[0] == "loading"
    assert stages[-1] == "done"


def test_noise_is_refused_and_nothing_is_kept(tmp_path, rng):
    paths = []
    for number in range(2):
        path = tmp_path / f"noise {number}.wav"
        soundfile.write(path, 0.1 * rng.standard_normal(6 * 16000), 16000)
        paths.append(path)
    report = adapt(
        Request(name="noise", recordings=tuple(paths), device="cpu"), RunControl(tmp_path)
    )
    assert not report.adopted
    assert report.reasons == (Reason(Code.HARDLY_ANY_NOTES), Reason(Code.NOTHING_GAINED))
    assert list_profiles() == ([], [])


def test_a_moment_of_sound_is_too_short_to_learn_from(tmp_path):
    path = tmp_path / "moment.wav"
    soundfile.write(path, np.zeros(16000), 16000)
    with pytest.raises(BadAudioError, match="too short"):
        adapt(Request(name="x", recordings=(path,), device="cpu"), RunControl(tmp_path))


def test_teachers_by_name(monkeypatch, tmp_path):
    model, card = load_model(find_model("piano"))
    student = Candidate(model, card, model.grid, "cpu", 1)
    assert choose_teacher("moving-average", student) is None
    assert isinstance(choose_teacher("ensemble", student), EnsembleTeacher)
    larger = choose_teacher(str(find_model("piano")), student)
    assert larger.is_better
    with pytest.raises(CheckpointError, match="no model"):
        choose_teacher("nobody", student)

    # An engine of another package, announced as packages do.
    (tmp_path / "other_engine.py").write_text(
        "from amtstudio.symbolic import Note, Transcription\n"
        "class Engine:\n"
        "    name = 'other'\n"
        "    def available(self): return True\n"
        "    def transcribe(self, path, *, on_progress, is_cancelled):\n"
        "        assert path.stat().st_size > 16000\n"
        "        return Transcription((Note(1.0, 2.0, 60),))\n"
    )
    info = tmp_path / "other_engine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-engine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[amtstudio.engines]\nother = other_engine:Engine\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    teacher = choose_teacher("other", student)
    assert isinstance(teacher, EngineTeacher)
    assert isinstance(choose_teacher("auto", student), EngineTeacher)
    assert teacher._notes_of(np.zeros(16000, np.float32), 16000, lambda: False) == [(1.0, 2.0, 60)]


def test_weights_are_judged_half_way_and_whole(tmp_path, short_lessons):
    paths = recordings(tmp_path, 0.0, count=3, seconds=5.2)
    request = Request(name="new", recordings=paths, minutes=0.01, device="cpu")
    report = adapt(request, RunControl(tmp_path))
    steps = [step for step in report.steps if step.step.startswith("weights")]
    assert [step.step for step in steps] == [
        "weights",
        "weights, three quarters",
        "weights, half way",
    ]
    assert report.minutes_used >= 0.01
    assert report.adopted == any(step.adopted for step in report.steps)
    assert [entry.name for entry in list_profiles()[0]] == (["new"] if report.adopted else [])


class Rehearsal(adaptation._Adaptation):
    """The loop alone; candidates are told apart by their cents, and their worth is given."""

    worth: ClassVar = {}

    def _steps(self):
        names = (StepName.TUNING, StepName.HALF_WAY, StepName.WEIGHTS)
        return [
            Step(name, lambda best, cents=cents: cents and replace(best, tuning_cents=cents))
            for name, cents in zip(names, (1.0, 2.0, 3.0), strict=True)
        ]

    def _evidence(self, bench, candidate):
        guard, steadiness = self.worth[candidate.tuning_cents]
        scores = LabelFreeScores(steadiness, 0.9, 6.0, 3.0, 0.8, 5.0)
        return Evidence((guard,), scores)


@pytest.mark.parametrize(
    ("worth", "adopted", "best"),
    [
        # Each is steadier than before and a little worse on other pianos: together too much.
        ([(0.90, 0.80), (0.898, 0.82), (0.8955, 0.84), (0.899, 0.85)], [True, False, True], 3.0),
        # What was refused is not built upon, and is compared with the best and not with the last.
        ([(0.90, 0.80), (0.80, 0.95), (0.90, 0.82), (0.90, 0.82)], [False, True, False], 2.0),
        ([(0.90, 0.80)] * 4, [False, False, False], 0.0),
    ],
)
def test_each_step_is_judged_against_the_best_and_the_model_as_it_ships(
    tmp_path, monkeypatch, worth, adopted, best
):
    monkeypatch.setattr(adaptation, "guard_set", list)
    monkeypatch.setattr(Rehearsal, "worth", dict(enumerate(worth)))
    grid = FrameGrid(16000, 512)
    model, card = (
        SimpleNamespace(plays=("piano",), plays_drums=False),
        SimpleNamespace(thresholds={}),
    )
    base = Candidate(model, card, grid, "cpu")
    entry = UserRecording("a.wav", "0" * 64, np.zeros(160_000, np.float32), grid)
    split = split_recordings([entry])
    run = Rehearsal(Request("x", ()), RunControl(tmp_path), base, split, None)
    report = run.run()
    assert [step.adopted for step in report.steps] == adopted
    assert run.best.tuning_cents == report.tuning_cents == best
    assert report.adopted == any(adopted)
    if not report.adopted:
        assert report.before == report.after
        assert report.reasons[0] == Reason(Code.NOTHING_GAINED)
