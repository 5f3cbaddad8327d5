import pytest
import torch

from amtstudio.models.drums import Drums, DrumsConfig
from training.drums.widening import widened

NARROW = DrumsConfig(n_maps=(3, 4, 5, 6), n_channels=7)


def test_a_wider_network_hears_what_the_narrower_one_heard() -> None:
    torch.manual_seed(3)
    narrow = Drums(NARROW)
    wide_config = DrumsConfig(n_maps=(5, 5, 8, 9), n_channels=12)
    narrow.train()
    features = torch.randn(2, 2, 40, NARROW.n_mels)
    narrow.forward_features(features)  # so that the norms have statistics of their own
    wide = Drums(wide_config)
    wide.load_state_dict(widened(narrow.state_dict(), NARROW, wide_config))
    narrow.eval(), wide.eval()
    for before, after in zip(
        narrow.forward_features(features), wide.forward_features(features), strict=True
    ):
        for name in before:
            torch.testing.assert_close(after[name], before[name], atol=1e-4, rtol=1e-4)


def test_what_is_new_learns_from_the_first_step_on() -> None:
    torch.manual_seed(3)
    wide_config = DrumsConfig(n_maps=(5, 5, 8, 9), n_channels=12)
    wide = Drums(wide_config)
    wide.load_state_dict(widened(Drums(NARROW).state_dict(), NARROW, wide_config))
    after, _ = wide.forward_features(torch.randn(2, 2, 40, NARROW.n_mels))
    after["onset"].square().sum().backward()
    gradient = wide.head[2].weight.grad
    assert gradient is not None
    assert gradient[:, NARROW.n_channels :].abs().sum() > 0


def test_narrower_layers_and_other_bands_are_refused() -> None:
    weights = Drums(NARROW).state_dict()
    with pytest.raises(ValueError, match="narrower"):
        widened(weights, NARROW, DrumsConfig(n_maps=(3, 4, 4, 6), n_channels=7))
    with pytest.raises(ValueError, match="n_mels"):
        widened(weights, NARROW, DrumsConfig(n_mels=64, n_maps=(3, 4, 5, 6), n_channels=7))
