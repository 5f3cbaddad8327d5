"""The metadata of a profile; every value is checked, because it may come from any file."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Literal, NoReturn

from msgspec import Meta

from amtstudio.errors import ProfileError
from amtstudio.json_files import check_fields
from amtstudio.symbolic.drums import DRUMS

PROFILE_FORMAT = 1
MAX_NAME = 60
MAX_TUNING_CENTS = 60.0
MAX_SHIFT_S = 0.25
_MOST = 1e12  # of anything: no number that is not finite

Role = Literal["adapt", "tune", "accept"]
Finite = Annotated[float, Meta(ge=-_MOST, le=_MOST)]
Seconds = Annotated[float, Meta(ge=0.0, le=_MOST)]

JsonDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One recording that went into a profile, and what for.

    ``adapt``: the model learned from it; ``tune``: thresholds were chosen on it; ``accept``: it
    only judged. ``sha256`` is that of the file, so that a renamed recording is known again.
    ``source`` is what was named to learn from, the recording itself or a project with it: by it a
    profile can be made again without one of its recordings. It never leaves the machine: exported
    profiles lack it.
    """

    recording: Annotated[str, Meta(min_length=1)]
    sha256: Annotated[str, Meta(min_length=64, max_length=64)]
    seconds: Seconds
    role: Role
    corrected_s: Seconds = 0.0  # seconds of it that the user had corrected or accepted
    source: str = ""  # absolute path; empty: not known

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, slots=True)
class Profile:
    """A personal adaptation of a model.

    Attributes
    ----------
    name : str
        As given by the user: one line of up to 60 characters.
    base, base_sha256 : str
        Name of the model that it changes, and the checksum of that file.
    thresholds : dict of float
        As in a model's card.
    tuning_cents : float
        By how much the instrument is above 440 Hz; recordings are retuned that much lower.
    created : str
        Time, ISO 8601.
    report : dict
        The evidence of the acceptance gate; free-form.
    ledger : tuple of LedgerEntry
    instruments : tuple of str
        Those detected in the recordings, the most frequent first.
    onset_shift_s : float, seconds
        Added to every onset, in addition to the shift in the model's card.

    Raises
    ------
    ProfileError
        If a value has the wrong type or is out of range.
    """

    name: str
    base: str
    base_sha256: str
    thresholds: dict[str, Finite]
    tuning_cents: Annotated[float, Meta(ge=-MAX_TUNING_CENTS, le=MAX_TUNING_CENTS)] = 0.0
    created: str = ""
    report: JsonDict = field(default_factory=dict)
    ledger: tuple[LedgerEntry, ...] = ()
    format_version: int = PROFILE_FORMAT
    instruments: tuple[str, ...] = ()
    onset_shift_s: Annotated[float, Meta(ge=-MAX_SHIFT_S, le=MAX_SHIFT_S)] = 0.0

    def __post_init__(self) -> None:
        if self.format_version != PROFILE_FORMAT:
            _refuse(f"has format {str(self.format_version)[:20]}; this reads {PROFILE_FORMAT}")
        check_name(self.name)
        _check(self)
        of_drums = self.thresholds.keys() & set(DRUMS)
        needed = ("onset", *(sorted(of_drums) or ("frame",)))
        for key in ("presence",) if self.is_of_instruments else needed:
            if not 0.0 <= self.thresholds.get(key, -1.0) <= 1.0:
                _refuse(f"needs a threshold {key!r} in [0, 1]")

    @property
    def is_of_instruments(self) -> bool:
        """Whether it is for the instrument detector, and transcribes nothing."""
        return "presence" in self.thresholds

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
            If the text is not JSON, or no profile.
        """
        try:
            values = json.loads(text, parse_constant=_no_constant)
            ledger = tuple(LedgerEntry(**entry) for entry in values.pop("ledger"))
            values["instruments"] = tuple(values.get("instruments", ()))
            return cls(**values, ledger=ledger)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ProfileError(f"the profile is damaged: {error}") from error


def check_name(name: str) -> None:
    """Raise ``ProfileError`` unless the name is a line of up to 60 characters with a letter in."""
    fits = isinstance(name, str) and 0 < len(name) <= MAX_NAME and name == name.strip()
    if not fits or any(unicodedata.category(char).startswith("C") for char in name):
        raise ProfileError(
            f"{str(name)[:MAX_NAME]!r} is not a valid profile name",
            hint=f"one line of up to {MAX_NAME} characters",
        )
    if not any(char.isalnum() for char in name):
        raise ProfileError(f"the name {name!r} must contain a letter or a digit")


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _check(part: Profile | LedgerEntry) -> None:
    try:
        check_fields(part)
    except ValueError as error:
        raise ProfileError(f"the profile is damaged: {error}") from error


def _refuse(problem: str) -> NoReturn:
    raise ProfileError(f"the profile {problem}")
