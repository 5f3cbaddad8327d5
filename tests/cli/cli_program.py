"""Runs the real program in a process of its own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "amtstudio"]
# A test run in the background of a script has SIGINT ignored, and its children too.
_WITH_SIGINT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from amtstudio.cli import main
sys.exit(main())
"""
COMMAND_WITH_SIGINT = [sys.executable, "-c", _WITH_SIGINT]


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """This process's environment with the program on the path; None takes a variable out."""
    merged: dict[str, str | None] = dict(os.environ)
    merged |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **(changes or {})}
    return {name: value for name, value in merged.items() if value is not None}


def run_program(
    arguments: Sequence[str | bytes | Path],
    *,
    env: Mapping[str, str | None] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )


def run_in_shell(arguments: Sequence[str], redirection: str) -> subprocess.CompletedProcess[bytes]:
    """Run it with streams closed, full or cut off, as a shell can set them up."""
    command = f"{shlex.join([*COMMAND, *arguments])} {redirection}"
    return subprocess.run(
        ["bash", "-c", command],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
