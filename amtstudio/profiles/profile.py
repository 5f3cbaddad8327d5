"""What a profile says of itself; every value is checked, for it may come out of any file."""

from __future__ import annotations

import json
import math
import unicodedata
from dataclasses import dataclass, field, fields
from typing import Any, NoReturn

from amtstudio.errors import ProfileError

PROFILE_FORMAT = 1
MAX_NAME = 60
MAX_TUNING_CENTS = 60.0
ROLES = ("adapt", "tune", "accept")

JsonDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One recording that went into a profile, and what for.

    ``adapt``: the model learned from it; ``tune``: thresholds were chosen on it; ``accept``: it
    only judged. ``sha256`` is that of the file, so that a renamed recording is known again.
    ``source`` is what was named to learn from, the recording itself or a project with it: by it a
    profile can be made anew without one of its recordings. It never leaves the machine: exported
    profiles lack it.
    """

    recording: str
    sha256: str
    seconds: float
    role: str
    corrected_s: float = 0.0  # seconds of it that the user had corrected or accepted
    source: str = ""  # absolute path; empty: not known

    def __post_init__(self) -> None:
        if not isinstance(self.recording, str) or not self.recording:
            _refuse("has a recording without a name")
        if not isinstance(self.sha256, str) or len(self.sha256) != 64:
            _refuse(f"has no SHA-256 for {self.recording[:60]!r}")
        if self.role not in ROLES:
            _refuse(f"knows no role {str(self.role)[:20]!r}")
        if not isinstance(self.source, str):
            _refuse("needs text as the source of a recording")
        for key in ("seconds", "corrected_s"):
            if not _is_number(getattr(self, key)) or getattr(self, key) < 0.0:
                _refuse(f"has {key} that are no duration")


@dataclass(frozen=True, slots=True)
class Profile:
    """A personal adaptation of a model.

    Attributes
    ----------
    name : str
        As the user called it: one line of up to 60 characters.
    base, base_sha256 : str
        Name of the model that it changes, and the checksum of the very file.
    thresholds : dict of float
        As in a model's card.
    tuning_cents : float
        By which the instrument is above 440 Hz; recordings are heard that much lower.
    created : str
        Time, ISO 8601.
    report : dict
        What the acceptance gate saw; free in form.
    ledger : tuple of LedgerEntry

    Raises
    ------
    ProfileError
        If a value has the wrong type or lies out of range.
    """

    name: str
    base: str
    base_sha256: str
    thresholds: dict[str, float]
    tuning_cents: float = 0.0
    created: str = ""
    report: JsonDict = field(default_factory=dict)
    ledger: tuple[LedgerEntry, ...] = ()
    format_version: int = PROFILE_FORMAT

    def __post_init__(self) -> None:
        if self.format_version != PROFILE_FORMAT:
            _refuse(f"has format {str(self.format_version)[:20]}; this reads {PROFILE_FORMAT}")
        check_name(self.name)
        for key in ("base", "base_sha256", "created"):
            if not isinstance(getattr(self, key), str):
                _refuse(f"needs text as {key}")
        if not isinstance(self.thresholds, dict) or not all(
            isinstance(key, str) and _is_number(value) for key, value in self.thresholds.items()
        ):
            _refuse("needs thresholds as a table of numbers")
        for key in ("onset", "frame"):
            if not 0.0 <= self.thresholds.get(key, -1.0) <= 1.0:
                _refuse(f"needs a threshold {key!r} in [0, 1]")
        if not _is_number(self.tuning_cents) or abs(self.tuning_cents) > MAX_TUNING_CENTS:
            _refuse(f"needs tuning_cents within {MAX_TUNING_CENTS:g}")
        if not isinstance(self.report, dict):
            _refuse("needs its report as a table")

    def to_json(self) -> str:
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        values["ledger"] = [
            {key.name: getattr(entry, key.name) for key in fields(entry)} for entry in self.ledger
        ]
        return json.dumps(values, ensure_ascii=False, allow_nan=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Profile:
        """Read what ``to_json`` wrote.

        Raises
        ------
        ProfileError
            If the text is no JSON, or no profile.
        """
        try:
            values = json.loads(text, parse_constant=_no_constant)
            ledger = tuple(LedgerEntry(**entry) for entry in values.pop("ledger"))
            return cls(**values, ledger=ledger)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ProfileError(f"the profile is damaged: {error}") from error


def check_name(name: str) -> None:
    """Raise ``ProfileError`` unless the name is a line of up to 60 characters with a letter in."""
    fits = isinstance(name, str) and 0 < len(name) <= MAX_NAME and name == name.strip()
    if not fits or any(unicodedata.category(char).startswith("C") for char in name):
        raise ProfileError(
            f"{str(name)[:MAX_NAME]!r} cannot be the name of a profile",
            hint=f"one line of up to {MAX_NAME} characters",
        )
    if not any(char.isalnum() for char in name):
        raise ProfileError(f"the name {name!r} needs a letter or a digit")


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and type(value) is not bool and math.isfinite(value)


def _refuse(problem: str) -> NoReturn:
    raise ProfileError(f"the profile {problem}")
