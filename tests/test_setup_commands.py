"""The set-up commands: what they say when they cannot go on. None of these installs anything."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

import pretty_midi
import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


def run(script: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(ROOT / script), *arguments],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


def test_setup_names_a_python_that_does_not_work(tmp_path):
    done = run(
        "packaging/setup.sh", AMTSTUDIO_PYTHON="/bin/false", AMTSTUDIO_VENV=f"{tmp_path}/a b"
    )

    assert done.returncode == 1
    assert "AMTSTUDIO_PYTHON=/bin/false is not a working Python 3.11 or newer" in done.stderr
    assert "What to do: " in done.stderr


def test_setup_refuses_a_python_that_is_too_old(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\necho 3.9\n", encoding="utf-8")
    for name in ("python3.11", "python3.12", "python3.13"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    old.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"

    done = run("packaging/setup.sh", PATH=path, AMTSTUDIO_VENV=str(tmp_path / "venv"))

    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13, and this machine has 3.9" in done.stderr


@pytest.mark.parametrize("can_install", [True, False])
def test_setup_adds_portaudio_or_says_how_to_get_it(can_install):
    script = (ROOT / "packaging/setup.sh").read_text(encoding="utf-8")
    step = re.search(r"^install_sound_library\(\) \{.*?^\}", script, re.MULTILINE | re.DOTALL)[0]
    # In place of the machine: a library that is there once it was installed.
    machine = """
        set -euo pipefail
        folder=$(mktemp -d)
        say() { printf '%s\\n' "$*"; }
        load_sound() { [ -e "$folder/library" ]; }
        apt_install() {
            say "apt: $*"
            [ "$CAN_INSTALL" = True ] || exit 1
            touch "$folder/library"
        }
    """
    done = subprocess.run(
        ["bash", "-c", f'{machine}\n{step}\ninstall_sound_library\nrm -r "$folder"'],
        env=os.environ | {"CAN_INSTALL": str(can_install)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "libportaudio2" in done.stdout.splitlines()[0]
    assert ("apt-get install libportaudio2" in done.stdout) == (not can_install)
    assert ("everything else works" in done.stdout) == (not can_install)


def test_setup_leaves_a_folder_alone_that_it_did_not_make(tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_text("mine", encoding="utf-8")

    done = run("packaging/setup.sh", AMTSTUDIO_VENV=str(tmp_path))

    assert done.returncode == 1
    assert "already exists" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_setup_refuses_a_level_that_it_does_not_know():
    done = run("packaging/setup.sh", "everything")

    assert done.returncode == 2
    assert "usage" in done.stderr


@pytest.mark.parametrize("script", ["packaging/run.sh", "packaging/test.sh"])
def test_help_is_answered_without_setting_up(script, tmp_path):
    done = run(script, "--help", AMTSTUDIO_VENV=str(tmp_path / "venv"))

    assert done.returncode == 0
    assert f"bash {script}" in done.stdout
    assert not (tmp_path / "venv").exists()


def test_the_check_command_is_what_continuous_integration_runs():
    if os.name == "posix":
        assert os.access(ROOT / ".ci/run", os.X_OK)
    done = run(".ci/run", "--help")

    assert "packaging/test.sh" in done.stdout


def test_show_midi_prints_the_notes_in_order(tmp_path):
    spec = importlib.util.spec_from_file_location("show_midi", ROOT / "packaging/show_midi.py")
    show_midi = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(show_midi)
    midi = pretty_midi.PrettyMIDI()
    piano = pretty_midi.Instrument(0)
    piano.notes = [pretty_midi.Note(70, 69, 1.0, 2.0), pretty_midi.Note(50, 60, 0.5, 0.75)]
    midi.instruments.append(piano)
    midi.write(str(tmp_path / "two.mid"))

    head, _, *rows = show_midi.describe(tmp_path / "two.mid").splitlines()

    assert head.endswith("two.mid: 2 notes from C4 to A4, 2.0 s")
    assert [re.split(r" {2,}", row.strip()) for row in rows] == [
        ["0.500 s", "0.750 s", "C4", "50"],
        ["1.000 s", "2.000 s", "A4", "70"],
    ]
