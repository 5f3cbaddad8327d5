"""Kills a process that edits and saves at a random moment, and looks at what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from kill_child import act
from random_edits import fingerprint

from amtstudio.errors import AmtStudioError
from amtstudio.session import Document

CHILD = Path(__file__).with_name("kill_child.py")


@dataclass(frozen=True)
class Outcome:
    acknowledged: int  # edits
    saves: int
    problems: list[str]
    seconds_to_open: float


def kill_once(folder: Path, seed: int, *, longest: float) -> Outcome:
    """One run; the child dies up to ``longest`` seconds after its first edit."""
    data = folder / "data"
    data.mkdir(parents=True)
    os.environ["AMTSTUDIO_DATA_DIR"] = str(data)
    lines = _run_and_kill(folder, seed, np.random.default_rng([seed, 1]).uniform(0.0, longest))
    acknowledged = sum(line.startswith("edit") for line in lines)
    saves = sum(line.startswith("saved") for line in lines)
    states, problems, seconds = [], [], 0.0
    for path in sorted(folder.rglob("*.amts")):
        began = time.perf_counter()
        try:
            with Document.open(path) as document:
                seconds = max(seconds, time.perf_counter() - began)
                problems += document.problems
                states.append(fingerprint(document))
        except AmtStudioError as error:
            problems.append(f"{path.name}: {error}")
    # The edit after the last acknowledged one may be on the disk or not.
    if not set(states) & set(_replay(seed, acknowledged)):
        problems.append(f"of {acknowledged} acknowledged edits some are lost")
    return Outcome(acknowledged, saves, problems, seconds)


def _run_and_kill(folder: Path, seed: int, delay: float) -> list[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, CHILD, folder, str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        first = process.stdout.readline()
        timer = threading.Timer(delay, os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        lines = [first, *process.stdout]
        timer.join()
        assert process.wait() == -signal.SIGKILL
    # A line without an end was not said.
    return [line for line in lines if line.endswith("\n")]


def _replay(seed: int, count: int) -> list[str]:
    """The fingerprints after ``count`` edits of this seed and after one more."""
    rng = np.random.default_rng(seed)
    states = []
    document = Document.create()
    for _ in range(count + 1):
        act(document, rng)
        states.append(fingerprint(document))
    document.discard()
    return states[-2:]
