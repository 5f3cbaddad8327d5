"""Notes of models without onsets: a note is a run of frames in which its key sounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.activations import Activations
from amtstudio.decoding.decoder import Adjustable, FieldSettings, register_decoder
from amtstudio.decoding.onsets import check_probs
from amtstudio.features import FrameGrid
from amtstudio.symbolic import NO_NOTES, NoteTable, Pedal
from amtstudio.symbolic.heads import Pitches

FRAME_RUNS = "frame_runs"
# Sums over integers are exact in any order: no confidence depends on where the chunks were cut.
_FIXED_POINT = 1 << 12
_VELOCITY = 80  # of a ``Note`` about which nothing else is known

Indices = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FrameRunSettings(FieldSettings):
    """When a key counts as sounding.

    Attributes
    ----------
    frame_threshold : float
        Lowest probability, in [0, 1], of a frame that sounds.
    drop_shorter_than_s : float, seconds
        Notes that last less than this are left out.
    onset_shift_s : float, seconds
        Added to every onset and offset.
    """

    decoder: ClassVar[str] = FRAME_RUNS
    movable: ClassVar[tuple[Adjustable, ...]] = (
        Adjustable("frame_threshold", 0.05, 0.99),
        Adjustable("drop_shorter_than_s", 0.0, 0.3, unit="s"),
    )

    frame_threshold: float = 0.5
    drop_shorter_than_s: float = 0.0
    onset_shift_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.frame_threshold <= 1.0:
            raise ValueError(f"frame_threshold must lie in [0, 1], got {self.frame_threshold}")
        if not 0.0 <= self.drop_shorter_than_s < float("inf"):
            raise ValueError(
                f"drop_shorter_than_s must not be negative, got {self.drop_shorter_than_s}"
            )
        if not abs(self.onset_shift_s) < float("inf"):
            raise ValueError(f"onset_shift_s must be finite, got {self.onset_shift_s}")

    @classmethod
    def required(cls) -> tuple[str, ...]:
        return ("frame",)

    @classmethod
    def from_card(cls, thresholds: Mapping[str, float], *, onset_shift_s: float = 0.0) -> Self:
        """From ``frame`` and, if it is there, ``drop_shorter_than_s``."""
        if unknown := sorted(set(thresholds) - {"frame", "drop_shorter_than_s"}):
            raise ValueError(f"decoding runs of frames knows no setting {unknown[0]!r}")
        return cls(
            thresholds.get("frame", 0.5), thresholds.get("drop_shorter_than_s", 0.0), onset_shift_s
        )

    def lowered(self, default: Self, share: float) -> Self:  # noqa: ARG002
        """The same: a lower threshold would give longer notes, not others beside them."""
        return self


@register_decoder(FrameRunSettings)
class FrameRunDecoder:
    """Turns the frame activation, as it arrives in chunks, into notes.

    A note lasts from the first frame of a run at or above the threshold to the first frame after
    it, both at their centres. A key that is struck again while it sounds gives one note, and
    velocities are unknown: they are all 80. ``confidence`` is the mean probability.

    References
    ----------
    As the code of Cheuk et al. (ICPR 2020) finds notes, with the frame activation in the place of
    the onset activation as well.
    """

    def __init__(self, settings: FrameRunSettings, grid: FrameGrid) -> None:
        self._settings, self._grid = settings, grid
        self._lowest = 0
        self._end: int | None = None  # the frame after the last one that was fed
        self._starts: Indices = np.zeros(0, dtype=np.int64)  # of the run of each key; -1: silent
        self._sums: Indices = np.zeros(0, dtype=np.int64)  # of the probabilities of these runs

    def feed(self, activations: Activations) -> NoteTable:
        """Take the next chunk; return the notes that are complete by now, sorted by onset.

        Raises
        ------
        ValueError
            If the chunk is on another grid, does not follow the one before, or leaves [0, 1].
        """
        probs = activations["frame"].astype(np.float32, copy=False)
        check_probs("frame", probs)
        self._check_place(activations)
        first, end = activations.first_frame, activations.first_frame + len(probs)
        sounds = probs >= np.float32(self._settings.frame_threshold)
        # Pitch by pitch, so that the runs of a pitch follow one another.
        before = np.concatenate([(self._starts >= 0)[None], sounds]).astype(np.int8).T
        steps = np.diff(before, axis=1)
        rise_pitch, rise = np.nonzero(steps > 0)
        _, fall = np.nonzero(steps < 0)
        held = np.flatnonzero(self._starts >= 0)
        pitch = np.concatenate([held, rise_pitch])
        start = np.concatenate([self._starts[held], rise + first])
        order = np.lexsort((start, pitch))
        pitch, start = pitch[order], start[order]
        # The last run of a key that still sounds stays open; all others have their fall.
        is_last = np.append(pitch[1:] != pitch[:-1], True)[: len(pitch)]
        is_open = is_last & sounds[-1][pitch] if len(sounds) else np.ones(len(pitch), dtype=bool)
        stop = np.full(len(pitch), end)
        stop[~is_open] = fall + first
        sums = self._sums_of(probs, pitch, start, stop, first)
        self._starts[:] = -1
        self._starts[pitch[is_open]] = start[is_open]
        self._sums[pitch[is_open]] = sums[is_open]
        self._end = end
        closed = ~is_open
        return self._notes(pitch[closed], start[closed], stop[closed], sums[closed])

    def finish(self) -> NoteTable:
        """The notes that were still open when the recording ended, sorted by onset."""
        if self._end is None:
            return NO_NOTES
        pitch = np.flatnonzero(self._starts >= 0)
        start, sums = self._starts[pitch], self._sums[pitch]
        self._starts = np.full_like(self._starts, -1)
        return self._notes(pitch, start, np.full(len(pitch), self._end), sums)

    def take_pedals(self) -> list[Pedal]:
        """None: the pedal is unknown."""
        return []

    def _check_place(self, activations: Activations) -> None:
        if activations.grid != self._grid:
            raise ValueError(f"expected {self._grid}, got {activations.grid}")
        if self._end is None:
            axis = activations.head("frame").axis
            if not isinstance(axis, Pitches):
                raise ValueError(f"the frames of notes must run along pitches, not {axis}")
            self._lowest = axis.lowest
            self._starts = np.full(len(axis), -1, dtype=np.int64)
            self._sums = np.zeros(len(axis), dtype=np.int64)
        elif activations.first_frame != self._end:
            raise ValueError(
                f"expected a chunk from frame {self._end}, got {activations.first_frame}"
            )

    def _sums_of(
        self,
        probs: npt.NDArray[np.float32],
        pitch: Indices,
        start: Indices,
        stop: Indices,
        first: int,
    ) -> Indices:
        """Of the probabilities of each run up to ``stop``, fixed point."""
        totals = np.zeros((len(probs) + 1, probs.shape[1]), dtype=np.int64)
        np.cumsum((probs * np.float32(_FIXED_POINT)).astype(np.int64), axis=0, out=totals[1:])
        here = totals[stop - first, pitch] - totals[np.maximum(start - first, 0), pitch]
        carried = np.where(start < first, self._sums[pitch], 0)
        sums: Indices = here + carried
        return sums

    def _notes(self, pitch: Indices, start: Indices, stop: Indices, sums: Indices) -> NoteTable:
        settings = self._settings
        seconds = self._grid.hop_length / self._grid.sample_rate
        onset: Doubles = np.maximum(start * seconds + settings.onset_shift_s, 0.0).astype(
            np.float64
        )
        offset: Doubles = (stop * seconds + settings.onset_shift_s).astype(np.float64)
        confidence = np.clip(sums / (np.maximum(stop - start, 1) * _FIXED_POINT), 0.0, 1.0)
        # Rounded, so that a note of just so many frames is not left out.
        lasts = np.round(offset - onset - settings.drop_shorter_than_s, 9) >= 0.0
        kept = lasts & (offset > onset)
        return NoteTable.of_columns(
            onset[kept],
            offset[kept],
            pitch[kept] + self._lowest,
            np.full(int(kept.sum()), _VELOCITY, dtype=np.int64),
            confidence[kept],
        ).in_order()
