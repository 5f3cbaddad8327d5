"""``amtstudio adapt``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from amtstudio.atomic_file import write_atomically
from amtstudio.audio import check_input
from amtstudio.cli.console import Console
from amtstudio.cli.inputs import recordings_in
from amtstudio.cli.outputs import check_output
from amtstudio.cli.stopping import StopRequest
from amtstudio.cli.tag_option import parse_tag
from amtstudio.errors import OptionError

if TYPE_CHECKING:
    from amtstudio.learning.events import Event
    from amtstudio.learning.expectation import Known
    from amtstudio.learning.opinion import Trust
    from amtstudio.learning.report import Report
    from amtstudio.learning.request import Request
    from amtstudio.symbolic.instrument_tags import InstrumentTags

_STAGES = {
    "loading": "reading the recordings",
    "listening": "listening to them, and to the music used to judge it",
    "aligning": "aligning the scores with the recordings",
    "tuning": "measuring the tuning",
    "labelling": "the teacher is listening",
    "learning": "learning",
    "thresholds": "choosing thresholds",
    "calibrating": "timing, loudness and lengths of the known notes",
    "judging": "comparing with the previous model",
    "paused": "paused",
    "going on": "going on",
}


def run_adapt(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Adapt; adopted or not, the exit code is 0."""
    from amtstudio.learning.corrections import gathered  # noqa: PLC0415 - imports numpy
    from amtstudio.learning.expectation import expectation  # noqa: PLC0415 - as above
    from amtstudio.learning.request import Corrections, Request  # noqa: PLC0415 - as above
    from amtstudio.profiles.profile import check_name  # noqa: PLC0415 - as above

    check_name(arguments.name)
    scores = {Path(of): Path(score) for score, of in arguments.score or ()}
    tags = _tags(arguments.tag or ())
    named = dict.fromkeys([*arguments.recordings, *map(str, scores), *map(str, tags)])
    paths = tuple(_recordings(list(named), console, stop))
    if not paths:
        raise OptionError("there are no recordings to learn from", hint="name some, or a folder")
    _check_no_folder("--score", scores, paths)
    _check_no_folder("--tag", tags, paths)
    if tags:
        _check_learns_from_tags(arguments.model)
    for score in scores.values():
        check_input(score)
    for path in paths:
        check_input(path)
    report_path = None if arguments.report is None else Path(arguments.report)
    if report_path is not None:
        inputs = (*paths, *scores.values())
        check_output(report_path, *inputs, overwrite=arguments.overwrite, option="--report")
    request = Request(
        name=arguments.name,
        recordings=paths,
        minutes=arguments.minutes,
        model=arguments.model,
        device=arguments.device,
        teacher=arguments.teacher,
        corrections={path: Corrections(instruments=said) for path, said in tags.items()},
        scores=scores,
        overwrite=arguments.overwrite,
        trust=_trust(arguments.trust),
    )
    request = gathered(request, on_refused=lambda error: console.warning(f"left out: {error}"))
    console.message(expectation(request.model, _known_of(request)))
    report = adapt_and_tell(request, console, stop, resume=arguments.resume)
    if report_path is not None:
        write_atomically(report_path, _as_json(report), overwrite=arguments.overwrite)
    return 0


def _tags(asked: Sequence[Sequence[str]]) -> dict[Path, InstrumentTags]:
    """What was said of recordings; the latest word on a stretch counts."""
    from amtstudio.symbolic.instrument_tags import NO_TAGS, with_tag  # noqa: PLC0415 - numpy

    found: dict[Path, InstrumentTags] = {}
    for text, recording in asked:
        try:
            tag = parse_tag(text)
        except ValueError as error:
            raise OptionError(f"--tag: {error}") from None
        found[Path(recording)] = with_tag(found.get(Path(recording), NO_TAGS), tag)
    return found


