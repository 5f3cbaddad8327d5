"""The truth of music on computed or sampled instruments, as targets for a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Tensor, from_numpy

from amtstudio.features import FrameGrid
from amtstudio.learning.expression import render_expression
from amtstudio.learning.instruments.playing import CONTROL_HZ, Gesture
from amtstudio.learning.targets import render_targets
from amtstudio.symbolic.families import FAMILIES

Audio = npt.NDArray[np.float32]
Notes = npt.NDArray[np.float64]

_UNISON_S = 0.04  # two parts that start a note together sound as one
_SPOKEN = 0.35  # of a slow attack: where its note is taken to begin
_FRETTED = (FAMILIES.index("guitar"), FAMILIES.index("bass"))


@dataclass(frozen=True)
class InstrumentTruth:
    """Notes of a clip.

    Attributes
    ----------
    notes : np.ndarray, shape (n_notes, 4)
        Onset and end of the sound in seconds from frame 0, pitch, velocity; sorted by onset.
    bends : list of np.ndarray
        Semitones against the pitch, from the onset on, ``CONTROL_HZ`` points a second.
    families : np.ndarray of int, shape (n_notes,)
        Indices in ``FAMILIES``.
    parts : np.ndarray of int, shape (n_notes,)
    """

    notes: Notes
    bends: list[npt.NDArray[np.float64]]
    families: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int64]


def truth_of(rows: Sequence[tuple[Gesture, float, int, int]]) -> InstrumentTruth:
    """Notes as they sound: on the key nearest to where they settle, one at a time on a key.

    Parameters
    ----------
    rows : sequence of (Gesture, float, int, int)
        What was played, the second at which it is no longer audible, the index of its family in
        ``FAMILIES`` (-1: unknown) and the number of its part.
    """
    rows = sorted(rows, key=lambda row: row[0].onset)
    notes: list[list[float]] = []
    bends: list[npt.NDArray[np.float64]] = []
    families: list[int] = []
    parts: list[int] = []
    last_of_key: dict[int, int] = {}
    for gesture, end, family, part in rows:
        onset = gesture.onset + _SPOKEN * gesture.attack_s * (not gesture.is_joined)
        before = round(gesture.before_s * CONTROL_HZ)
        curve = gesture.bend[before:]
        pitch = gesture.pitch
        n_points = max(round((end - gesture.onset) * CONTROL_HZ), 1)
        # A bent string is written on the fret it is stopped at; a singer's note where it is sung.
        if len(curve) and family not in _FRETTED:
            moved = round(float(np.median(curve[:n_points])))
            pitch, curve = pitch + moved, curve - moved
        if end < onset + 0.02 or not 21 <= pitch <= 108:
            continue
        if (row := last_of_key.get(pitch)) is not None:
            if onset - notes[row][0] < _UNISON_S:
                notes[row][1] = max(notes[row][1], end)
                continue
            notes[row][1] = min(notes[row][1], onset - 0.005)
        last_of_key[pitch] = len(notes)
        notes.append([onset, end, float(pitch), float(np.clip(gesture.velocity, 1, 127))])
        bends.append(curve)
        families.append(family)
        parts.append(part)
    return InstrumentTruth(
        np.array(notes).reshape(-1, 4), bends, np.array(families, dtype=np.int64),
        np.array(parts, dtype=np.int64),
    )  # fmt: skip


def example_of(
    audio: Audio, level: Audio, truth: InstrumentTruth, grid: FrameGrid
) -> dict[str, Tensor]:
    """Audio, level and the targets of every head of a clip of ``len(level)`` frames."""
    n_frames = len(level)
    targets = render_targets(truth.notes, np.zeros((0, 2)), grid, n_frames)
    bend, family = render_expression(
        truth.notes, truth.bends, truth.families, grid, n_frames, control_hz=CONTROL_HZ
    )
    example = targets.with_audio(audio, level)
    example["bend"], example["family"] = from_numpy(bend), from_numpy(family)
    return example
