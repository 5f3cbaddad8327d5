"""The careful piano model: a larger piano network that may listen twice and ask a second one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from amtstudio.features.torchaudio_import import import_torchaudio
from amtstudio.models.piano import (
    FURTHER_BLOCKS,
    ConvNormReLU,
    Piano,
    PianoConfig,
    add,
    quieten,
)
from amtstudio.models.registry import register

# A recording that is played this much slower sounds three keys lower, but for 2.5 cents.
_SLOWER = (16, 19)  # samples become
_LOWER = 3  # keys
_SMALLEST = 1e-7  # probability, and its distance to 1, below which float32 has no logit


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
    listens_twice: bool = False  # once more to the sound played slower
    # Further blocks of a second network, a plain ``Piano``, whose opinion counts half; -1: there is
    # none.
    second_n_further: int = -1

    def __post_init__(self) -> None:
        super().__post_init__()
        if not -1 <= self.second_n_further <= len(FURTHER_BLOCKS):
            raise ValueError(
                f"second_n_further must be -1 to {len(FURTHER_BLOCKS)}, got {self.second_n_further}"
            )


@register("piano_large", PianoLargeConfig)
class PianoLarge(Piano):
    """Notes and pedal of a piano, with two to four times the piano model's computation.

    It has the same outputs as ``Piano`` and is decoded in the same way. Where ``listens_twice`` is
    set, the same blocks hear the sound once as it is and once slower and three keys lower: notes
    that follow each other within two frames are further apart there. The features at each key are
    averaged, and a block weighs what differs. The lowest three keys are heard once. The slower
    frames count from the start of what is given: from a cut elsewhere than at a multiple of 16
    frames, the result differs slightly.

    Two networks that were taught differently do not make the same mistakes. With a second one, the
    result is the mean of their probabilities. Only one that already exists is worth adding: taught
    together, they would become alike.
    """

    def __init__(self, config: PianoLargeConfig) -> None:
        super().__init__(config)
        self.compare: ConvNormReLU | None = None
        if config.listens_twice:
            channels = config.n_channels
            self.compare = ConvNormReLU(2 * channels, channels, (3, 3), (1, 1))
            quieten(self.compare)
            self.context += 1
        self.second: Piano | None = None
        if config.second_n_further >= 0:
            self.second = Piano(second_config(config))
            self.context = max(self.context, self.second.context)

    def forward(self, audio: Tensor, level: Tensor | None = None) -> dict[str, Tensor]:
        return self._listen(audio, level, None)

    def forward_changed(
        self, audio: Tensor, level: Tensor | None, change: Callable[[Tensor], Tensor]
    ) -> dict[str, Tensor]:
        return self._listen(audio, level, change)

    def _listen(
        self, audio: Tensor, level: Tensor | None, change: Callable[[Tensor], Tensor] | None
    ) -> dict[str, Tensor]:
        features = self.features(audio, level, change)
        heard = self.heard(features)
        if self.compare is not None and level is not None:
            again = self.heard(self.features(*self.slower(audio, level), change))
            again = at_first_speed(again, level.shape[1])
            # The lowest keys would lie below the keyboard.
            again = torch.cat([heard[..., :_LOWER], again[..., :-_LOWER]], dim=3)
            again = again.contiguous(memory_format=torch.channels_last)
            compared = self.compare(torch.cat([heard, again], dim=1))
            heard = add(compared, (heard + again) / 2)
        told = self.told(heard)
        if self.second is None:
            return told
        opinion = self.second.forward_features(features)
        return {name: mean_logit(logits, opinion[name]) for name, logits in told.items()}

    def slower(self, audio: Tensor, level: Tensor) -> tuple[Tensor, Tensor]:
        """The same stretch of sound, slower, with its level at each of its frames."""
        before, after = _SLOWER
        n_frames = level.shape[1]
        n_slower = (n_frames - 1) * after // before + 2
        with torch.autocast(audio.device.type, enabled=False):
            sound = import_torchaudio().functional.resample(audio.float(), before, after)
            first = self.margin * after // before - self.margin
            n_samples = (n_slower - 1) * self.grid.hop_length + 2 * self.margin
            at = torch.arange(n_slower, device=level.device) * (before / after)
            at = at.round().long().clamp(max=n_frames - 1)  # the level changes slowly
            return sound[:, first : first + n_samples], level[:, at]


def second_config(config: PianoLargeConfig) -> PianoConfig:
    """That of the second network: the same features, channels and links, and no context."""
    return PianoConfig(
        n_channels=config.n_channels,
        hop_length=config.hop_length,
        n_windows=config.n_windows,
        n_linked=config.n_linked,
        n_further=config.second_n_further,
        knows_keys=config.knows_keys,
        dereverberates=config.dereverberates,
    )


def mean_logit(one: Tensor, other: Tensor) -> Tensor:
    """The logit of the mean of two probabilities, in single precision."""
    mean = (one.float().sigmoid() + other.float().sigmoid()) / 2
    return torch.logit(mean, eps=_SMALLEST)


def at_first_speed(slower: Tensor, n_frames: int) -> Tensor:
    """Frames of the sound as it is, on straight lines between those of the slower sound.

    Parameters
    ----------
    slower : Tensor, shape (batch, n_channels, n_slower, n_keys)
        ``n_slower`` beyond the last frame that is asked for.
    n_frames : int

    Returns
    -------
    Tensor, shape (batch, n_channels, n_frames, n_keys)
    """
    before, after = _SLOWER
    place = torch.arange(n_frames, device=slower.device) * after
    left = place // before
    part = (place % before).to(slower.dtype)[:, None] / before
    return torch.lerp(slower[:, :, left], slower[:, :, left + 1], part)
