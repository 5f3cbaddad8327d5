import os
import sys
import time

import numpy as np
import pytest
import soundfile

from amtstudio.learning.process import AdaptationProcess, report_path
from amtstudio.learning.recordings import Corrections
from amtstudio.learning.request import Request
from amtstudio.models import find_model
from amtstudio.profiles import list_profiles

PATIENCE_S = 300.0  # on a machine that is busy with everything else


def wait_until(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


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
        wait_until(lambda: any(e["stage"] == "listening" for e in run.events()))
        run.pause()
        seen = AdaptationProcess("own")  # a window that was opened later
        wait_until(lambda: seen.events()[-1]["stage"] == "paused")
        assert seen.is_running()
        seen.stop()
        code, error = run.wait(PATIENCE_S)
    finally:
        if run.is_running():
            run._process.kill()
    assert (code, error) == (130, "")
    assert not seen.is_running()
    assert not report_path("own").exists()
    assert (run.folder / "request.json").is_file()  # it can be taken up again
    assert list_profiles() == ([], [])
    assert find_model("piano").read_bytes() == shipped


def test_what_goes_wrong_at_the_start_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    request = Request("own", (tmp_path / "nothing.wav",), device="cpu")
    code, error = AdaptationProcess.start(request).wait(PATIENCE_S)
    assert code == 66
    assert "nothing.wav" in error
    with pytest.raises(ValueError, match="projects as recordings"):
        AdaptationProcess.start(Request("own", (), corrections={tmp_path: Corrections()}))
    with pytest.raises(ValueError, match="another process"):
        AdaptationProcess("own").wait()
