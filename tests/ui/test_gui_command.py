"""``amtstudio gui``, as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from amtstudio.cli import main

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "amtstudio", "gui", *map(str, arguments)]


def environment(**changes: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"} | changes


def gui(*arguments: object, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_snapshot_shows_the_finished_window(recording, model_file, tmp_path):
    picture = tmp_path / "window.png"
    done = gui(recording, "--model", model_file, "--snapshot", picture)

    assert (done.returncode, done.stderr) == (0, "")
    image = QImage(str(picture))
    assert image.width() > 1000
    colours = {
        image.pixelColor(x, y).name()
        for x in range(60, image.width(), 3)
        for y in range(60, image.height(), 3)
    }
    assert len(colours) > 100


def test_a_snapshot_of_a_bad_file_ends_with_its_exit_code(model_file, tmp_path):
    bad = tmp_path / "letter.wav"
    bad.write_text("Dear Clara")
    done = gui(bad, "--model", model_file, "--snapshot", tmp_path / "window.png")

    assert done.returncode == 65
    assert "letter.wav cannot be read as audio" in done.stderr
    assert (tmp_path / "window.png").exists()


def test_a_snapshot_does_not_overwrite(recording, tmp_path):
    (tmp_path / "window.png").write_bytes(b"precious")
    done = gui(recording, "--snapshot", tmp_path / "window.png")

    assert done.returncode == 73
    assert "already exists" in done.stderr
    assert (tmp_path / "window.png").read_bytes() == b"precious"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays are named so on Linux")
def test_a_snapshot_is_not_written_under_the_name_of_another_format(tmp_path, capsys):
    assert main(["gui", "--snapshot", str(tmp_path / "window.jpg")]) == 2
    assert "window.jpg is not named so (name it window.png)" in capsys.readouterr().err


def test_without_a_display_the_window_says_so():
    bare = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY"), "")
    env = {name: value for name, value in environment(**bare).items() if "QPA" not in name}
    done = subprocess.run(
        command(), env=env, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 78
    assert "there is no display to open a window on" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_signal_closes_the_window(model_file, tmp_path):
    process = subprocess.Popen(
        command("--model", model_file, tmp_path / "gone.wav"),
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    log = Path(os.environ["AMTSTUDIO_LOG_DIR"]) / "window.log"
    while not log.exists():  # the job that fails for want of the file is logged
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 143
    assert "stopped" in errors
    assert (Path(os.environ["AMTSTUDIO_CONFIG_DIR"]) / "settings.json").exists()
