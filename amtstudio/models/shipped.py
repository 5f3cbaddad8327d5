"""The models that ship with the program. No torch is needed to list or verify them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from amtstudio.errors import CheckpointError, did_you_mean
from amtstudio.models.card import NAME_PATTERN
from amtstudio.models.checkpoint_header import open_checkpoint
from amtstudio.resources import resource_path

SUFFIX = ".safetensors"
SUMS_NAME = "SHA256SUMS"  # as sha256sum writes it
_SUMS_LINE = re.compile(r"([0-9a-f]{64}) [ *](\S+)")


def list_models() -> list[str]:
    """Names of the shipped models, sorted."""
    return sorted(path.stem for path in _folder().glob(f"*{SUFFIX}") if path.is_file())


def find_model(name_or_path: str | Path) -> Path:
    """The file of a shipped model, or the path itself where it ends in ``.safetensors``.

    Raises
    ------
    CheckpointError
        If there is neither a shipped model nor a file of that name.
    """
    name = str(name_or_path)
    if name.lower().endswith(SUFFIX):
        path = Path(name)
        try:
            path.stat()
        except FileNotFoundError as error:
            raise CheckpointError(f"there is no model file {name}") from error
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
            raise CheckpointError(f"cannot read the model file {name}: {error}") from error
        return path
    shipped = list_models()
    if NAME_PATTERN.fullmatch(name) and name in shipped:
        return _folder() / f"{name}{SUFFIX}"
    known = ", ".join(shipped) or "none"
    raise CheckpointError(
        f"there is no model {name!r}; shipped with the program: {known}",
        hint=did_you_mean(name, shipped) or f"or give the path of a {SUFFIX} file",
    )


def verify_model(name: str) -> str:
    """Compare a shipped model with its entry in ``SHA256SUMS``; the checksum is returned.

    Raises
    ------
    CheckpointError
        If the model or its entry is missing, or the file is not the one that was shipped.
    """
    path = find_model(name)
    expected = _read_sums().get(path.name)
    if expected is None or path.parent != _folder():
        raise CheckpointError(f"there is no checksum for the model {path.name}")
    found = sha256_of(path)
    if found != expected:
        raise CheckpointError(
            f"the model {path.name} is not the one that was shipped: its SHA-256 is {found}, "
            f"not {expected}",
            hint="reinstall the program",
        )
    return found


def sha256_of(path: Path) -> str:
    """SHA-256 of a model file, as 64 hexadecimal digits.

    Raises
    ------
    CheckpointError
        If it cannot be read.
    """
    with open_checkpoint(path) as file:
        try:
            return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise CheckpointError(f"cannot read the model {path.name}: {error}") from error


def _folder() -> Path:
    return resource_path("models")


def _read_sums() -> dict[str, str]:
    path = _folder() / SUMS_NAME
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointError(f"cannot read the checksums of the models: {error}") from error
    sums = {}
    for line in text.splitlines():
        if (match := _SUMS_LINE.fullmatch(line)) is None:
            raise CheckpointError(f"{SUMS_NAME} has a line that is not a checksum: {line[:80]!r}")
        sums[match[2]] = match[1]
    return sums
