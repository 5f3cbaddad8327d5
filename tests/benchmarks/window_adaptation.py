"""Print what an adaptation in the background costs the frames of the window.

Usage: QT_QPA_PLATFORM=offscreen python tests/benchmarks/window_adaptation.py [--seconds S]
           [--minutes M]

A recording of ten minutes with 10,000 notes is scrolled and zoomed for a while, first alone, then
while a real run, in its own process, learns from four pieces of the bundled piano: until the run
has ended, or for S seconds. The panel is open beside the notes and follows the run. The bar, on a
quiet machine: 99 of 100 frames within 33 ms.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from itertools import cycle
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from window_speed import make_item, show_made

from amtstudio.learning.replay import bundled_music, played
from amtstudio.ui.adaptation.controller import State
from amtstudio.ui.adaptation.feature import Adaptation
from amtstudio.ui.app import make_app
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.sound_devices import NoSound
from amtstudio.workbench.transcribing import Engine

FRAME_MS = 16
N_ALONE = 400
RECORDINGS, SECONDS = 4, 60.0
RATE = 16000  # Hz


def write_recordings(folder: Path) -> list[Path]:
    paths = []
    for number, piece in enumerate(bundled_music("replay")[:RECORDINGS]):
        path = folder / f"take {number}.wav"
        soundfile.write(path, played(piece, 70 + number, seconds=SECONDS).audio, RATE)
        paths.append(path)
    return paths


def pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Frames:
    """Scrolls and zooms, and times each frame: wall and CPU, in seconds."""

    def __init__(self, window: MainWindow) -> None:
        self._roll = window.page.roll
        self._roll.show_range(0.0, 60.0)
        zooms = cycle([0.95] * 40 + [1 / 0.95] * 40)
        scrolls = [lambda: self._roll.box.scroll(0, 0.02)] * 40
        self._steps = cycle(scrolls + [lambda: self._roll.box.zoom(0, next(zooms))] * 40)
        self.times: list[tuple[float, float]] = []

    def take(self) -> None:
        began = time.perf_counter(), time.thread_time()
        next(self._steps)()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._roll.viewport().repaint()
        QCoreApplication.processEvents()  # what the run has to tell belongs to the frame
        self.times.append((time.perf_counter() - began[0], time.thread_time() - began[1]))
        pause(FRAME_MS)

    def report(self, name: str) -> None:
        wall, cpu = 1e3 * np.array(self.times).T
        print(
            f"{name}: {len(wall)} frames, median {np.median(wall):.1f} ms, p99"
            f" {np.percentile(wall, 99):.1f} ms, slowest {wall.max():.1f} ms; of CPU time p99"
            f" {np.percentile(cpu, 99):.1f} ms",
            flush=True,
        )


def run(arguments: argparse.Namespace, folder: Path) -> None:
    window = MainWindow(Engine(), keeps_state=False, sound=NoSound())
    window.resize(1400, 860)
    window.show()
    show_made(window, make_item(window, folder / "ten minutes.wav"))
    adaptation = window.feature(Adaptation)
    adaptation.show_learning()
    alone = Frames(window)
    for _ in range(N_ALONE):
        alone.take()
    alone.report("alone")
    adaptation.recordings._what_comes_first = lambda: "the measuring"  # heads only
    adaptation.add(write_recordings(folder))
    while len(adaptation.recordings.total.paths) < RECORDINGS:
        pause(50)
    adaptation.setup.minutes_box.setValue(arguments.minutes)
    adaptation.start()
    controller = adaptation.controller
    started = time.perf_counter()
    frames, learning, stages = Frames(window), Frames(window), []
    while controller.is_on and time.perf_counter() - started < arguments.seconds:
        stage = controller.story.stage
        (learning if stage == "learning" else frames).take()
        if stage not in stages:
            stages.append(stage)
    print(f"{time.perf_counter() - started:.0f} s of a run: {', '.join(filter(None, stages))}")
    frames.report("while it starts, listens and judges")
    if learning.times:
        learning.report("while it learns")
        print(f"points of the curve: {len(controller.story.points)}")
    if controller.is_on:
        controller.stop()
    while controller.is_on:
        pause(50)
    if controller.state is State.FAILED:
        print(f"the run has failed: {controller.error}")
    window.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600.0, help="at most so many of the run")
    parser.add_argument("--minutes", type=int, default=2, help="of learning")
    arguments = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for what in ("CONFIG", "DATA", "LOG"):
            os.environ[f"AMTSTUDIO_{what}_DIR"] = str(Path(name) / what.lower())
        make_app()
        run(arguments, Path(name))
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
