"""A window that records until something happens to it, for tests of accidents.

    python recording_child.py MODEL [file]

Records from the default microphone, or from a file: 30 seconds of tones, again and again. Says
``captured SECONDS`` for sound that has come from the device, ``take PATH`` once it records,
``ready`` while it listens for notes, and ``finished`` with what the window tells when a take has
ended by itself; then it ends, too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from file_input import FileInput
from PySide6.QtCore import QTimer
from studio import Studio

from amtstudio.audio.input_devices import open_input_stream
from amtstudio.ui.app import make_app
from amtstudio.workbench.transcribing import Engine

RATE = 16000


def tones() -> np.ndarray:
    times = np.arange(30 * RATE) / RATE
    return 0.3 * np.sin(2 * np.pi * (220.0 + 20.0 * np.floor(times)) * times)


def say(line: str) -> None:
    # One call: a line is said whole or not at all, and not mixed with another thread's.
    os.write(1, f"{line}\n".encode())


class Counted:
    """Tells how much sound has come, before the recorder gets it."""

    def __init__(self, open_stream) -> None:
        self._open_stream = open_stream

    def __call__(self, device, *, on_input, on_finished):
        n_samples = 0

        def count(block, arrival, gap):
            nonlocal n_samples
            n_samples += len(block)
            say(f"captured {n_samples / stream.sample_rate:.3f}")
            on_input(block, arrival, gap)

        stream = self._open_stream(device, on_input=count, on_finished=on_finished)
        return stream


def main(model: str, source: str = "") -> None:
    app = make_app()
    window = Studio(Engine(model, "cpu"))
    controller = window.recording.controller
    stream = FileInput(np.tile(tones(), 20), RATE) if source else open_input_stream
    controller.open_stream = Counted(stream)
    controller.began.connect(lambda: say(f"take {controller.take.document.path}"))
    controller.failed.connect(lambda error: say(f"failed {error}"))
    window.show()

    def look() -> None:
        if controller.take is not None and controller.take.is_ready:
            say("ready")
        if window.queue.items and window.is_settled:
            item = window.queue.items[0]
            say(f"finished {item.state.value}: {window.page.message_label.text()}")
            window.close()
            app.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(50)
    QTimer.singleShot(0, window.recording.toggle)
    app.exec()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(*sys.argv[1:])
