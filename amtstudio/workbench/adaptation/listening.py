"""What a teacher is sure of in a recording: the work behind the window that shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from amtstudio.learning.opinion import Opinion

LOOKED_AT_S = 120.0  # of a recording


def listen(
    path: Path,
    model: str,
    device: str,
    *,
    on_progress: Callable[[float, float | None], None],
    is_cancelled: Callable[[], bool],
    **_callbacks: object,
) -> Opinion:
    """The work of a job. Raises what ``teacher_opinion`` does."""
    from amtstudio.learning.listening import teacher_opinion  # noqa: PLC0415 - torch

    return teacher_opinion(
        path,
        model,
        device=device,
        seconds=LOOKED_AT_S,
        on_progress=on_progress,
        is_cancelled=is_cancelled,
    )
