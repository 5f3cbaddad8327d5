"""Training for real, at the size of a toy."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch

from amtstudio.learning.train_state import read_metadata, read_tensors
from amtstudio.models.checkpoint import load_model
from training.export import export
from training.material import MixedDataset
from training.peer_processes import PeerProcesses
from training.presets import PRESETS
from training.run import ClipNumbers, Run
from training.training_config import TrainingConfig


@pytest.fixture
def config(material_root, material_cache, tmp_path):
    return TrainingConfig(
        model_config={"n_channels": 8},
        material=str(material_root),
        output=str(tmp_path),
        cache=str(material_cache),
        n_frames=16,
        steps=6,
        decay_steps=2,
        warmup_steps=2,
        batch_size=2,
        bfloat16=False,
    )


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(config, tmp_path, optimizer):
    # With kernels that are large enough for Muon.
    config = replace(config, optimizer=optimizer, model_config={"n_channels": 32})
    whole = replace(config, output=str(tmp_path / "whole"))
    parts = replace(config, output=str(tmp_path / "parts"))
    for path in ("whole", "parts"):
        (tmp_path / path).mkdir()
    Run(whole).train()
    first = Run(parts)
    first.batches = lambda: list(Run.batches(first))[:3]
    first.train()
    second = Run(parts)
    assert second.progress.step == 3
    second.train()
    for prefix in ("model.", "average.", "optimizer."):
        expected = read_tensors(tmp_path / "whole/state.safetensors", prefix)
        found = read_tensors(tmp_path / "parts/state.safetensors", prefix)
        assert expected.keys() == found.keys()
        for name, value in expected.items():
            np.testing.assert_array_equal(found[name], value)


def test_a_run_of_adamw_goes_on_with_muon(config):
    config = replace(config, model_config={"n_channels": 32}, steps=2)
    Run(config).train()
    run = Run(replace(config, optimizer="muon", steps=4))
    assert run.progress.step == 2
    before = {name: value.clone() for name, value in run.model.named_parameters()}
    run.train()
    assert run.progress.step == 4
    for name, value in run.model.named_parameters():
        assert torch.isfinite(value).all(), name
        assert not torch.equal(value, before[name]), name


def test_a_run_asked_to_stop_saves_its_state(config, tmp_path):
    run = Run(config)
    run._ask_to_stop(15, None)
    run.train()
    progress, stored = read_metadata(tmp_path / "state.safetensors")
    assert progress.step == 1
    assert stored["batch_size"] == 2


def test_a_run_ends_when_its_minutes_are_gone_and_its_rate_has_fallen(config, tmp_path):
    run = Run(replace(config, steps=10_000, decay_steps=5_000, minutes=3 / 60, warmup_steps=0))
    rates = []
    step = run._step
    run._step = lambda batch: (step(batch), rates.append(run.optimizer.param_groups[0]["lr"]))[0]
    run.train()
    assert 3 / 3600 <= run.progress.wall_hours < 6 / 3600
    assert rates[0] == config.learning_rate
    assert rates[-1] < 0.5 * config.learning_rate
    assert rates == sorted(rates, reverse=True)
    again = Run(run.config)
    again.train()
    assert again.progress.step == run.progress.step + 1


def test_training_lowers_the_loss_on_its_clips(config):
    run = Run(replace(config, steps=25, learning_rate=1e-2, warmup_steps=1))
    batch = next(iter(run.batches()))
    run.model.train()
    first = float(sum(run._step(batch).values()))
    for _ in range(20):
        last = float(sum(run._step(batch).values()))
    assert last < 0.7 * first


def test_export_writes_a_model_that_loads(config, tmp_path):
    Run(config).train()
    export(tmp_path / "state.safetensors", tmp_path / "toy.safetensors", name="toy")
    model, card = load_model(tmp_path / "toy.safetensors")
    assert (card.name, card.model, card.config) == ("toy", "piano", {"n_channels": 8})
    assert card.training["step"] == 6
    assert "material" not in card.training["config"]
    average = read_tensors(tmp_path / "state.safetensors", "average.")
    np.testing.assert_array_equal(model.state_dict()["head.bias"], average["head.bias"])


@pytest.mark.parametrize("name", ["unet_bilstm", "unet_reconstruction"])
def test_a_u_net_trains_by_its_losses_and_is_exported(config, tmp_path, name):
    preset = PRESETS[name]
    weights = {"model": name, "model_config": {"n_channels": 2}, "targets": "nearest"}
    run = Run(replace(config, steps=2, loss_weights=preset.loss_weights, **weights))
    names = ["frame", *(["other_pass", "reconstruction"] if "reconstruction" in name else [])]
    batch = next(iter(run.batches()))
    run.model.train()
    assert sorted(run._step(batch)) == names
    run.train()
    export(tmp_path / "state.safetensors", tmp_path / "toy.safetensors", name="toy")
    model, card = load_model(tmp_path / "toy.safetensors")
    assert (card.model, card.decoder, card.thresholds) == (name, "frame_runs", {"frame": 0.5})
    found = model.state_dict()["transcriber.linear.bias"]
    np.testing.assert_array_equal(found, run.average.values["transcriber.linear.bias"])


def test_the_rate_rises_stays_and_falls():
    config = TrainingConfig(steps=1000, decay_steps=100, warmup_steps=10, learning_rate=1.0)
    rates = [config.learning_rate_at(step) for step in (0, 9, 10, 900, 925, 999)]
    assert rates == pytest.approx([0.1, 1.0, 1.0, 1.0, 0.5, 1 - 0.99**0.5])


def test_the_rate_falls_in_steps_where_a_preset_says_so():
    config = TrainingConfig(
        steps=20000, decay_steps=1, warmup_steps=0, learning_rate=6e-5, step_decay=0.98
    )
    assert config.learning_rate_at(4999) == 6e-5
    assert config.learning_rate_at(10000) == pytest.approx(6e-5 * 0.98**2)


def test_processes_share_the_clips_of_a_step():
    config = TrainingConfig(batch_size=4, steps=3)
    first, second = (list(ClipNumbers(config, PeerProcesses(rank, 2), 1)) for rank in (0, 1))
    assert first == [[4, 5], [8, 9]]
    assert second == [[6, 7], [10, 11]]


@pytest.fixture
def recordings(tmp_path):
    folder = tmp_path / "recordings"
    folder.mkdir()
    times = np.arange(16000 * 4) / 16000
    for index, pitch in enumerate((60, 67)):
        sound = np.where(times > 1, np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * times), 0)
        soundfile.write(folder / f"{index}.wav", 0.1 * sound, 16000)
        (folder / f"{index}.notes.csv").write_text(
            f"onset_s,offset_s,midi_pitch,velocity,instrument\n1.0,3.9,{pitch},64,piano\n"
        )
    return folder


def test_a_run_trains_on_recordings_alone(config, recordings):
    run = Run(replace(config, material="", recordings=(str(recordings),), n_frames=125, steps=2))
    batch = next(iter(run.batches()))
    assert batch["audio"].shape[0] == 2
    # All of each recording: the onset of its one note at frame 31.25.
    np.testing.assert_allclose(batch["onset"][:, 31:33].sum(dim=(1, 2)), 1.0)
    keys = sorted(int(key) for key in batch["frame"].sum(dim=1).argmax(dim=1))
    assert keys == [60 - 21, 67 - 21]
    run.train()
    assert run.progress.step == 2


def test_recordings_make_up_their_share_of_a_mixture():
    mixed = MixedDataset(["first"] * 1000, ["second"] * 1000, share=0.3, seed=1)
    drawn = [mixed[index] for index in range(1000)]
    assert 250 < drawn.count("second") < 350
    assert drawn == [mixed[index] for index in range(1000)]


def test_a_run_without_material_says_so(config):
    with pytest.raises(ValueError, match="--material or --recordings"):
        Run(replace(config, material="")).train()
