"""Starting the process of a run, or taking it up again."""

from __future__ import annotations

from collections.abc import Callable

from amtstudio.errors import Cancelled
from amtstudio.learning.process import AdaptationProcess
from amtstudio.learning.request import Request
from amtstudio.workbench.adaptation.asked import Asked


def begin(
    asked: Asked, *, is_cancelled: Callable[[], bool], **_callbacks: object
) -> AdaptationProcess:
    asked.begin()
    return _start(asked.request, resume=False, is_cancelled=is_cancelled)


def resume(
    asked: Asked, *, is_cancelled: Callable[[], bool], **_callbacks: object
) -> AdaptationProcess:
    return _start(asked.resumed, resume=asked.can_go_on, is_cancelled=is_cancelled)


def _start(
    request: Request, *, resume: bool, is_cancelled: Callable[[], bool]
) -> AdaptationProcess:
    if is_cancelled():  # the window is being closed
        raise Cancelled
    return AdaptationProcess.start(request, resume=resume)
