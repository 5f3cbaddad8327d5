"""Muon: what a step is, for kernels and for what is none."""

import numpy as np
import pytest
import torch
from torch import nn

from training.muon import Muon, is_matrix, orthogonalised


@pytest.mark.parametrize("shape", [(64, 576), (576, 64), (64, 64)])
def test_all_directions_become_about_as_long(shape):
    torch.manual_seed(3)
    # Singular values that differ by a factor of thirty.
    left, _ = torch.linalg.qr(torch.randn(shape[0], min(shape)))
    right, _ = torch.linalg.qr(torch.randn(shape[1], min(shape)))
    scales = torch.logspace(0, -1.5, min(shape))
    found = orthogonalised(left * scales @ right.T)
    inside = left.T @ found @ right
    assert found.shape == shape
    np.testing.assert_allclose(inside.diag(), np.ones(min(shape)), atol=0.35)
    # The same directions as before: nothing is mixed.
    np.testing.assert_allclose(inside - inside.diag().diag(), 0.0, atol=1e-4)


def test_the_matrix_of_no_gradient_stays_finite():
    assert orthogonalised(torch.zeros(32, 40)).abs().max() == 0


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((64, 64, 3, 3), True), ((64, 32), True), ((4, 64, 1, 1), False), ((64,), False)],
)
def test_kernels_are_matrices_and_the_rest_is_not(shape, expected):
    assert is_matrix(torch.zeros(shape)) is expected


def test_what_is_no_matrix_learns_as_by_adamw():
    torch.manual_seed(1)
    one, other = nn.Linear(5, 3), nn.Linear(5, 3)
    other.load_state_dict(one.state_dict())
    steps = Muon(one.parameters(), lr=0.1), torch.optim.AdamW(other.parameters(), lr=0.1)
    for _ in range(8):
        inputs = torch.randn(6, 5)
        for layer, optimizer in zip((one, other), steps, strict=True):
            optimizer.zero_grad()
            layer(inputs).square().sum().backward()
            optimizer.step()
    for found, expected in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(found, expected)


def test_a_step_of_a_kernel_has_the_size_of_adamws():
    torch.manual_seed(2)
    layer = nn.Conv2d(48, 64, 3, bias=False)
    before = layer.weight.detach().clone()
    optimizer = Muon(layer.parameters(), lr=0.01, weight_decay=0.0)
    layer(torch.randn(2, 48, 9, 9)).square().sum().backward()
    optimizer.step()
    change = (layer.weight.detach() - before).square().mean().sqrt()
    assert 0.7 * 0.2 * 0.01 < change < 1.2 * 0.2 * 0.01


def test_it_learns_a_linear_map_whose_directions_differ_in_strength():
    torch.manual_seed(4)
    target = torch.randn(32, 32) @ torch.diag(torch.logspace(0, -2, 32))
    layer = nn.Linear(32, 32, bias=False)
    optimizer = Muon(layer.parameters(), lr=0.05, weight_decay=0.0)
    first = last = 0.0
    for step in range(300):
        inputs = torch.randn(64, 32)
        loss = (layer(inputs) - inputs @ target.T).square().mean()
        first = first or float(loss.detach())
        optimizer.param_groups[0]["lr"] = 0.05 * (1 - step / 300)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        last = float(loss.detach())
    assert last < 0.01 * first


def test_it_takes_no_closure():
    with pytest.raises(ValueError, match="closure"):
        Muon(nn.Linear(2, 2).parameters()).step(lambda: 0.0)
