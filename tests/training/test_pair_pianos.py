"""Two piano models that were taught, joined to one."""

from __future__ import annotations

import pytest
import torch

from amtstudio.models import DataSource, ModelCard
from amtstudio.models.checkpoint import load_transcription_model, save_checkpoint
from amtstudio.models.registry import build_transcription_model
from training.pair_pianos import main

SHARED = {"n_channels": 8, "n_windows": 2, "n_linked": 2, "knows_keys": True}
CAREFUL = SHARED | {"n_further": 2, "n_context": 0, "listens_twice": True, "dereverberates": False}


@pytest.fixture
def saved(tmp_path):
    """Writes a model of this network and configuration, and returns its path."""

    def save(name, network, config, source="POP909"):
        torch.manual_seed(len(name))
        model = build_transcription_model(network, config)
        card = ModelCard(
            name=name,
            model=network,
            config=config,
            sample_rate=16000,
            hop_length=512,
            thresholds={"onset": 0.3 if network == "piano" else 0.6, "frame": 0.5},
            licence="MIT",
            data=(DataSource(source, "MIT"), DataSource("Both", "MIT")),
            onset_shift_s=0.01 if network == "piano" else 0.0,
        )
        path = tmp_path / f"{name}.safetensors"
        save_checkpoint(path, model, card)
        return path

    return save


@torch.inference_mode()
def test_both_are_heard_with_the_thresholds_of_the_plain_one(saved, tmp_path):
    careful = saved("careful", "piano_large", CAREFUL)
    plain = saved("plain", "piano", SHARED | {"n_further": 1}, source="Mutopia")
    output = tmp_path / "piano_large.safetensors"
    assert main([str(careful), str(plain), str(output)]) == 0
    model, card = load_transcription_model(output)
    assert card.name == "careful"
    assert card.thresholds["onset"] == 0.3
    assert card.onset_shift_s == 0.01
    assert [source.name for source in card.data] == ["POP909", "Both", "Mutopia"]
    audio = 0.1 * torch.randn(1, 31 * 512 + 2 * model.margin)
    level = torch.full((1, 32), 0.1)
    one, other = (load_transcription_model(path)[0] for path in (careful, plain))
    found = model.eval()(audio, level)["onset"].sigmoid()
    expected = sum(each.eval()(audio, level)["onset"].sigmoid() for each in (one, other)) / 2
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize(
    ("network", "config", "said"),
    [
        ("piano", SHARED | {"n_channels": 16}, "more than further blocks"),
        ("piano_large", CAREFUL, "is not a piano model"),
    ],
)
def test_networks_that_do_not_fit_together_are_refused(
    saved, tmp_path, capsys, network, config, said
):
    careful, plain = saved("careful", "piano_large", CAREFUL), saved("plain", network, config)
    output = tmp_path / "out.safetensors"
    assert main([str(careful), str(plain), str(output)]) != 0
    assert said in capsys.readouterr().err
    assert not output.exists()


def test_a_pair_gets_no_third(saved, tmp_path, capsys):
    pair = saved("pair", "piano_large", CAREFUL | {"second_n_further": 0})
    plain = saved("plain", "piano", SHARED)
    assert main([str(pair), str(plain), str(tmp_path / "out.safetensors")]) != 0
    assert "of one network" in capsys.readouterr().err
