"""Embeddings of recordings by the frozen network: one per second, computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from amtstudio.audio import FloatArray
from amtstudio.engine.instrument_detector import (
    SampleCounter,
    activity_of,
    instance_chunks,
    silent_instances,
)
from amtstudio.models import ModelCard
from amtstudio.models.instrument_attention import MIN_WEIGHT, AttentionHead, InstrumentAttention
from amtstudio.symbolic.instruments import InstrumentActivity

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Detector:
    """A detector whose attention head can be exchanged; the rest of its network is frozen."""

    model: InstrumentAttention
    card: ModelCard

    @property
    def sample_rate(self) -> int:
        return self.model.grid.sample_rate


@dataclass(frozen=True, eq=False)
class Heard:
    """The embeddings of a recording.

    Attributes
    ----------
    embeddings : Tensor, shape (n_instances, embedding_size)
    is_silent : np.ndarray of bool, shape (n_instances,)
    seconds : float
    """

    embeddings: Tensor
    is_silent: npt.NDArray[np.bool_]
    seconds: float

    @property
    def sounding(self) -> Indices:
        """The instances with sound."""
        return np.flatnonzero(~self.is_silent)


@torch.inference_mode()
def listen(
    detector: Detector,
    blocks: Iterable[FloatArray],
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Heard:
    """Embed mono blocks at the sample rate of the detector. Raises ``Cancelled``."""
    model = detector.model
    found, silent = [], []
    counter = SampleCounter(blocks, is_cancelled)
    for chunk in instance_chunks(model, counter):
        audio = torch.from_numpy(np.ascontiguousarray(chunk))
        found.append(model.embed(model.log_mel(audio[None]))[0].float())
        silent.append(silent_instances(model, chunk, len(found[-1])))
    size = model.head.score.in_features
    return Heard(
        # Cloned: the head learns from it, which tensors of the inference mode do not allow.
        torch.cat(found).clone() if found else torch.zeros((0, size)),
        np.concatenate(silent) if silent else np.zeros(0, dtype=bool),
        counter.n_samples / detector.sample_rate,
    )


@torch.no_grad()
def named_by(detector: Detector, head: AttentionHead, heard: Heard) -> InstrumentActivity:
    """A head's result for a recording, as the program presents it."""
    head.eval()
    scores, weights = (part.numpy().copy() for part in head.instances(heard.embeddings))
    scores[heard.is_silent] = 0.0
    weights[heard.is_silent] = MIN_WEIGHT
    return activity_of(scores, weights, detector.model, detector.card, duration=heard.seconds)
