import os
import sys
import time

import numpy as np
import pytest
import soundfile

from amtstudio.learning import process
from amtstudio.learning.events import EventTail, stage_of
from amtstudio.learning.process import AdaptationProcess
from amtstudio.learning.report import Failed, Stopped
from amtstudio.learning.request import Request
from amtstudio.models import find_model
from amtstudio.profiles import list_profiles

PATIENCE_S = 300.0  # on a machine that is busy with everything else


def wait_until(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def stages(run):
    return [stage_of(event) for event in EventTail(run.folder).read()]


def test_a_run_in_a_process_of_its_own_is_seen_paused_and_stopped(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("AMTSTUDIO_LOG_DIR", str(tmp_path / "logs"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    path = tmp_path / "a.wav"
    times = np.arange(40 * 16000) / 16000
    soundfile.write(path, 0.1 * np.sin(2 * np.pi * 220.0 * times), 16000)
    shipped = find_model("piano").read_bytes()
    run = AdaptationProcess.start(Request("own", (path,), device="cpu", n_threads=1))
    try:
        wait_until(lambda: "listening" in stages(run))
        run.pause()
        seen = AdaptationProcess("own")  # a window that was opened later
        wait_until(lambda: stages(seen)[-1] == "paused")
        assert seen.is_running()
        seen.stop()
        code = run.wait(PATIENCE_S)
    finally:
        if run.is_running():
            run._process.kill()
    assert (code, run.said) == (130, "")
    assert not seen.is_running()
    assert seen.outcome == Stopped()
    assert (run.folder / "request.json").is_file()  # it can be taken up again
    assert list_profiles() == ([], [])
    assert find_model("piano").read_bytes() == shipped


def test_what_goes_wrong_at_the_start_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    request = Request("own", (tmp_path / "nothing.wav",), device="cpu")
    run = AdaptationProcess.start(request)
    assert run.wait(PATIENCE_S) == 66
    assert isinstance(run.outcome, Failed)
    assert "nothing.wav" in run.outcome.cause
    assert run.outcome.code == 66
    with pytest.raises(ValueError, match="another process"):
        AdaptationProcess("own").wait()


def test_what_a_process_that_broke_has_said_can_be_read(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    broken = [sys.executable, "-c", "raise SystemExit('no such module')"]
    monkeypatch.setattr(process, "_program", lambda: broken)
    run = AdaptationProcess.start(Request("own", (tmp_path / "a.wav",)))
    assert run.wait(PATIENCE_S) == 1
    assert run.outcome is None
    assert run.said == "no such module"
