import json
import threading
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from amtstudio.errors import (
    Cancelled,
    CheckpointError,
    InputNotFoundError,
    OptionError,
    OutputExistsError,
    ProfileError,
)
from amtstudio.learning.control import PAUSE, STOP, RunControl
from amtstudio.learning.events import Done, EventTail, Learning, Loading, stage_of
from amtstudio.learning.opinion import Trust
from amtstudio.learning.report import (
    Code,
    Failed,
    Finished,
    Reason,
    RecordingUse,
    Report,
    Stopped,
    read_outcome,
)
from amtstudio.learning.request import Corrections, Passage, Request
from amtstudio.learning.run import run
from amtstudio.learning.run_folder import RunFolder, read_request, run_path, runs_dir
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.profiles.store import path_of
from amtstudio.symbolic import Note


@pytest.fixture(autouse=True)
def _data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


def request(tmp_path, name="grand", **changes):
    return Request(name=name, recordings=(tmp_path / "a.wav", tmp_path / "b.wav"), **changes)


def stages(folder):
    return [stage_of(event) for event in EventTail(folder).read()]


def test_events_are_told_and_can_be_read_by_whoever_comes_later(tmp_path):
    told = []
    control = RunControl(tmp_path, on_event=told.append)
    control.tell(Learning(step=3))
    control.tell(Done(adopted=True))
    with (tmp_path / "events.jsonl").open("a") as file:
        file.write('{"stage": "half of a li')
    assert stages(tmp_path) == ["learning", "done"]
    assert EventTail(tmp_path).read() == told
    assert stages(tmp_path / "nowhere") == []
    RunControl(tmp_path).tell(Loading())  # the run after the one that was killed in mid-line
    assert stages(tmp_path) == ["learning", "done", "loading"]


def test_a_run_is_stopped_by_a_file_or_by_its_caller(tmp_path):
    assert RunControl(tmp_path, is_cancelled=lambda: True).is_cancelled()
    control = RunControl(tmp_path)
    (tmp_path / STOP).touch()
    assert control.is_cancelled()
    assert control.is_cancelled()  # for good
    (tmp_path / STOP).unlink()
    assert not RunControl(tmp_path).is_cancelled()


def test_a_paused_run_waits_and_its_clock_stands_still(tmp_path):
    entered = threading.Event()
    control = RunControl(tmp_path, on_event=lambda _: entered.set())
    (tmp_path / PAUSE).touch()
    before = control.clock()
    answers = []
    thread = threading.Thread(target=lambda: answers.append(control.is_cancelled()))
    thread.start()
    assert entered.wait(20.0)
    assert thread.is_alive()
    (tmp_path / PAUSE).unlink()
    thread.join(20.0)
    assert answers == [False]
    assert stages(tmp_path) == ["paused", "going on"]
    assert control._paused_s > 0.0
    assert control.clock() >= before


def test_a_paused_run_can_be_stopped(tmp_path):
    (tmp_path / PAUSE).touch()
    (tmp_path / STOP).touch()
    assert RunControl(tmp_path).is_cancelled()


def test_one_run_for_a_name_at_a_time_and_none_left_behind(tmp_path):
    with RunFolder.open(request(tmp_path), resume=False) as folder:
        assert folder.path.parent == runs_dir()
        with pytest.raises(ProfileError, match="is running"):
            RunFolder.open(request(tmp_path), resume=False)
        with RunFolder.open(request(tmp_path, "upright"), resume=False):
            pass
    assert not RunFolder.is_at_work("grand")


def test_what_is_left_of_a_finished_run_is_its_report(tmp_path):
    reasons = (Reason(Code.STEADIER, 0.9, 0.95),)
    used = {"b\udcff.wav": RecordingUse("adapt", 60.0)}
    report = Report(True, reasons, 5.0, used, {}, {}, {}, 300.0, [])
    with RunFolder.open(request(tmp_path), resume=False) as folder:
        assert RunFolder.is_at_work("grand")
        (folder.path / "state.safetensors").write_bytes(b"state")
        RunControl(folder.path).tell(Done(adopted=True))
        folder.end(Finished(report))
    assert read_outcome(folder.path) == Finished(report)
    assert stages(folder.path) == ["done"]
    assert not (folder.path / "state.safetensors").exists()
    with pytest.raises(OptionError, match="no stopped adaptation"):
        RunFolder.open(request(tmp_path), resume=True)


def test_resuming_keeps_what_is_there_and_beginning_anew_drops_it(tmp_path):
    with RunFolder.open(request(tmp_path), resume=False) as folder:
        (folder.path / "state.safetensors").write_bytes(b"state")
        (folder.path / STOP).touch()
    with RunFolder.open(request(tmp_path), resume=True) as folder:
        assert (folder.path / "state.safetensors").read_bytes() == b"state"
        assert not RunControl(folder.path).is_cancelled()
        assert json.loads((folder.path / "process.json").read_text())["pid"] > 0
    with RunFolder.open(request(tmp_path), resume=False) as folder:
        assert not (folder.path / "state.safetensors").exists()


