"""Wall time and peak memory of the real ``amtstudio transcribe`` on a recording of five minutes.

Usage: python tests/benchmarks/transcribe_speed.py [AUDIO] [--busy] [-- OPTION...]

AUDIO (default: the example that ships with the program) is repeated, or cut, to five minutes.
``--busy``: while another program keeps a core busy. What follows ``--`` goes to
``amtstudio transcribe``, such as ``--model PATH``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import numpy as np
import soundfile

from amtstudio.resources import resource_path

SECONDS = 300
GOAL_SPEED, GOAL_MEMORY_MB = 25.0, 1000.0
_AUDIO_SUFFIXES = {".flac", ".ogg", ".opus", ".mp3", ".wav"}


def main() -> None:
    before, _, options = _split(sys.argv[1:])
    is_busy = "--busy" in before
    names = [name for name in before if name != "--busy"]
    source = Path(names[0]) if names else example()
    with tempfile.TemporaryDirectory() as name:
        recording = Path(name) / "five_minutes.wav"
        write_looped(source, recording, SECONDS)
        command = [sys.executable, "-m", "amtstudio", "transcribe", str(recording), *options]
        before_cpu = _cpu_seconds()
        with _busy_core() if is_busy else nullcontext():
            seconds, peak_mb = _measured(command)
            cpu = _cpu_seconds() - before_cpu
    print(
        f"{SECONDS / 60:.0f} minutes of {source.name} in {seconds:.2f} s, start-up included:"
        f" {SECONDS / seconds:.1f} times real time (goal: {GOAL_SPEED:.0f}),"
        f" CPU time {cpu:.2f} s, peak memory {peak_mb:.0f} MB (goal: under {GOAL_MEMORY_MB:.0f});"
        f" {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
    )


@contextmanager
def _busy_core() -> Iterator[None]:
    """Another program that computes; in a session of its own, which Linux shares cores between."""
    endless = [sys.executable, "-c", "while True: pass"]
    with subprocess.Popen(endless, start_new_session=True) as process:
        try:
            yield
        finally:
            process.kill()


def _cpu_seconds() -> float:
    """Of the children that have ended; other work on the machine disturbs it less."""
    times = os.times()
    return times.children_user + times.children_system


def _split(arguments: list[str]) -> tuple[list[str], str, list[str]]:
    if "--" not in arguments:
        return arguments, "", []
    at = arguments.index("--")
    return arguments[:at], "--", arguments[at + 1 :]


def example() -> Path:
    folder = resource_path()
    found = sorted(path for path in folder.rglob("*") if path.suffix in _AUDIO_SUFFIXES)
    examples = [path for path in found if "example" in str(path.relative_to(folder))]
    if not examples:
        sys.exit(f"no example recording in {folder}: name one")
    return examples[0]


def write_looped(source: Path, target: Path, seconds: int) -> None:
    audio, sample_rate = soundfile.read(source, dtype="float32", always_2d=True)
    wanted = seconds * sample_rate
    repeats = -(-wanted // len(audio))
    soundfile.write(target, np.tile(audio, (repeats, 1))[:wanted], sample_rate)


def _measured(command: list[str]) -> tuple[float, float]:
    """Wall seconds and the largest resident size in MB."""
    started = time.perf_counter()
    with subprocess.Popen(command) as process:
        done = threading.Event()
        peaks = [0.0]

        # Read while it runs, for /proc is gone afterwards, and the rusage of a child starts with
        # the size of its parent.
        def watch() -> None:
            while not done.wait(0.02):
                peaks.append(_peak_mb(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        seconds = time.perf_counter() - started
        done.set()
        watcher.join()
    if code != 0:
        sys.exit(f"amtstudio failed with code {code}")
    return seconds, max(peaks)


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:  # it has ended, or this is not Linux
        return 0.0
    peak = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), "0")
    return int(peak) * 1024 / 1e6


if __name__ == "__main__":
    main()
