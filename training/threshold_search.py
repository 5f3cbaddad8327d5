"""Find the thresholds with the best mean score over a set of pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from amtstudio.scoring import PieceScores, score_notes
from amtstudio.symbolic import Transcription

FrameScore = Literal["frame_aligned", "note_offset_aligned"]

# From the onset, frame and offset thresholds to the transcription of one piece; offset None: notes
# end by the frame activation alone.
DecodePiece = Callable[[float, float, float | None], Transcription]

COARSE = tuple(round(0.05 * step, 2) for step in range(1, 20))  # 0.05 to 0.95
FINE_STEP = 0.01
_ROUNDS = 2  # of the frame and offset thresholds, each with the other as it was found last


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
    offset: float | None  # None: notes do better without
    note_f1: float  # aligned
    frame_score_f1: float  # of the score that the frame and offset thresholds were tuned by


def tune(
    pieces: Sequence[TuningPiece],
    *,
    frame_start: float = 0.5,
    frame_score: FrameScore = "note_offset_aligned",
) -> TunedThresholds:
    """Tune one onset, one frame and one offset threshold for all pieces together.

    First the onset threshold by the mean over pieces of the F1 of aligned notes, with the frame
    threshold at ``frame_start`` and no offset threshold; then, with that onset threshold, the frame
    and the offset threshold by the mean F1 of ``frame_score``, in turns. Each is looked for in
    steps of 0.05 from 0.05 to 0.95, then in steps of 0.01 around the best. Of equal scores the
    middle one is taken: it is the farthest from where scores fall. The offset threshold is left
    out if notes do as well without.

    Raises
    ------
    ValueError
        If there are no pieces.
    """
    if not pieces:
        raise ValueError("need at least one piece to tune on")

    def mean_f1(onset: float, frame: float, offset: float | None, name: str) -> float:
        return float(np.mean([_f1(_scores(piece, onset, frame, offset), name) for piece in pieces]))

    onset, note_f1 = _search(lambda value: mean_f1(value, frame_start, None, "note_aligned"))
    frame, frame_f1 = _search(lambda value: mean_f1(onset, value, None, frame_score))
    offset = None
    for _ in range(_ROUNDS):
        found, offset_f1 = _search(partial(mean_f1, onset, frame, name=frame_score))
        if offset_f1 <= frame_f1:
            break
        offset = found
        by_frame = partial(mean_f1, onset, offset=offset, name=frame_score)
        frame, frame_f1 = _search(by_frame)
    return TunedThresholds(onset, frame, offset, note_f1, frame_f1)


def _scores(piece: TuningPiece, onset: float, frame: float, offset: float | None) -> PieceScores:
    return score_notes(piece.reference, piece.decode(onset, frame, offset))


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
