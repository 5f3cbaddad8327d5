"""Opens a window with recordings and projects, and tells how far the list is, until it is killed.

    python queue_until_killed.py MODEL FILE...

Files of which only a stretch is to be transcribed are written FILE@START-END. A project is
transcribed again. A line is written whenever a state changes: the states, in the order of the list.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from studio import Studio

from amtstudio.ui.app import make_app
from amtstudio.ui.projects import is_project
from amtstudio.ui.queue import State
from amtstudio.workbench.transcribing import Engine


def main(model: Path, names: list[str]) -> None:
    app = make_app()
    window = Studio(Engine(str(model), "cpu"))
    window.show()
    told = ""

    def tell() -> None:
        nonlocal told
        for item in window.queue.items:
            edits = item.document.edits
            if (
                item.state is State.DONE
                and edits is not None
                and not edits.path.match("*/recovery/*")
            ):
                window.queue.retry(item)
        states = " ".join(item.state.value for item in window.queue.items)
        if states != told and window.unfinished_jobs.is_idle:
            told = states
            sys.stdout.write(states + "\n")
            sys.stdout.flush()

    timer = QTimer()
    timer.timeout.connect(tell)
    timer.start(1)
    for name in names:
        path, _, span = name.partition("@")
        if is_project(Path(path)):
            window.open_paths([Path(path)])
        else:
            start, end = map(float, span.split("-")) if span else (0.0, None)
            window.queue.add(Path(path), start=start, end=end)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