def test_only_the_same_run_can_be_resumed(tmp_path):
    with pytest.raises(OptionError, match="no stopped adaptation"):
        RunFolder.open(request(tmp_path), resume=True)
    with RunFolder.open(request(tmp_path), resume=False):
        pass
    with pytest.raises(OptionError, match="started with other options"):
        RunFolder.open(request(tmp_path, minutes=9.0), resume=True)


def test_a_profile_that_is_there_is_not_replaced_unasked(tmp_path):
    path = path_of("grand")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    with pytest.raises(OutputExistsError, match="already"):
        RunFolder.open(request(tmp_path), resume=False)
    with RunFolder.open(request(tmp_path, overwrite=True), resume=False):
        pass


def test_what_was_corrected_travels_in_the_request(tmp_path):
    known = Corrections(
        passages=(Passage(1.0, 3.5, (Note(1.25, 2.0, 60, 90), Note(2.0, 3.0, 64, 70))),),
        right=(Note(9.0, 9.5, 72, 50),),
        wrong=(Note(4.0, 4.1, 30, 20),),
        project=tmp_path / 'Stück "1".amts',
    )
    asked = request(
        tmp_path,
        "Flügel",
        minutes=2.5,
        n_threads=2,
        teacher="ensemble",
        trust=Trust(0.8, 0.25),
        corrections={tmp_path / "a.wav": known, tmp_path / "b\udcff.wav": known},
    )
    asked = replace(asked, recordings=(*asked.recordings, tmp_path / "b\udcff.wav"))  # not UTF-8
    with RunFolder.open(asked, resume=False):
        assert read_request(run_path("Flügel")) == asked
    with RunFolder.take(run_path("Flügel")) as folder:  # as the process of the run does
        assert folder.request == asked
    assert asked.is_same_run(replace(asked))
    assert not asked.is_same_run(replace(asked, trust=None))  # its labels would be others


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": 3, "request": {"name": "x", "recordings": []}, "corrections": {}}',
        '{"format": 2, "request": {"name": 7, "recordings": []}, "corrections": {}}',
        '{"format": 2, "request": {"name": "grand", "recordings": [4]}, "corrections": {}}',
        '{"format": 2, "request": {"name": "x", "recordings": [], "trust":'
        ' {"surely": 0.2, "surely_not": 0.3}}, "corrections": {}}',
        '{"name": "grand", "recordings": ["a.wav"], "colour": "red"}',
    ],
)
def test_a_request_that_cannot_be_read_is_set_aside_with_a_next_step(tmp_path, text):
    folder = run_path("grand")
    folder.mkdir(parents=True)
    (folder / "request.json").write_text(text)
    (folder / "state.safetensors").write_bytes(b"state")
    assert read_request(folder) is None
    with pytest.raises(OptionError, match=r"cannot be read \(begin again without --resume"):
        RunFolder.open(request(tmp_path), resume=True)
    with pytest.raises(OptionError, match="no request"):
        RunFolder.take(folder)
    with RunFolder.open(request(tmp_path), resume=False):
        assert not (folder / "state.safetensors").exists()


def test_a_damaged_request_names_the_place():
    with pytest.raises(ValueError, match=r"request\.recordings\[1\]"):
        Request.from_json(
            b'{"format": 2, "request": {"name": "x", "recordings": ["a", 4]}, "corrections": {}}'
        )


def test_a_run_that_an_earlier_version_has_begun_can_be_taken_up(tmp_path):
    folder = run_path("grand")
    folder.mkdir(parents=True)
    asked = request(tmp_path)
    former = {
        "name": "grand",
        "recordings": [str(path) for path in asked.recordings],
        "minutes": 5.0,
        "model": "piano",
        "teacher": "auto",
    }
    (folder / "request.json").write_text(json.dumps(former))
    (folder / "state.safetensors").write_bytes(b"state")
    assert read_request(folder) == asked
    with RunFolder.open(asked, resume=True):
        assert (folder / "state.safetensors").read_bytes() == b"state"
    assert json.loads((folder / "request.json").read_text())["format"] == 2


def test_how_a_run_ended_is_written_down_with_its_code(tmp_path):
    with pytest.raises(InputNotFoundError):
        run(request(tmp_path))
    outcome = read_outcome(run_path("grand"))
    assert isinstance(outcome, Failed)
    assert "a.wav" in outcome.cause
    assert outcome.code == 66
    path = tmp_path / "a.wav"
    soundfile.write(path, 0.1 * np.sin(np.arange(6 * 16000) / 10.0), 16000)
    alone = Request("grand", (path,), device="cpu", n_threads=1)
    with pytest.raises(Cancelled):
        run(alone, is_cancelled=lambda: True)
    assert read_outcome(run_path("grand")) == Stopped()
    with RunFolder.open(alone, resume=True):
        assert read_outcome(run_path("grand")) is None


def test_a_network_that_cannot_learn_is_refused_before_anything_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(TranscriptionModel, "is_augmentable", property(lambda _: False))
    with pytest.raises(CheckpointError, match="cannot learn"):
        run(request(tmp_path))
