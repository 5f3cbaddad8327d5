"""Which instrument is missed where another is named that does not play.

With several classes present at a time, there is no confusion matrix with one answer for each
example. Instead, for each class that is named wrongly, this counts which are missed in the same
recordings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.figures import new_figure

BoolArray = npt.NDArray[np.bool_]


def missed_where_named(
    named: BoolArray, present: BoolArray, observed: BoolArray
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """How false names and missed classes go together, each array (n_examples, n_classes).

    Returns
    -------
    np.ndarray, shape (n_classes, n_classes)
        Row i: of the examples in which class i is named but absent, the share in which each class
        is missed. NaN in rows without such examples.
    np.ndarray, shape (n_classes,)
        In how many examples class i is named but absent.

    References
    ----------
    Gururani, Summers, Lerch, "Instrument Activity Detection in Polyphonic Music using Deep Neural
    Networks", ISMIR 2018, figure 3: false negatives conditioned on a false positive.
    """
    false = named & ~present & observed
    missed = ~named & present & observed
    counts = false.sum(axis=0)
    together = false.T.astype(np.float64) @ missed.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = together / counts[:, np.newaxis]
    return shares, counts.astype(np.int64)


def confusion_lines(
    classes: Sequence[str], shares: npt.NDArray[np.float64], counts: npt.NDArray[np.int64]
) -> list[str]:
    """For people: each class that is named wrongly, the most often first, and what is missed."""
    lines = []
    for place in np.argsort(-counts, kind="stable"):
        if not counts[place]:
            break
        order = np.argsort(-shares[place], kind="stable")[:3]
        missed = ", ".join(
            f"{classes[i]} {shares[place, i]:.2f}" for i in order if shares[place, i]
        )
        lines.append(f"{classes[place]:<18}{counts[place]:4d} times; missed then: {missed or '-'}")
    return lines


def draw_confusion(classes: Sequence[str], shares: npt.NDArray[np.float64], path: Path) -> None:
    """Draw the shares, a row for each class that is named wrongly.

    Raises
    ------
    AmtStudioError
        If matplotlib is not installed.
    """
    figure = new_figure(7.0, 6.0)
    axes = figure.subplots()
    image = axes.imshow(np.nan_to_num(shares), cmap="Blues", vmin=0.0)
    names = [name.replace("_", " ") for name in classes]
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize="small")
    axes.set_yticks(range(len(names)), names, fontsize="small")
    axes.set_xlabel("missed")
    axes.set_ylabel("named, and does not play")
    figure.colorbar(image, ax=axes, shrink=0.8, label="share of the recordings")
    figure.savefig(path)
