"""The available decoders, by name: from a model's activations to notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Protocol, Self, TypeVar

from amtstudio.decoding.activations import Activations
from amtstudio.decoding.live_events import LiveEvent, LiveSettings
from amtstudio.decoding.melody_line import MELODY_ONLY, melody_line
from amtstudio.decoding.tidying import tidied, without_overlaps
from amtstudio.features import FrameGrid
from amtstudio.symbolic import NoteTable, Pedal

DecoderClass = TypeVar("DecoderClass", bound="type[Decoder]")
LiveDecoderClass = TypeVar("LiveDecoderClass", bound="type[LiveDecoder]")


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A setting that a user may move, and how far.

    ``unit`` is "" for probabilities, "s", or "switch": 0 is off, and 1 is on.
    """

    name: str
    lowest: float
    highest: float
    unit: str = ""


class DecoderSettings(Protocol):
    """Thresholds of a decoder: a frozen dataclass of plain values."""

    decoder: ClassVar[str]  # the name of the decoder

    @classmethod
    def from_card(cls, thresholds: Mapping[str, float], *, onset_shift_s: float = 0.0) -> Self:
        """The settings given by a model's card.

        Raises
        ------
        ValueError
            If a key is unknown or missing, or a value out of range.
        """

    @classmethod
    def required(cls) -> tuple[str, ...]:
        """The thresholds that a card must hold."""

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """From the result of ``to_plain``. Raises ``ValueError`` or ``TypeError`` otherwise."""

    def to_plain(self) -> dict[str, Any]:
        """The settings as JSON can hold them."""

    def adjustable(self) -> tuple[Adjustable, ...]:
        """What a user may move, in the order in which to show it."""

    def value(self, name: str) -> float:
        """Of an adjustable setting. Raises ``KeyError`` if there is none of this name."""

    def changed(self, values: Mapping[str, float]) -> Self:
        """The same with other values of some. Raises as ``value``, and ``ValueError``."""

    def lowered(self, default: Self, share: float) -> Self:
        """To find candidates: onsets above ``share`` times the thresholds of ``default``."""


@dataclass(frozen=True, slots=True)
class FieldSettings:
    """Base of settings whose adjustable ones are fields: what follows from the fields alone."""

    movable: ClassVar[tuple[Adjustable, ...]]

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """From the result of ``to_plain``; ``ValueError`` or ``TypeError`` for anything else."""
        return cls(**values)

    def to_plain(self) -> dict[str, Any]:
        """The settings as JSON can hold them."""
        return asdict(self)

    def adjustable(self) -> tuple[Adjustable, ...]:
        """What a user may move, in the order in which to show it."""
        return self.movable

    def value(self, name: str) -> float:
        """Of an adjustable setting; ``KeyError`` if there is none of this name."""
        if name not in {entry.name for entry in self.movable}:
            raise KeyError(name)
        return float(getattr(self, name))

    def changed(self, values: Mapping[str, float]) -> Self:
        """The same with other values of some.

        Raises
        ------
        KeyError, ValueError
            If a setting does not exist, or a value is out of range.
        """
        for name in values:
            self.value(name)
        return replace(self, **dict[str, Any](values))


@dataclass(frozen=True, slots=True)
class NoSettings:
    """Of what gives notes directly, without activations to decode."""

    decoder: ClassVar[str] = "none"

    @classmethod
    def from_card(
        cls,
        thresholds: Mapping[str, float],  # noqa: ARG003
        *,
        onset_shift_s: float = 0.0,  # noqa: ARG003
    ) -> Self:
        return cls()

    @classmethod
    def required(cls) -> tuple[str, ...]:
        return ()

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:  # noqa: ARG003
        return cls()

    def to_plain(self) -> dict[str, Any]:
        return {}

    def adjustable(self) -> tuple[Adjustable, ...]:
        return ()

    def value(self, name: str) -> float:
        raise KeyError(name)

    def changed(self, values: Mapping[str, float]) -> Self:
        for name in values:
            self.value(name)
        return self

    def lowered(self, default: Self, share: float) -> Self:  # noqa: ARG002
        return self


