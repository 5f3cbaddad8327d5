"""An adaptation in a process of its own, watched and steered from the window.

The process is the command ``amtstudio adapt``: a crash in it, or lack of memory, never takes the
window along, and it goes on when the window is closed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path
from typing import IO

from amtstudio.learning.control import PAUSE, POLITE, PROCESS, STOP, ask, read_events, take_back
from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import RunFolder, run_path


class AdaptationProcess:
    """The run for one profile name, begun here or earlier by a window that is closed by now."""

    def __init__(
        self,
        name: str,
        process: subprocess.Popen[bytes] | None = None,
        said: IO[bytes] | None = None,
    ) -> None:
        self.name = name
        self.folder = run_path(name)
        self._process = process
        self._said = said
        self._former_mark: int | None = None
        if said is not None:
            weakref.finalize(self, said.close)

    @classmethod
    def start(cls, request: Request, *, resume: bool = False) -> AdaptationProcess:
        """Begin a run, or take up a stopped one, at low priority.

        ``request.corrections`` cannot be handed over: name the projects among the recordings.

        Raises
        ------
        ValueError
            If there are corrections in the request.
        """
        if request.corrections:
            raise ValueError("give the projects as recordings, in place of corrections")
        arguments = [
            *(str(path) for path in request.recordings),
            *("--name", request.name),
            *("--minutes", str(request.minutes)),
            *("--model", request.model),
            *("--device", request.device),
            *("--teacher", request.teacher),
            "--quiet",
        ]
        arguments += ["--resume"] * resume + ["--overwrite"] * request.overwrite
        former_mark = _mark(run_path(request.name))
        # No pipe: writing into one whose reader has gone with the window would end the run.
        said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with what is returned
        process = subprocess.Popen(
            [*_program(), "adapt", *arguments],
            env={**os.environ, POLITE: "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            # Of its own: Ctrl-C and the end of the window are not meant for it.
            start_new_session=os.name != "nt",
            creationflags=_WINDOWS_FLAGS,
        )
        run = cls(request.name, process, said)
        run._former_mark = former_mark
        return run

    def events(self) -> list[dict[str, object]]:
        """Everything told so far; see ``Report`` and ``RunControl.tell``."""
        return read_events(self.folder)

    @property
    def has_begun_here(self) -> bool:
        """Whether ``wait`` can be asked how it ended."""
        return self._process is not None

    def is_running(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return RunFolder.is_at_work(self.name)

    def is_ready(self) -> bool:
        """Whether it heeds ``stop`` and ``pause`` by now: it clears away older wishes first."""
        return self._process is None or _mark(self.folder) not in (None, self._former_mark)

    def end(self) -> None:
        """End a process begun here that is not ready yet; it has not done anything so far."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """Ask it to stop; it does within a second and can be taken up again."""
        ask(self.folder, STOP)

    def pause(self) -> None:
        """Hold it, for as long as something else needs the processor."""
        ask(self.folder, PAUSE)

    def go_on(self) -> None:
        take_back(self.folder, PAUSE)

    def wait(self, timeout: float | None = None) -> tuple[int, str]:
        """Wait for a process begun here; its exit code, and what it said of an error.

        Raises ``subprocess.TimeoutExpired`` after ``timeout`` seconds.
        """
        if self._process is None:
            raise ValueError("this run was begun by another process")
        code = self._process.wait(timeout)
        error = b""
        if self._said is not None:
            self._said.seek(0)
            error = self._said.read()
        return code, error.decode(errors="replace").strip()


# No console window, and a priority below that of the window's own process.
_WINDOWS_FLAGS = 0x08000000 | 0x00004000 if os.name == "nt" else 0


def _program() -> list[str]:
    if getattr(sys, "frozen", False):  # the bundled program is its own command line
        return [sys.executable]
    return [sys.executable, "-m", "amtstudio"]


def _mark(folder: Path) -> int | None:
    """What is another number as soon as a process has taken the folder for itself."""
    try:
        return (folder / PROCESS).stat().st_mtime_ns
    except OSError:
        return None


def report_path(name: str) -> Path:
    """Where the report of a finished run lies until the next one begins."""
    return run_path(name) / "report.json"
