"""The card that a model file carries: what it is, how to use it, where it comes from."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Annotated, Any, NoReturn

from msgspec import Meta

from amtstudio.decoding import settings_class
from amtstudio.decoding.activations import NOTES
from amtstudio.errors import CheckpointError
from amtstudio.json_files import check_fields, converted, parsed
from amtstudio.models.registry import registered_names

CARD_FORMAT = 1
# In place of a note decoder: the model detects instruments, or beats.
INSTRUMENTS = "instruments"
BEATS = "beats"
_PRESENCE = "presence"  # the threshold that only an instrument detector has
MAX_DEPTH = 12  # of nested lists and dicts; ours have four
MAX_SHIFT_S = 1.0
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")

JsonDict = dict[str, Any]
Text = Annotated[str, Meta(min_length=1)]
_MOST = 1e300  # of anything: no number that is not finite
Number = Annotated[float, Meta(ge=-_MOST, le=_MOST)]


@dataclass(frozen=True, slots=True)
class DataSource:
    """One body of material that went into the weights."""

    name: Text
    licence: Text
    attribution: str = ""

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The metadata of the weights; each value is checked, so that a card cannot be invalid.

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
        any other settings it has, such as ``minimum_duration_s``. For an instrument detector:
        ``presence``, and for classes with their own threshold ``presence_<class>``.
    licence : str
        Of the weights: an SPDX identifier where there is one.
    data : tuple of DataSource
    onset_shift_s : float, seconds
        Added to every decoded onset: the constant by which the training labels were early.
    decoder : str
        Name of the decoder that turns the model's output into notes, or ``INSTRUMENTS`` or
        ``BEATS``. If a card does not say, it follows from the thresholds.
    scores, training : dict
        Measured figures, and how the weights were trained; free-form.
    description : str

    Raises
    ------
    CheckpointError
        If a value has the wrong type or is out of range.
    """

    name: Text
    model: Text
    config: JsonDict
    sample_rate: Annotated[int, Meta(ge=1_000, le=768_000)]
    hop_length: Annotated[int, Meta(ge=1, le=768_000)]
    thresholds: dict[str, Number]
    licence: Text
    data: tuple[DataSource, ...]
    onset_shift_s: Annotated[float, Meta(ge=-MAX_SHIFT_S, le=MAX_SHIFT_S)] = 0.0
    decoder: str = ""
    scores: JsonDict = field(default_factory=dict)
    training: JsonDict = field(default_factory=dict)
    description: str = ""
    format_version: int = CARD_FORMAT

    def __post_init__(self) -> None:
        _check(self)
        if self.format_version != CARD_FORMAT:
            _refuse(f"has format {self.format_version}; this program reads {CARD_FORMAT}")
        if NAME_PATTERN.fullmatch(self.name) is None:
            _refuse(f"has the odd name {self.name[:80]!r}")
        if self.model not in registered_names():
            _refuse(f"asks for the unknown network {self.model[:80]!r}")
        self._check_thresholds()
        for key in ("config", "scores", "training"):
            _check_plain(key, getattr(self, key), MAX_DEPTH)

    def _check_thresholds(self) -> None:
        if not self.decoder:
            is_detector = _PRESENCE in self.thresholds
            object.__setattr__(self, "decoder", INSTRUMENTS if is_detector else NOTES)
        for key in self._required_thresholds():
            if key not in self.thresholds:
                _refuse(f"lacks the threshold {key!r}")
            if not 0.0 <= self.thresholds[key] <= 1.0:
                _refuse(f"needs {key!r} in [0, 1] as threshold, got {self.thresholds[key]}")

    def _required_thresholds(self) -> tuple[str, ...]:
        if self.decoder == INSTRUMENTS:
            return (_PRESENCE,)
        if self.decoder == BEATS:
            return ()
        try:
            return settings_class(self.decoder).required()
        except ValueError as error:
            raise CheckpointError(f"the model card asks for an unknown decoder: {error}") from error

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, allow_nan=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ModelCard:
        """Read a card; every key but those with a default must be there, and no others.

        Raises
        ------
        CheckpointError
            If the text is not JSON, or no card.
        """
        try:
            values = parsed(text)
        except ValueError as error:
            raise CheckpointError(f"the model card is not valid JSON: {error}") from error
        if not isinstance(values, dict):
            _refuse("is not a table of values")
        _check_keys("the model card", values, cls)
        if isinstance(values["data"], list):
            for source in values["data"]:
                if isinstance(source, dict):
                    _check_keys("a data source of the model card", source, DataSource)
        try:
            return converted(values, cls)
        except ValueError as error:
            raise CheckpointError(f"the model card is not valid: {error}") from error


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


def _check(value: ModelCard | DataSource) -> None:
    try:
        check_fields(value)
    except ValueError as error:
        raise CheckpointError(f"the model card is not valid: {error}") from error


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
        if isinstance(value, int | float) and not isinstance(value, bool):
            is_plain = abs(value) <= _MOST  # compared: a whole number may be too long for a float
        else:
            is_plain = value is None or isinstance(value, str | bool)
        if not is_plain:
            _refuse(f"has a value in {what} that is neither text nor a finite number")
        return
    for child in children:
        _check_plain(what, child, depth - 1)


def _refuse(problem: str) -> NoReturn:
    raise CheckpointError(f"the model card {problem}")
