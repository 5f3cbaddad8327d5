"""Edits a document until it is killed, and says so only after an edit is acknowledged.

Every few edits it saves under one of three names, over what is there. Where it ``records``, it does
so meanwhile, and says how much of the take the device has delivered. Where it ``folds``, the log is
brought into the file after every edit, and not when the user rests: it dies in the midst of that.
"""

from __future__ import annotations

import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "audio"))

from fake_input import RATE, FakeInput, noise
from random_edits import random_edit

from amtstudio.audio.recording import Recorder
from amtstudio.session import Document, idle_fold
from amtstudio.session.take_marks import TakeMark

EDITS_TO_A_SAVE = 6
NAMES = ("a.amts", "b.amts", "c.amts")
TAKE = "take.wav"


def act(document: Document, rng: np.random.Generator) -> None:
    """One edit, undo or redo."""
    choice = rng.integers(10)
    if choice == 0:
        document.undo()
    elif choice == 1:
        document.redo()
    else:
        random_edit(document, rng)


def say(line: str) -> None:
    # In one call: two threads say something.
    os.write(1, f"{line}\n".encode())


class CountedInput(FakeInput):
    """Says how much it has delivered."""

    def __call__(self, device, *, on_input, on_finished):
        n_samples = 0

        def count(block, arrival, gap):
            nonlocal n_samples
            n_samples += len(block)
            say(f"captured {n_samples / RATE}")
            on_input(block, arrival, gap)

        return super().__call__(device, on_input=count, on_finished=on_finished)


def record(folder: Path) -> None:
    TakeMark(folder / TAKE)
    Recorder(folder / TAKE, open_stream=CountedInput(noise(60.0), paced=True)).start()


def main(said: Connection, folder: Path, seed: int, *, records: bool, folds: bool) -> None:
    """The work of a process of its own, whose output goes to ``said``."""
    os.dup2(said.fileno(), 1)
    os.environ["AMTSTUDIO_DATA_DIR"] = str(folder / "data")
    if folds:
        idle_fold.REST_S = 0.0
    rng = np.random.default_rng(seed)
    if records:
        record(folder)
    document = Document.create()
    count = 0
    while True:
        act(document, rng)
        count += 1
        say(f"edit {count}")
        if count % EDITS_TO_A_SAVE == 0:
            name = NAMES[count // EDITS_TO_A_SAVE % len(NAMES)]
            document.save_as(folder / name, overwrite=True)
            say(f"saved {name}")
