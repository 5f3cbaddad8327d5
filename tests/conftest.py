"""Fixtures that every test may use."""

from __future__ import annotations

import ctypes.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
from shared_material import SHARED
from virtual_sound_card import VirtualSoundCard

from amtstudio.audio import decode, mono_reading, opening
from amtstudio.formats.partitura_import import import_partitura


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240817)


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are opened for decoding, or for their header alone, in order."""
    found: list[Path] = []

    @contextmanager
    def counted(file: BinaryIO, path: Path, **options: Any) -> Iterator[opening.Reader]:
        found.append(path)
        with opening.opened_reader(file, path, **options) as reader:
            yield reader

    monkeypatch.setattr(decode, "opened_reader", counted)
    monkeypatch.setattr(mono_reading, "opened_reader", counted)
    return found


@pytest.fixture
def shared() -> Path:
    """The development recordings beside the project; skips the test where there are none."""
    if not SHARED.is_dir():
        pytest.skip("needs the development recordings in ../shared")
    return SHARED


@pytest.fixture
def partitura() -> Any:
    """The library that reads scores."""
    try:
        return import_partitura()
    except ImportError:
        pytest.skip("needs the extra score")


def _started_card(shared: Path, folder: Path, rate: int) -> VirtualSoundCard:
    script = shared / "tools" / "virtual_mic.sh"
    if not script.is_file():
        pytest.skip("needs ../shared/tools/virtual_mic.sh")
    for program in ("pulseaudio", "pactl", "paplay", "parecord"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}")
    if ctypes.util.find_library("portaudio") is None:
        pytest.skip("needs PortAudio")
    return VirtualSoundCard(script, folder, rate=rate)


@pytest.fixture
def sound_card(shared, tmp_path_factory) -> Iterator[VirtualSoundCard]:
    """A virtual sound card of 48 kHz, plugged in."""
    card = _started_card(shared, tmp_path_factory.mktemp("card"), 48000)
    yield card
    card.do("stop")


@pytest.fixture
def microphone(shared, tmp_path_factory) -> Iterator[VirtualSoundCard]:
    """The same at ALSA's default of 44.1 kHz, so that nothing is resampled on the way."""
    card = _started_card(shared, tmp_path_factory.mktemp("card"), 44100)
    yield card
    card.do("stop")
