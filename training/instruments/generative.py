"""The semi-supervised deep generative model (DGM): one classifier and one VAE a class.

References
----------
Gururani 2020, chapter 4 (equations 4.1 to 4.8, algorithm 1), after Kingma et al., "Semi-supervised
Learning with Deep Generative Models", NeurIPS 2014 (their M2).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F  # noqa: N812 - as torch's own documentation writes it
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ABSENT_LOGIT = -2.3  # a tenth
_LOG_PRIOR = math.log(0.5)  # p(y): present or absent, a priori


@dataclass(frozen=True)
class GenerativeConfig:
    """Sizes of table 4.1; ``n_in`` is a bag as one vector (10 instances of 128 numbers)."""

    n_in: int = 1280
    hidden: tuple[int, ...] = (512, 256)
    n_latent: int = 64
    dropout: float = 0.5


class GenerativeModel(nn.Module):
    """q(y|x), q(z|x, y) and p(x|y, z) for a single class that is present or absent."""

    def __init__(self, config: GenerativeConfig) -> None:
        super().__init__()
        self.encoder = _layers((config.n_in + 2, *config.hidden, 2 * config.n_latent))
        self.decoder = _layers((config.n_latent + 2, *reversed(config.hidden), config.n_in))
        self.classifier = _layers((config.n_in, 512, 512, 128, 1), dropout=config.dropout)
        score = self.classifier[-1]
        assert isinstance(score, nn.Linear)
        nn.init.constant_(score.bias, _ABSENT_LOGIT)  # as the heads that it is compared with

    def probability(self, x: Tensor) -> Tensor:
        """q(y = 1|x), shape (batch,), from (batch, n_in)."""
        logit: Tensor = self.classifier(x)
        return logit.squeeze(-1).sigmoid()

    def negative_bound(self, x: Tensor, y: Tensor) -> Tensor:
        """L(x, y) of equation 4.5 for each example, with one sample of z.

        Parameters
        ----------
        x : Tensor, shape (batch, n_in)
            Its likelihood is that of a Gaussian of unit variance, constants left out.
        y : Tensor, shape (batch,)
            0 or 1.
        """
        one_hot = F.one_hot(y.long(), 2).float()
        mean, log_variance = self.encoder(torch.cat([x, one_hot], dim=1)).chunk(2, dim=1)
        z = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        decoded = self.decoder(torch.cat([z, one_hot], dim=1))
        log_likelihood = -0.5 * ((x - decoded) ** 2).sum(dim=1)
        bound: Tensor = gaussian_kl(mean, log_variance) - log_likelihood - _LOG_PRIOR
        return bound

    def loss(self, labelled: Tensor, y: Tensor, unlabelled: Tensor, *, alpha: float) -> Tensor:
        """Equation 4.8 for a batch of each kind, mean over its examples."""
        supervised = self.negative_bound(labelled, y).mean()
        classification = F.binary_cross_entropy(self.probability(labelled), y.float())
        present = self.probability(unlabelled)
        bounds = torch.stack(
            [self.negative_bound(unlabelled, torch.full_like(present, value)) for value in (0, 1)]
        )
        unsupervised = unlabelled_bound(bounds, present).mean()
        return supervised + unsupervised + alpha * classification


def gaussian_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence of N(mean, exp(log_variance)) from N(0, I), summed over the last axis."""
    return 0.5 * (mean**2 + log_variance.exp() - 1.0 - log_variance).sum(dim=-1)


def unlabelled_bound(bounds: Tensor, present: Tensor) -> Tensor:
    """U(x) of equation 4.6.

    Parameters
    ----------
    bounds : Tensor, shape (2, batch)
        L(x, y) for y = 0 and y = 1.
    present : Tensor, shape (batch,)
        q(y = 1|x).

    Returns
    -------
    Tensor, shape (batch,)
        The expected L less the entropy of q.
    """
    q = torch.stack([1.0 - present, present]).clamp(1e-7, 1.0)
    entropy = -(q * q.log()).sum(dim=0)
    return (q * bounds).sum(dim=0) - entropy


def classification_weight(n_unlabelled: int, n_labelled: int, *, beta: float = 32.0) -> float:
    """The weight alpha of equation 4.8: ``beta * |D_u| / |D_l|``."""
    return beta * n_unlabelled / max(n_labelled, 1)


def train_generative(
    model: GenerativeModel,
    labelled: Tensor,
    y: Tensor,
    unlabelled: Tensor,
    *,
    n_epochs: int,
    generator: torch.Generator,
    batch_size: int = 128,
    learning_rate: float = 1e-4,
    beta: float = 32.0,
    ramp: Callable[[float], float] | None = None,
) -> None:
    """Algorithm 1: an epoch is one pass over the unlabelled data, labelled batches are drawn.

    ``ramp`` gives the share of the learning rate by the share of the run that is done. The loss is
    divided by alpha where that is above 1: Adam does not mind, numbers stay readable.
    """
    n_steps, step = n_epochs * math.ceil(len(unlabelled) / batch_size), 0
    optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate, weight_decay=1e-5)
    alpha = classification_weight(len(unlabelled), len(labelled), beta=beta)
    model.train()
    for _ in range(n_epochs):
        for batch in _batches(unlabelled, batch_size, generator):
            drawn = torch.randint(
                len(labelled), (min(batch_size, len(labelled)),), generator=generator
            )
            loss = model.loss(labelled[drawn], y[drawn], batch, alpha=alpha) / max(alpha, 1.0)
            if ramp is not None:
                for group in optimiser.param_groups:
                    group["lr"] = learning_rate * ramp(step / n_steps)
            step += 1
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    model.eval()


def _batches(x: Tensor, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    order = torch.randperm(len(x), generator=generator)
    for start in range(0, len(x), size):
        yield x[order[start : start + size]]


def _layers(sizes: tuple[int, ...], *, dropout: float = 0.0) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        layers += [nn.Linear(before, after), nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*layers[:-2])
