"""Plots of experiments' results, with a library that is an optional extra."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amtstudio.errors import AmtStudioError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of some inches.

    Raises
    ------
    AmtStudioError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - in an optional extra
    except ImportError as error:
        raise AmtStudioError(
            "a picture needs matplotlib", hint='install it with pip install ".[figures]"'
        ) from error
    return Figure(figsize=(width, height), layout="constrained")
