"""A small network with everything that the engine has to respect: margin, context, level, pedal."""

import torch
from torch import nn

from amtstudio.features import FrameGrid
from amtstudio.models import ModelCard
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.heads import PIANO_HEADS

HOP = 256
RATE = 8000


class TinyModel(TranscriptionModel):
    uses_level = True
    heads = PIANO_HEADS

    def __init__(self, *, largest_batch=None):
        super().__init__()
        torch.manual_seed(3)
        self.grid = FrameGrid(RATE, HOP)
        self.margin = 400
        self.context = 4
        self.batches = []
        self._largest_batch = largest_batch
        self.analyse = nn.Linear(2 * self.margin, 88, bias=False)
        self.smooth = nn.Conv1d(88, 88, 5, padding=2)
        self.tell = nn.Conv1d(88, 4 * 88 + 1, 5, padding=2)
        with torch.no_grad():
            self.tell.weight *= 12
            self.tell.bias.fill_(-1.0)
            self.tell.bias[:88] = -3.5  # onsets: some twenty a second

    def forward(self, audio, level=None):
        self.batches.append(len(audio))
        if self._largest_batch is not None and len(audio) > self._largest_batch:
            raise torch.OutOfMemoryError("CUDA out of memory")
        frames = audio.unfold(-1, 2 * self.margin, HOP)
        bands = self.analyse(frames) / level[..., None]
        out = self.tell(torch.tanh(self.smooth(torch.tanh(bands).mT))).mT
        onset, offset, frame, velocity = out[..., :-1].split(88, dim=-1)
        return {
            "onset": onset,
            "offset": offset,
            "frame": frame,
            "velocity": velocity,
            "pedal": out[..., -1],
        }


def tiny_card(**thresholds):
    return ModelCard(
        name="tiny",
        model="onsets_frames",
        config={},
        sample_rate=RATE,
        hop_length=HOP,
        thresholds={"onset": 0.6, "frame": 0.5, **thresholds},
        licence="CC0-1.0",
        data=(),
    )
