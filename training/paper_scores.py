"""The figures of the papers on the U-net: frames, notes, average precision and accuracy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding import Activations
from amtstudio.scoring import PRF, score_notes
from amtstudio.symbolic import Transcription
from amtstudio.symbolic.heads import Pitches
from training.instruments.metrics import average_precision
from training.text_table import text_table

Roll = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PaperScores:
    """How well one recording was transcribed, each figure in [0, 1].

    Attributes
    ----------
    frame : PRF
        Over all frames of the model and its pitches: those at or above the threshold.
    average_precision : float
        Area under the curve of precision against recall over the same cells, all pitches together
        ("micro", in the tables muAP): the one figure that no threshold enters.
    accuracy : float
        Cells found over cells found, missed or invented: TP / (TP + FP + FN).
    note, note_offset : PRF
        As ``PieceScores``.
    """

    frame: PRF
    average_precision: float
    accuracy: float
    note: PRF
    note_offset: PRF

    def to_dict(self) -> dict[str, float | dict[str, float]]:
        return asdict(self)


def frame_roll(truth: Transcription, activations: Activations) -> Roll:
    """The cells of the head ``frame`` that should sound, shape (n_frames, n_pitches).

    A note fills the frames from the one nearest to its onset to the one before that nearest to its
    offset, and at least one. Pitches out of the model's range are left out.

    Raises
    ------
    ValueError
        If the model does not have this head along pitches.
    """
    axis = activations.head("frame").axis if "frame" in activations else None
    if not isinstance(axis, Pitches):
        raise ValueError("the model tells no sounding pitches frame by frame")  # noqa: TRY004
    roll = np.zeros(activations["frame"].shape, dtype=bool)
    grid, before = activations.grid, activations.first_frame
    for note in truth.notes:
        if note.pitch in axis:
            first = grid.to_frame(note.onset) - before
            last = max(grid.to_frame(note.offset) - before, first + 1)
            roll[max(first, 0) : max(last, 0), note.pitch - axis.lowest] = True
    return roll


def frame_scores(
    roll: Roll, probs: npt.NDArray[np.floating], threshold: float
) -> tuple[PRF, float, float]:
    """Precision, recall and F1; average precision; accuracy.

    Parameters
    ----------
    roll : np.ndarray of bool, shape (n_frames, n_pitches)
    probs : np.ndarray, same shape, in [0, 1]
    threshold : float
        Lowest probability that counts as sounding.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    Thickstun, Harchaoui & Kakade, "Learning Features of Music from Scratch", ICLR 2017, for
    average precision over frames, and Bay, Ehmann & Downie, "Evaluation of Multiple-F0 Estimation
    and Tracking Systems", ISMIR 2009, for accuracy; both as Cheuk et al. (ICPR 2020) report them,
    for each recording and then as a mean. Average precision is 0 where nothing sounds.
    """
    if roll.shape != probs.shape:
        raise ValueError(f"need two arrays alike, got {roll.shape} and {probs.shape}")
    found = probs >= threshold
    n_hits = int(np.count_nonzero(found & roll))
    n_either = int(np.count_nonzero(found | roll))
    prf = PRF.from_counts(n_hits, int(np.count_nonzero(roll)), int(np.count_nonzero(found)))
    flat = probs.astype(np.float32).ravel()
    precision = average_precision(flat, roll.ravel()) if roll.any() else 0.0
    return prf, precision, n_hits / n_either if n_either else 0.0


def paper_scores(
    reference: Transcription, estimate: Transcription, activations: Activations, *, threshold: float
) -> PaperScores:
    """All figures of one recording.

    Parameters
    ----------
    reference, estimate : Transcription
    activations : Activations
        Of the whole recording, with a head ``frame`` along pitches.
    threshold : float
        Lowest probability of a frame that sounds.

    Raises
    ------
    ValueError
        If the model does not have this head.
    """
    roll = frame_roll(reference, activations)
    frame, precision, accuracy = frame_scores(roll, activations["frame"], threshold)
    notes = score_notes(reference, estimate)
    return PaperScores(frame, precision, accuracy, notes.note, notes.note_offset)


def paper_table(rows: Mapping[str, Sequence[PaperScores]]) -> str:
    """A line for each entry: mean and, of F1, standard deviation over its recordings, per cent.

    Raises
    ------
    ValueError
        If an entry has no recording.
    """
    headings = ["", "frame P", "R", "F1", "muAP", "A", "note P", "R", "F1", "+off P", "R", "F1"]
    return text_table(headings, [[name, *_cells(scores)] for name, scores in rows.items()])


def _cells(scores: Sequence[PaperScores]) -> list[str]:
    if not scores:
        raise ValueError("need the scores of at least one recording")

    def prf(name: str) -> list[str]:
        parts: list[PRF] = [getattr(score, name) for score in scores]
        spread = _figure([part.f1 for part in parts], np.std)
        return [
            _figure([part.precision for part in parts]),
            _figure([part.recall for part in parts]),
            f"{_figure([part.f1 for part in parts])}±{spread}",
        ]

    return [
        *prf("frame"),
        _figure([score.average_precision for score in scores]),
        _figure([score.accuracy for score in scores]),
        *prf("note"),
        *prf("note_offset"),
    ]


def _figure(values: Sequence[float], summary: Callable[..., np.floating] = np.mean) -> str:
    return f"{100.0 * float(summary(values)):.1f}"
