"""Names of networks, and how to build one from a plain dict.

This module imports no torch, so that a list of models is shown at once; the module of a network
is imported when it is first built.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from amtstudio.models.audio_model import AudioModel
    from amtstudio.models.transcription_model import TranscriptionModel

ModelClass = TypeVar("ModelClass", bound="type[AudioModel]")

REGISTRY: dict[str, tuple[type[AudioModel], type[Any]]] = {}  # filled by @register

# Where the networks of this package live. Other packages register theirs by being imported.
_MODULES = {
    "beats": "amtstudio.models.beats",
    "drums": "amtstudio.models.drums",
    "instrument_attention": "amtstudio.models.instrument_attention",
    "melodic": "amtstudio.models.melodic",
    "onsets_frames": "amtstudio.models.onsets_frames",
    "piano": "amtstudio.models.piano",
    "piano_large": "amtstudio.models.piano_large",
    "unet_bilstm": "amtstudio.models.unet_bilstm",
    "unet_reconstruction": "amtstudio.models.unet_bilstm",
}

# The thresholds that decoding needs; every other network finds notes.
_THRESHOLDS = {"drums": ("onset",), "instrument_attention": ("presence",)}
_NOTE_THRESHOLDS = ("onset", "frame")


def required_thresholds(name: str) -> tuple[str, ...]:
    """The thresholds that the card of a model with this network must hold."""
    return _THRESHOLDS.get(name, _NOTE_THRESHOLDS)


def register(name: str, config_class: type[Any]) -> Callable[[ModelClass], ModelClass]:
    """Class decorator: make a network known under ``name``.

    ``config_class`` is a frozen dataclass of plain values (bool, int, float, str, tuples of them)
    whose ``__post_init__`` raises ``ValueError`` unless each is in a sane range: a config may come
    from any file. The network takes it as its only argument.
    """
    if not is_dataclass(config_class):
        raise ValueError(f"config_class must be a dataclass, got {config_class!r}")

    def add(model_class: ModelClass) -> ModelClass:
        known = REGISTRY.get(name)
        if known is not None and known[0].__qualname__ != model_class.__qualname__:
            raise ValueError(f"the model name {name!r} is taken by {known[0].__qualname__}")
        REGISTRY[name] = (model_class, config_class)
        return model_class

    return add


def registered_names() -> list[str]:
    """Every name that ``build_model`` takes, sorted; imports nothing."""
    return sorted({*_MODULES, *REGISTRY})


def model_classes(name: str) -> tuple[type[AudioModel], type[Any]]:
    """The network and config class of a name.

    Raises
    ------
    ValueError
        If no network has this name.
    """
    if name not in REGISTRY and name in _MODULES:
        import_module(_MODULES[name])
    if name not in REGISTRY:
        known = ", ".join(registered_names())
        raise ValueError(f"no network is called {name!r}; there are: {known}")
    return REGISTRY[name]


def build_config(name: str, config: Mapping[str, Any]) -> Any:
    """The config object of network ``name`` from a dict such as a model card holds.

    Raises
    ------
    ValueError
        If the network does not exist, a key is unknown or missing, or a value has the wrong type or
        is out of range.
    """
    config_class = model_classes(name)[1]
    types_by_key = typing.get_type_hints(config_class)
    required = set()
    known = set()
    for field in fields(config_class):
        known.add(field.name)
        if field.default is MISSING and field.default_factory is MISSING:
            required.add(field.name)
    if unknown := sorted(set(config) - known):
        raise ValueError(f"the config of {name} knows no {', '.join(map(repr, unknown))}")
    if missing := sorted(required - set(config)):
        raise ValueError(f"the config of {name} lacks {', '.join(missing)}")
    values = {key: _typed(key, value, types_by_key[key]) for key, value in config.items()}
    return config_class(**values)


def build_model(name: str, config: Mapping[str, Any]) -> AudioModel:
    """Build network ``name``, randomly initialised.

    Raises
    ------
    ValueError
        As ``build_config``.
    """
    model_class = model_classes(name)[0]
    return model_class(build_config(name, config))


def build_transcription_model(name: str, config: Mapping[str, Any]) -> TranscriptionModel:
    """Like ``build_model``, for a network that finds notes.

    Raises
    ------
    ValueError
        As ``build_config``, and if ``name`` is another kind of network.
    """
    from amtstudio.models.transcription_model import TranscriptionModel  # noqa: PLC0415 - torch

    model = build_model(name, config)
    if not isinstance(model, TranscriptionModel):
        raise ValueError(f"the network {name} is not a transcription model")  # noqa: TRY004 - a bad value
    return model


def _typed(key: str, value: Any, expected: Any) -> Any:
    """The value as the type that the config class requires; JSON has neither tuples nor 1.0."""
    origin = typing.get_origin(expected)
    if origin is tuple and isinstance(value, list | tuple):
        item_types = typing.get_args(expected)
        if len(item_types) == 2 and item_types[1] is Ellipsis:
            return tuple(_typed(key, item, item_types[0]) for item in value)
        if len(item_types) == len(value):
            return tuple(_typed(key, *pair) for pair in zip(value, item_types, strict=True))
    elif origin in (typing.Union, types.UnionType):
        for choice in typing.get_args(expected):
            try:
                return _typed(key, value, choice)
            except ValueError:
                continue
    elif expected is float and type(value) in (int, float):
        return float(value)
    elif isinstance(expected, type) and type(value) is expected:  # a bool is not an int here
        return value
    shown = getattr(expected, "__name__", str(expected))
    raise ValueError(f"{key} must be {shown}, got {_shorten(value)}")


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
