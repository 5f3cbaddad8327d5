import pytest
import torch

from amtstudio.models import build_config, build_model
from amtstudio.models.music_context import REACH, local_attention
from amtstudio.models.piano_large import at_first_speed, mean_logit
from amtstudio.symbolic.heads import PIANO_HEADS

SMALL = {"n_channels": 8, "n_linked": 2, "n_further": 1, "context_width": 16, "n_context": 1}


@pytest.fixture
def careful():
    torch.manual_seed(3)
    model = build_model("piano_large", SMALL).eval()
    with torch.no_grad():
        model.music.spread.weight.normal_()
        for layer in model.music.layers:
            layer.distances.normal_()
            layer.mix.weight.normal_(std=0.3)
            layer.think[-1].weight.normal_(std=0.3)
    return model


def sound(model, n_frames):
    n_samples = (n_frames - 1) * model.grid.hop_length + 2 * model.margin
    return 0.1 * torch.randn(1, n_samples), torch.full((1, n_frames), 0.1)


def test_it_has_two_to_four_million_weights_and_tells_what_the_piano_tells():
    model = build_model("piano_large", {})
    assert 2e6 < sum(value.numel() for value in model.parameters()) < 4e6
    assert model.heads == PIANO_HEADS
    assert model.grid.to_seconds(model.context) > 4.0


def test_local_attention_is_attention_to_the_frames_in_reach():
    torch.manual_seed(1)
    n_frames, n_heads = 2 * REACH + 21, 2
    queries, keys, values = torch.randn(3, 2, n_frames, 6)
    distances = torch.randn(n_heads, 2 * REACH + 1)
    away = torch.arange(n_frames)[None] - torch.arange(n_frames)[:, None]
    bias = distances[:, (away + REACH).clamp(0, 2 * REACH)].masked_fill(
        away.abs() > REACH, -torch.inf
    )

    def heads(frames):
        return frames.unflatten(2, (n_heads, -1)).transpose(1, 2)

    logits = heads(queries) @ heads(keys).mT / 3**0.5 + bias
    expected = (logits.softmax(dim=3) @ heads(values)).transpose(1, 2).flatten(2)
    torch.testing.assert_close(local_attention(queries, keys, values, distances), expected)


@torch.inference_mode()
def test_it_hears_as_far_as_it_says_and_no_further(careful):
    n_frames, changed = 3 * careful.context, 2 * careful.context
    audio, level = sound(careful, n_frames)
    before = careful(audio, level)
    level[:, changed] *= 2.0
    after = careful(audio, level)
    differs = (before["frame"] - after["frame"]).abs().amax(dim=(0, 2)) > 1e-6
    heard = differs.nonzero()[:, 0]
    assert changed - careful.context <= heard.min() < changed - REACH
    assert changed + REACH < heard.max() <= changed + careful.context


@torch.inference_mode()
def test_context_that_was_never_taught_says_nothing():
    torch.manual_seed(2)
    model = build_model("piano_large", SMALL).eval()
    given = sound(model, 40)
    with_context = model(*given)
    model.music = None
    torch.testing.assert_close(model(*given), with_context)


@torch.inference_mode()
def test_a_layer_that_is_added_to_taught_context_changes_nothing(careful):
    deeper = build_model("piano_large", SMALL | {"n_context": 2}).eval()
    fresh = {name: value for name, value in deeper.state_dict().items() if ".layers.1." in name}
    assert fresh
    deeper.load_state_dict(fresh | careful.state_dict())
    given = sound(careful, 40)
    expected, found = careful(*given), deeper(*given)
    for head, logits in expected.items():
        torch.testing.assert_close(found[head], logits)


@pytest.mark.parametrize(
    ("key", "value"),
    [("n_context", 9), ("context_width", 12), ("n_further", 12), ("second_n_further", 12)],
)
def test_a_config_out_of_range_is_refused(key, value):
    with pytest.raises(ValueError, match=key):
        build_config("piano_large", {key: value})


@pytest.fixture
def listens_twice():
    torch.manual_seed(6)
    return build_model("piano_large", SMALL | {"n_context": 0, "listens_twice": True}).eval()


