"""The options that ``transcribe`` and ``evaluate`` share, as the engine takes them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from amtstudio.cli.parser import DEFAULT_MODEL
from amtstudio.errors import OptionError

if TYPE_CHECKING:
    from amtstudio.decoding import DecoderSettings
    from amtstudio.engine import FileTranscriber, Transcriber


def check_span(start: float, end: float | None) -> None:
    """Raises ``OptionError`` unless there is something between ``start`` and ``end``, seconds."""
    if end is not None and end <= start:
        raise OptionError(f"--end {end:g} is not after --start {start:g}")


def load_for_files(arguments: argparse.Namespace) -> FileTranscriber:
    """The model, profile or plug-in engine that was asked for."""
    from amtstudio.engine import load_file_transcriber  # noqa: PLC0415 - torch

    _check_model(arguments)
    found = load_file_transcriber(
        arguments.model or DEFAULT_MODEL, profile=arguments.profile, device=arguments.device
    )
    chosen_settings(found, arguments)
    return found


def load_for_listening(arguments: argparse.Namespace) -> Transcriber:
    """As ``load_for_files``, for audio that is being played: a model, and no plug-in."""
    # Torch takes over a second to import: a wrong file name is answered before.
    from amtstudio.engine import load_transcriber  # noqa: PLC0415

    _check_model(arguments)
    return load_transcriber(
        arguments.model or DEFAULT_MODEL, profile=arguments.profile, device=arguments.device
    )


def _check_model(arguments: argparse.Namespace) -> None:
    if arguments.profile is not None and arguments.model is not None:
        raise OptionError(
            "--model and --profile exclude each other", hint="a profile names its model itself"
        )


def chosen_settings(transcriber: FileTranscriber, arguments: argparse.Namespace) -> DecoderSettings:
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
