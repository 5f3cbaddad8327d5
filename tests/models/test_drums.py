from __future__ import annotations

import math

import pytest
import torch

from amtstudio.features.drum_spectrogram import FLOOR, DrumSpectrogram
from amtstudio.models.drums import LOOK_AHEAD_FRAMES
from amtstudio.models.registry import build_model
from amtstudio.symbolic.drums import DRUMS

N_FRAMES = 120


@pytest.fixture
def network():
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = build_model("drums", {"n_maps": [4, 4, 6, 6], "n_channels": 16}).eval()
        # Heads that begin at the base rate of hits hardly differ from frame to frame.
        for head in (model.head, model.live_head):
            torch.nn.init.normal_(head[-1].weight)
        return model


def recording(model, n_frames=N_FRAMES):
    generator = torch.Generator().manual_seed(5)
    span = (n_frames - 1) * model.grid.hop_length + 2 * model.margin
    return 0.1 * torch.randn(1, span, generator=generator), torch.full((1, n_frames), 0.1)


def changed_frames(model, sample, *, live):
    """The first and the last frame that hear of a change of one sample."""
    audio, level = recording(model)
    other = audio.clone()
    other[0, model.margin + sample] += 1.0
    with torch.inference_mode():
        before = model(audio, level, live=live)["onset"]
        after = model(other, level, live=live)["onset"]
    changed = torch.nonzero((before - after).abs().amax(dim=2)[0] > 1e-6).flatten()
    return int(changed[0]), int(changed[-1])


def test_shapes(network):
    with torch.inference_mode():
        logits = network(*recording(network))
    assert {name: tuple(value.shape) for name, value in logits.items()} == {
        "onset": (1, N_FRAMES, len(DRUMS)),
        "velocity": (1, N_FRAMES, len(DRUMS)),
    }


def test_the_live_head_looks_no_further_ahead_than_it_says(network):
    frame = 60
    first, _ = changed_frames(network, frame * 320, live=True)
    ahead_s = (frame - first) * 0.01
    assert network.live_look_ahead - 0.01 < ahead_s <= network.live_look_ahead
    assert network.live_look_ahead == pytest.approx(LOOK_AHEAD_FRAMES * 0.01 + 0.016)


def test_the_head_for_files_waits_longer(network):
    first, _ = changed_frames(network, 60 * 320, live=False)
    assert (60 - first) * 0.01 > network.live_look_ahead + 0.1


@pytest.mark.parametrize("live", [False, True])
def test_frames_beyond_the_context_are_those_of_the_uncut_recording(network, live):
    audio, level = recording(network, 300)
    first, end = 20, 290
    hop = network.grid.hop_length
    part = audio[:, first * hop : (end - 1) * hop + 2 * network.margin]
    with torch.inference_mode():
        whole = network(audio, level, live=live)["onset"][:, first:end]
        cut = network(part, level[:, first:end], live=live)["onset"]
    inside = slice(network.context, end - first - network.context)
    torch.testing.assert_close(cut[:, inside], whole[:, inside], atol=1e-4, rtol=1e-4)


def test_louder_audio_with_its_level_gives_the_same(network):
    audio, level = recording(network)
    with torch.inference_mode():
        quiet = network(audio * 0.1, level * 0.1)["onset"]
        loud = network(audio, level)["onset"]
    torch.testing.assert_close(quiet, loud, atol=1e-3, rtol=1e-3)


def test_a_tone_is_in_its_band_in_both_resolutions():
    spectrogram = DrumSpectrogram()
    span = 9 * 320 + 2 * spectrogram.margin
    audio = torch.sin(2 * math.pi * 220.0 * torch.arange(span) / 32000)[None]
    features = spectrogram(audio, torch.ones(1, 10))
    assert features.shape == (1, 2, 10, 96)
    short, long = (int(features[0, window, 5].argmax()) for window in (0, 1))
    assert abs(short - long) <= 1
    # Bands are evenly spaced in mel from 30 to 15500 Hz.
    mel = [2595.0 * math.log10(1.0 + hertz / 700.0) for hertz in (30.0, 220.0, 15500.0)]
    assert abs(long - ((mel[1] - mel[0]) / (mel[2] - mel[0]) * 97 - 1)) <= 1
    assert features.min() >= math.log(FLOOR) - 1e-5


def test_the_long_window_takes_no_notice_of_what_it_cannot_tell():
    spectrogram = DrumSpectrogram()
    span = 9 * 320 + 2 * spectrogram.margin
    audio = torch.sin(2 * math.pi * 9000.0 * torch.arange(span) / 32000)[None]
    features = spectrogram(audio, torch.ones(1, 10))
    # 9 kHz is folded to 1 kHz by decimation; the low-pass filter keeps it out.
    assert features[0, 1].max() < features[0, 0].max() - 4.0


def test_refuses_odd_lengths_and_configs(network):
    with pytest.raises(ValueError, match="audio must be"):
        network(torch.zeros(1, 1000), torch.ones(1, 10))
    with pytest.raises(ValueError, match="look_ahead"):
        DrumSpectrogram(look_ahead=2000)
    with pytest.raises(ValueError, match="multiples of 4"):
        DrumSpectrogram(hop_length=321)
    with pytest.raises(ValueError, match="n_maps"):
        build_model("drums", {"n_maps": [4, 4]})
    with pytest.raises(ValueError, match="n_channels"):
        build_model("drums", {"n_channels": 0})
    with pytest.raises(ValueError, match="n_mels"):
        build_model("drums", {"n_mels": 4})
