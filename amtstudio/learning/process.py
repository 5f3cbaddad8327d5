"""An adaptation in a separate process, watched and controlled from the window.

A crash in it, or lack of memory, never takes down the window, and it continues when the window is
closed. The run folder is all that the two share.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

from amtstudio.learning.control import PAUSE, STOP
from amtstudio.learning.report import Outcome, read_outcome
from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import SAID, RunFolder, run_path


class AdaptationProcess:
    """The run for one profile name, begun here or earlier by a window that is closed by now."""

    def __init__(self, name: str, process: subprocess.Popen[bytes] | None = None) -> None:
        self.name = name
        self.folder = run_path(name)
        self._process = process

    @classmethod
    def start(cls, request: Request, *, resume: bool = False) -> AdaptationProcess:
        """Begin a run, or take up a stopped one, at low priority.

        Raises what ``RunFolder.open`` raises.
        """
        with RunFolder.open(request, resume=resume) as folder:
            path = folder.path
        # No pipe: writing to one whose reader has gone with the window would end the run.
        with (path / SAID).open("wb") as said:
            process = subprocess.Popen(
                [*_program(), str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                # Of its own: Ctrl-C and the end of the window are not meant for it.
                start_new_session=os.name != "nt",
                creationflags=_WINDOWS_FLAGS,
            )
        return cls(request.name, process)

    @property
    def has_begun_here(self) -> bool:
        """Whether ``wait`` can be asked how it ended."""
        return self._process is not None

    def is_running(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return RunFolder.is_at_work(self.name)

    def stop(self) -> None:
        """Ask it to stop; it does within a second and can be taken up again."""
        self._ask(STOP)

    def pause(self) -> None:
        """Hold it, for as long as something else needs the processor."""
        self._ask(PAUSE)

    def go_on(self) -> None:
        (self.folder / PAUSE).unlink(missing_ok=True)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for a process begun here; its exit code.

        Raises ``subprocess.TimeoutExpired`` after ``timeout`` seconds.
        """
        if self._process is None:
            raise ValueError("this run was begun by another process")
        return self._process.wait(timeout)

    @property
    def outcome(self) -> Outcome | None:
        """How it ended; None: it has not, or was killed."""
        return read_outcome(self.folder)

    @property
    def said(self) -> str:
        """The error output of a process that crashed; else ""."""
        try:
            return (self.folder / SAID).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""

    def _ask(self, wish: str) -> None:
        with contextlib.suppress(FileNotFoundError):  # the run was thrown away
            (self.folder / wish).touch()


# No console window, and a priority below that of the window's own process.
_WINDOWS_FLAGS = 0x08000000 | 0x00004000 if os.name == "nt" else 0


def _program() -> list[str]:
    return [sys.executable, "-m", "amtstudio.learning"]
