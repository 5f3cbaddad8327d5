"""What the network hears in a whole recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from amtstudio.features import hop_energies, running_level

if TYPE_CHECKING:
    import numpy.typing as npt

    from amtstudio.models.drums import Drums

SEGMENT_FRAMES = 3000


@dataclass(frozen=True)
class DrumActivations:
    """Probabilities of onsets, and velocities / 127; each (n_frames, 10), in [0, 1]."""

    onset: npt.NDArray[np.float32]
    velocity: npt.NDArray[np.float32]


@torch.inference_mode()
def hear(model: Drums, audio: npt.NDArray[np.float32], *, live: bool = False) -> DrumActivations:
    """Run the network over mono ``audio`` at its sample rate, some seconds at a time."""
    hop, margin, context = model.grid.hop_length, model.margin, model.context
    level = running_level(hop_energies(audio, hop), hop, model.grid.sample_rate)
    n_frames = len(level)
    onsets, velocities = [], []
    for first in range(0, n_frames, SEGMENT_FRAMES):
        end = min(first + SEGMENT_FRAMES, n_frames)
        begin, stop = max(first - context, 0), min(end + context, n_frames)
        low, high = begin * hop - margin, (stop - 1) * hop + margin
        part = audio[max(low, 0) : min(high, len(audio))]
        padded = np.pad(part, (max(-low, 0), max(high - len(audio), 0)))
        logits = model(
            torch.from_numpy(padded[None]), torch.from_numpy(level[None, begin:stop]), live=live
        )
        inside = slice(first - begin, end - begin)
        onsets.append(logits["onset"][0, inside].sigmoid().numpy())
        velocities.append(logits["velocity"][0, inside].sigmoid().numpy())
    return DrumActivations(np.concatenate(onsets), np.concatenate(velocities))
