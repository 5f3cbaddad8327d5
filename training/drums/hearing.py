"""What the network hears in a whole recording."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from amtstudio.decoding.drum_hits import LiveDrumDecoder
from amtstudio.features import hop_energies, running_level
from amtstudio.features.level import LEVEL_FLOOR, LEVEL_HALF_WINDOW_S
from amtstudio.models.drums import LOOK_AHEAD_FRAMES, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from amtstudio.models.drums import Drums
    from amtstudio.symbolic.drums import DrumHit

SEGMENT_FRAMES = 3000
LIVE_FRAMES = 80  # what the live head looks back, and some


@dataclass(frozen=True)
class DrumActivations:
    """Probabilities of onsets, and velocities / 127; each (n_frames, 10), in [0, 1]."""

    onset: npt.NDArray[np.float32]
    velocity: npt.NDArray[np.float32]


@dataclass(frozen=True)
class LiveHit:
    """A hit as it was told while the audio came in; ``delay`` is seconds after it sounded."""

    hit: DrumHit
    delay: float


@torch.inference_mode()
def hear_live(
    model: Drums, audio: npt.NDArray[np.float32], thresholds: Mapping[str, float]
) -> list[LiveHit]:
    """Hits of a stream: every frame, as soon as its look-ahead has come, with the time it takes.

    The network runs on the last ``LIVE_FRAMES``, as a program would run it; the level is that of
    what has been heard so far. Time is that of the processor; a sound card adds its own.
    """
    hop, margin = model.grid.hop_length, model.margin
    energies = hop_energies(audio, hop)
    level = np.array(
        [_level_so_far(energies[: frame + 1], hop) for frame in range(len(energies))],
        dtype=np.float32,
    )
    decoder = LiveDrumDecoder(model.grid, thresholds=thresholds)
    padded = np.pad(audio, (margin + LIVE_FRAMES * hop, margin))
    told = []
    for frame in range(len(level) - 5):
        # The outermost frames of the window lack their surroundings; the last ones are not used.
        end = frame + 1 + LOOK_AHEAD_FRAMES
        first = (end - LIVE_FRAMES) * hop + LIVE_FRAMES * hop
        part = padded[first : first + (LIVE_FRAMES - 1) * hop + 2 * margin].copy()
        heard_until = model.spectrogram.look_ahead + margin + (LIVE_FRAMES - 1) * hop
        part[heard_until:] = 0.0
        began = time.process_time()
        levels = level[max(end - LIVE_FRAMES, 0) : end]
        levels = np.pad(levels, (LIVE_FRAMES - len(levels), 0), mode="edge")
        logits = model(torch.from_numpy(part[None]), torch.from_numpy(levels[None]), live=True)
        row = -1 - LOOK_AHEAD_FRAMES
        hits = decoder.push(
            logits["onset"][0, row][None].sigmoid().numpy(),
            logits["velocity"][0, row][None].sigmoid().numpy(),
        )
        spent = time.process_time() - began
        # A hop is waited for as a whole: half of one on the average.
        now = model.grid.to_seconds(frame + 0.5) + model.live_look_ahead + spent
        told += [LiveHit(hit, now - hit.time) for hit in hits]
    return told


def _level_so_far(energies: npt.NDArray[np.float64], hop: int) -> float:
    recent = energies[-round(LEVEL_HALF_WINDOW_S * SAMPLE_RATE / hop) :]
    return max(float(np.sqrt(recent.sum() / (len(recent) * hop))), LEVEL_FLOOR)


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
