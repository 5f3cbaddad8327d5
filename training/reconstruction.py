"""A decoder that restores the spectrogram from the notes, in training only.

The idea of Cheuk, Luo, Benetos & Herremans, "The Effect of Spectrogram Reconstruction on Automatic
Music Transcription", ICPR 2020: what a transcription says of when notes end and how loud they are
must suffice to draw the spectrogram again. Here the decoder hangs on the outputs of ``piano`` or
``melodic`` and is thrown away after training.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from amtstudio.features.harmonic_spectrogram import BINS_PER_SEMITONE
from amtstudio.models.piano import Piano
from amtstudio.symbolic.heads import NOTE_HEADS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

_N_INNER = 16
_FRAMES = 7  # that what is drawn depends on
_BELOW, _ABOVE = 36, 4  # keys whose partials fall on a key, or that leak into it
_LEARNING_RATE = 2e-3


class Reconstruction(nn.Module):
    """Draws the bins of every key's fundamental, at each window length, from the outputs.

    It is no part of the network nor of a run's state: a run that is continued begins with another.

    Parameters
    ----------
    model : Piano
        The network that is trained; its spectrogram is the target.

    Raises
    ------
    TypeError
        If the network has no harmonic spectrogram.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        if not isinstance(model, Piano):
            raise TypeError(f"{type(model).__name__} has no spectrogram to reconstruct")
        self._spectrogram = (model.spectrogram,)  # not as a part of this module
        config = model.spectrogram.config
        n_windows, n_harmonics = len(config.window_lengths), len(config.harmonics)
        places = torch.arange(n_windows)[:, None] * n_harmonics + config.harmonics.index(1)
        self._bins = (places * BINS_PER_SEMITONE + torch.arange(BINS_PER_SEMITONE)).flatten()
        n_heads = len(NOTE_HEADS)
        self.in_time = nn.Conv2d(n_heads, _N_INNER, (_FRAMES, 1), padding=(_FRAMES // 2, 0))
        self.partials = nn.Conv2d(_N_INNER, 2 * _N_INNER, (1, _BELOW + 1 + _ABOVE))
        self.drawn = nn.Conv2d(2 * _N_INNER, len(self._bins), 1)
        self._optimizer = torch.optim.Adam(self.parameters(), lr=_LEARNING_RATE)

    def loss(self, logits: Mapping[str, Tensor], batch: Mapping[str, Tensor]) -> Tensor:
        """The mean squared error of the reconstructed features, which are of unit variance."""
        with torch.no_grad():
            features = self._spectrogram[0](batch["audio"].float(), batch["level"].float())
            target = features[:, self._bins.to(features.device)]
        notes = torch.stack([logits[head.name].float().sigmoid() for head in NOTE_HEADS], dim=1)
        inner = functional.relu(self.in_time(notes))
        inner = functional.relu(self.partials(functional.pad(inner, (_BELOW, _ABOVE))))
        return functional.mse_loss(self.drawn(inner), target)

    def step(self) -> None:
        """Learn from the gradient that the last loss has left."""
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