class Decoder(Protocol):
    """Turns activations that arrive in chunks into notes."""

    def __init__(self, settings: Any, grid: FrameGrid) -> None: ...

    def feed(self, activations: Activations) -> NoteTable:
        """Take the next chunk; return the notes that are complete by now, sorted by onset.

        Raises ``ValueError`` if it does not follow the chunk before.
        """

    def finish(self) -> NoteTable:
        """The notes that were still open when the recording ended, sorted by onset."""

    def take_pedals(self) -> list[Pedal]:
        """The presses of the pedal completed since this was last asked."""


class LiveDecoder(Protocol):
    """Turns overlapping views of the newest activations into events."""

    def __init__(
        self, settings: Any, grid: FrameGrid, live: LiveSettings | None = None
    ) -> None: ...

    @property
    def first_needed(self) -> int:
        """The frame with which the next view has to begin."""

    def update(self, view: Activations, *, is_last: bool = False) -> list[LiveEvent]:
        """Take the activations from ``first_needed`` to the newest frame."""


_DECODERS: dict[str, tuple[type[Decoder], type[DecoderSettings]]] = {}  # by @register_decoder
_LIVE_DECODERS: dict[str, type[LiveDecoder]] = {}  # by @register_live_decoder


def register_decoder(settings: type[DecoderSettings]) -> Callable[[DecoderClass], DecoderClass]:
    """Class decorator: make a decoder known under the name that its settings bear."""

    def add(decoder_class: DecoderClass) -> DecoderClass:
        name = settings.decoder
        known = _DECODERS.get(name)
        if known is not None and known[0].__qualname__ != decoder_class.__qualname__:
            raise ValueError(f"the decoder name {name!r} is taken by {known[0].__qualname__}")
        _DECODERS[name] = (decoder_class, settings)
        return decoder_class

    return add


def register_live_decoder(
    settings: type[DecoderSettings],
) -> Callable[[LiveDecoderClass], LiveDecoderClass]:
    """Class decorator: what decodes while the music plays, in the place of the same decoder."""

    def add(decoder_class: LiveDecoderClass) -> LiveDecoderClass:
        _LIVE_DECODERS[settings.decoder] = decoder_class
        return decoder_class

    return add


def make_live_decoder(
    name: str, settings: DecoderSettings, grid: FrameGrid, live: LiveSettings | None = None
) -> LiveDecoder:
    """Raises ``ValueError`` if no decoder of this name can work live, or as ``make_decoder``."""
    make_decoder(name, settings, grid)
    if name not in _LIVE_DECODERS:
        raise ValueError(f"the decoder {name} cannot work while the music plays")
    return _LIVE_DECODERS[name](settings, grid, live)


def decoder_names() -> list[str]:
    return sorted(_DECODERS)


def settings_class(decoder: str) -> type[DecoderSettings]:
    """Raises ``ValueError`` if no decoder has this name."""
    return _known(decoder)[1]


def make_decoder(name: str, settings: DecoderSettings, grid: FrameGrid) -> Decoder:
    """A decoder of this name.

    Raises
    ------
    ValueError
        If there is none, or the settings are those of another one.
    """
    decoder_class, expected = _known(name)
    if not isinstance(settings, expected):
        raise ValueError(  # noqa: TRY004 - settings of another decoder are a bad value
            f"the decoder {name} takes {expected.__name__}, got {settings!r:.80}"
        )
    return decoder_class(settings, grid)


def decode(activations: Activations, settings: DecoderSettings) -> tuple[NoteTable, list[Pedal]]:
    """Decode a whole recording: its notes, sorted, and its presses of the pedal.

    Raises
    ------
    ValueError
        As ``make_decoder``.
    """
    decoder = make_decoder(activations.decoder, settings, activations.grid)
    notes = decoder.feed(activations)
    return completed(notes.joined(decoder.finish()), settings), decoder.take_pedals()


def completed(notes: NoteTable, settings: DecoderSettings) -> NoteTable:
    """All notes of a recording, in order, after what takes all of them to be decided."""
    notes = notes.in_order()
    if getattr(settings, "release_s", 0.0) > 0.0:
        notes = without_overlaps(notes)  # lengthened before the next one was found
    notes = tidied(notes)
    adjustable = {entry.name for entry in settings.adjustable()}
    if MELODY_ONLY in adjustable and settings.value(MELODY_ONLY):
        return melody_line(notes)
    return notes


def _known(name: str) -> tuple[type[Decoder], type[DecoderSettings]]:
    if name not in _DECODERS:
        raise ValueError(f"no decoder is called {name!r}; there are: {', '.join(_DECODERS)}")
    return _DECODERS[name]
