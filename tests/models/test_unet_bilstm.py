from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from amtstudio.decoding import decoder_names
from amtstudio.engine import load_transcriber
from amtstudio.models import ModelCard, build_model
from amtstudio.models.checkpoint import load_transcription_model, save_checkpoint
from amtstudio.models.unet import UNet

NAMES = ("unet_bilstm", "unet_reconstruction")
SMALL = {"n_channels": 2}


def build(name, **config):
    torch.manual_seed(4)
    return build_model(name, SMALL | config)


def noise(n_frames, model, *, batch=1, gain=0.1):
    rng = np.random.default_rng(7)
    n_samples = (n_frames - 1) * model.grid.hop_length + 2 * model.margin
    return torch.from_numpy(rng.normal(0, gain, (batch, n_samples)).astype(np.float32))


@pytest.mark.parametrize(
    ("name", "spectrogram", "millions"),
    [
        ("unet_bilstm", "cqt", 1.35),
        ("unet_bilstm", "mel", 1.70),
        ("unet_reconstruction", "cqt", 2.61),
        ("unet_reconstruction", "mel", 3.21),
    ],
)
def test_the_default_has_the_paper_s_number_of_weights(name, spectrogram, millions):
    with torch.device("meta"):
        model = build_model(name, {"spectrogram": spectrogram})
    n_weights = sum(weight.numel() for weight in model.parameters())
    assert round(n_weights / 1e6, 2) == millions
    assert sum(weight.numel() for weight in model.transcriber.unet.parameters()) == 820_649


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spectrogram", ["cqt", "mel"])
@pytest.mark.parametrize("n_frames", [1, 15, 16, 37])
@torch.no_grad()
def test_any_number_of_frames_has_a_row_for_each(name, spectrogram, n_frames):
    model = build(name, spectrogram=spectrogram).eval()
    logits = model(noise(n_frames, model, batch=2))
    assert {head: tuple(values.shape) for head, values in logits.items()} == {
        "frame": (2, n_frames, 88)
    }
    assert [head.name for head in model.heads] == ["frame"]
    assert model.decoder in decoder_names()


@torch.no_grad()
def test_the_u_net_keeps_the_size_and_stays_within_0_and_1():
    torch.manual_seed(4)
    net = UNet(2).eval()
    for n_frames, n_bins in ((1, 16), (17, 229), (32, 176)):
        drawn = net(torch.rand(2, n_frames, n_bins))
        assert drawn.shape == (2, n_frames, n_bins)
        assert 0.0 <= float(drawn.min()) <= float(drawn.max()) <= 1.0
    with pytest.raises(ValueError, match="16 bins or more, got 15"):
        net(torch.rand(1, 4, 15))
    with pytest.raises(ValueError, match="must be even"):
        UNet(3)


@torch.no_grad()
def test_zeros_behind_an_excerpt_are_what_the_u_net_pads_with():
    torch.manual_seed(4)
    net = UNet(2).eval()
    image = torch.rand(1, 21, 32)
    longer = functional.pad(image, (0, 0, 0, 11))
    torch.testing.assert_close(net(longer)[:, :21], net(image))


@pytest.mark.parametrize("spectrogram", ["cqt", "mel"])
@torch.no_grad()
def test_an_excerpt_is_stretched_from_0_to_1_whatever_its_level(spectrogram):
    model = build("unet_bilstm", spectrogram=spectrogram).eval()
    loud = model.features(noise(20, model, batch=2, gain=0.3))
    assert loud.amin(dim=(1, 2)).tolist() == pytest.approx([0.0, 0.0], abs=1e-6)
    assert loud.amax(dim=(1, 2)).tolist() == pytest.approx([1.0, 1.0], abs=1e-6)
    soft = model.features(noise(20, model, batch=2, gain=0.1))
    torch.testing.assert_close(soft, loud, rtol=0, atol=0.02)


@torch.no_grad()
def test_silence_is_finite():
    for normalises in (True, False):
        model = build("unet_reconstruction", normalises_excerpts=normalises).eval()
        features = model.features(torch.zeros_like(noise(20, model)))
        torch.testing.assert_close(features, torch.zeros_like(features), rtol=0, atol=1e-5)
        assert torch.isfinite(model(torch.zeros_like(noise(20, model)))["frame"]).all()


@torch.no_grad()
def test_without_normalising_a_frame_does_not_depend_on_its_excerpt():
    model = build("unet_bilstm", normalises_excerpts=False).eval()
    audio = noise(40, model)
    start, hop = 16, model.grid.hop_length
    part = audio[:, start * hop : (start + 8 - 1) * hop + 2 * model.margin]
    torch.testing.assert_close(
        model.features(part), model.features(audio)[:, start : start + 8], rtol=0, atol=1e-5
    )


