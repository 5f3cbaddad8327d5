"""From arguments to an exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from amtstudio.cli import process
from amtstudio.cli.console import Console
from amtstudio.cli.failures import report
from amtstudio.cli.parser import build_parser
from amtstudio.cli.shared_options import JSON_PROGRESS
from amtstudio.cli.stopping import StopRequest
from amtstudio.errors import Cancelled


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments after the program's name. None: those of this process, whose streams and signals
        are then taken over too.
    """
    if argv is not None:
        return _run(argv, StopRequest())
    process.open_missing_streams()
    process.silence_libraries()
    stop = StopRequest()
    with stop.on_signals():
        code = _run(sys.argv[1:], stop)
    return process.close_streams(code)


def _run(argv: Sequence[str], stop: StopRequest) -> int:
    # Programs are told of wrong arguments as of everything else.
    console = Console(as_json=JSON_PROGRESS in argv)
    try:
        arguments = build_parser().parse_args(argv)
        console = Console(
            quiet=arguments.quiet, verbose=arguments.verbose, as_json=arguments.json_progress
        )
        if arguments.show_help is not None:
            arguments.show_help()
            return 0
        return _dispatch(arguments, console, stop)
    except SystemExit as exit_:  # after the help or the version
        return exit_.code if isinstance(exit_.code, int) else 2
    except Cancelled:
        console.message("stopped")
        console.event("stopped")
        return stop.exit_code
    except process.ReaderGoneError:
        return process.READER_GONE_CODE
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets one line and a code
        return report(console, error)


def _dispatch(  # noqa: PLR0911 - one for each command
    arguments: argparse.Namespace, console: Console, stop: StopRequest
) -> int:
    # Imported here and not above: each brings numpy and torch with it.
    if arguments.command == "transcribe":
        from amtstudio.cli.transcribe import run_transcribe  # noqa: PLC0415

        return run_transcribe(arguments, console, stop)
    if arguments.command == "export":
        from amtstudio.cli.export import run_export  # noqa: PLC0415

        return run_export(arguments, console, stop)
    if arguments.command == "listen":
        from amtstudio.cli.listen import run_listen  # noqa: PLC0415

        return run_listen(arguments, console, stop)
    if arguments.command == "instruments":
        from amtstudio.cli.instruments import run_instruments  # noqa: PLC0415

        return run_instruments(arguments, console, stop)
    if arguments.command == "beats":
        from amtstudio.cli.beats import run_beats  # noqa: PLC0415

        return run_beats(arguments, console, stop)
    if arguments.command == "evaluate":
        from amtstudio.cli.evaluate import run_evaluate  # noqa: PLC0415

        return run_evaluate(arguments, console, stop)
    if arguments.command == "adapt":
        from amtstudio.cli.adapt import run_adapt  # noqa: PLC0415

        return run_adapt(arguments, console, stop)
    if arguments.command == "profiles":
        from amtstudio.cli.profiles import run_profiles  # noqa: PLC0415

        return run_profiles(arguments, console, stop)
    if arguments.command == "gui":
        from amtstudio.cli.gui import run_gui  # noqa: PLC0415

        return run_gui(arguments, console, stop)
    from amtstudio.cli.models import run_models  # noqa: PLC0415

    return run_models(arguments, console)
