"""Muon: steps that are orthogonal matrices, for the kernels of a network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from torch import Tensor

# Smaller matrices, norms and biases are left to AdamW.
SMALLEST_MATRIX = 32
# Of the quintic iteration of Jordan et al.: singular values of 0.01 to 1 become 0.7 to 1.2 in
# five steps. It climbs fast instead of converging, which is enough for a direction.
_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_N_ITERATIONS = 5
# The root mean square of a step of AdamW, so that its rates and weight decay serve here, too
# (Liu et al., "Muon is scalable for LLM training", 2025).
_STEP_SIZE = 0.2


class Muon(torch.optim.Optimizer):
    """Momentum whose singular values are all made one, so that no direction of a kernel is starved.

    Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024. Kernels of
    convolutions are seen as matrices, (channels out, all that one of them looks at). What is not a
    matrix of ``SMALLEST_MATRIX`` rows and columns learns by AdamW.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 2e-3,
        *,
        weight_decay: float = 1e-2,
        momentum: float = 0.95,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        defaults: dict[str, Any] = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "betas": betas,
            "eps": eps,
        }
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """One step for all that have a gradient.

        Raises
        ------
        ValueError
            If a closure is given: the loss is not looked at.
        """
        if closure is not None:
            raise ValueError("Muon takes no closure")
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                direction = _orthogonal_step if is_matrix(parameter) else _adam_step
                step = direction(parameter.grad, self.state[parameter], group)
                parameter.add_(step.reshape(parameter.shape), alpha=-group["lr"])
        return None


def is_matrix(parameter: Tensor) -> bool:
    """Whether a parameter is large enough in both directions."""
    if parameter.ndim < 2:
        return False
    n_rows = parameter.shape[0]
    return min(n_rows, parameter.numel() // n_rows) >= SMALLEST_MATRIX


def orthogonalised(matrix: Tensor) -> Tensor:
    """The matrix with singular values near one (0.7 to 1.2), and the same singular vectors."""
    is_tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if is_tall else matrix
    x = x / x.norm().clamp(min=1e-12)
    first, second, third = _COEFFICIENTS
    for _ in range(_N_ITERATIONS):
        square = x @ x.T
        x = first * x + (second * square + third * square @ square) @ x
    found: Tensor = x.T if is_tall else x
    return found


def _orthogonal_step(gradient: Tensor, state: dict[str, Tensor], group: dict[str, Any]) -> Tensor:
    if "momentum" not in state:
        state["momentum"] = torch.zeros_like(gradient)
    momentum = state["momentum"]
    momentum.lerp_(gradient, 1 - group["momentum"])
    # Nesterov's: as if the momentum had already seen this gradient once more.
    ahead = gradient.lerp(momentum, group["momentum"])
    step = orthogonalised(ahead.reshape(len(ahead), -1))
    scale: float = _STEP_SIZE * math.sqrt(max(step.shape))
    return step * scale


def _adam_step(gradient: Tensor, state: dict[str, Tensor], group: dict[str, Any]) -> Tensor:
    if "step" not in state:
        state["step"] = torch.zeros(())
        state["exp_avg"] = torch.zeros_like(gradient)
        state["exp_avg_sq"] = torch.zeros_like(gradient)
    first: float
    second: float
    first, second = group["betas"]
    state["step"] += 1
    n_steps = int(state["step"])
    state["exp_avg"].lerp_(gradient, 1 - first)
    state["exp_avg_sq"].lerp_(gradient.square(), 1 - second)
    size = (state["exp_avg_sq"] / (1 - second**n_steps)).sqrt_().add_(group["eps"])
    return state["exp_avg"] / (1 - first**n_steps) / size
