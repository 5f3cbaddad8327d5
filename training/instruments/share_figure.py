"""How much labels matter to each method: a table and a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from training.figures import new_figure
from training.text_table import text_table

_COLOURS = {
    "ATT": "#0072b2", "MT": "#d55e00", "FC_T": "#009e73",
    "FC": "#cc79a7", "RNN": "#e69f00", "DGM": "#444444",
}  # fmt: skip
Row = Mapping[str, object]


def share_table(rows: Sequence[Row], score: str = "auroc") -> str:
    """A row for each method, a column for each labelled share: the mean score, and its spread.

    The spread, that of the seeds, is known of the AUROC.
    """
    shares = list(dict.fromkeys(row["fraction"] for row in rows))
    methods = list(dict.fromkeys(str(row["method"]) for row in rows))
    cells = {(row["method"], row["fraction"]): _cell(row, score) for row in rows}
    lines = [(method, *(cells.get((method, s), "") for s in shares)) for method in methods]
    return text_table((score, *(f"{100 * float(str(share)):g} %" for share in shares)), lines)


def _cell(row: Row, score: str) -> str:
    mean = f"{float(str(row[score])):.3f}"
    return f"{mean} ± {float(str(row['auroc_std'])):.3f}" if score == "auroc" else mean


def draw_shares(rows: Sequence[Row], path: Path) -> None:
    """Draw the AUROC of each method over the labelled share, with the spread of the seeds.

    Raises
    ------
    AmtStudioError
        If matplotlib is not installed.
    """
    figure = new_figure(6.0, 4.0)
    axes = figure.subplots()
    for method in dict.fromkeys(str(row["method"]) for row in rows):
        points = sorted(
            (
                100.0 * float(str(row["fraction"])),
                float(str(row["auroc"])),
                float(str(row["auroc_std"])),
            )
            for row in rows
            if row["method"] == method
        )
        shares, means, spreads = zip(*points, strict=True)
        colour = _COLOURS.get(method, "#888888")
        axes.errorbar(shares, means, spreads, color=colour, marker="o", capsize=3, label=method)
    axes.set_xscale("log")
    axes.set_xticks(list(dict.fromkeys(100.0 * float(str(row["fraction"])) for row in rows)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.minorticks_off()
    axes.set_xlabel("labelled bags, per cent")
    axes.set_ylabel("AUROC")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path)
