"""Compare an estimate with a reference."""

from amtstudio.scoring.by_instrument import (
    InstrumentCounts,
    names_instruments,
    score_instruments,
    summed,
)
from amtstudio.scoring.compare import score_notes
from amtstudio.scoring.scores import PRF, PieceScores, mean_scores
from amtstudio.scoring.table import instruments_table, scores_table

__all__ = [
    "PRF",
    "InstrumentCounts",
    "PieceScores",
    "instruments_table",
    "mean_scores",
    "names_instruments",
    "score_instruments",
    "score_notes",
    "scores_table",
    "summed",
]
