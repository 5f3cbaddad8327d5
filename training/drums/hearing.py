"""The network's output on a whole recording."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from amtstudio.computing.device import cpu_device
from amtstudio.decoding import DrumSettings
from amtstudio.engine.inference import Inference
from amtstudio.engine.live import LiveTranscriber
from amtstudio.features import hop_energies, running_level
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS, DrumHit

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from amtstudio.models.drums import Drums

SEGMENT_FRAMES = 3000


@dataclass(frozen=True)
class DrumActivations:
    """Probabilities of onsets, and velocities / 127; each (n_frames, 10), in [0, 1]."""

    onset: npt.NDArray[np.float32]
    velocity: npt.NDArray[np.float32]


@dataclass(frozen=True)
class LiveHit:
    """A hit as reported during a live stream; ``delay`` is the seconds since it sounded."""

    hit: DrumHit
    delay: float


@torch.inference_mode()
def hear_live(
    model: Drums, audio: npt.NDArray[np.float32], thresholds: Mapping[str, float]
) -> list[LiveHit]:
    """Hits of a stream processed hop by hop, as by the program, with the time it takes.

    Time is that of the processor; a sound card adds its own.
    """
    hop, to_seconds = model.grid.hop_length, model.grid.to_seconds
    names = {GENERAL_MIDI_KEYS[drum]: drum for drum in DRUMS}
    inference = Inference(model, cpu_device("asked for"), batch_size=1, is_live=True)
    live = LiveTranscriber(model, inference, DrumSettings.from_card(thresholds))
    told = []
    for first in range(0, len(audio), hop):
        began = time.process_time()
        events = live.feed(audio[first : first + hop])
        spent = time.process_time() - began
        now = to_seconds(first / hop + 1.0) + spent
        for event in events:
            if event.kind == "confirmed":
                hit = DrumHit(event.onset, names[event.pitch], event.velocity, event.confidence)
                told.append(LiveHit(hit, now - hit.time))
    return told


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
