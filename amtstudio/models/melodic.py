"""The model for every pitched instrument: the piano's network, with bends and instruments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from amtstudio.models.piano import NOTE_STARTS, Piano, PianoConfig
from amtstudio.models.registry import register
from amtstudio.symbolic.families import BEND_RANGE, FAMILIES
from amtstudio.symbolic.heads import NOTE_HEADS, Head, HeadKind

__all__ = ["BEND_RANGE", "FAMILIES", "MELODIC_HEADS", "Melodic", "MelodicConfig", "bend_semitones"]

BEND = Head("bend", HeadKind.VALUE, where="frame")
FAMILY = Head("family", HeadKind.CLASS, where="frame", classes=FAMILIES)
MELODIC_HEADS = (*NOTE_HEADS, BEND, FAMILY)


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

    Beside the piano's heads (without its pedal) ``bend`` tells how far the sound lies from its key
    (``bend_semitones``), and ``family`` which of ``FAMILIES`` plays; both mean something where
    ``frame`` says that a note sounds.
    """

    heads: tuple[Head, ...] = MELODIC_HEADS
    starts: ClassVar[tuple[float, ...]] = (*NOTE_STARTS, 0.0, *(0.0 for _ in FAMILIES))
    plays: ClassVar[tuple[str, ...]] = FAMILIES

    def forward_features(self, features: Tensor) -> dict[str, Tensor]:
        outputs = self.outputs(self.heard(features))
        n_notes = len(NOTE_HEADS)
        names = [head.name for head in NOTE_HEADS]
        notes = dict(zip(names, outputs[:, :n_notes].unbind(dim=1), strict=True))
        # The network speaks of semitones: a straight line is learnt faster than its logit.
        share = (0.5 + outputs[:, n_notes] / (2.0 * BEND_RANGE)).clamp(0.001, 0.999)
        family = outputs[:, n_notes + 1 :].permute(0, 2, 3, 1)
        return notes | {"bend": torch.logit(share), "family": family}


def bend_semitones(logits: Tensor) -> Tensor:
    """Semitones against the key, from the logits of the head ``bend``."""
    return (torch.sigmoid(logits) - 0.5) * (2.0 * BEND_RANGE)
