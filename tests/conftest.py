"""Fixtures that every test may use."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240817)


@pytest.fixture
def shared() -> Path:
    """The development recordings beside the project; skips the test where there are none."""
    if not SHARED.is_dir():
        pytest.skip("needs the development recordings in ../shared")
    return SHARED


@pytest.fixture
def sound_card(shared, tmp_path_factory):
    """A virtual sound card: the environment to run in; its card is unplugged with ``unplug``."""
    for program in ("pulseaudio", "pactl", "parecord"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}")
    from amtstudio.playback import playback_available  # noqa: PLC0415 - few tests need it

    available, reason = playback_available()
    if not available and "PortAudio" in reason:
        pytest.skip("needs PortAudio")
    script = shared / "tools/virtual_mic.sh"
    folder = tmp_path_factory.mktemp("card")

    def card(action):
        return subprocess.run(
            ["bash", str(script), action, str(folder / "v")],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout

    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    for word in card("start").replace("export ", "").split():
        name, value = word.split("=", 1)
        environment[name] = value.strip("'")
    try:
        yield environment, card
    finally:
        card("stop")
