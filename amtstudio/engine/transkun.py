"""Transkun (Yan & Duan, MIT licence) as an engine, where the user has installed it.

``pip install 'amtstudio[transkun]'``, or, if it is installed in a separate environment, the path of
that environment's Python in ``AMTSTUDIO_TRANSKUN``. It runs as a separate program, so that neither
its imports nor its way of loading weights become ours, and it can be stopped at any time.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from amtstudio.engine.run import IsCancelled, OnProgress
from amtstudio.errors import Cancelled, CheckpointError
from amtstudio.formats import read_midi
from amtstudio.symbolic import Transcription

PYTHON = "AMTSTUDIO_TRANSKUN"
_PROGRAM = Path(__file__).with_name("transkun_program.py")
_LOOK_EVERY_S = 0.2


class Transkun:
    """Slow (a few times real time on a desktop's processor) and very good."""

    name = "transkun"

    def available(self) -> bool:
        return bool(os.environ.get(PYTHON)) or importlib.util.find_spec("transkun") is not None

    def transcribe(
        self, path: Path, *, on_progress: OnProgress | None, is_cancelled: IsCancelled | None
    ) -> Transcription:
        """Transcribe a recording.

        Raises
        ------
        CheckpointError
            If the program fails.
        Cancelled
        """
        del on_progress  # it does not say how far it is
        with tempfile.TemporaryDirectory(prefix="amtstudio-") as folder:
            notes, log = Path(folder) / "notes.mid", Path(folder) / "log.txt"
            python = os.environ.get(PYTHON) or sys.executable
            command = [python, "-I", str(_PROGRAM), str(path), str(notes)]
            with log.open("wb") as output:
                try:
                    process = subprocess.Popen(command, stdout=output, stderr=output)
                except OSError as error:
                    raise CheckpointError(
                        f"transkun cannot be started with {python}: {error.strerror}",
                        hint=f"set {PYTHON} to the Python that has it, or leave it unset",
                    ) from error
                try:
                    _wait(process, is_cancelled)
                finally:
                    process.kill()
                    process.wait()
            if process.returncode or not notes.is_file():
                lines = log.read_text(errors="replace").strip().splitlines()
                raise CheckpointError(f"transkun failed: {lines[-1] if lines else 'no message'}")
            return read_midi(notes)


def _wait(process: subprocess.Popen[bytes], is_cancelled: IsCancelled | None) -> None:
    while True:
        if is_cancelled is not None and is_cancelled():
            raise Cancelled
        try:
            process.wait(timeout=_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            continue
        return