@torch.no_grad()
def test_a_note_is_brightest_at_its_own_key():
    model = build("unet_bilstm").eval()
    n_samples = noise(24, model).shape[1]
    times = torch.arange(n_samples) / model.grid.sample_rate
    audio = 0.2 * torch.sin(2 * np.pi * 440.0 * times)[None]
    assert int(model.features(audio)[0, 12].argmax()) == 2 * (69 - 21)


def test_the_reconstruction_is_transcribed_by_the_same_weights():
    model = build("unet_reconstruction").eval()
    audio = noise(20, model)
    with torch.no_grad():
        first = model.transcriber(model.features(audio))
        second = model.transcriber(model.reconstruct(first))
        torch.testing.assert_close(model(audio)["frame"], second)
        model.config = type(model.config)(**SMALL, uses_second_pass=False)
        torch.testing.assert_close(model(audio)["frame"], first)


@pytest.mark.parametrize("uses_second_pass", [True, False])
def test_training_has_three_losses_of_which_two_are_its_own(uses_second_pass):
    model = build("unet_reconstruction", uses_second_pass=uses_second_pass).train()
    outputs = model(noise(20, model, batch=2))
    target = (torch.rand(2, 20, 88) < 0.05).float()
    own = model.own_losses(outputs, {"frame": target})
    assert sorted(own) == ["other_pass", "reconstruction"]
    spectrogram = model.features(noise(20, model, batch=2))
    expected = ((outputs["reconstruction"] - spectrogram) ** 2).mean()
    torch.testing.assert_close(own["reconstruction"], expected)
    probs = outputs["other_pass"].sigmoid()
    entropy = -(target * probs.log() + (1 - target) * (1 - probs).log()).mean()
    torch.testing.assert_close(own["other_pass"], entropy, rtol=1e-4, atol=1e-6)
    sum(own.values()).backward()
    assert all(weight.grad is not None for weight in model.parameters())


def test_a_network_without_losses_of_its_own_has_none():
    model = build("unet_bilstm").train()
    outputs = model(noise(16, model))
    assert list(outputs) == ["frame"]
    assert model.own_losses(outputs, {}) == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_encoder_changes_neither_weights_nor_statistics(name):
    model = build(name)
    model.freeze_encoder()
    model.train()
    encoder = model.transcriber.unet.encoder
    before = {key: value.clone() for key, value in encoder.state_dict().items()}
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.1)
    outputs = model(noise(16, model, batch=2))
    outputs["frame"].square().mean().backward()
    optimizer.step()
    for key, value in encoder.state_dict().items():
        torch.testing.assert_close(value, before[key], rtol=0, atol=0)
    linear = model.transcriber.linear.weight
    assert linear.grad is not None
    assert float(linear.grad.abs().max()) > 0.0
    norm = model.transcriber.unet.decoder.blocks[0].convolutions[1]
    assert int(norm.num_batches_tracked) > 0


@pytest.mark.parametrize(
    ("config", "match"),
    [
        ({"spectrogram": "stft"}, "spectrogram must be cqt or mel, got 'stft'"),
        ({"n_channels": 3}, "must be even"),
        ({"n_channels": 0}, "n_channels must be 2 to 128, got 0"),
        ({"sample_rate": 8000}, "sample_rate must be 16000 to 192000"),
    ],
)
def test_configs_out_of_range_are_refused(config, match):
    with pytest.raises(ValueError, match=match):
        build_model("unet_bilstm", config)


@pytest.mark.parametrize("name", NAMES)
def test_a_model_file_transcribes_a_recording(tmp_path, name):
    model = build(name).eval()
    with torch.no_grad():
        # One key that sounds wherever there is anything; all others never.
        model.transcriber.linear.weight.zero_()
        model.transcriber.linear.bias.fill_(-5.0)
        model.transcriber.linear.bias[60 - 21] = 5.0
    card = ModelCard(
        name="small",
        model=name,
        config=dict(SMALL),
        sample_rate=16000,
        hop_length=512,
        thresholds={"frame": 0.5},
        licence="MIT",
        data=(),
        decoder=model.decoder,
    )
    path = tmp_path / "small.safetensors"
    save_checkpoint(path, model, card)
    loaded, _ = load_transcription_model(path)
    audio = noise(20, loaded)
    with torch.no_grad():
        torch.testing.assert_close(loaded(audio)["frame"], model(audio)["frame"])
    result = load_transcriber(path, device="cpu").transcribe_blocks(
        iter([np.zeros(16000, dtype=np.float32) + 0.01])
    )
    (note,) = result.transcription.notes
    assert (note.pitch, note.onset, note.offset) == (60, 0.0, pytest.approx(1.0, abs=0.04))
