"""Edits a document until it is killed, and says so only after an edit is acknowledged.

    python kill_child.py FOLDER SEED

Every few edits it saves under one of three names, over what is there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from random_edits import random_edit

from amtstudio.session import Document

EDITS_TO_A_SAVE = 6
NAMES = ("a.amts", "b.amts", "c.amts")


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
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(folder: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
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


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
