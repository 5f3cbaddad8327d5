"""The options that ``transcribe`` and ``evaluate`` share, as the engine takes them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from amtstudio.cli.parser import DEFAULT_MODEL
from amtstudio.errors import OptionError

if TYPE_CHECKING:
    from amtstudio.decoding import DecoderSettings
    from amtstudio.engine import Transcriber
    from amtstudio.engine.plugin_transcriber import PluginTranscriber


def check_span(start: float, end: float | None) -> None:
    """Raises ``OptionError`` unless there is something between ``start`` and ``end``, seconds."""
    if end is not None and end <= start:
        raise OptionError(f"--end {end:g} is not after --start {start:g}")


def load_for_files(arguments: argparse.Namespace) -> Transcriber | PluginTranscriber:
    """The model, profile or plug-in engine that was asked for."""
    from amtstudio.engine.plugin_transcriber import PluginTranscriber  # noqa: PLC0415 - torch
    from amtstudio.engine.plugins import engine_names  # noqa: PLC0415

    if arguments.profile is not None or arguments.model not in engine_names():
        return load_transcriber(arguments)
    if arguments.onset_threshold is not None or arguments.frame_threshold is not None:
        raise OptionError(f"{arguments.model} has no thresholds", hint="leave them out")
    return PluginTranscriber.load(arguments.model)


def load_transcriber(arguments: argparse.Namespace) -> Transcriber:
    # Torch takes over a second to import: a wrong file name is answered before.
    from amtstudio.engine import Transcriber  # noqa: PLC0415

    if arguments.profile is None:
        return Transcriber.load(arguments.model or DEFAULT_MODEL, device=arguments.device)
    from amtstudio.profiles.weights import load_profiled_model  # noqa: PLC0415 - as above

    if arguments.model is not None:
        raise OptionError(
            "--model and --profile exclude each other", hint="a profile names its model itself"
        )
    model, card, profile = load_profiled_model(arguments.profile)
    return Transcriber(model, card, device=arguments.device, profile=profile.name)


def chosen_settings(
    transcriber: Transcriber | PluginTranscriber, arguments: argparse.Namespace
) -> DecoderSettings:
    """The settings of the model's card, with what the user asked for in their place."""
    chosen = {
        "onset_threshold": arguments.onset_threshold,
        "frame_threshold": arguments.frame_threshold,
        "drop_shorter_than_s": arguments.minimum_duration,
    }
    changes = {name: value for name, value in chosen.items() if value is not None}
    known = {entry.name for entry in transcriber.settings.adjustable()}
    for name in changes.keys() - known:
        raise OptionError(
            f"the model {transcriber.name} has no {name.replace('_', ' ')}", hint="leave it out"
        )
    return transcriber.settings.changed(changes)
