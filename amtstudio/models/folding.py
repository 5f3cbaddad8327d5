"""Networks made ready to compute: what training needs and listening does not is taken out."""

from __future__ import annotations

import torch
from torch import Tensor, nn


@torch.no_grad()
def fold_batch_norms(model: nn.Module) -> None:
    """Put every batch norm that follows a convolution into the weights of that convolution.

    With fixed statistics, a batch norm multiplies and adds, which can be folded into the
    convolution. In eval mode the model then gives the same outputs, except for rounding, but
    faster; it can no longer be trained as before, nor does its state fit its checkpoint.
    """
    for parent in list(model.modules()):
        if not isinstance(parent, nn.Sequential):
            continue
        for index in range(len(parent) - 1):
            convolution, norm = parent[index], parent[index + 1]
            if isinstance(convolution, nn.Conv2d) and _is_fixed(norm):
                assert isinstance(norm, nn.BatchNorm2d)
                parent[index] = _folded(convolution, norm)
                parent[index + 1] = nn.Identity()


def _is_fixed(norm: nn.Module) -> bool:
    """Whether it is a batch norm that takes its statistics from training."""
    return isinstance(norm, nn.BatchNorm2d) and not norm.training and norm.running_mean is not None


def _folded(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> nn.Conv2d:
    folded = nn.Conv2d(
        convolution.in_channels,
        convolution.out_channels,
        convolution.kernel_size,  # type: ignore[arg-type]
        stride=convolution.stride,  # type: ignore[arg-type]
        padding=convolution.padding,  # type: ignore[arg-type]
        dilation=convolution.dilation,  # type: ignore[arg-type]
        groups=convolution.groups,
        padding_mode=convolution.padding_mode,
        device=convolution.weight.device,
        dtype=convolution.weight.dtype,
    )
    weight, bias = _folded_weights(convolution, norm)
    assert folded.bias is not None
    folded.weight.copy_(weight)
    folded.bias.copy_(bias)
    return folded.requires_grad_(False).eval()


def _folded_weights(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weight and bias, in double precision."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = (norm.running_var.double() + norm.eps).rsqrt()
    shift = -norm.running_mean.double()
    if convolution.bias is not None:
        shift = shift + convolution.bias.double()
    if norm.affine:
        scale = scale * norm.weight.double()
    bias = shift * scale
    if norm.affine:
        bias = bias + norm.bias.double()
    return convolution.weight.double() * scale[:, None, None, None], bias
