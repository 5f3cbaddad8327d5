"""The scores of one piece, and their mean over pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

JsonScores = dict[str, "float | int | dict[str, float]"]


@dataclass(frozen=True, slots=True)
class PRF:
    """Precision, recall and their harmonic mean, each in [0, 1]."""

    precision: float = 0.0
    recall: float = 0.0
    f1: float = 0.0

    @classmethod
    def from_counts(cls, n_matched: int, n_reference: int, n_estimate: int) -> PRF:
        """All zero where reference or estimate is empty, as in mir_eval."""
        if n_matched == 0:
            return cls()
        precision, recall = n_matched / n_estimate, n_matched / n_reference
        return cls(precision, recall, 2.0 * precision * recall / (precision + recall))


@dataclass(frozen=True, slots=True)
class PieceScores:
    """How well an estimate agrees with its reference.

    *Aligned* means that the median onset deviation (``median_deviation_ms``) was taken off the
    estimate before matching; ``score_notes`` says how. As in mir_eval, every score is 0 where the
    reference or the estimate has no notes.

    Attributes
    ----------
    note, note_aligned : PRF
        Same pitch, onset within 50 ms; the offset is ignored.
    note_100ms : PRF
        As ``note``, within 100 ms, for instruments with soft onsets.
    note_offset, note_offset_aligned : PRF
        As ``note``, and the offset within 50 ms or 20 % of the reference's duration, whichever
        is more.
    note_offset_velocity, note_offset_velocity_aligned : PRF
        As ``note_offset``, and the velocity within 0.1 after mir_eval's rescaling.
    frame, frame_aligned : PRF
        Over the cells of piano rolls drawn from the notes, 10 ms to a column.
    velocity_within : float
        Share of the notes matched for ``note_aligned`` whose velocity is within 0.1 after
        mir_eval's rescaling; 0 if none was matched.
    median_deviation_ms : float
        Median of estimated minus reference onset; positive: the estimate is late.
    n_reference, n_estimate : int
        Notes; in a mean over pieces their totals.
    note_aligned_100ms : PRF
        As ``note_aligned``, within 100 ms.
    octave_errors : float
        Share of the estimated notes that are an octave or two off; see ``octave_error_share``.
    """

    note: PRF
    note_aligned: PRF
    note_100ms: PRF
    note_offset: PRF
    note_offset_aligned: PRF
    note_offset_velocity: PRF
    note_offset_velocity_aligned: PRF
    frame: PRF
    frame_aligned: PRF
    velocity_within: float
    median_deviation_ms: float
    n_reference: int
    n_estimate: int
    note_aligned_100ms: PRF
    octave_errors: float

    @property
    def is_scored(self) -> bool:
        """Whether the reference has notes; without, the scores say nothing."""
        return self.n_reference > 0

    def to_dict(self) -> JsonScores:
        """Plain numbers for JSON, each PRF as ``{"precision", "recall", "f1"}``."""
        result: JsonScores = {}
        for field in fields(self):
            value = getattr(self, field.name)
            result[field.name] = _prf_dict(value) if isinstance(value, PRF) else value
        return result


def mean_scores(scores: Sequence[PieceScores]) -> PieceScores:
    """Mean over pieces, each piece counting the same; note counts are added up.

    The mean F1 is the mean of the pieces' F1, not the F1 of mean precision and recall. A piece
    whose reference has no notes cannot be scored and is left out; where no piece has any, all
    is 0.

    Raises
    ------
    ValueError
        If there is nothing to average.
    """
    if not scores:
        raise ValueError("need the scores of at least one piece")
    scores = [score for score in scores if score.is_scored] or scores

    def prf(name: str) -> PRF:
        parts: list[PRF] = [getattr(score, name) for score in scores]
        return PRF(
            _mean([part.precision for part in parts]),
            _mean([part.recall for part in parts]),
            _mean([part.f1 for part in parts]),
        )

    return PieceScores(
        note=prf("note"),
        note_aligned=prf("note_aligned"),
        note_100ms=prf("note_100ms"),
        note_offset=prf("note_offset"),
        note_offset_aligned=prf("note_offset_aligned"),
        note_offset_velocity=prf("note_offset_velocity"),
        note_offset_velocity_aligned=prf("note_offset_velocity_aligned"),
        frame=prf("frame"),
        frame_aligned=prf("frame_aligned"),
        velocity_within=_mean([score.velocity_within for score in scores]),
        median_deviation_ms=_mean([score.median_deviation_ms for score in scores]),
        n_reference=sum(score.n_reference for score in scores),
        n_estimate=sum(score.n_estimate for score in scores),
        note_aligned_100ms=prf("note_aligned_100ms"),
        octave_errors=_mean([score.octave_errors for score in scores]),
    )


def _prf_dict(prf: PRF) -> dict[str, float]:
    return {"precision": prf.precision, "recall": prf.recall, "f1": prf.f1}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
