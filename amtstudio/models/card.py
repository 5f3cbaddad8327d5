"""The card that a model file carries: what it is, how to use it, where it comes from."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, NoReturn

from amtstudio.decoding import settings_class
from amtstudio.decoding.activations import NOTES
from amtstudio.errors import CheckpointError
from amtstudio.models.registry import registered_names

CARD_FORMAT = 1
# In place of a decoder of notes: the model tells instruments, or beats.
INSTRUMENTS = "instruments"
BEATS = "beats"
_PRESENCE = "presence"  # the threshold that only an instrument detector has
MAX_DEPTH = 12  # of nested lists and dicts; ours have four
MAX_SHIFT_S = 1.0
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")

JsonDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DataSource:
    """One body of material that went into the weights."""

    name: str
    licence: str
    attribution: str = ""

    def __post_init__(self) -> None:
        for key in ("name", "licence", "attribution"):
            _check_text(f"{key} of a data source", getattr(self, key), empty=key == "attribution")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What goes with the weights; each value is checked, so that a card cannot be wrong.

    Attributes
    ----------
    name : str
        As users know it, such as ``piano``: small letters, digits and ``_ . -``.
    model : str
        Name of the network in the registry.
    config : dict
        Fields of the network's config class.
    sample_rate : int, Hz
    hop_length : int, samples
    thresholds : dict of float
        Those that the decoder needs, such as ``onset`` and ``frame``, probabilities in [0, 1], and
        any others that it knows, such as ``minimum_duration_s``. Of an instrument detector:
        ``presence``, and for classes with one of their own ``presence_<class>``.
    licence : str
        Of the weights: an SPDX identifier where there is one.
    data : tuple of DataSource
    onset_shift_s : float, seconds
        Added to every decoded onset: the constant by which the training labels were early.
    decoder : str
        Name of the decoder that makes notes of what the model tells, ``INSTRUMENTS`` or ``BEATS``.
        Where a card does not say, its thresholds do.
    scores, training : dict
        Measured figures, and how the weights came about; free in form.
    description : str

    Raises
    ------
    CheckpointError
        If a value has the wrong type or lies out of range.
    """

    name: str
    model: str
    config: JsonDict
    sample_rate: int
    hop_length: int
    thresholds: dict[str, float]
    licence: str
    data: tuple[DataSource, ...]
    onset_shift_s: float = 0.0
    decoder: str = ""
    scores: JsonDict = field(default_factory=dict)
    training: JsonDict = field(default_factory=dict)
    description: str = ""
    format_version: int = CARD_FORMAT

    def __post_init__(self) -> None:
        if self.format_version != CARD_FORMAT or type(self.format_version) is not int:
            _refuse(f"has format {self.format_version!r}; this program reads {CARD_FORMAT}")
        _check_text("name", self.name)
        if NAME_PATTERN.fullmatch(self.name) is None:
            _refuse(f"has the odd name {self.name[:80]!r}")
        _check_text("model", self.model)
        if self.model not in registered_names():
            _refuse(f"asks for the unknown network {self.model[:80]!r}")
        _check_whole("sample_rate", self.sample_rate, lowest=1_000, highest=768_000)
        _check_whole("hop_length", self.hop_length, lowest=1, highest=self.sample_rate)
        _check_text("licence", self.licence)
        _check_text("description", self.description, empty=True)
        if not _is_number(self.onset_shift_s) or abs(self.onset_shift_s) > MAX_SHIFT_S:
            _refuse(f"needs an onset_shift_s within {MAX_SHIFT_S} s, got {self.onset_shift_s!r}")
        self._check_thresholds()
        self._check_parts()

    def _check_thresholds(self) -> None:
        if not isinstance(self.thresholds, dict):
            _refuse("needs thresholds as a table of numbers")
        for key, value in self.thresholds.items():
            if not isinstance(key, str) or not _is_number(value):
                _refuse(f"has a threshold that is not a finite number: {key!r}")
        if not self.decoder:
            is_detector = _PRESENCE in self.thresholds
            object.__setattr__(self, "decoder", INSTRUMENTS if is_detector else NOTES)
        for key in self._required_thresholds():
            if key not in self.thresholds:
                _refuse(f"lacks the threshold {key!r}")
            if not 0.0 <= self.thresholds[key] <= 1.0:
                _refuse(f"needs {key!r} in [0, 1] as threshold, got {self.thresholds[key]}")

    def _required_thresholds(self) -> tuple[str, ...]:
        _check_text("decoder", self.decoder)
        if self.decoder == INSTRUMENTS:
            return (_PRESENCE,)
        if self.decoder == BEATS:
            return ()
        try:
            return settings_class(self.decoder).required()
        except ValueError as error:
            raise CheckpointError(f"the model card asks for an unknown decoder: {error}") from error

    def _check_parts(self) -> None:
        if not isinstance(self.data, tuple) or not all(
            isinstance(source, DataSource) for source in self.data
        ):
            _refuse("needs data as a list of sources")
        for key in ("config", "scores", "training"):
            value = getattr(self, key)
            if not isinstance(value, dict):
                _refuse(f"needs {key} as a table")
            _check_plain(key, value, MAX_DEPTH)

    def to_json(self) -> str:
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        values["data"] = [
            {"name": source.name, "licence": source.licence, "attribution": source.attribution}
            for source in self.data
        ]
        return json.dumps(values, ensure_ascii=False, allow_nan=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ModelCard:
        """Read a card; every key but those with a default must be there, and no others.

        Raises
        ------
        CheckpointError
            If the text is not JSON, or no card.
        """
        values = _parse(text)
        _check_keys("the model card", values, cls)
        sources = values["data"]
        if not isinstance(sources, list):
            _refuse("needs data as a list of sources")
        values["data"] = tuple(_source(entry) for entry in sources)
        return cls(**values)


def _parse(text: str) -> JsonDict:
    def no_constant(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not a number")

    try:
        values = json.loads(text, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:  # RecursionError: brackets nested without end
        raise CheckpointError(f"the model card is not valid JSON: {error}") from error
    if not isinstance(values, dict):
        _refuse("is not a table of values")
    return values


def _source(entry: Any) -> DataSource:
    if not isinstance(entry, dict):
        _refuse("needs each data source as a table")
    _check_keys("a data source of the model card", entry, DataSource)
    return DataSource(**entry)


def _check_keys(what: str, values: JsonDict, owner: type[Any]) -> None:
    known = {entry.name for entry in fields(owner)}
    required = {
        entry.name
        for entry in fields(owner)
        if entry.default is MISSING and entry.default_factory is MISSING
    }
    if "format_version" in known:  # has a default for those who write cards, not for files
        required.add("format_version")
    if missing := sorted(required - values.keys()):
        raise CheckpointError(f"{what} lacks {', '.join(missing)}")
    if unknown := sorted(values.keys() - known):
        raise CheckpointError(f"{what} has unknown keys: {', '.join(unknown)[:80]!r}")


def _check_text(what: str, value: Any, *, empty: bool = False) -> None:
    if not isinstance(value, str) or not (value or empty):
        _refuse(f"needs text as {what}")


def _check_whole(what: str, value: Any, *, lowest: int, highest: int) -> None:
    if type(value) is not int or not lowest <= value <= highest:
        _refuse(f"needs a whole number from {lowest} to {highest} as {what}")


def _is_number(value: Any) -> bool:
    # Compared, not converted: a whole number may be too long for a float. False for NaN.
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def _check_plain(what: str, value: Any, depth: int) -> None:
    """Only what JSON can hold and give back."""
    if depth == 0:
        _refuse(f"has too deeply nested values in {what}")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            _refuse(f"has a key that is not text in {what}")
        children = list(value.values())
    elif isinstance(value, list | tuple):
        children = list(value)
    else:
        if not (value is None or isinstance(value, str | bool) or _is_number(value)):
            _refuse(f"has a value in {what} that is neither text nor a finite number")
        return
    for child in children:
        _check_plain(what, child, depth - 1)


def _refuse(problem: str) -> NoReturn:
    raise CheckpointError(f"the model card {problem}")
