"""``amtstudio instruments``."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from amtstudio.audio import AudioSource, check_input
from amtstudio.cli.console import Console
from amtstudio.cli.process import write_output
from amtstudio.cli.progress import FileProgress
from amtstudio.cli.stopping import StopRequest
from amtstudio.formats.instrument_activity import ACTIVITY_FORMATS
from amtstudio.symbolic.instruments import InstrumentActivity


def run_instruments(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Tell the instruments of one recording on standard output."""
    path = Path(arguments.input)
    # A wrong file name is answered before torch is imported.
    check_input(path)
    with AudioSource(path, track=arguments.track) as source:
        activity = _heard(source, arguments, console, stop)
    write_output(ACTIVITY_FORMATS[arguments.format](activity))
    return 0


def _heard(
    source: AudioSource, arguments: argparse.Namespace, console: Console, stop: StopRequest
) -> InstrumentActivity:
    from amtstudio.engine import InstrumentDetector, find_mismatch  # noqa: PLC0415
    from amtstudio.engine.plan import plan_for  # noqa: PLC0415
    from amtstudio.models import list_models  # noqa: PLC0415

    stop.raise_if_requested()
    detector = InstrumentDetector.load(arguments.model, device=arguments.device)
    started = time.monotonic()
    with FileProgress(console, arguments.input) as progress:
        activity = detector.detect_file(
            source,
            on_progress=progress.update,
            is_cancelled=stop.is_requested,
            on_warning=progress.warn,
        )
    stop.raise_if_requested()
    seconds = time.monotonic() - started
    console.detail(
        f"{activity.duration:.1f} s of audio in {seconds:.1f} s on {detector.device},"
        f" {activity.duration / max(seconds, 1e-3):.0f} times real time"
    )
    mismatch = find_mismatch(activity)
    if mismatch is not None:
        heard = ", ".join(name.replace("_", " ") for name in mismatch.instruments)
        models = " and ".join(plan_for(activity, list_models()).models)
        console.message(f"{arguments.input}: mostly {heard}; 'transcribe' takes {models} for that")
    return activity
