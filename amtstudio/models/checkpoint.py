"""Save and load a network with its card: one safetensors file, never a pickle."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as tensors_to_bytes
from torch import Tensor

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import AmtStudioError, CheckpointError
from amtstudio.models.audio_model import AudioModel
from amtstudio.models.card import ModelCard
from amtstudio.models.checkpoint_header import (
    MAX_FILE_BYTES,
    MAX_HEADER_BYTES,
    CheckpointHeader,
    load_card,
    open_checkpoint,
    read_header,
)
from amtstudio.models.registry import build_model, model_classes
from amtstudio.models.transcription_model import TranscriptionModel

__all__ = ["load_card", "load_model", "load_transcription_model", "save_checkpoint"]

# Types that a file may hold for each type in memory: halved weights load like full ones.
_FILE_DTYPES = {torch.float32: ("F32", "F16", "BF16"), torch.int64: ("I64",)}


def save_checkpoint(
    path: Path, model: AudioModel, card: ModelCard, *, dtype: torch.dtype = torch.float32
) -> None:
    """Write weights and card; a file that was there is replaced whole or left as it was.

    Parameters
    ----------
    path : Path
        Should end in ``.safetensors``.
    model : AudioModel
        Must be the network that the card describes.
    card : ModelCard
    dtype : torch.dtype
        float32, float16 or bfloat16: how weights are stored. Loading always gives float32.

    Raises
    ------
    ValueError
        If the card does not describe the model, or a weight is not finite in ``dtype``.
    CannotCreateOutputError
        If the folder is missing or may not be written to.
    OutputWriteError
        If the disk is full.
    """
    if dtype not in (torch.float32, torch.float16, torch.bfloat16):
        raise ValueError(f"weights are stored as float32, float16 or bfloat16, not {dtype}")
    weights = {}
    for name, value in model.state_dict().items():
        stored = value.detach().to("cpu", dtype if value.is_floating_point() else value.dtype)
        if not torch.isfinite(stored).all():
            raise ValueError(f"{name} holds values that are not finite as {dtype}")
        weights[name] = stored.contiguous().clone()
    _check_description(model, card)
    data = tensors_to_bytes(weights, metadata={"card": card.to_json()})
    header_bytes = int.from_bytes(data[:8], "little")
    if len(data) > MAX_FILE_BYTES or header_bytes > MAX_HEADER_BYTES:
        raise ValueError(f"{len(data)} bytes, {header_bytes} of them header, are too many to load")
    write_atomically(path, data, overwrite=True)


def load_model(path: Path, *, device: torch.device | str = "cpu") -> tuple[AudioModel, ModelCard]:
    """Build the network that a model file describes, in eval mode on ``device``.

    Shapes and types of all weights are compared with those of the network that the card describes
    before any is read, so that no file can ask for more memory than a few times its own size.

    Raises
    ------
    CheckpointError
        If the file cannot be read or its parts do not fit together.
    """
    with open_checkpoint(path) as file:
        header = read_header(file, path)
        try:
            _check_tensors(header)
            file.seek(0)
            weights = load_tensors(file.read(MAX_FILE_BYTES + 1))
            model = _with_weights(header, weights)
        except CheckpointError as error:
            raise CheckpointError(f"cannot load the model {path.name}: {error}") from error
        except (
            OSError,
            ValueError,
            OverflowError,
            RuntimeError,
            MemoryError,
            SafetensorError,
        ) as error:
            raise CheckpointError(f"cannot load the model {path.name}: {error}") from error
    return model.to(device).eval(), header.card


def load_transcription_model(
    path: Path, *, device: torch.device | str = "cpu"
) -> tuple[TranscriptionModel, ModelCard]:
    """Like ``load_model``, for a network that finds notes.

    Raises
    ------
    CheckpointError
        As ``load_model``, and if the file holds another kind of network.
    """
    model, card = load_model(path, device=device)
    if not isinstance(model, TranscriptionModel):
        raise CheckpointError(
            f"the model {card.name} is not a transcription model", hint="see 'models list'"
        )
    return model, card


def _check_tensors(header: CheckpointHeader) -> None:
    """Compare the tensors of a file with those of the network that its card describes."""
    card = header.card
    with torch.device("meta"):  # shapes only: a config may ask for more memory than there is
        model = build_model(card.model, card.config)
    _check_grid(model, card)
    _check_decoder(model, card)
    expected = model.state_dict()
    if missing := sorted(expected.keys() - header.tensors.keys()):
        raise CheckpointError(f"it lacks {len(missing)} tensors, such as {missing[0]}")
    if extra := sorted(header.tensors.keys() - expected.keys()):
        raise CheckpointError(f"it has {len(extra)} tensors too many, such as {extra[0][:80]!r}")
    for name, tensor in expected.items():
        dtype, shape = header.tensors[name]
        if shape != tuple(tensor.shape):
            raise CheckpointError(f"{name} has shape {shape} instead of {tuple(tensor.shape)}")
        allowed = _FILE_DTYPES[tensor.dtype]
        if dtype not in allowed:
            raise CheckpointError(f"{name} has type {dtype[:20]} instead of {allowed[0]}")


def _check_grid(model: AudioModel, card: ModelCard) -> None:
    grid = model.grid
    if (card.sample_rate, card.hop_length) != (grid.sample_rate, grid.hop_length):
        raise CheckpointError(
            f"its card says {card.sample_rate} Hz and hop {card.hop_length}, its config "
            f"{grid.sample_rate} Hz and {grid.hop_length}"
        )


def _check_decoder(model: AudioModel, card: ModelCard) -> None:
    if card.decoder != model.decoder:
        raise CheckpointError(
            f"its card names the decoder {card.decoder!r}, but it needs {model.decoder!r}"
        )


def _with_weights(header: CheckpointHeader, weights: dict[str, Tensor]) -> AudioModel:
    model = build_model(header.card.model, header.card.config)
    for name, expected in model.state_dict().items():
        loaded = weights[name] = weights[name].to(expected.dtype)
        if not torch.isfinite(loaded).all():
            raise CheckpointError(f"{name} holds values that are not finite")
    model.load_state_dict(weights)
    return model


def _check_description(model: AudioModel, card: ModelCard) -> None:
    if type(model) is not model_classes(card.model)[0]:
        raise ValueError(f"the card describes {card.model}, the model is {type(model).__name__}")
    with torch.device("meta"):
        described = build_model(card.model, card.config)
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    if shapes != {name: tensor.shape for name, tensor in described.state_dict().items()}:
        raise ValueError("the card's config gives other shapes than the model has")
    try:
        _check_grid(model, card)
        _check_decoder(model, card)
    except AmtStudioError as error:
        raise ValueError(str(error)) from error