def _check_no_folder(option: str, named: Iterable[Path], recordings: Collection[Path]) -> None:
    """Raise ``OptionError`` if an option names a folder: nothing would be learned from it."""
    for path in named:
        if path not in recordings:
            raise OptionError(
                f"{option} is about one recording, but {path} is a folder",
                hint="name a recording or a project",
            )


def _check_learns_from_tags(model: str) -> None:
    from amtstudio.learning.instrument_tags.adaptation import is_detector  # noqa: PLC0415 - torch

    if not is_detector(model):
        raise OptionError(
            f"--tag teaches the instrument detector, but the model is {model}",
            hint="add '--model instruments', or leave out --tag",
        )


def _trust(asked: list[float] | None) -> Trust | None:
    from amtstudio.learning.opinion import Trust  # noqa: PLC0415 - beside torch

    if asked is None:
        return None
    try:
        return Trust(*asked)
    except ValueError:
        raise OptionError(
            "--trust takes two numbers: how sure a note has to be, and up to where it is silence",
            hint="the first is the greater one, and both are from 0 to 1, as in '--trust 0.7 0.3'",
        ) from None


def adapt_and_tell(
    request: Request, console: Console, stop: StopRequest, *, resume: bool = False
) -> Report:
    """Run it, saying on the console how far it is and what came of it."""
    from amtstudio.learning.run import run  # noqa: PLC0415 - imports torch
    from amtstudio.learning.wording import sentences  # noqa: PLC0415

    told = _Telling(console)
    report = run(request, resume=resume, on_event=told.tell, is_cancelled=stop.is_requested)
    verdict = f"adopted as {request.name!r}" if report.adopted else "not adopted"
    console.message(f"{verdict}: {sentences(report.reasons)}")
    return report


def _known_of(request: Request) -> Known:
    """The most that is known of any of the recordings."""
    from amtstudio.audio.take_files import keyboard_file  # noqa: PLC0415 - imports numpy
    from amtstudio.learning.expectation import Known  # noqa: PLC0415 - as above

    found = [Known.of(known) for known in request.corrections.values()]
    if request.scores:
        found.append(Known.SCORE)
    if any(keyboard_file(path).is_file() for path in request.recordings):
        found.append(Known.KEYBOARD)
    return max(found, default=Known.NOTHING)


def _as_json(report: Report) -> bytes:
    """The report, with its codes and figures, and the reason in words."""
    import msgspec  # noqa: PLC0415

    from amtstudio.json_files import to_json  # noqa: PLC0415
    from amtstudio.learning.wording import sentences  # noqa: PLC0415

    values = {**msgspec.to_builtins(report), "reason": sentences(report.reasons)}
    return to_json(values)


def _recordings(names: list[str], console: Console, stop: StopRequest) -> list[Path]:
    """The files that were named, and the recordings in the folders that were."""
    found: list[Path] = []
    for path in map(Path, names):
        found += recordings_in(path, console, stop) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


class _Telling:
    """Events as JSON for programs; for people a line where something new begins."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage = ""

    def tell(self, event: Event) -> None:
        import msgspec  # noqa: PLC0415

        from amtstudio.learning.events import Judged, Learning  # noqa: PLC0415
        from amtstudio.learning.wording import sentences  # noqa: PLC0415

        values = msgspec.to_builtins(event)
        values |= values.pop("verdict", {})
        self._console.event("adapting", **values)
        stage = values["stage"]
        if isinstance(event, Judged):
            kept = "kept" if event.verdict.adopted else "not kept"
            reasons = sentences(event.verdict.reasons)
            self._console.message(f"{event.verdict.step}: {kept}. {reasons}")
        elif stage != self._stage and stage in _STAGES:
            self._console.message(_STAGES[stage])
        elif isinstance(event, Learning) and self._console.shows_bar:
            sys.stderr.write(f"\r{event.minutes_left:>6} minutes left ")
            sys.stderr.flush()
        self._stage = stage
