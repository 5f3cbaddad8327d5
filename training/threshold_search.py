"""Find the thresholds with the best mean score over a set of pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from amtstudio.scoring import PieceScores, score_notes
from amtstudio.symbolic import Transcription

FrameScore = Literal["frame_aligned", "note_offset_aligned"]

# From the onset and the frame threshold to the transcription of one piece.
DecodePiece = Callable[[float, float], Transcription]

COARSE = tuple(round(0.05 * step, 2) for step in range(1, 20))  # 0.05 to 0.95
FINE_STEP = 0.01


@dataclass(frozen=True, slots=True)
class TuningPiece:
    """A piece whose activations are at hand: moving a threshold only decodes again."""

    reference: Transcription
    decode: DecodePiece


@dataclass(frozen=True, slots=True)
class TunedThresholds:
    """The thresholds found, in [0, 1], and the mean F1 that they give on the tuning set."""

    onset: float
    frame: float
    note_f1: float  # aligned
    frame_score_f1: float  # of the score that the frame threshold was tuned by


def tune(
    pieces: Sequence[TuningPiece],
    *,
    frame_start: float = 0.5,
    frame_score: FrameScore = "note_offset_aligned",
) -> TunedThresholds:
    """Tune one onset and one frame threshold for all pieces together.

    First the onset threshold by the mean over pieces of the F1 of aligned notes, with the frame
    threshold at ``frame_start``; then, with that onset threshold, the frame threshold by the mean
    F1 of ``frame_score``. Each is looked for in steps of 0.05 from 0.05 to 0.95, then in steps of
    0.01 around the best. Of equal scores the middle one is taken: it is the farthest from where
    scores fall.

    Raises
    ------
    ValueError
        If there is no piece.
    """
    if not pieces:
        raise ValueError("need at least one piece to tune on")

    def mean_f1(onset: float, frame: float, name: str) -> float:
        return float(np.mean([_f1(_scores(piece, onset, frame), name) for piece in pieces]))

    onset, note_f1 = _search(lambda value: mean_f1(value, frame_start, "note_aligned"))
    frame, frame_f1 = _search(lambda value: mean_f1(onset, value, frame_score))
    return TunedThresholds(onset, frame, note_f1, frame_f1)


def _scores(piece: TuningPiece, onset: float, frame: float) -> PieceScores:
    return score_notes(piece.reference, piece.decode(onset, frame))


def _f1(scores: PieceScores, name: str) -> float:
    return float(getattr(scores, name).f1)


def _search(score: Callable[[float], float]) -> tuple[float, float]:
    """The best threshold and its score."""
    found = {threshold: score(threshold) for threshold in COARSE}
    around = _middle_of_best(found)
    for step in range(-4, 5):
        threshold = round(around + step * FINE_STEP, 2)
        if threshold not in found and 0.0 < threshold < 1.0:
            found[threshold] = score(threshold)
    best = _middle_of_best(found)
    return best, found[best]


def _middle_of_best(found: dict[float, float]) -> float:
    highest = max(found.values())
    best = sorted(threshold for threshold, score in found.items() if score == highest)
    return best[len(best) // 2]
