"""The process of a run: ``python -m amtstudio.learning FOLDER`` handles the folder's request."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from amtstudio.errors import AmtStudioError, Cancelled
from amtstudio.learning.control import RunControl
from amtstudio.learning.run_folder import RunFolder

STOPPED = 130


def main() -> int:
    """Returns 0, ``STOPPED``, or the exit code of the error; the outcome says more."""
    from amtstudio.learning.run import run_in  # noqa: PLC0415 - after the signals: imports torch

    try:
        with RunFolder.take(Path(sys.argv[1])) as folder:
            run_in(folder, RunControl(folder.path, is_cancelled=lambda: bool(_signals)))
    except Cancelled:
        return STOPPED
    except AmtStudioError as error:
        return error.exit_code
    return 0


_signals: list[int] = []


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m amtstudio.learning FOLDER (the window does so: see 'adapt')")
    for _name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, _name):
            signal.signal(getattr(signal, _name), lambda number, _frame: _signals.append(number))
    if hasattr(os, "nice"):
        # Other work has priority for the processor: the window, a transcription, a recording.
        os.nice(10)
    sys.exit(main())
