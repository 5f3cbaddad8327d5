"""``amtstudio gui``."""

from __future__ import annotations

import argparse
from pathlib import Path

from amtstudio.cli.console import Console
from amtstudio.cli.failures import joint_exit_code, report
from amtstudio.cli.outputs import check_output
from amtstudio.cli.stopping import StopRequest
from amtstudio.errors import DeviceError, OptionError


def run_gui(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Open the window; with ``--snapshot`` the errors of the files make the exit code."""
    snapshot = None if arguments.snapshot is None else Path(arguments.snapshot)
    files = tuple(Path(name) for name in arguments.files)
    if snapshot is not None:
        if snapshot.suffix.lower() not in ("", ".png"):
            raise OptionError(
                f"the picture is a PNG file, and {snapshot.name} is not named so",
                hint=f"name it {snapshot.stem}.png",
            )
        check_output(snapshot, *files, overwrite=arguments.overwrite, option="--snapshot")
    try:
        from amtstudio.ui.app import WindowOptions, run_window  # noqa: PLC0415 - Qt, only here
    except ImportError as error:  # a system without the libraries that Qt leaves to it
        raise DeviceError(
            f"the window cannot be loaded: {error}",
            hint="bash packaging/setup.sh installs what is missing",
        ) from error
    options = WindowOptions(
        files=files,
        snapshot=snapshot,
        model=arguments.model,
        device=arguments.device,
        overwrite=arguments.overwrite,
        new_window=arguments.new_window,
    )
    failures = run_window(options, is_stopped=stop.is_requested)
    stop.raise_if_requested()
    codes = [report(console, error, file=file) for file, error in failures]
    return joint_exit_code([*codes, *[0] * (len(options.files) - len(codes))])
