"""The visible part of a recording, as its project keeps it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

_VERSION = 1


@dataclass(frozen=True, slots=True)
class View:
    """The visible range and panels.

    Attributes
    ----------
    start, end : float, seconds
    low, high : float, MIDI pitches
    heads : tuple of str
        The activations overlaid on the spectrogram.
    panels : tuple of str
        Those around the view, by the names of their docks.
    """

    start: float
    end: float
    low: float
    high: float
    heads: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.start, self.end, self.low, self.high))):
            raise ValueError("a view must be finite")
        if not (0.0 <= self.start < self.end and self.low < self.high):
            raise ValueError(f"there is no view {self}")

    def to_json(self) -> str:
        return json.dumps({"version": _VERSION, **asdict(self)}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> View | None:
        """The view of a project, which may come from anywhere; None if it is none of ours."""
        try:
            values = json.loads(text)
            if not isinstance(values, dict) or values.pop("version") != _VERSION:
                return None
            numbers = {name: float(values[name]) for name in ("start", "end", "low", "high")}
            return cls(**numbers, heads=_names(values, "heads"), panels=_names(values, "panels"))
        except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
            return None


def _names(values: Mapping[str, object], key: str) -> tuple[str, ...]:
    names = values[key]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"{key} must be names")
    return tuple(names)
