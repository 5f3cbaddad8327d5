"""Typed values as JSON: read with every value checked, written in ASCII.

ASCII, since paths go into these files, and names of files need not be UTF-8.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_type_hints

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

    Raises ``ValueError``, which names the position, for invalid JSON or values that do not fit.
    """
    return converted(parsed(data), kind)


def parsed(data: bytes | str) -> Any:
    """The parsed JSON; ``ValueError`` for invalid JSON, and for numbers that are not finite."""
    try:
        return json.loads(data, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def converted(values: Any, kind: type[T]) -> T:
    """Values as they stand in JSON as a dataclass or another type.

    Raises ``ValueError``, which names the field, for values that do not fit.
    """
    try:
        return msgspec.convert(values, kind, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ValueError(_place_first(error)) from error


def check_fields(value: Any) -> None:
    """Raise ``ValueError``, naming the field, unless each field of a dataclass fits its annotation.

    Ranges are part of the annotations, as ``msgspec.Meta``; numbers that are not finite fit none.
    """
    for name, hint in get_type_hints(type(value), include_extras=True).items():
        try:
            msgspec.convert(getattr(value, name), hint)
        except msgspec.ValidationError as error:
            raise ValueError(_place_first(error, name)) from error


def _place_first(error: msgspec.ValidationError, name: str = "") -> str:
    """``theme: Expected ...`` for ``Expected ... - at `$.theme```."""
    text, _, place = str(error).partition(" - at `$")
    where = (name + place.rstrip("`")).lstrip(".")
    return f"{where}: {text}" if where else text


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _path(kind: type, value: Any) -> Path:
    if kind is not Path or not isinstance(value, str):
        raise ValueError(f"expected {kind.__name__}, got {value!r}")
    return Path(value)
