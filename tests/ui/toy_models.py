"""Two kinds of models that the program has never heard of: drums, and notes without activations."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch

from amtstudio.decoding import Adjustable, register_decoder
from amtstudio.features import FrameGrid
from amtstudio.models import ModelCard, register
from amtstudio.models.checkpoint import save_checkpoint
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic import NO_NOTES, Note, NoteTable, Track, Transcription
from amtstudio.symbolic.heads import Drums, Head, HeadKind

KIT = Drums(("kick", "snare"), (36, 38))
RATE, HOP = 8000, 80  # ten milliseconds
DRUMS = Track.named("drums")


@dataclass(frozen=True)
class ToyDrumsConfig:
    gain: float = 40.0


@register("toy_drums", ToyDrumsConfig)
class ToyDrums(TranscriptionModel):
    """A rise of the lower or the higher half of the spectrum is a kick or a snare."""

    heads = (
        Head("hit", HeadKind.EVENT, KIT),
        Head("strength", HeadKind.VALUE, KIT, where="hit"),
    )
    decoder = "toy_hits"
    plays = ("drums",)

    def __init__(self, config: ToyDrumsConfig) -> None:
        super().__init__()
        self.grid = FrameGrid(RATE, HOP)
        self.margin = 256
        self.context = 4
        self.gain = torch.nn.Parameter(torch.tensor(config.gain))

    def forward(self, audio, level=None):
        frames = audio.unfold(-1, 2 * self.margin, HOP)
        window = torch.hann_window(2 * self.margin)
        bands = torch.fft.rfft(frames * window).abs()
        halves = torch.stack([bands[..., 1:40].sum(-1), bands[..., 80:].sum(-1)], dim=-1)
        rise = halves.diff(dim=1, prepend=halves[:, :1])
        hit = 4.0 * torch.tanh(self.gain * rise / 400.0) - 2.0  # never sure
        return {"hit": hit, "strength": rise / 20.0 - 1.0}


@dataclass(frozen=True)
class HitSettings:
    """A threshold for each drum."""

    decoder: ClassVar[str] = "toy_hits"
    thresholds: Mapping[str, float]

    @classmethod
    def required(cls):
        return KIT.names

    @classmethod
    def from_card(cls, thresholds, *, onset_shift_s=0.0):
        if set(thresholds) != set(KIT.names):
            raise ValueError(f"need thresholds of {KIT.names}")
        return cls({f"{name}_threshold": value for name, value in thresholds.items()})

    @classmethod
    def from_plain(cls, values):
        return cls(dict(values))

    def to_plain(self):
        return dict(self.thresholds)

    def adjustable(self):
        return tuple(Adjustable(name, 0.05, 0.99) for name in self.thresholds)

    def value(self, name):
        return self.thresholds[name]

    def changed(self, values):
        for name in values:
            self.value(name)
        return dataclasses.replace(self, thresholds={**self.thresholds, **values})

    def lowered(self, default, share):
        return self.changed(
            {name: min(share * default.value(name), self.value(name)) for name in self.thresholds}
        )


@register_decoder(HitSettings)
class HitDecoder:
    """Every frame above the threshold whose predecessor is below is a hit."""

    def __init__(self, settings: HitSettings, grid: FrameGrid) -> None:
        self._settings, self._grid = settings, grid
        self._before = np.zeros((1, 2))

    def feed(self, activations):
        notes = []
        hit, strength = activations["hit"].astype(float), activations["strength"]
        before = np.concatenate([self._before, hit[:-1]])
        self._before = hit[-1:]
        for column, (drum, pitch) in enumerate(zip(KIT.names, KIT.pitches, strict=True)):
            threshold = self._settings.value(f"{drum}_threshold")
            starts = (hit[:, column] >= threshold) & (before[:, column] < threshold)
            for frame in np.flatnonzero(starts):
                onset = self._grid.to_seconds(int(frame) + activations.first_frame)
                velocity = max(1, round(127 * float(strength[frame, column])))
                confidence = float(hit[frame, column])
                notes.append(Note(onset, onset + 0.05, pitch, velocity, confidence, DRUMS))
        return NoteTable.of(sorted(notes))

    def finish(self):
        return NO_NOTES

    def take_pedals(self):
        return []


def save_toy_drums(path: Path) -> Path:
    model = ToyDrums(ToyDrumsConfig())
    card = ModelCard(
        name="toy-drums",
        model="toy_drums",
        config={},
        sample_rate=RATE,
        hop_length=HOP,
        thresholds={"kick": 0.5, "snare": 0.5},
        licence="CC0-1.0",
        data=(),
        decoder="toy_hits",
    )
    save_checkpoint(path, model, card)
    return path


class ToyEngine:
    """Notes without anything that they were decoded from."""

    name = "toy-engine"

    def available(self):
        return True

    def transcribe(self, path, *, on_progress, is_cancelled):
        return Transcription((Note(0.5, 1.0, 60, 80), Note(1.0, 1.5, 64, 90)))
