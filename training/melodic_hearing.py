"""Notes of a melodic model with their bends and families, read off its activations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from amtstudio.decoding import Activations, DecodingSettings, decode
from amtstudio.decoding.tidying import median_cents
from amtstudio.models.melodic import BEND_RANGE
from amtstudio.symbolic.heads import PIANO_KEYS, HeadKind

if TYPE_CHECKING:
    import numpy.typing as npt

    from amtstudio.models.transcription_model import TranscriptionModel
    from amtstudio.symbolic import Note

_SAMPLE_RATE = 16000  # Hz, that of the model


@dataclass(frozen=True)
class HeardNote:
    """A note with its median bend in semitones, and its most likely family (-1: unknown)."""

    note: Note
    bend: float
    family: int

    @property
    def pitch(self) -> float:
        """Fractional MIDI pitch."""
        return self.note.pitch + self.bend


def hear_clip(
    model: TranscriptionModel, audio: npt.NDArray[np.float32], level: npt.NDArray[np.float32]
) -> Activations:
    """Listen to one synthesised clip, given with its margins and running level."""
    with torch.inference_mode():
        logits = model(torch.from_numpy(audio)[None], torch.from_numpy(level)[None])
    values = {
        head.name: (
            logits[head.name].softmax(dim=-1)
            if head.kind is HeadKind.CLASS
            else logits[head.name].sigmoid()
        )[0].numpy()
        for head in model.heads
    }
    return Activations(model.heads, values, model.grid)


def bends(activations: Activations) -> npt.NDArray[np.float32]:
    """Semitones relative to the key, as transcribed, shape (n_frames, 88)."""
    values = activations["bend"].astype(np.float32)
    semitones: npt.NDArray[np.float32] = (values - 0.5) * np.float32(2.0 * BEND_RANGE)
    return semitones


def notes_of(activations: Activations, settings: DecodingSettings) -> list[HeardNote]:
    """Decode the notes, and read their families off the frames in which they sound.

    A recording that was retuned is reported at its own pitch: its tuning is part of the bends.
    """
    notes, _ = decode(activations, settings)
    grid = activations.grid
    tuning = 12.0 * float(np.log2(grid.sample_rate / _SAMPLE_RATE))
    frame = activations["frame"].astype(np.float32)
    families = None
    if "family" in activations:
        families = np.log(activations["family"].astype(np.float32) + 1e-6)
    found = []
    for note, cents in zip(notes, median_cents(notes).tolist(), strict=True):
        family = -1
        if families is not None:
            key = note.pitch - PIANO_KEYS.lowest
            first = round(note.onset * grid.sample_rate / grid.hop_length)
            first = min(max(first, 0), len(frame) - 1)
            last = max(round(note.offset * grid.sample_rate / grid.hop_length), first + 1)
            weights = frame[first:last, key, None]
            family = int(np.argmax((families[first:last, key] * weights).sum(axis=0)))
        found.append(HeardNote(note, cents / 100.0 + tuning, family))
    return found
