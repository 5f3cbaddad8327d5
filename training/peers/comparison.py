"""The scores and costs of several programs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amtstudio.scoring import PieceScores, mean_scores
from amtstudio.scoring.table import F1_COLUMNS
from training.text_table import percent, text_table

# Heading and score; F1 in percent.
_F1_COLUMNS = F1_COLUMNS | {
    "+off+vel al.": "note_offset_velocity_aligned",
    "frame al.": "frame_aligned",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The scores of one program on one piece, and what it took; see ``runs.Cost``."""

    piece: str
    duration: float  # of the audio, seconds
    scores: PieceScores
    seconds: float
    wall_s: float
    cpu_s: float
    peak_memory_mb: float


def systems_table(systems: Mapping[str, Sequence[Outcome]]) -> str:
    """A line for each program: means over pieces, then what it took.

    P and R are those of ``note_aligned``. "x RT" is how many times faster than real time, the
    process running; "start" the same with its start; "CPU" the processor seconds that a second of
    audio takes, start included; "MB" the largest resident size.
    """
    headings = ["program", "P", "R", *_F1_COLUMNS, "vel ok", "x RT", "start", "CPU", "MB"]
    return text_table(headings, [_system_row(*system) for system in systems.items()])


def pieces_table(systems: Mapping[str, Sequence[Outcome]]) -> str:
    """A line for each piece: aligned note F1 (P / R) of each program, and the first's lead."""
    names = list(systems)
    headings = ["piece", "notes", *names, *(f"{names[0]} - {name}" for name in names[1:])]
    rows = []
    for outcomes in zip(*systems.values(), strict=True):
        notes = [outcome.scores.note_aligned for outcome in outcomes]
        rows.append(
            [
                outcomes[0].piece,
                str(outcomes[0].scores.n_reference),
                *(f"{percent(n.f1)} ({percent(n.precision)} / {percent(n.recall)})" for n in notes),
                *(f"{100.0 * (notes[0].f1 - other.f1):+.1f}" for other in notes[1:]),
            ]
        )
    return text_table(headings, rows)


def report(systems: Mapping[str, Sequence[Outcome]]) -> dict[str, Any]:
    """All figures as JSON."""
    return {
        name: {
            "mean": mean_scores([outcome.scores for outcome in outcomes]).to_dict(),
            "pieces": [_piece_json(outcome) for outcome in outcomes],
        }
        for name, outcomes in systems.items()
    }


def _system_row(name: str, outcomes: Sequence[Outcome]) -> list[str]:
    mean = mean_scores([outcome.scores for outcome in outcomes])
    duration = sum(outcome.duration for outcome in outcomes)
    return [
        name,
        percent(mean.note_aligned.precision),
        percent(mean.note_aligned.recall),
        *(percent(getattr(mean, score).f1) for score in _F1_COLUMNS.values()),
        percent(mean.velocity_within),
        f"{duration / sum(outcome.seconds for outcome in outcomes):.1f}",
        f"{duration / sum(outcome.wall_s for outcome in outcomes):.1f}",
        f"{sum(outcome.cpu_s for outcome in outcomes) / duration:.3f}",
        f"{max(outcome.peak_memory_mb for outcome in outcomes):.0f}",
    ]


def _piece_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "piece": outcome.piece,
        "duration_s": outcome.duration,
        "seconds": outcome.seconds,
        "wall_s": outcome.wall_s,
        "cpu_s": outcome.cpu_s,
        "peak_memory_mb": outcome.peak_memory_mb,
        "scores": outcome.scores.to_dict(),
    }
