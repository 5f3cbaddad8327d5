"""Kills a process that edits and saves at a random moment, and looks at what is left."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import kill_child
import numpy as np
import soundfile
from kill_child import RATE, TAKE, act, noise
from random_edits import fingerprint

from amtstudio.audio.wav_repair import repair_take
from amtstudio.errors import AmtStudioError
from amtstudio.session import Document
from amtstudio.session.log import has_foreign_log
from amtstudio.session.take_marks import find_unfinished_takes

MOST_LOST_S = 1.0
# Each process is forked from one that has imported all it needs: that takes longer than its life.
CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["kill_child"])


@dataclass(frozen=True)
class Outcome:
    acknowledged: int  # edits
    saves: int
    problems: list[str]
    seconds_to_open: float
    captured_s: float = 0.0
    lost_s: float = 0.0  # of what was captured


def kill_once(
    folder: Path, seed: int, *, longest: float, records: bool = False, folds: bool = False
) -> Outcome:
    """One run; the child dies up to ``longest`` seconds after its first edit."""
    data = folder / "data"
    data.mkdir(parents=True)
    os.environ["AMTSTUDIO_DATA_DIR"] = str(data)
    delay = np.random.default_rng([seed, 1]).uniform(0.0, longest)
    lines = _run_and_kill(folder, seed, delay, records=records, folds=folds)
    acknowledged = sum(line.startswith("edit") for line in lines)
    saves = sum(line.startswith("saved") for line in lines)
    states, problems, seconds = [], [], 0.0
    for path in sorted(folder.rglob("*.amts")):
        began = time.perf_counter()
        try:
            if has_foreign_log(path):
                problems.append(f"{path.name}: its own log is taken for another's")
            with Document.open(path) as document:
                seconds = max(seconds, time.perf_counter() - began)
                problems += document.problems
                states.append(fingerprint(document))
        except AmtStudioError as error:
            problems.append(f"{path.name}: {error}")
    # The edit after the last acknowledged one may be on the disk or not.
    if not set(states) & set(_replay(seed, acknowledged)):
        problems.append(f"of {acknowledged} acknowledged edits some are lost")
    captured = lost = 0.0
    if records:
        captured, lost, take_problems = _look_at_take(folder, lines)
        problems += take_problems
    return Outcome(acknowledged, saves, problems, seconds, captured, lost)


def _look_at_take(folder: Path, lines: list[str]) -> tuple[float, float, list[str]]:
    """Seconds that were captured, seconds of them that are gone, what is wrong with the take."""
    captured = max((float(line.split()[1]) for line in lines if line[0] == "c"), default=0.0)
    path = folder / TAKE
    problems = []
    if [take.path for take in find_unfinished_takes()] != [path]:
        problems.append("the take is not found again")
    try:
        soundfile.info(path)  # readable before anything is done about it
        kept = repair_take(path)
        samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    except (AmtStudioError, OSError) as error:  # soundfile's own is one of them
        return captured, captured, [*problems, f"{TAKE}: {error}"]
    if kept != len(samples) / RATE or not np.array_equal(samples, noise(60.0)[: len(samples)]):
        problems.append("the take holds other samples than were played")
    lost = max(0.0, captured - kept)
    if lost > MOST_LOST_S:
        problems.append(f"{lost:.2f} s of {captured:.2f} s are lost")
    return captured, lost, problems


def _run_and_kill(folder: Path, seed: int, delay: float, **options: bool) -> list[str]:
    heard, said = CHILDREN.Pipe(duplex=False)
    process = CHILDREN.Process(target=kill_child.main, args=(said, folder, seed), kwargs=options)
    # Python 3.11 does not tell the process that forks where modules are.
    with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):
        process.start()
    said.close()
    with open(heard.fileno(), closefd=False) as output:
        first = next(line for line in output if line.startswith("edit"))
        timer = threading.Timer(delay, os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        lines = [first, *output]
        timer.join()
    heard.close()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    process.close()
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
