"""The picture of how fast a network learns from different starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.figures import new_figure

_COLOURS = ("#444444", "#0072b2", "#d55e00", "#009e73", "#cc79a7")  # safe for colour blindness
_PANELS = (("note_f1", "note F1"), ("frame_f1", "frame F1"))


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a network makes of the validation recordings after ``step`` steps, means over them."""

    step: int
    frame_f1: float
    note_f1: float
    note_offset_f1: float
    average_precision: float
    threshold: float


Curves = Mapping[str, Mapping[str, Sequence[CurvePoint]]]


def draw_curves(curves: Curves, path: Path) -> None:
    """Draw validation F1 over steps, a column of panels for each target.

    Parameters
    ----------
    curves : mapping
        By target, then by what the network started from. Starts that end in "frozen" are dashed,
        in the colour of the same start with all weights.
    path : Path
        ``.svg``, ``.png`` or ``.pdf``.

    Raises
    ------
    AmtStudioError
        If matplotlib is not installed.
    """
    starts = [start for lines in curves.values() for start in lines]
    families = list(dict.fromkeys(start.removesuffix(", frozen") for start in starts))
    figure = new_figure(4.5 * len(curves), 6.0)
    axes = figure.subplots(len(_PANELS), len(curves), sharex=True, sharey="row", squeeze=False)
    for column, (target, lines) in enumerate(curves.items()):
        for row, (field, name) in enumerate(_PANELS):
            panel = axes[row][column]
            for start, points in lines.items():
                family = start.removesuffix(", frozen")
                panel.plot(
                    [point.step for point in points],
                    [getattr(point, field) for point in points],
                    color=_COLOURS[families.index(family) % len(_COLOURS)],
                    linestyle="-" if start == family else "--",
                    label=start,
                )
            panel.set_ylabel(name if column == 0 else "")
            panel.set_ylim(bottom=0.0)
            panel.grid(alpha=0.3)
        axes[0][column].set_title(target)
        axes[0][column].legend(title="start", fontsize="small")
        axes[-1][column].set_xlabel("steps")
    figure.savefig(path)
