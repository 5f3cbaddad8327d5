"""Figures as a plain-text table."""

from __future__ import annotations

from collections.abc import Sequence


def text_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    foot: Sequence[Sequence[str]] = (),
    n_left: int = 1,
) -> str:
    """Headings, a rule, rows; a second rule and ``foot`` where there is one.

    The first ``n_left`` columns are flush left, the others right.

    Raises
    ------
    ValueError
        If a row has not as many cells as there are headings.
    """
    lines = [headings, *rows, *foot]
    for line in lines:
        if len(line) != len(headings):
            raise ValueError(f"need {len(headings)} cells in a row, got {len(line)}: {line}")
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    shown = [_line(line, widths, n_left) for line in lines]
    n_body = 1 + len(rows)
    parts = [shown[0], rule, *shown[1:n_body], *([rule] if foot else []), *shown[n_body:]]
    return "\n".join(parts)


def percent(share: float) -> str:
    return f"{100.0 * share:.1f}"


def _line(cells: Sequence[str], widths: Sequence[int], n_left: int) -> str:
    return "  ".join(
        cell.ljust(width) if index < n_left else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()
