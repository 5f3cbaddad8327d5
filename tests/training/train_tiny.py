"""``training.train`` for a network of a few weights without norms, which halves of a batch move as
the whole does; torchrun starts it in the tests."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from amtstudio.features import FrameGrid
from amtstudio.models.registry import register
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.heads import FRAME, ONSET, Head
from training import train
from training.training_config import TrainingConfig

HOP = 512


@dataclass(frozen=True)
class TinyConfig:
    n_hidden: int = 4


@register("tiny", TinyConfig)
class Tiny(TranscriptionModel):
    heads: tuple[Head, ...] = (ONSET, FRAME)
    margin = HOP
    context = 1

    def __init__(self, config: TinyConfig) -> None:
        super().__init__()
        self.grid = FrameGrid(16000, HOP)
        self.hidden = nn.Linear(2 * HOP, config.n_hidden)
        self.keys = nn.Linear(config.n_hidden, 2 * 88)

    def forward(self, audio: Tensor, level: Tensor | None = None) -> dict[str, Tensor]:
        assert level is not None
        frames = audio.unfold(1, 2 * HOP, HOP)[:, : level.shape[1]]
        logits = self.keys(self.hidden(frames).tanh())
        onset, frame = logits.unflatten(2, (2, 88)).unbind(dim=2)
        return {"onset": onset, "frame": frame}


TINY = TrainingConfig(model="tiny", n_frames=16, warmup_steps=0, decay_steps=0, bfloat16=False)

if __name__ == "__main__":
    train.PRESETS = train.PRESETS | {"tiny": TINY}
    train.main()
