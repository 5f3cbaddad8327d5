"""Scores as a plain-text table."""

from __future__ import annotations

from collections.abc import Mapping

from amtstudio.scoring.by_instrument import InstrumentCounts
from amtstudio.scoring.scores import PieceScores, mean_scores

# Heading and score, in the order of the columns; F1 in percent where nothing else is said.
F1_COLUMNS = {
    "note": "note",
    "aligned": "note_aligned",
    "100ms": "note_100ms",
    "+off": "note_offset",
    "+off al.": "note_offset_aligned",
    "+off+vel": "note_offset_velocity",
    "frame": "frame",
}
_HEADINGS = ("piece", "P", "R", *F1_COLUMNS, "vel ok", "dev ms", "ref", "est")


def scores_table(pieces: Mapping[str, PieceScores]) -> str:
    """A line for each piece, then their mean, in columns.

    P and R are the precision and recall of ``note_aligned``; the columns from "note" to "frame"
    are F1; "vel ok" is ``velocity_within``; all of these are in percent. A piece whose reference
    has no notes has dashes, and no part in the mean.

    Raises
    ------
    ValueError
        If there are no pieces.
    """
    rows = [_row(name, score) for name, score in pieces.items()]
    mean = _row("mean", mean_scores(list(pieces.values())))
    return _table(_HEADINGS, rows, mean)


def instruments_table(counts: Mapping[str, InstrumentCounts]) -> str:
    """A line for each instrument: its number of notes, and how well they were transcribed.

    "found" is the recall regardless of the instrument; P, R and F1 count the notes that
    were put on the right instrument; all in percent.
    """
    headings = ("instrument", "found", "P", "R", "F1", "ref", "est")
    return _table(headings, [_instrument_row(*entry) for entry in counts.items()])


def _instrument_row(name: str, count: InstrumentCounts) -> tuple[str, ...]:
    numbers = (str(count.n_reference), str(count.n_estimate))
    if not count.n_reference:
        return (name, "-", "-", "-", "-", *numbers)
    shares = (count.found, count.prf.precision, count.prf.recall, count.prf.f1)
    return (name.replace("_", " "), *map(_percent, shares), *numbers)


def _table(
    headings: tuple[str, ...], rows: list[tuple[str, ...]], last: tuple[str, ...] | None = None
) -> str:
    below = [] if last is None else [last]
    widths = [max(map(len, column)) for column in zip(headings, *rows, *below, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    lines = [_line(headings, widths), rule, *(_line(row, widths) for row in rows)]
    return "\n".join([*lines, *(line for row in below for line in (rule, _line(row, widths)))])


def _row(name: str, score: PieceScores) -> tuple[str, ...]:
    counts = (str(score.n_reference), str(score.n_estimate))
    if not score.is_scored:
        return (name, *"-" * (len(_HEADINGS) - 1 - len(counts)), *counts)
    return (
        name,
        _percent(score.note_aligned.precision),
        _percent(score.note_aligned.recall),
        *(_percent(getattr(score, field).f1) for field in F1_COLUMNS.values()),
        _percent(score.velocity_within),
        f"{score.median_deviation_ms:+.1f}",
        *counts,
    )


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f}"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *rest = (
        cell.ljust(width) if index == 0 else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *rest])
