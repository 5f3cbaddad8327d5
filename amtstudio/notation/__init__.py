"""A transcription as a musician writes it: bars, note values, voices, hands, keys.

A view of what was played, which itself is never changed.
"""

from amtstudio.notation.arranging import NotationSettings, arrange
from amtstudio.notation.bars import DIVISIONS
from amtstudio.notation.quantising import quantised
from amtstudio.notation.score import Part, Score, ScoreNote

__all__ = [
    "DIVISIONS",
    "NotationSettings",
    "Part",
    "Score",
    "ScoreNote",
    "arrange",
    "quantised",
]
