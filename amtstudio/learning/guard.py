"""The bundled labelled set by which it is checked that a model has forgotten nothing."""

from __future__ import annotations

from collections.abc import Sequence

from amtstudio.engine import Transcriber
from amtstudio.engine.run import IsCancelled
from amtstudio.learning.hearing import Heard, hear
from amtstudio.learning.label_free import agreement
from amtstudio.learning.replay import Excerpt, bundled_music, played

GUARD_SECONDS = 30.0  # of each piece
SEED = 2601


def guard_set(seconds: float = GUARD_SECONDS, *, count: int | None = None) -> list[Excerpt]:
    """Pieces that nothing learns from, on the bundled piano in various rooms.

    ``seconds`` of each; ``count``: of the first ones only.

    They are in tune as the model expects it: they test its weights and thresholds, while the
    tuning of the user's piano is the business of the user's recordings.
    """
    return [
        played(music, SEED + number, seconds=seconds)
        for number, music in enumerate(bundled_music("guard")[:count])
    ]


def hear_all(
    transcriber: Transcriber,
    excerpts: Sequence[Excerpt],
    *,
    is_cancelled: IsCancelled | None = None,
) -> list[Heard]:
    return [hear(transcriber, entry.audio, is_cancelled=is_cancelled) for entry in excerpts]


def note_f1(heard: Sequence[Heard], excerpts: Sequence[Excerpt]) -> tuple[float, ...]:
    """Note F1 (pitch, onset within 50 ms) of each piece."""
    return tuple(
        agreement(entry.truth.notes, found.notes())
        for found, entry in zip(heard, excerpts, strict=True)
    )
