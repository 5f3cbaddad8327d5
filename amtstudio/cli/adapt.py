"""``amtstudio adapt``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from amtstudio.atomic_file import write_atomically
from amtstudio.audio import check_input, find_recordings
from amtstudio.cli.console import Console
from amtstudio.cli.outputs import check_output
from amtstudio.cli.stopping import StopRequest
from amtstudio.errors import InputNotFoundError

_STAGES = {
    "loading": "reading the recordings",
    "listening": "listening to them, and to the music it is judged by",
    "tuning": "measuring the tuning",
    "labelling": "the teacher listens",
    "learning": "learning",
    "thresholds": "choosing thresholds",
    "judging": "comparing with the former model",
    "paused": "paused",
    "going on": "going on",
}


def run_adapt(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Adapt; adopted or not, the exit code is 0."""
    from amtstudio.learning.adaptation import adapt  # noqa: PLC0415 - imports torch
    from amtstudio.learning.control import POLITE, be_polite  # noqa: PLC0415
    from amtstudio.learning.corrections import gather  # noqa: PLC0415
    from amtstudio.learning.request import Request  # noqa: PLC0415
    from amtstudio.learning.run_folder import RunFolder  # noqa: PLC0415

    if os.environ.get(POLITE):
        be_polite()
    paths = _recordings(arguments.recordings, console, stop)
    for path in paths:
        check_input(path)
    report_path = None if arguments.report is None else Path(arguments.report)
    if report_path is not None:
        check_output(report_path, paths[0], overwrite=arguments.overwrite)
    recordings, corrections = gather(paths)
    request = Request(
        name=arguments.name,
        recordings=tuple(recordings),
        minutes=arguments.minutes,
        model=arguments.model,
        device=arguments.device,
        teacher=arguments.teacher,
        overwrite=arguments.overwrite,
        corrections=corrections,
    )
    told = _Telling(console)
    with RunFolder.open(request, resume=arguments.resume) as folder:
        control = folder.control(on_event=told.tell, is_cancelled=stop.is_requested)
        report = adapt(request, control)
        folder.finish(report)
    if report_path is not None:
        write_atomically(
            report_path, report.to_json().encode("ascii"), overwrite=arguments.overwrite
        )
    verdict = f"adopted as {arguments.name!r}" if report.adopted else "not adopted"
    console.message(f"{verdict}: {report.reason}")
    return 0


def _recordings(names: list[str], console: Console, stop: StopRequest) -> list[Path]:
    """The files that were named, and the recordings in the folders that were."""
    named = [Path(name) for name in names]
    found = find_recordings(
        named,
        is_cancelled=stop.is_requested,
        on_unreadable=lambda folder: console.warning(
            f"the folder {folder} may not be read: left out"
        ),
    )
    for folder in named:
        if folder.is_dir() and not any(folder in path.parents for path in found):
            raise InputNotFoundError(
                f"there is no recording in {folder}", hint="name recordings, or a folder of them"
            )
    return found


class _Telling:
    """Events as JSON for programs; for people a line where something new begins."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage = ""

    def tell(self, event: dict[str, object]) -> None:
        self._console.event("adapting", **event)
        stage = str(event["stage"])
        if stage == "judged":
            adopted = "kept" if event["adopted"] else "not kept"
            reasons = event["reasons"]
            assert isinstance(reasons, list)
            self._console.message(f"{event['step']}: {adopted}. {' '.join(reasons)}")
        elif stage != self._stage and stage in _STAGES:
            self._console.message(_STAGES[stage])
        elif stage == "learning" and self._console.shows_bar:
            sys.stderr.write(f"\r{event['minutes_left']:>6} minutes left ")
            sys.stderr.flush()
        self._stage = stage
