from __future__ import annotations

import dataclasses
import json
import os
import pickle
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from amtstudio.errors import CannotCreateOutputError, CheckpointError, OutputWriteError
from amtstudio.models import build_model, checkpoint, checkpoint_header, load_card
from amtstudio.models.checkpoint import load_model, save_checkpoint


@pytest.fixture
def saved(tmp_path, tiny_model, card):
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(path, tiny_model, card)
    return path


def rewrite(path, *, tensors=None, card_text=None):
    """Save again with other tensors or another card, unchecked."""
    old_card = load_card(path).to_json()
    save_file(
        load_file(path) if tensors is None else tensors,
        path,
        metadata={"card": old_card if card_text is None else card_text},
    )


def with_config(path, **changes):
    values = json.loads(load_card(path).to_json())
    values["config"] |= changes
    rewrite(path, card_text=json.dumps(values))


def raw_file(path, header, body=b"", *, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    size = len(text) if length is None else length
    path.write_bytes(size.to_bytes(8, "little") + text + body)


def test_what_is_saved_is_loaded(saved, tiny_model, card, rng):
    model, loaded_card = load_model(saved)
    assert loaded_card == card == load_card(saved)
    assert not model.training
    audio = torch.from_numpy(rng.normal(0, 0.1, (1, 9 * 512 + 1024)).astype("float32"))
    with torch.inference_mode():
        expected, found = tiny_model(audio), model(audio)
    for head, logits in expected.items():
        np.testing.assert_allclose(found[head], logits, rtol=0, atol=0)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float16, 1e-3), (torch.bfloat16, 8e-3)])
def test_halved_weights_load_as_float32(tmp_path, saved, tiny_model, card, dtype, tolerance):
    path = tmp_path / "half.safetensors"
    save_checkpoint(path, tiny_model, card, dtype=dtype)
    assert path.stat().st_size < 0.75 * saved.stat().st_size
    weights = load_model(path)[0].state_dict()
    for name, value in tiny_model.state_dict().items():
        assert weights[name].dtype == value.dtype
        np.testing.assert_allclose(weights[name], value, rtol=tolerance, atol=1e-6)


def test_saving_refuses_a_card_of_another_model(tmp_path, tiny_model, card):
    path = tmp_path / "x.safetensors"
    other = dataclasses.replace(card, config=card.config | {"model_complexity": 2})
    with pytest.raises(ValueError, match="other shapes"):
        save_checkpoint(path, tiny_model, other)
    with pytest.raises(ValueError, match="hop 256"):
        save_checkpoint(path, tiny_model, dataclasses.replace(card, hop_length=256))
    with pytest.raises(ValueError, match="describes onsets_frames, the model is Linear"):
        save_checkpoint(path, torch.nn.Linear(1, 1), card)
    with pytest.raises(ValueError, match="float32, float16 or bfloat16"):
        save_checkpoint(path, tiny_model, card, dtype=torch.float64)
    assert list(tmp_path.iterdir()) == []


def test_saving_refuses_weights_that_are_not_finite(saved, tiny_model, card):
    before = saved.read_bytes()
    with torch.no_grad():
        tiny_model.frame_stack[1].bias[3] = 1e6  # infinite as float16
    with pytest.raises(ValueError, match=r"frame_stack\.1\.bias holds values"):
        save_checkpoint(saved, tiny_model, card, dtype=torch.float16)
    assert saved.read_bytes() == before


def test_saving_into_a_missing_folder_says_so(tmp_path, tiny_model, card):
    with pytest.raises(CannotCreateOutputError, match="no folder"):
        save_checkpoint(tmp_path / "none" / "x.safetensors", tiny_model, card)


def test_a_failed_save_leaves_the_old_file_and_nothing_else(saved, tiny_model, card, monkeypatch):
    before = saved.read_bytes()

    def disk_full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OutputWriteError, match="No space left"):
        save_checkpoint(saved, tiny_model, card)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


@pytest.mark.parametrize("kept", [0, 7, 8, 100, 3000, -1])
def test_truncated_files_are_refused(saved, kept):
    saved.write_bytes(saved.read_bytes()[:kept])
    with pytest.raises(CheckpointError, match=r"cannot load the model tiny\.safetensors"):
        load_model(saved)


def test_no_random_damage_to_the_header_passes_as_anything_but_a_checkpoint_error(saved, rng):
    whole = saved.read_bytes()
    end = 8 + int.from_bytes(whole[:8], "little")
    refused = 0
    for _ in range(150):
        damaged = bytearray(whole)
        for position in rng.integers(0, end, 3):
            damaged[position] = rng.integers(0, 256)
        saved.write_bytes(damaged)
        try:
            load_model(saved)
        except CheckpointError:
            refused += 1
    assert refused > 100  # the rest hit free text, such as the description


