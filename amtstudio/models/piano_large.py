"""The careful piano model: the piano's network, wider, deeper, with context of seconds."""

from __future__ import annotations

from dataclasses import dataclass

from amtstudio.models.piano import Piano, PianoConfig
from amtstudio.models.registry import register


@dataclass(frozen=True)
class PianoLargeConfig(PianoConfig):
    """As the piano's; it has all parts of that network, so that it can start from its weights."""

    n_channels: int = 112
    n_windows: int = 3
    n_linked: int = 16
    n_further: int = 11
    knows_keys: bool = True
    dereverberates: bool = True
    n_context: int = 2
    context_width: int = 256


@register("piano_large", PianoLargeConfig)
class PianoLarge(Piano):
    """Notes and pedal of a piano, with three to four times the piano model's computation.

    Made to be trained on a GPU. It has the same outputs as ``Piano`` and is decoded in the same
    way.
    """
