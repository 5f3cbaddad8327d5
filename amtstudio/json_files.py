"""Typed values as JSON: read with every value checked, written in ASCII.

ASCII, since paths go into these files, and names of files need not be UTF-8.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec

T = TypeVar("T")


def to_json(value: object) -> bytes:
    """A dataclass, a struct, or what JSON has, paths among it.

    Raises ``ValueError`` for numbers that are not finite.
    """
    plain = msgspec.to_builtins(value, enc_hook=str)
    return (json.dumps(plain, indent=2, allow_nan=False) + "\n").encode("ascii")


def from_json(data: bytes | str, kind: type[T]) -> T:
    """Read what ``to_json`` wrote.

    Raises ``ValueError``, which names the place, for what is not JSON or does not fit.
    """
    try:
        values = json.loads(data, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return msgspec.convert(values, kind, dec_hook=_path)


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _path(kind: type, value: Any) -> Path:
    if kind is not Path or not isinstance(value, str):
        raise ValueError(f"expected {kind.__name__}, got {value!r}")
    return Path(value)
