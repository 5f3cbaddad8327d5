"""F1 by track and drum, and whether one system is better than another by more than chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.stats

from training.drums.evaluation import THREE, compare
from training.drums.unlabelled.material import Track
from training.text_table import text_table

Heard = Mapping[str, Sequence[float]]  # seconds by drum
Scores = dict[str, list[float]]  # F1 of each track by drum; NaN: there is nothing to hear
FEWEST_TRACKS = 6


def score(tracks: Sequence[Track], heard: Sequence[Heard]) -> Scores:
    """F1 of each track, of hits within 50 ms."""
    found: Scores = {drum: [] for drum in THREE}
    for track, times in zip(tracks, heard, strict=True):
        for drum in THREE:
            counts = compare(track.times[drum], times.get(drum, ()))
            found[drum].append(counts.f1 if counts.reference else float("nan"))
    return found


def mean(scores: Sequence[float]) -> float:
    known = [value for value in scores if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def p_value(scores: Sequence[float], others: Sequence[float]) -> float:
    """Two-sided Wilcoxon signed-rank test over tracks; NaN where fewer than six can tell."""
    pairs = np.array([scores, others])
    difference = np.diff(pairs[:, ~np.isnan(pairs).any(axis=0)], axis=0)[0]
    if np.count_nonzero(difference) < FEWEST_TRACKS:
        return float("nan")
    return float(scipy.stats.wilcoxon(difference).pvalue)


def table(systems: Mapping[str, Scores], against: Mapping[str, str]) -> str:
    """Mean F1 of each system by drum, and p against another where one is named.

    ``*``: p below 0.05 after Holm's correction over all comparisons of the table.
    """
    tested = [(name, drum) for name in against for drum in THREE if name in systems]
    values = {
        (name, drum): p_value(systems[name][drum], systems[against[name]][drum])
        for name, drum in tested
    }
    starred = holm(values)
    rows = []
    for name, scores in systems.items():
        row = [name]
        for drum in THREE:
            star = "*" if (name, drum) in starred else ""
            row += [f"{mean(scores[drum]):.2f}{star}", _shown(values.get((name, drum)))]
        rows.append(row)
    columns = [cell for drum in THREE for cell in (drum, "p")]
    return text_table(["system", *columns], rows)


def holm(values: Mapping[tuple[str, str], float], level: float = 0.05) -> set[tuple[str, str]]:
    """Which of several tests are significant together (Holm 1979)."""
    known = sorted((p, key) for key, p in values.items() if not np.isnan(p))
    found: set[tuple[str, str]] = set()
    for number, (p, key) in enumerate(known):
        if p > level / (len(known) - number):
            break
        found.add(key)
    return found


def _shown(p: float | None) -> str:
    return "" if p is None else "-" if np.isnan(p) else f"{p:.3f}"
