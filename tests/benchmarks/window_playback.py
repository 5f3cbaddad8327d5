"""Print what a frame costs while ten minutes with 10,000 notes play in the window.

Run with ``QT_QPA_PLATFORM=offscreen python tests/benchmarks/window_playback.py``. The bar, on a
quiet machine: a frame within 16 ms (median). A *frame* is one tick of the playback: position,
cursor, overview, lit keys, turned pages, and all painting that this asks for. *Between frames* is
what the eye gets: the time from one painted position to the next, everything else included (the
timer asks for one every 17 ms on a screen of 60 Hz).
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from window_speed import make_item, report, show_made

from amtstudio.ui.app import make_app
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.playback.feature import Playback
from amtstudio.ui.sound_devices import NoSound
from amtstudio.workbench.transcribing import Engine

RATE = 22_050  # Hz
SECONDS = 600
N_FRAMES = 200
PLAYED_S = 8.0


def write_recording(path: Path) -> None:
    rng = np.random.default_rng(4)
    soundfile.write(path, 0.1 * rng.standard_normal(SECONDS * RATE).astype(np.float32), RATE)


def frames(window: MainWindow) -> np.ndarray:
    """Wall and processor time of ticks, with the sound going on beside."""
    times = []
    window.playback._ticks.stop()
    for _ in range(N_FRAMES):
        started = time.perf_counter(), time.thread_time()
        window.playback._tell_position()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        times.append((time.perf_counter() - started[0], time.thread_time() - started[1]))
        loop = QEventLoop()
        QTimer.singleShot(16, loop.quit)
        loop.exec()
    window.playback._ticks.start()
    return 1e3 * np.array(times)


def gaps(window: MainWindow) -> np.ndarray:
    painted = []
    window.playback.position_changed.connect(lambda _: painted.append(time.perf_counter()))
    loop = QEventLoop()
    QTimer.singleShot(round(PLAYED_S * 1e3), loop.quit)
    loop.exec()
    times = 1e3 * np.diff(painted)
    return np.stack([times, times], axis=1)


def main() -> None:
    app = make_app()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AMTSTUDIO_CONFIG_DIR"] = folder
        window = MainWindow(Engine(), sound=NoSound())
        window.resize(1400, 860)
        window.show()
        item = make_item(window, Path(folder, "ten minutes.wav"))
        write_recording(item.document.path)
        show_made(window, item)
        window.playback.look_for_devices()
        while not window.playback.can_play:
            app.processEvents()
        print(f"{len(item.document.notes)} notes")
        began = time.perf_counter()
        window.playback.play()
        while window.playback.position == 0.0:
            app.processEvents()
        print(f"play to moving cursor: {1e3 * (time.perf_counter() - began):.0f} ms")
        roll = window.page.roll
        for seconds in (2.0, 10.0, 60.0, 600.0):
            roll.show_range(0.0, seconds)
            window.playback.seek(0.0)
            app.processEvents()
            report(f"a frame while playing, {seconds:.0f} s in view", frames(window))
        roll.show_range(0.0, 10.0)
        window.playback.seek(0.0)
        report("between frames, 10 s in view", gaps(window))
        window.feature(Playback).actions.loop.trigger()
        window.playback.set_speed(50)
        report("between frames, half speed in a loop", gaps(window))
        assert window.playback._player is not None
        print(f"samples that came too late: {window.playback._player.n_late}")
        window.close()


if __name__ == "__main__":
    main()
