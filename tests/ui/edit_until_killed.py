"""Opens a window, transcribes a file, edits its notes as a user would, and tells of each edit.

    python edit_until_killed.py RECORDING MODEL

A line is written once an edit was acknowledged: when the key has done its work.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from studio import Studio

from amtstudio.ui.app import make_app
from amtstudio.workbench.transcribing import Engine

SHIFT = Qt.KeyboardModifier.ShiftModifier


def main(recording: Path, model: Path) -> None:
    app = make_app()
    window = Studio(Engine(str(model), "cpu"))
    window.show()
    window.open_paths([recording])
    count = 0

    def edit() -> None:
        nonlocal count
        if not window.is_settled:
            return
        document = window.document
        key = int(document.notes.id[count % len(document.notes)])
        window.editor.selection.set([key])
        up = count % 2 == 0
        before = document.notes.pitch.sum()
        QTest.keyClick(window, Qt.Key.Key_Up if up else Qt.Key.Key_Down, SHIFT)
        after = document.notes.pitch.sum()
        if after != before:
            count += 1
            pitches = ",".join(str(pitch) for pitch in sorted(document.notes.pitch.tolist()))
            sys.stdout.write(f"{count} {pitches}\n")
            sys.stdout.flush()

    timer = QTimer()
    timer.timeout.connect(edit)
    timer.start(1)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
