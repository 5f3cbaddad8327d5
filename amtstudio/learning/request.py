"""What an adaptation is asked for, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever asks needs no torch
    from amtstudio.learning.recordings import Corrections


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for.

    ``minutes`` is for the training of weights; the judging around it takes about as long again for
    ten minutes of audio on two cores. ``corrections`` maps recordings to what the user decided.
    """

    name: str
    recordings: tuple[Path, ...]
    minutes: float = 5.0
    model: str = "piano"
    device: str = "auto"
    teacher: str = "auto"
    n_threads: int | None = None
    overwrite: bool = False
    corrections: Mapping[Path, Corrections] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it: the fields of ``amtstudio adapt --report``, and the steps on the way."""

    adopted: bool
    reason: str
    minutes_used: float
    recordings: dict[str, object]
    before: dict[str, object]
    after: dict[str, object]
    guard_set: dict[str, object]
    seconds: float
    steps: list[dict[str, object]]
    teacher: str = ""
    tuning_cents: float = 0.0

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, allow_nan=False) + "\n"
