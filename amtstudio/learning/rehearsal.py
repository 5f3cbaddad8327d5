"""What a model rehearses during training and is judged on, according to what it was made for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

from amtstudio.features import FrameGrid
from amtstudio.learning.drums.clips import DrumClips, drum_excerpt
from amtstudio.learning.guard import SEED, guard_set
from amtstudio.learning.instruments.clips import (
    NEAREST,
    PLAYERS,
    InstrumentClips,
    recorded_excerpt,
)
from amtstudio.learning.replay import PIANO, Excerpt, ReplayClips, bundled_music, played
from amtstudio.models.transcription_model import TranscriptionModel

_GUARD_S = 20.0  # of each computed instrument
_GUARD_PIANOS, _GUARD_DRUMMERS = 6, 9
# Excerpts of a computed instrument: from one to another what is learned changes their note F1 by
# 2.5 points in different directions, and the gate has to tell 0.3 of their mean.
_GUARD_TAKES = 3
_THRESHOLD_S = 15.0


class Clips(Protocol):
    """Endless labelled clips; the same number always gives the same one."""

    def clip(self, index: int) -> dict[str, Tensor]:
        """``audio``, ``level`` and the targets of each head."""


def plays_piano_alone(model: TranscriptionModel) -> bool:
    return tuple(model.plays) == ("piano",)


def clips_for(
    model: TranscriptionModel,
    instruments: Sequence[str],
    *,
    grid: FrameGrid,
    n_frames: int,
    seed: int,
) -> Clips:
    """Music to rehearse: on the bundled piano, drums, or for a model of all instruments on many.

    ``instruments`` are those of the user's recordings, classes of the detector: what is near them
    is computed more often than other kinds.
    """
    if model.plays_drums:
        return DrumClips(grid=grid, margin=model.margin, n_frames=n_frames, seed=seed)
    piano = ReplayClips(
        bundled_music("replay"),
        grid=grid,
        margin=model.margin,
        n_frames=n_frames,
        seed=seed,
        dereverberates=model.dereverberates,
    )
    if plays_piano_alone(model):
        return piano
    return InstrumentClips(
        piano,
        grid=grid,
        margin=model.margin,
        n_frames=n_frames,
        own=nearest_kinds(instruments),
        seed=seed,
        dereverberates=model.dereverberates,
    )


def nearest_kinds(instruments: Sequence[str]) -> tuple[str, ...]:
    """What of the rehearsed music is like the user's instruments, classes of the detector."""
    near = {PIANO: (PIANO,), **NEAREST}
    return tuple(dict.fromkeys(name for heard in instruments for name in near.get(heard, ())))


def guard_of_drums(
    sample_rate: int, seconds: float = _GUARD_S, *, count: int = _GUARD_DRUMMERS
) -> list[Excerpt]:
    """Drumming that is never rehearsed, on the kit that ships, some of it accompanied."""
    return [drum_excerpt(SEED + number, seconds, sample_rate) for number in range(count)]


def guard_of_instruments(seconds: float = _GUARD_S) -> list[Excerpt]:
    """Six pieces on the bundled piano, and three excerpts of each computed instrument."""
    computed = [
        recorded_excerpt(player, SEED + number + take * len(PLAYERS), seconds)
        for take in range(_GUARD_TAKES)
        for number, player in enumerate(PLAYERS)
    ]
    return guard_set(seconds, count=_GUARD_PIANOS) + computed


def rehearsed_excerpts(model: TranscriptionModel, count: int) -> list[Excerpt]:
    """Labelled music, none of it in the guard set, by which thresholds are chosen.

    ``count`` pieces on the piano, or twice as many excerpts of drums or of various instruments.
    """
    if model.plays_drums:
        rate = model.grid.sample_rate
        return [drum_excerpt(900 + number, _GUARD_S, rate) for number in range(2 * count)]
    music = bundled_music("replay")
    if plays_piano_alone(model):
        return [played(piece, 900 + number) for number, piece in enumerate(music[:count])]
    computed = [
        recorded_excerpt(player, 900 + number, _THRESHOLD_S)
        for number, player in enumerate(PLAYERS[: 2 * count - 1])
    ]
    return [played(music[0], 900, seconds=_THRESHOLD_S), *computed]
