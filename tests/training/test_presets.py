import numpy as np
import pytest

from amtstudio.features import FrameGrid
from amtstudio.learning.targets import render_targets
from amtstudio.models.registry import build_config
from training.presets import ONSETS_FRAMES_SUPERVISED as SEED
from training.presets import PRESETS
from training.train import _parse


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_describes_a_network(name):
    build_config(PRESETS[name].model, PRESETS[name].model_config)


def test_the_seed_trains_on_segments_of_20_48_seconds():
    config = build_config(SEED.model, SEED.model_config)
    grid = FrameGrid(config.sample_rate, config.hop_length)
    assert grid.to_seconds(SEED.n_frames) == pytest.approx(20.48)


def test_the_seeds_learning_rate_ends_where_its_second_stage_begins():
    assert SEED.learning_rate_at(0) == 6e-5
    assert SEED.learning_rate_at(SEED.steps) == pytest.approx(4.9e-5, rel=0.01)


def test_the_seeds_targets_are_whole_frames():
    grid = FrameGrid(16000, 1600)  # ten frames a second
    notes = np.array([[0.32, 0.68, 60, 127.0]])
    targets = render_targets(notes, np.zeros((0, 2)), grid, 10, kind="nearest")
    np.testing.assert_array_equal(np.flatnonzero(targets.onset[:, 39]), [3])
    np.testing.assert_array_equal(np.flatnonzero(targets.offset[:, 39]), [7])
    np.testing.assert_array_equal(np.flatnonzero(targets.frame[:, 39]), [3, 4, 5, 6])
    assert targets.onset[3, 39] == targets.frame[5, 39] == targets.velocity[3, 39] == 1.0


def test_numbers_and_switches_of_a_network_are_given_by_name():
    words = ["RUN", "--material", "M", "--config", "n_channels=64"]
    config = _parse([*words, "--config", "dereverberates=true"])
    network = build_config(config.model, config.model_config)
    assert (network.n_channels, network.hop_length, network.dereverberates) == (64, 512, True)


def test_a_setting_of_a_network_that_is_no_value_is_refused(capsys):
    with pytest.raises(SystemExit):
        _parse(["RUN", "--material", "M", "--config", "dereverberates=yes"])
    assert "true or false" in capsys.readouterr().err


def test_the_u_nets_train_with_equal_weights_on_segments_of_20_48_seconds():
    names = [name for name in PRESETS if name.startswith("unet")]
    assert len(names) == 4
    for name in names:
        preset = PRESETS[name]
        config = build_config(preset.model, preset.model_config)
        grid = FrameGrid(config.sample_rate, config.hop_length)
        assert grid.to_seconds(preset.n_frames) == pytest.approx(20.48)
        assert set(preset.loss_weights.values()) == {1.0}
        assert name == preset.model + ("_mel" if config.spectrogram == "mel" else "")


def test_a_text_of_a_network_is_given_in_quotes():
    config = _parse(
        ["RUN", "--material", "M", "--preset", "unet_bilstm", "--config", 'spectrogram="mel"']
    )
    assert build_config(config.model, config.model_config).spectrogram == "mel"
