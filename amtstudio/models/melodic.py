"""The model for every pitched instrument: the piano's network, with bends and instruments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from amtstudio.models.piano import HEAD_STARTS, HEADS, Piano, PianoConfig
from amtstudio.models.registry import register

# Who may play a note, in the order of the outputs.
FAMILIES = (
    "keys",
    "guitar",
    "bass",
    "strings",
    "winds",
    "brass",
    "voice",
    "mallets",
    "organ_synth",
)


@dataclass(frozen=True)
class MelodicConfig(PianoConfig):
    """As the piano's; a network of the same size, so that it can start from the piano's weights."""

    n_channels: int = 64
    n_windows: int = 3
    n_linked: int = 8
    n_further: int = 5
    knows_keys: bool = True
    dereverberates: bool = True


@register("melodic", MelodicConfig)
class Melodic(Piano):
    """Notes of any pitched instrument, how far each is bent, and which family plays it.

    Beside the piano's heads (without its pedal) ``bend`` gives semitones against the key, linear,
    (batch, n_frames, 88), and ``family`` logits over ``FAMILIES``, (batch, n_frames, 88, 9); both
    mean something where ``frame`` says that a note sounds.
    """

    has_pedal: ClassVar[bool] = False
    output_starts: ClassVar[tuple[float, ...]] = (*HEAD_STARTS, 0.0, *(0.0 for _ in FAMILIES))

    def forward_features(self, features: Tensor) -> dict[str, Tensor]:
        outputs = self.outputs(self.heard(features))
        n_heads = len(HEADS)
        notes = dict(zip(HEADS, outputs[:, :n_heads].unbind(dim=1), strict=True))
        family = outputs[:, n_heads + 1 :].permute(0, 2, 3, 1)
        return notes | {"bend": outputs[:, n_heads], "family": family}
