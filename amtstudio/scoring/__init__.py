"""Compare an estimate with a reference."""

from amtstudio.scoring.compare import score_notes
from amtstudio.scoring.scores import PRF, PieceScores, mean_scores
from amtstudio.scoring.table import scores_table

__all__ = ["PRF", "PieceScores", "mean_scores", "score_notes", "scores_table"]
