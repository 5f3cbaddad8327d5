"""One adaptation from its request to its outcome: for the command line, window and benchmarks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from amtstudio.errors import AmtStudioError, Cancelled
from amtstudio.learning.adaptation import adapt
from amtstudio.learning.control import OnEvent, RunControl
from amtstudio.learning.instrument_tags.adaptation import adapt_detector, is_detector
from amtstudio.learning.report import Failed, Finished, Outcome, Report, Stopped
from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import RunFolder


def run(
    request: Request,
    *,
    resume: bool = False,
    on_event: OnEvent | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    control: type[RunControl] = RunControl,
) -> Report:
    """Adapt in this process, and leave the outcome in the folder of the run.

    Raises what ``RunFolder.open`` and ``adapt`` raise, ``Cancelled`` among them.
    """
    with RunFolder.open(request, resume=resume) as folder:
        return run_in(folder, control(folder.path, on_event=on_event, is_cancelled=is_cancelled))


def run_in(folder: RunFolder, control: RunControl) -> Report:
    """The same in a folder that is held already."""
    try:
        learns = adapt_detector if is_detector(folder.request.model) else adapt
        report = learns(folder.request, control)
    except Cancelled:
        _end(folder, Stopped())
        raise
    except Exception as error:
        _end(folder, _failed(error))
        raise
    folder.end(Finished(report))
    return report


def _failed(error: Exception) -> Failed:
    if isinstance(error, AmtStudioError):
        return Failed(error.cause, error.hint, error.exit_code)
    if isinstance(error, MemoryError):
        hint = "close other programs, or learn from fewer recordings"
        return Failed("there is not enough memory", hint, 75)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        hint = "check the file and the space on the disk, and go on"
        return Failed(f"{where}{error.strerror or error}", hint, 74)
    cause = f"unexpected {type(error).__name__}, a fault of this program: {error}"
    return Failed(cause, "copy the details and report them", AmtStudioError.exit_code)


def _end(folder: RunFolder, outcome: Outcome) -> None:
    # What went wrong matters more than that it could not be written down, on a full disk say.
    with contextlib.suppress(AmtStudioError, OSError):
        folder.end(outcome)
