"""Print the memory of the window while it records for an hour, and the pace of its frames.

    python tests/benchmarks/recording_memory.py [RECORDING] [--minutes 60] [--realtime] [--no-notes]

Plays a recording (by default the bundled example), again and again, into the real recorder of the
real window: the take is written, its picture grows, the live engine finds its notes (or, with
``--no-notes``, has no model for it). As fast as all of them can work; with ``--realtime``
in step with the clock, which is when the times of frames tell something. CPU time is that of the
thread of the window, which other work on the machine disturbs less. Bars: memory is flat over an
hour; a frame takes less than 33 ms in 99 of 100 cases.

Run it with ``QT_QPA_PLATFORM=offscreen`` where there is no display.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ui"))

import numpy as np
from file_input import FileInput
from PySide6.QtCore import QEventLoop, QTimer

from amtstudio.audio import probe, read_mono
from amtstudio.ui.app import make_app
from amtstudio.ui.example import EXAMPLE
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.recording.feature import Recording
from amtstudio.ui.recording.take import LiveTake
from amtstudio.workbench.takes.listeners import MAX_LAG_S
from amtstudio.workbench.transcribing import Engine

FASTEST = 1000.0
MOST_BEHIND_S = 4.0  # of the picture
N_REPORTS = 20
SETTLING = 0.1  # of the time: the model is loaded, caches fill


class Endless(np.ndarray):
    """Samples that come again and again, though no longer array of them is kept."""

    def __getitem__(self, part: Any) -> Any:
        return np.take(self.view(np.ndarray), range(part.start, part.stop), mode="wrap")


class Frames:
    """How long the window takes to draw what has come, and how late it comes to do so."""

    def __init__(self, window: MainWindow) -> None:
        self._page = window.feature(Recording).page
        self._page._timer.timeout.disconnect()
        self._page._timer.timeout.connect(self._measured(self._page.show_now))
        self.work: list[float] = []
        self.cpu: list[float] = []
        self.between: list[float] = []
        self._last = 0.0

    def _measured(self, show: Callable[[], None]) -> Callable[[], None]:
        def show_and_paint() -> None:
            began, cpu = time.perf_counter(), time.thread_time()
            if self._last:
                self.between.append(1e3 * (began - self._last))
            show()
            self._page.roll.viewport().repaint()
            self._page.overview.repaint()
            self.work.append(1e3 * (time.perf_counter() - began))
            self.cpu.append(1e3 * (time.thread_time() - cpu))
            self._last = began

        return show_and_paint


def keeps_up(take: LiveTake | None, delivered_s: float) -> bool:
    """Whether the picture and the notes are where the sound is."""
    if take is None or take.live is None:
        return False
    if take.problem is None and delivered_s - take.live.heard_s > 0.8 * MAX_LAG_S:
        return False
    return delivered_s - take.document.duration < MOST_BEHIND_S


def memory_mb() -> float:
    """What the process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def told(name: str, times: list[float]) -> str:
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    return f"{name}: median {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("recording", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--realtime", action="store_true")
    parser.add_argument("--no-notes", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG", "DATA", "LOG", "RECORDINGS"):
            os.environ[f"AMTSTUDIO_{name}_DIR"] = str(Path(folder) / name.lower())
        record(arguments)


def record(arguments: argparse.Namespace) -> None:
    make_app()
    window = MainWindow(Engine("no/such/model" if arguments.no_notes else "piano"))
    window.resize(1400, 860)
    window.show()
    controller = window.feature(Recording).controller
    rate = probe(arguments.recording).sample_rate
    source = FileInput(
        read_mono(arguments.recording, sample_rate=rate),
        rate,
        speed=1.0 if arguments.realtime else FASTEST,
    )
    source.samples = source.samples.view(Endless)
    if not arguments.realtime:
        source.may_go_on = lambda: keeps_up(controller.take, source.delivered_s)
    controller.open_stream = source
    frames = Frames(window)
    window.feature(Recording).toggle()
    began, loop = time.perf_counter(), QEventLoop()
    seconds, found, reported = 60.0 * arguments.minutes, [], [0]

    def look() -> None:
        take = controller.take
        if take is None:
            return
        step = int(take.duration / seconds * N_REPORTS)
        if step > reported[0]:
            reported[0] = step
            found.append((take.duration, memory_mb()))
            print(
                f"{take.duration / 60:5.1f} min recorded, {take.notes.n_confirmed:6d} notes,"
                f" {memory_mb():6.1f} MB, {len(take.gaps)} gaps,"
                f" {time.perf_counter() - began:.0f} s",
                flush=True,
            )
        if take.duration >= seconds:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(100)
    loop.exec()
    timer.stop()
    controller.close()
    report(found, seconds, frames)
    window.close()


def report(found: list[tuple[float, float]], seconds: float, frames: Frames) -> None:
    settled = [entry for entry in found if entry[0] > SETTLING * seconds]
    times, sizes = (np.array(column) for column in zip(*settled, strict=True))
    slope = np.polyfit(times / 3600.0, sizes, 1)[0]
    print(f"memory {sizes.min():.0f} to {sizes.max():.0f} MB; trend {slope:+.1f} MB in an hour")
    skipped = len(frames.work) // 20  # the model is loaded meanwhile
    print(told("a frame", frames.work[skipped:]))
    print(told("a frame, CPU time", frames.cpu[skipped:]))
    print(told("between frames (40 asked for)", frames.between[skipped:]))


if __name__ == "__main__":
    main()