@pytest.mark.parametrize(
    ("header", "length", "match"),
    [
        (b"garbage!", None, "not valid JSON"),
        (b"{}", None, "no model card"),
        (b"[]", None, "not a table"),
        (b"{}", 2**63, "not a safetensors file"),
        (b"{}", 3, "not a safetensors file"),
        (b"{}", 0, "not a safetensors file"),
        (b" " * (2**20 + 1), None, "not a safetensors file"),
        (b"[" * 500_000, None, "not valid JSON"),
        (b"\xff\xfe{}", None, "not valid JSON"),
        ({"__metadata__": 3}, None, "no model card"),
        ({"__metadata__": {"card": 3}}, None, "no model card"),
        ({"__metadata__": {"card": "no"}}, None, "card is not valid JSON"),
        ({"__metadata__": {"card": "[" * 100_000}}, None, "card is not valid JSON"),
        ({"__metadata__": {"card": "{}"}, "w": 3}, None, "does not describe the tensor 'w'"),
        (
            {"__metadata__": {"card": "{}"}, "w": {"dtype": "F32", "shape": [-1]}},
            None,
            "does not describe the tensor 'w'",
        ),
    ],
)
def test_wrong_headers_are_refused(tmp_path, header, length, match):
    path = tmp_path / "x.safetensors"
    raw_file(path, header, length=length)
    for load in (load_card, load_model):
        with pytest.raises(CheckpointError, match=match):
            load(path)


def test_a_header_that_lies_about_places_is_refused(saved):
    whole = saved.read_bytes()
    length = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8 : 8 + length])
    first, second = [entry for name, entry in header.items() if name != "__metadata__"][:2]
    first["data_offsets"] = second["data_offsets"]
    raw_file(saved, header, whole[8 + length :])
    with pytest.raises(CheckpointError, match="cannot load the model"):
        load_model(saved)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(saved, value):
    tensors = load_file(saved)
    tensors["frame_stack.1.bias"][5] = value
    rewrite(saved, tensors=tensors)
    with pytest.raises(CheckpointError, match=r"frame_stack\.1\.bias holds values"):
        load_model(saved)


def test_other_shapes_types_and_names_are_refused(saved):
    tensors = load_file(saved)
    bias = "frame_stack.1.bias"
    without = {name: value for name, value in tensors.items() if name != bias}
    for changed, match in [
        (tensors | {bias: torch.zeros(87)}, r"shape \(87,\) instead of \(88,\)"),
        (tensors | {bias: torch.zeros(88, dtype=torch.float64)}, "type F64 instead of F32"),
        (tensors | {bias: torch.zeros(88, dtype=torch.int64)}, "type I64 instead of F32"),
        (tensors | {"surplus": torch.zeros(1)}, "1 tensors too many, such as 'surplus'"),
        (without, rf"lacks 1 tensors, such as {bias}"),
    ]:
        rewrite(saved, tensors=changed)
        with pytest.raises(CheckpointError, match=match):
            load_model(saved)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"model_complexity": 256}, "shape"),
        ({"model_complexity": 10**9}, "model_complexity must be 1 to 256"),
        ({"n_mels": 2**62}, "n_mels must be 4 to 1024"),
        ({"n_fft": 10**400}, "neither text nor a finite number"),
        ({"model_complexity": "48"}, "model_complexity must be int"),
        ({"fmax": 1e300}, "half of sample_rate"),
        ({"hop_length": 256}, "card says 16000 Hz and hop 512"),
        ({"surplus": 1}, "knows no 'surplus'"),
    ],
)
def test_configs_that_do_not_fit_are_refused(saved, changes, match):
    with_config(saved, **changes)
    with pytest.raises(CheckpointError, match=match):
        load_model(saved)


def test_a_giant_config_does_not_allocate(saved, monkeypatch):
    """Its network would have 750 million weights; only its shapes may be made."""
    with_config(saved, model_complexity=256)
    built_on = []

    def spy(name, config):
        built_on.append(torch.get_default_device().type)
        return build_model(name, config)

    monkeypatch.setattr(checkpoint, "build_model", spy)
    with pytest.raises(CheckpointError, match="shape"):
        load_model(saved)
    assert built_on == ["meta"]


class Evil:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return (os.mkdir, (str(self.marker),))


def test_a_pickle_is_refused_and_not_run(tmp_path):
    marker = tmp_path / "was_run"
    path = tmp_path / "evil.safetensors"
    path.write_bytes(pickle.dumps(Evil(marker)))
    with pytest.raises(CheckpointError, match="not a safetensors file"):
        load_model(path)
    torch.save({"w": Evil(marker)}, path)
    with pytest.raises(CheckpointError, match="cannot load the model"):
        load_model(path)
    assert not marker.exists()


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="there is no model file"):
        load_model(tmp_path / "none.safetensors")
    with pytest.raises(CheckpointError, match="it is a folder"):
        load_model(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes in the file system")
def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.safetensors")
    with pytest.raises(CheckpointError, match="not a regular file"):
        load_card(tmp_path / "pipe.safetensors")


def test_files_over_the_cap_are_refused_unread(tmp_path):
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.truncate(checkpoint_header.MAX_FILE_BYTES + 1)  # sparse: takes no room
    with pytest.raises(CheckpointError, match="larger than 512 MB"):
        load_card(path)
