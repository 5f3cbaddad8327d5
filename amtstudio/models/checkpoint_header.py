"""The head of a model file, read with care and without torch.

A safetensors file begins with the length of its header (8 bytes, little endian), then the header:
JSON that names each tensor with its type, shape and place, and free text under ``__metadata__``.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from amtstudio.errors import CheckpointError
from amtstudio.models.card import ModelCard

MAX_FILE_BYTES = 512 * 2**20  # five times the largest network of this program
MAX_HEADER_BYTES = 2**20  # that of 500 tensors takes 60 kB
_LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class CheckpointHeader:
    """``tensors`` maps the name of each tensor to its type ("F32", "I64"...) and shape."""

    card: ModelCard
    tensors: dict[str, tuple[str, tuple[int, ...]]]


def load_card(path: Path) -> ModelCard:
    """The card of a model file; the weights are neither read nor checked.

    Raises
    ------
    CheckpointError
        If the file cannot be read, is not a model file, or its card is wrong.
    """
    with open_checkpoint(path) as file:
        return read_header(file, path).card


def open_checkpoint(path: Path) -> BufferedReader:
    """Open a model file for reading, if it is a regular file of sane size.

    Raises
    ------
    CheckpointError
        If it is not.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NONBLOCK", 0)  # a pipe under this name must not make us wait
    try:
        if path.is_dir():  # Windows refuses to open one, with a misleading reason
            raise CheckpointError(f"cannot load the model {path.name}: it is a folder")
        file = os.fdopen(os.open(path, flags), "rb")
    except FileNotFoundError as error:
        raise CheckpointError(f"there is no model file {path}") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise CheckpointError(f"cannot open the model {path.name!r}: {reason}") from error
    try:
        _check_file(file, path)
    except CheckpointError:
        file.close()
        raise
    return file


def read_header(file: BinaryIO, path: Path) -> CheckpointHeader:
    """Read the header at the start of ``file``; ``path`` is for messages.

    Whether the tensors' places in the file fit is left to safetensors, which checks it.

    Raises
    ------
    CheckpointError
        If it is not the header of a model file, or the card in it is wrong.
    """
    try:
        length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        size = os.fstat(file.fileno()).st_size
        fits = 2 <= length <= min(MAX_HEADER_BYTES, size - _LENGTH_BYTES)
        raw = file.read(length) if fits else b""
    except OSError as error:
        raise CheckpointError(f"cannot read the model {path.name}: {error.strerror}") from error
    try:
        return _parse_header(raw)
    except CheckpointError as error:
        raise CheckpointError(f"cannot load the model {path.name}: {error}") from error


def _check_file(file: BinaryIO, path: Path) -> None:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise CheckpointError(f"cannot load the model {path.name}: it is not a regular file")
    if status.st_size > MAX_FILE_BYTES:
        raise CheckpointError(
            f"cannot load the model {path.name}: it is larger than {MAX_FILE_BYTES >> 20} MB"
        )


def _parse_header(raw: bytes) -> CheckpointHeader:
    if not raw:
        raise CheckpointError("it is not a safetensors file, or is damaged")
    try:
        header = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"its header is not valid JSON: {error}") from error
    if not isinstance(header, dict):
        raise CheckpointError("its header is not a table")
    metadata = header.pop("__metadata__", None)
    if not isinstance(metadata, dict) or not isinstance(metadata.get("card"), str):
        raise CheckpointError("it holds no model card", hint="it was not made for this program")
    tensors = {name: _tensor_entry(name, entry) for name, entry in header.items()}
    return CheckpointHeader(ModelCard.from_json(metadata["card"]), tensors)


def _tensor_entry(name: str, entry: Any) -> tuple[str, tuple[int, ...]]:
    if isinstance(entry, dict):
        dtype, shape = entry.get("dtype"), entry.get("shape")
        if (
            isinstance(dtype, str)
            and isinstance(shape, list)
            and all(type(size) is int and size >= 0 for size in shape)
        ):
            return dtype, tuple(shape)
    raise CheckpointError(f"its header does not describe the tensor {name[:80]!r}")
