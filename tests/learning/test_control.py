import json
import threading

import pytest

from amtstudio.errors import OptionError, OutputExistsError, ProfileError
from amtstudio.learning.control import PAUSE, STOP, RunControl, ask, read_events, take_back
from amtstudio.learning.request import Report, Request
from amtstudio.learning.run_folder import RunFolder, runs_dir
from amtstudio.profiles.store import path_of


@pytest.fixture(autouse=True)
def _data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


def request(tmp_path, name="grand", **changes):
    return Request(name=name, recordings=(tmp_path / "a.wav", tmp_path / "b.wav"), **changes)


def test_events_are_told_and_can_be_read_by_whoever_comes_later(tmp_path):
    told = []
    control = RunControl(tmp_path, on_event=told.append)
    control.tell("learning", step=3)
    control.tell("done", adopted=True)
    with (tmp_path / "events.jsonl").open("a") as file:
        file.write('{"stage": "half of a li')
    events = read_events(tmp_path)
    assert [event["stage"] for event in events] == ["learning", "done"]
    assert events == told
    assert read_events(tmp_path / "nowhere") == []
    RunControl(tmp_path).tell("loading")  # the run after the one that was killed in mid-line
    assert [event["stage"] for event in read_events(tmp_path)] == ["learning", "done", "loading"]


def test_a_run_is_stopped_by_a_file_or_by_its_caller(tmp_path):
    assert RunControl(tmp_path, is_cancelled=lambda: True).is_cancelled()
    control = RunControl(tmp_path)
    ask(tmp_path, STOP)
    assert control.is_cancelled()
    assert control.is_cancelled()  # for good
    take_back(tmp_path, STOP)
    assert not RunControl(tmp_path).is_cancelled()
    with pytest.raises(ValueError, match="stop or pause"):
        ask(tmp_path, "hurry")


def test_a_paused_run_waits_and_its_clock_stands_still(tmp_path):
    entered = threading.Event()
    control = RunControl(tmp_path, on_event=lambda _: entered.set())
    ask(tmp_path, PAUSE)
    before = control.clock()
    answers = []
    thread = threading.Thread(target=lambda: answers.append(control.is_cancelled()))
    thread.start()
    assert entered.wait(20.0)
    assert thread.is_alive()
    take_back(tmp_path, PAUSE)
    thread.join(20.0)
    assert answers == [False]
    assert [event["stage"] for event in read_events(tmp_path)] == ["paused", "going on"]
    assert control._paused_s > 0.0
    assert control.clock() >= before


def test_a_paused_run_can_be_stopped(tmp_path):
    ask(tmp_path, PAUSE)
    ask(tmp_path, STOP)
    assert RunControl(tmp_path).is_cancelled()


def test_one_run_for_a_name_at_a_time_and_none_left_behind(tmp_path):
    with RunFolder.open(request(tmp_path), resume=False) as folder:
        assert folder.path.parent == runs_dir()
        with pytest.raises(ProfileError, match="at work"):
            RunFolder.open(request(tmp_path), resume=False)
        with RunFolder.open(request(tmp_path, "upright"), resume=False):
            pass
    assert not RunFolder.is_at_work("grand")


def test_what_is_left_of_a_finished_run_is_its_report(tmp_path):
    report = Report(True, "Steadier.", 5.0, {}, {}, {}, {}, 300.0, [])
    with RunFolder.open(request(tmp_path), resume=False) as folder:
        assert RunFolder.is_at_work("grand")
        (folder.path / "state.safetensors").write_bytes(b"state")
        folder.control().tell("done")
        folder.finish(report)
    assert json.loads((folder.path / "report.json").read_text())["reason"] == "Steadier."
    assert [event["stage"] for event in read_events(folder.path)] == ["done"]
    assert not (folder.path / "state.safetensors").exists()
    with pytest.raises(OptionError, match="no stopped adaptation"):
        RunFolder.open(request(tmp_path), resume=True)


def test_resuming_keeps_what_is_there_and_beginning_anew_drops_it(tmp_path):
    with RunFolder.open(request(tmp_path), resume=False) as folder:
        (folder.path / "state.safetensors").write_bytes(b"state")
        ask(folder.path, STOP)
    with RunFolder.open(request(tmp_path), resume=True) as folder:
        assert (folder.path / "state.safetensors").read_bytes() == b"state"
        assert not folder.control().is_cancelled()
        assert json.loads((folder.path / "process.json").read_text())["pid"] > 0
    with RunFolder.open(request(tmp_path), resume=False) as folder:
        assert not (folder.path / "state.safetensors").exists()


def test_only_the_same_run_can_be_resumed(tmp_path):
    with pytest.raises(OptionError, match="no stopped adaptation"):
        RunFolder.open(request(tmp_path), resume=True)
    with RunFolder.open(request(tmp_path), resume=False):
        pass
    with pytest.raises(OptionError, match="asked for otherwise"):
        RunFolder.open(request(tmp_path, minutes=9.0), resume=True)


def test_a_profile_that_is_there_is_not_replaced_unasked(tmp_path):
    path = path_of("grand")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    with pytest.raises(OutputExistsError, match="already"):
        RunFolder.open(request(tmp_path), resume=False)
    with RunFolder.open(request(tmp_path, overwrite=True), resume=False):
        pass
