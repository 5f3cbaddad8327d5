"""The options that ``transcribe`` and ``evaluate`` share, as the engine takes them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from amtstudio.cli.shared_options import AUTO, DEFAULT_MODEL
from amtstudio.errors import OptionError, did_you_mean
from amtstudio.profiles import model_while_playing

if TYPE_CHECKING:
    from amtstudio.decoding import DecoderSettings
    from amtstudio.engine import FileTranscriber, Plan, Transcriber
    from amtstudio.symbolic.note_filter import NoteFilter


def check_span(start: float, end: float | None) -> None:
    """Raises ``OptionError`` unless there is something between ``start`` and ``end``, seconds."""
    if end is not None and end <= start:
        raise OptionError(f"--end {end:g} is not after --start {start:g}")


def load_for_files(
    arguments: argparse.Namespace,
    *,
    default: str = DEFAULT_MODEL,
    on_plan: Callable[[Plan], None] | None = None,
) -> FileTranscriber:
    """The requested model, profile or plug-in engine, or the automatic choice.

    ``on_plan`` is called with the choice for each recording, if the user made none.
    """
    from amtstudio.engine import (  # noqa: PLC0415 - torch
        PlannedTranscriber,
        engine_names,
        load_file_transcriber,
        load_transcriber,
    )

    check_model(arguments)
    asked = _asked_instruments(arguments)
    if arguments.model in engine_names() and chosen_changes(arguments):
        raise OptionError(f"{arguments.model} has no thresholds", hint="leave them out")
    model = arguments.model or default
    if model == AUTO and arguments.profile is None:
        load = partial(load_transcriber, device=arguments.device)
        return PlannedTranscriber(
            load, changes=chosen_changes(arguments), instruments=asked, on_plan=on_plan
        )
    found = load_file_transcriber(model, profile=arguments.profile, device=arguments.device)
    chosen_settings(found, arguments)
    return found


def chooses_models(arguments: argparse.Namespace) -> bool:
    """Whether the instruments that are heard choose the model of ``listen``."""
    return arguments.model in (None, AUTO) and arguments.profile is None


def keeps_up(arguments: argparse.Namespace) -> bool:
    """Whether the requested model hears music as fast as it is played."""
    asked = arguments.model or DEFAULT_MODEL, arguments.profile
    return model_while_playing(*asked) == asked


def load_for_listening(
    arguments: argparse.Namespace, model: str | None = None, *, while_playing: bool = True
) -> Transcriber:
    """As ``load_for_files``, for a stream of audio: a model, and no plug-in.

    ``model`` is the one to take where the instruments choose; ``while_playing``: one that does not
    keep up is replaced by one that does.
    """
    # Torch takes over a second to import: a wrong file name is answered before.
    from amtstudio.computing.threads import usable_cores  # noqa: PLC0415
    from amtstudio.engine import load_transcriber  # noqa: PLC0415

    check_model(arguments)
    if not chooses_models(arguments):
        asked = arguments.model or DEFAULT_MODEL, arguments.profile
        name, profile = model_while_playing(*asked) if while_playing else asked
        return load_transcriber(name, profile=profile, device=arguments.device)
    # The instrument detector takes a core now and then.
    n_threads = max(1, usable_cores() - 1)
    return load_transcriber(model or DEFAULT_MODEL, device=arguments.device, n_threads=n_threads)


def _asked_instruments(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The instruments named by ``--instruments``; none for ``auto``."""
    from amtstudio.decoding.players import INSTRUMENTS  # noqa: PLC0415
    from amtstudio.engine.plan import plan_asked  # noqa: PLC0415 - as above
    from amtstudio.models import list_models  # noqa: PLC0415

    text = getattr(arguments, "instruments", AUTO)
    if text == AUTO:
        return ()
    if arguments.model not in (None, AUTO) or arguments.profile is not None:
        raise OptionError(
            "--instruments chooses the models itself", hint="leave --model and --profile out"
        )
    names = tuple(_instrument(name) for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in INSTRUMENTS]
    if unknown or not names:
        known = ", ".join(name.replace("_", " ") for name in INSTRUMENTS)
        meant = " ".join(filter(None, (did_you_mean(name, INSTRUMENTS) for name in unknown)))
        wrong = f"there is no {', '.join(map(repr, unknown))}" if unknown else "it names none"
        raise OptionError(f"--instruments {text}: {wrong}", hint=meant or f"choose from {known}")
    try:
        plan_asked(names, list_models())
    except ValueError as error:
        raise OptionError(f"--instruments {text}: {error}") from error
    return names


def _instrument(text: str) -> str:
    """The name as models have it: ``Mallet Percussion`` is ``mallet_percussion``."""
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


def check_model(arguments: argparse.Namespace) -> None:
    """Raise ``OptionError`` if both a model and a profile are given."""
    if arguments.profile is not None and arguments.model is not None:
        raise OptionError(
            "--model and --profile cannot be combined", hint="a profile names its model itself"
        )


def chosen_filter(arguments: argparse.Namespace) -> NoteFilter:
    """Which notes are to be written. Raises ``OptionError`` if the range is none."""
    from amtstudio.symbolic.note_filter import HIGHEST, LOWEST, NoteFilter  # noqa: PLC0415

    lowest = LOWEST if arguments.lowest is None else arguments.lowest
    highest = HIGHEST if arguments.highest is None else arguments.highest
    if lowest > highest:
        raise OptionError("--lowest is above --highest", hint="swap them")
    return NoteFilter(lowest, highest, arguments.scale)


def chosen_settings(transcriber: FileTranscriber, arguments: argparse.Namespace) -> DecoderSettings:
    """The settings of the model's card, overridden by the user's."""
    if transcriber.name == AUTO:
        return transcriber.settings  # each model takes what it knows
    changes = chosen_changes(arguments)
    known = {entry.name for entry in transcriber.settings.adjustable()}
    for name in changes.keys() - known:
        raise OptionError(
            f"the model {transcriber.name} has no {name.replace('_', ' ')}", hint="leave it out"
        )
    return transcriber.settings.changed(changes)


def chosen_changes(arguments: argparse.Namespace) -> dict[str, float]:
    """The thresholds that the user has given, by name."""
    chosen = {
        "onset_threshold": arguments.onset_threshold,
        "frame_threshold": arguments.frame_threshold,
        "drop_shorter_than_s": arguments.minimum_duration,
        "melody_only": 1.0 if arguments.melody else None,
    }
    of_drums = {
        f"{drum}_threshold": value
        for given in arguments.drum_threshold
        for drum, value in given.items()
    }
    return {name: value for name, value in chosen.items() if value is not None} | of_drums
