"""The melodic model's outputs beyond onset and velocity: a note's bend and its player."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from amtstudio.learning.losses import transcription_losses
from amtstudio.models.melodic import BEND, FAMILY, bend_semitones
from amtstudio.symbolic.heads import PIANO_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import Tensor

    from amtstudio.features import FrameGrid
    from amtstudio.symbolic.heads import Head

NO_FAMILY = -1
_SOUNDING = 0.5  # share of a frame's width


def render_expression(
    notes: npt.NDArray[np.float64],
    bends: Sequence[npt.NDArray[np.float64]],
    families: npt.NDArray[np.int64],
    grid: FrameGrid,
    n_frames: int,
    *,
    control_hz: float,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Draw contours and families on the frames in which notes sound.

    Parameters
    ----------
    notes : np.ndarray, shape (n_notes, 4)
        Onset and end of the sound in seconds from frame 0, pitch, velocity.
    bends : sequence of np.ndarray
        Of each note: semitones against its pitch from the onset on, ``control_hz`` to the second;
        the last value lasts. Empty: not known.
    families : np.ndarray of int, shape (n_notes,)

    Returns
    -------
    bend : np.ndarray of float32, shape (n_frames, 88)
        Semitones; NaN where nothing sounds or the contour is not known.
    family : np.ndarray of int64, shape (n_frames, 88)
        ``NO_FAMILY`` where nothing sounds.
    """
    bend = np.full((n_frames, len(PIANO_KEYS)), np.nan, dtype=np.float32)
    family = np.full((n_frames, len(PIANO_KEYS)), NO_FAMILY, dtype=np.int64)
    per_second = grid.sample_rate / grid.hop_length
    for (onset, end, pitch, _), curve, number in zip(notes, bends, families, strict=True):
        key = int(pitch) - PIANO_KEYS.lowest
        first = max(int(np.ceil(onset * per_second - 1.0 + _SOUNDING)), 0)
        last = min(int(np.floor(end * per_second + 1.0 - _SOUNDING)), n_frames - 1)
        if last < first:
            continue
        family[first : last + 1, key] = number
        if len(curve):
            at = (np.arange(first, last + 1) / per_second - onset) * control_hz
            bend[first : last + 1, key] = np.interp(at, np.arange(len(curve)), curve)
    return bend, family


def note_losses(
    logits: dict[str, Tensor], targets: dict[str, Tensor], heads: Sequence[Head]
) -> dict[str, Tensor]:
    """The losses of every head of a model: ``transcription_losses`` and ``expression_losses``."""
    others = [head for head in heads if head not in (BEND, FAMILY)]
    return transcription_losses(logits, targets, others) | expression_losses(logits, targets)


def expression_losses(logits: dict[str, Tensor], targets: dict[str, Tensor]) -> dict[str, Tensor]:
    """Losses of the heads ``bend`` and ``family``, means over the cells that have a truth.

    Parameters
    ----------
    logits : dict of Tensor
        ``bend``, (batch, n_frames, 88); ``family``, (batch, n_frames, 88, 9).
    targets : dict of Tensor
        As from ``render_expression``, with a batch axis.

    Returns
    -------
    dict of Tensor
        ``bend``: Huber loss, linear beyond a fifth of a semitone; ``family``: cross-entropy.
    """
    losses = {}
    if "bend" in logits:
        known = torch.isfinite(targets["bend"])
        error = functional.huber_loss(
            bend_semitones(logits["bend"][known]),
            targets["bend"][known],
            delta=0.2,
            reduction="sum",
        )
        losses["bend"] = error / known.sum().clamp(min=1)
    if "family" in logits:
        known = targets["family"] != NO_FAMILY
        error = functional.cross_entropy(
            logits["family"][known], targets["family"][known], reduction="sum"
        )
        losses["family"] = error / known.sum().clamp(min=1)
    return losses