def test_frames_of_the_slower_sound_are_put_back_where_they_were():
    n_frames = 40
    slower = torch.arange((n_frames - 1) * 19 // 16 + 2, dtype=torch.float32)
    found = at_first_speed(slower[None, None, :, None].expand(2, 3, -1, 5), n_frames)
    expected = torch.arange(n_frames) * 19 / 16
    torch.testing.assert_close(found, expected[None, None, :, None].expand(2, 3, -1, 5))


@torch.inference_mode()
def test_the_slower_sound_is_lower_and_its_frames_lie_where_they_should(listens_twice):
    n_frames, hop, margin = 60, listens_twice.grid.hop_length, listens_twice.margin
    audio = torch.zeros(1, (n_frames - 1) * hop + 2 * margin)
    audio[0, margin + 32 * hop] = 1.0  # 38 slower frames
    level = torch.linspace(0.1, 0.2, n_frames)[None]
    slower, slower_level = listens_twice.slower(audio, level)
    assert slower.shape[1] == (slower_level.shape[1] - 1) * hop + 2 * margin
    assert abs(int(slower.abs().argmax()) - (margin + 38 * hop)) <= 1
    assert slower_level[0, 38] == pytest.approx(level[0, 32])
    tone = torch.sin(2 * torch.pi * 440.0 * torch.arange(audio.shape[1]) / 16000)[None]
    spectrum = torch.fft.rfft(listens_twice.slower(tone, level)[0][0, :16000]).abs()
    assert int(spectrum.argmax()) == round(440 * 16 / 19)


@torch.inference_mode()
def test_what_is_heard_twice_is_averaged_at_the_same_key_and_time(listens_twice):
    given = sound(listens_twice, 48)
    listens_twice.compare[1].weight.zero_()  # nothing but the mean
    twice = listens_twice(*given)["onset"]
    heard = listens_twice.spectrogram(*given)
    once = listens_twice.outputs(listens_twice.heard(heard))[:, 0]
    again = listens_twice.spectrogram(*listens_twice.slower(*given))
    again = listens_twice.outputs(listens_twice.heard(again))[:, 0]
    torch.testing.assert_close(twice[..., :3], once[..., :3], rtol=1e-4, atol=1e-5)
    # Every sixteenth frame is the nineteenth of the slower sound, and every key three keys below.
    expected = (once[:, ::16, 3:] + again[:, 0:57:19, :-3]) / 2
    torch.testing.assert_close(twice[:, ::16, 3:], expected, rtol=1e-4, atol=1e-5)


@torch.inference_mode()
def test_cut_sound_is_heard_twice_as_in_the_whole(listens_twice):
    n_frames, cut = 192, 48
    audio, level = sound(listens_twice, n_frames)
    hop, context = listens_twice.grid.hop_length, listens_twice.context
    whole = listens_twice(audio, level)["frame"]
    part = listens_twice(audio[:, cut * hop :], level[:, cut:])["frame"]
    torch.testing.assert_close(whole[:, cut + context :], part[:, context:], rtol=1e-3, atol=1e-4)


def test_all_parts_learn_from_what_is_heard_twice(listens_twice):
    listens_twice.train()(*sound(listens_twice, 32))["onset"].square().mean().backward()
    for name, value in listens_twice.named_parameters():
        if not name.startswith("pedal_head"):
            assert value.grad is not None, name


@torch.inference_mode()
def test_the_opinion_of_a_second_network_counts_half():
    torch.manual_seed(7)
    config = SMALL | {"n_context": 0, "second_n_further": 2}
    pair = build_model("piano_large", config).eval()
    assert pair.context == pair.second.context
    second = build_model(
        "piano",
        {
            "n_channels": 8,
            "n_windows": 3,
            "n_linked": 2,
            "n_further": 2,
            "knows_keys": True,
            "dereverberates": True,
        },
    ).eval()
    second.load_state_dict(pair.second.state_dict())
    given = sound(pair, 40)
    found, opinion = pair(*given), second(*given)
    pair.second = None
    alone = pair(*given)
    assert found.keys() == alone.keys() == opinion.keys()
    for head, logits in found.items():
        expected = (alone[head].sigmoid() + opinion[head].sigmoid()) / 2
        torch.testing.assert_close(logits.sigmoid(), expected)


def test_the_mean_of_certain_opinions_is_finite():
    certain = torch.tensor([-200.0, 200.0, -200.0])
    found = mean_logit(certain, torch.tensor([-200.0, 200.0, 200.0]))
    assert torch.isfinite(found).all()
    assert found[0] < -10.0
    assert found[1] > 10.0
    assert found[2] == pytest.approx(0.0, abs=1e-6)


def test_a_changed_spectrogram_reaches_both_networks():
    config = SMALL | {"n_context": 0, "second_n_further": 0}
    pair = build_model("piano_large", config).eval()
    given = sound(pair, 24)
    changed = pair.forward_changed(*given, lambda spectrogram: spectrogram * 0.5)["frame"]
    pair.second = None
    alone = pair.forward_changed(*given, lambda spectrogram: spectrogram * 0.5)["frame"]
    assert (changed - alone).abs().max() > 1e-4
