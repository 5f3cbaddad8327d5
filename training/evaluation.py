"""Transcribe and score recordings with truth, and report the figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from amtstudio.errors import InputNotFoundError
from amtstudio.scoring import PieceScores, mean_scores, score_notes
from amtstudio.symbolic import Transcription
from training.datasets import Piece, find_pieces
from training.truth import read_truth

Transcribe = Callable[[Path], Transcription]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One recording, what was made of it, its scores, and how long it took."""

    piece: Piece
    reference: Transcription
    estimate: Transcription
    scores: PieceScores
    duration: float  # of the recording, seconds
    seconds: float  # that transcribing took


def evaluate(
    pieces: Iterable[Piece], transcribe: Transcribe, *, extend_by_pedal: bool = True
) -> Iterator[Evaluated]:
    """Transcribe and score one piece after the other.

    Parameters
    ----------
    pieces : iterable of Piece
    transcribe : callable
        From an audio file to its transcription.
    extend_by_pedal : bool
        Whether reference notes sound until the pedal comes up (``training.truth``).
    """
    for piece in pieces:
        reference = read_truth(piece.truth, extend_by_pedal=extend_by_pedal)
        started = time.perf_counter()
        estimate = transcribe(piece.audio)
        seconds = time.perf_counter() - started
        scores = score_notes(reference, estimate)
        yield Evaluated(piece, reference, estimate, scores, estimate.duration, seconds)


def pieces_of(folders: Sequence[Path], *, split: str | None) -> list[Piece]:
    """The pieces of all folders, of one split if one is named.

    Raises
    ------
    InputNotFoundError
        If none is left.
    """
    pieces = [piece for folder in folders for piece in find_pieces(folder)]
    if split is not None:
        pieces = [piece for piece in pieces if piece.split == split]
    if not pieces:
        # Folders without any recording were refused before: it is the split that is missing.
        raise InputNotFoundError(f"No recording of the split {split} in the folders given")
    return pieces


def real_time_factor(results: Sequence[Evaluated]) -> float:
    """Seconds of audio transcribed in a second."""
    return sum(r.duration for r in results) / sum(r.seconds for r in results)


def report(results: Sequence[Evaluated], checkpoint: Path) -> dict[str, object]:
    """All figures as JSON: for each piece, for each group, and the mean over all pieces."""
    groups = sorted({result.piece.group for result in results})
    return {
        "checkpoint": checkpoint.name,
        "real_time_factor": real_time_factor(results),
        "mean": mean_scores([r.scores for r in results]).to_dict(),
        "groups": {
            group: mean_scores([r.scores for r in results if r.piece.group == group]).to_dict()
            for group in groups
        },
        "pieces": [
            {
                "audio": result.piece.audio.name,
                "group": result.piece.group,
                "split": result.piece.split,
                "duration_s": result.duration,
                "seconds": result.seconds,
                **result.scores.to_dict(),
            }
            for result in results
        ],
    }
