"""A sound server without hardware: what is played on it is what its microphone hears."""

from __future__ import annotations

import os
import shlex
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]


class VirtualSoundCard:
    """A PulseAudio of its own, run by a script that knows ``start``, ``unplug`` and ``stop``."""

    def __init__(self, script: Path, folder: Path, *, rate: int) -> None:
        self._command = ["bash", str(script)]
        self._folder = str(folder)
        self.rate = rate  # Hz
        words = shlex.split(self.do("start"))
        self.variables = dict(word.split("=", 1) for word in words if "=" in word)

    @property
    def environment(self) -> dict[str, str]:
        """For a program that is to use this card."""
        return {**os.environ, "PYTHONPATH": str(ROOT), **self.variables}

    def do(self, action: str) -> str:
        done = subprocess.run(
            [*self._command, action, self._folder],
            stdout=subprocess.PIPE,
            env={**os.environ, "VMIC_RATE": str(self.rate)},
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout

    def play(self, path: Path) -> None:
        """Play a sound file to its end."""
        subprocess.run(["paplay", str(path)], env=self.environment, check=True, timeout=120)

    @contextmanager
    def recorded(self, path: Path, rate: int) -> Iterator[None]:
        """Meanwhile, write what is played into a file that ``read_recorded`` reads."""
        options = ("--raw", "--format=s16le", f"--rate={rate}", "--channels=1", "--latency-msec=20")
        with path.open("wb") as file:
            recorder = subprocess.Popen(
                ["parecord", "--device=vspeaker.monitor", *options],
                env=self.environment,
                stdout=file,
            )
            try:
                yield
            finally:
                recorder.terminate()
                recorder.wait(10)


def read_recorded(path: Path) -> npt.NDArray[np.float64]:
    return np.frombuffer(path.read_bytes(), dtype="<i2") / 32768.0
