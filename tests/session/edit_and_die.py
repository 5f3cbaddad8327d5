"""Opens a project, adds notes to it, and is killed in the midst: its log stays beside it.

    python edit_and_die.py PROJECT PITCH N_EDITS [REST_S]

Every note is acknowledged. With ``REST_S`` it rests so long before the last of them.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from amtstudio.session import Document
from amtstudio.symbolic import Note


def main(path: Path, pitch: int, n_edits: int, rest_s: float = 0.0) -> None:
    document = Document.open(path)
    for edit in range(n_edits):
        if edit == n_edits - 1:
            time.sleep(rest_s)
        document.add(Note(10.0 + edit, 11.0 + edit, pitch))
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *map(float, sys.argv[4:]))
