from __future__ import annotations

import pytest
import torch
from torch import nn

from amtstudio.models.instrument_attention import (
    INSTANCE_FRAMES,
    AttentionHead,
    FlatHead,
    InstrumentAttentionConfig,
    MeanHead,
    RecurrentHead,
    attend,
)
from amtstudio.models.registry import build_model


def n_weights(module: nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters())


@pytest.fixture
def network():
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return build_model("instrument_attention", {"channels": [8, 8, 8, 8, 8]}).eval()


def test_attention_is_a_weighted_mean():
    scores = torch.tensor([[0.2], [0.8], [1.0]])
    weights = torch.tensor([[0.1], [0.3], [0.0]])
    bag, attention = attend(scores, weights)
    torch.testing.assert_close(attention[:, 0], torch.tensor([0.25, 0.75, 0.0]), atol=1e-6, rtol=0)
    torch.testing.assert_close(bag, torch.tensor([0.65]), atol=1e-6, rtol=0)


def test_instances_without_weight_count_alike():
    bag, attention = attend(torch.tensor([[0.2], [0.6]]), torch.zeros(2, 1))
    torch.testing.assert_close(attention, torch.full((2, 1), 0.5))
    torch.testing.assert_close(bag, torch.tensor([0.4]))


@pytest.mark.parametrize("n_instances", [1, 10, 5000])
def test_attention_sums_to_one_for_each_class(n_instances):
    torch.manual_seed(0)
    head = AttentionHead(16, 20, norm="layer").eval()
    output = head(torch.randn(2, n_instances, 16) * 3)
    assert output.attention.shape == (2, n_instances, 20)
    torch.testing.assert_close(output.attention.sum(dim=1), torch.ones(2, 20))
    torch.testing.assert_close(output.bag, (output.attention * output.scores).sum(dim=1))


def test_the_order_of_instances_does_not_matter():
    torch.manual_seed(1)
    head = AttentionHead(16, 4, norm="layer").eval()
    x = torch.randn(1, 7, 16)
    torch.testing.assert_close(head(x).bag, head(x.flip(1)).bag)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (AttentionHead(norm="batch"), 55_336),  # of the published code
        (MeanHead(), 52_116),  # these three of the thesis
        (FlatHead(), 986_772),
        (RecurrentHead(), 226_068),
    ],
)
def test_heads_have_the_weights_of_the_thesis(head, expected):
    assert n_weights(head) == expected
    assert head.eval()(torch.rand(3, 10, 128)).bag.shape == (3, 20)


@pytest.mark.parametrize("head", [AttentionHead, MeanHead, FlatHead, RecurrentHead])
def test_heads_start_alike_with_every_class_unlikely(head):
    torch.manual_seed(3)
    network = head().eval()
    with torch.inference_mode():
        probs = network(torch.randn(64, 10, 128)).bag
    assert probs.mean().item() == pytest.approx(0.1, abs=0.03)


def test_what_ships_says_the_same_alone_as_among_others(network):
    torch.manual_seed(2)
    log_mel = torch.randn(3, 2 * INSTANCE_FRAMES, 96)
    together = network.forward_features(log_mel).bag
    alone = torch.cat([network.forward_features(one[None]).bag for one in log_mel])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def test_a_constant_gain_changes_nothing(network):
    torch.manual_seed(2)
    audio = torch.randn(1, network.samples_of(3)) * 0.1
    with torch.inference_mode():
        loud, soft = network(audio).bag, network(audio * 0.05).bag
    torch.testing.assert_close(loud, soft, atol=1e-4, rtol=0)


def test_audio_of_some_instances_gives_so_many_scores(network):
    with torch.inference_mode():
        output = network(torch.zeros(2, network.samples_of(4)))
        scores, weights = network.instances(torch.zeros(1, network.samples_of(4)))
    assert output.bag.shape == (2, 20)
    assert (
        output.scores.shape
        == scores[0:1].expand(2, -1, -1).shape
        == weights.expand(2, -1, -1).shape
    )
    assert network.instance_samples == 16000  # a second


def test_half_an_instance_is_refused(network):
    with pytest.raises(ValueError, match="multiple of 64 frames, got 32"):
        network(torch.zeros(1, 31 * 250 + 1024))


@pytest.mark.parametrize(
    ("config", "match"),
    [
        ({"channels": (8, 8)}, "channels must be five"),
        ({"channels": (8, 8, 8, 8, 12)}, "multiples of 8"),
        ({"n_mels": 8}, "n_mels must be 16 to 256, got 8"),
        ({"dropout": 1.0}, "dropout must be"),
    ],
)
def test_wrong_configs_are_refused(config, match):
    with pytest.raises(ValueError, match=match):
        InstrumentAttentionConfig(**config)
