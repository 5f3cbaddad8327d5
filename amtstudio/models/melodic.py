"""The model for every pitched instrument: the piano's network, with bends and instruments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from amtstudio.models.piano import NOTE_STARTS, Piano, PianoConfig
from amtstudio.models.registry import register
from amtstudio.symbolic.families import BEND_RANGE, FAMILIES
from amtstudio.symbolic.heads import NOTE_HEADS, Head, HeadKind

__all__ = [
    "BEND_RANGE",
    "FAMILIES",
    "MELODIC_HEADS",
    "Melodic",
    "MelodicConfig",
    "bend_semitones",
]

BEND = Head("bend", HeadKind.VALUE, where="frame")
FAMILY = Head("family", HeadKind.CLASS, where="frame", classes=FAMILIES)
MELODIC_HEADS = (*NOTE_HEADS, BEND, FAMILY)
# The blocks whose inputs carry timbre: the last ones no longer do, as they serve notes alone.
TIMBRE_FROM = (4, 8)


@dataclass(frozen=True)
class MelodicConfig(PianoConfig):
    """As the piano's; a network of the same size, so that it can start from the piano's weights."""

    n_channels: int = 64
    n_windows: int = 3
    n_linked: int = 8
    n_further: int = 5
    knows_keys: bool = True
    dereverberates: bool = True
    n_timbre: int = 0  # units of a separate layer for families; 0: none

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.n_timbre <= 512:
            raise ValueError(f"n_timbre must be 0 to 512, got {self.n_timbre}")


@register("melodic", MelodicConfig)
class Melodic(Piano):
    """Notes of any pitched instrument, how far each is bent, and which family plays it.

    In addition to the piano's heads (without its pedal), ``bend`` gives the deviation of the sound
    from its key (``bend_semitones``), and ``family`` which of ``FAMILIES`` plays; both are
    meaningful where ``frame`` says that a note sounds.
    """

    heads: tuple[Head, ...] = MELODIC_HEADS
    starts: ClassVar[tuple[float, ...]] = (*NOTE_STARTS, 0.0, *(0.0 for _ in FAMILIES))
    plays: ClassVar[tuple[str, ...]] = FAMILIES

    def __init__(self, config: MelodicConfig) -> None:
        super().__init__(config)
        self.n_channels = config.n_channels
        self.timbre: nn.Sequential | None = None
        if config.n_timbre:
            self.timbre = nn.Sequential(
                nn.Conv2d(self.n_timbre_inputs, config.n_timbre, 1),
                nn.ReLU(inplace=True),
                nn.Conv2d(config.n_timbre, config.n_timbre, 1),
                nn.ReLU(inplace=True),
                nn.Conv2d(config.n_timbre, len(FAMILIES), 1),
            )

    @property
    def n_timbre_inputs(self) -> int:
        return self.spectrogram.config.n_features + (len(TIMBRE_FROM) + 1) * self.n_channels

    def timbre_inputs(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """The features at each key, and the same concatenated with those of earlier blocks.

        Shapes (batch, n_channels, n_frames, 88) and (batch, n_timbre_inputs, n_frames, 88).
        """
        earlier: list[Tensor] = []
        heard = self.heard(features, earlier=earlier, at=TIMBRE_FROM)
        return heard, torch.cat([features, *earlier, heard], dim=1)

    def forward_features(self, features: Tensor) -> dict[str, Tensor]:
        if self.timbre is None:
            heard, of_timbre = self.heard(features), None
        else:
            heard, inputs = self.timbre_inputs(features)
            of_timbre = self.timbre(inputs).float()
        outputs = self.outputs(heard)
        n_notes = len(NOTE_HEADS)
        names = [head.name for head in NOTE_HEADS]
        notes = dict(zip(names, outputs[:, :n_notes].unbind(dim=1), strict=True))
        # The network speaks of semitones: a straight line is learnt faster than its logit.
        share = (0.5 + outputs[:, n_notes] / (2.0 * BEND_RANGE)).clamp(0.001, 0.999)
        family = outputs[:, n_notes + 1 :] if of_timbre is None else of_timbre
        family = family.permute(0, 2, 3, 1)
        return notes | {"bend": torch.logit(share), "family": family}


def bend_semitones(logits: Tensor) -> Tensor:
    """Semitones against the key, from the logits of the head ``bend``."""
    return (torch.sigmoid(logits) - 0.5) * (2.0 * BEND_RANGE)
