"""Print how soon the window shows the notes of a dropped recording, and what that costs its frames.

Usage: QT_QPA_PLATFORM=offscreen python tests/benchmarks/window_transcribe.py [AUDIO] [--seconds S]

AUDIO (default: the example that ships with the program) is repeated, or cut, to three minutes, and
transcribed by ``amtstudio transcribe`` and in the window, in turn. The bars, on a quiet machine:
first notes 3 s after the drop, all of them in 1.1 times the time of the command line, frames of a
recording of ten minutes with 10,000 notes meanwhile 50 ms (99 of 100), a cancel 1 s.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from transcribe_speed import example, write_looped
from window_speed import make_item, show_made

from amtstudio.ui.app import make_app
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.queue import QueueItem, State
from amtstudio.workbench.transcribing import Engine

FRAME_MS = 16
# Prints when the window was painted, when the first notes were there, and when all were.
COLD = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from amtstudio.ui.app import make_app
from amtstudio.ui.main_window import MainWindow
from amtstudio.workbench.transcribing import Engine
app = make_app()
window = MainWindow(Engine(), keeps_state=False)
window.show()
window.begin()
app.processEvents()
print(time.time())
window.open_paths([Path(sys.argv[1])])
def look():
    items = window.queue.items
    if items and len(items[0].document.notes):
        if not seen:
            seen.append(1)
            window.page.roll.viewport().repaint()
            print(time.time())
        if not items[0].is_active:
            print(time.time())
            app.quit()
seen = []
timer = QTimer()
timer.timeout.connect(look)
timer.start(5)
app.exec()
window.close()
"""


def wait_until(condition: Callable[[], object], limit_s: float = 600.0) -> None:
    loop, timer, started = QEventLoop(), QTimer(), time.perf_counter()

    def look() -> None:
        if condition() or time.perf_counter() - started > limit_s:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(2)
    loop.exec()
    if not condition():
        sys.exit("it does not come to an end")


def time_command_line(recording: Path, folder: Path) -> float:
    started = time.perf_counter()
    command = [sys.executable, "-m", "amtstudio", "transcribe", str(recording), "-q"]
    command += ["-o", str(folder / "out.mid"), "--overwrite"]
    subprocess.run(command, check=True)
    return time.perf_counter() - started


def time_cold_window(recording: Path) -> tuple[float, float, float]:
    """Seconds to the painted window, from there to the first notes, and to all of them."""
    started = time.time()
    command = [sys.executable, "-c", COLD, str(recording)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    painted, first, last = map(float, done.stdout.split())
    return painted - started, first - painted, last - painted


def drop(window: MainWindow, recording: Path) -> QueueItem:
    """Drop a file, and wait until its work has begun."""
    known = len(window.queue.items)
    window.open_paths([recording])
    wait_until(lambda: len(window.queue.items) > known)
    return window.queue.items[-1]


def remove(window: MainWindow, item: QueueItem) -> None:
    wait_until(lambda: window.is_settled)
    window.queue.remove(item)


def time_drop(window: MainWindow, recording: Path) -> tuple[float, float]:
    """Seconds from the drop to the first notes on the screen, and to all of them."""
    started = time.perf_counter()
    item = drop(window, recording)
    window.show_item(item)
    wait_until(lambda: len(item.document.notes))
    window.page.roll.viewport().repaint()
    first = time.perf_counter() - started
    wait_until(lambda: item.state is State.DONE)
    window.page.roll.viewport().repaint()
    last = time.perf_counter() - started
    remove(window, item)
    return first, last


def frames_meanwhile(
    window: MainWindow, shown: QueueItem, recording: Path
) -> tuple[np.ndarray, float]:
    """Milliseconds of each frame (wall, CPU) while another file is transcribed; and its seconds."""
    started = time.perf_counter()
    item = drop(window, recording)
    window.show_item(shown)
    roll = window.page.roll
    roll.show_range(0.0, 60.0)
    zooms = cycle([0.95] * 40 + [1 / 0.95] * 40)
    steps = cycle([lambda: roll.box.scroll(0, 0.02)] * 40 + [lambda: roll.box.zoom(0, next(zooms))])
    times = []
    while item.state in (State.WAITING, State.RUNNING):
        began = time.perf_counter(), time.thread_time()
        next(steps)()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        roll.viewport().repaint()
        QCoreApplication.processEvents()  # what the other file has to tell belongs to the frame
        times.append((time.perf_counter() - began[0], time.thread_time() - began[1]))
        pause = QEventLoop()
        QTimer.singleShot(FRAME_MS, pause.quit)
        pause.exec()
    seconds = time.perf_counter() - started
    remove(window, item)
    return 1e3 * np.array(times), seconds


def time_cancel(window: MainWindow, recording: Path) -> float:
    item = drop(window, recording)
    wait_until(lambda: len(item.document.notes))
    started = time.perf_counter()
    window.queue.cancel(item)
    wait_until(lambda: item.state is not State.RUNNING)
    seconds = time.perf_counter() - started
    assert item.state is State.CANCELLED
    remove(window, item)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("audio", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=180)
    arguments = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.environ["AMTSTUDIO_CONFIG_DIR"] = os.environ["AMTSTUDIO_DATA_DIR"] = name
        recording = folder / "recording.wav"
        write_looped(arguments.audio or example(), recording, arguments.seconds)
        make_app()
        window = MainWindow(Engine(), keeps_state=False)
        window.resize(1400, 860)
        window.show()
        window.begin()
        wait_until(lambda: window.queue.engine.is_loaded)
        command_line = [time_command_line(recording, folder)]
        first, last = time_drop(window, recording)
        command_line.append(time_command_line(recording, folder))
        print(f"command line, start-up included: {min(command_line):.2f} s")
        print(f"window, from the drop: first notes {first:.2f} s, all notes {last:.2f} s,")
        print(f"  {last / min(command_line):.2f} times the command line")
        painted, first, last = time_cold_window(recording)
        print(f"window just started ({painted:.2f} s): first notes {first:.2f} s, all {last:.2f} s")
        shown = make_item(window, folder / "ten minutes.wav")
        show_made(window, shown)
        times, seconds = frames_meanwhile(window, shown, recording)
        wall, cpu = times.T
        print(
            f"{len(times)} frames while it is transcribed in {seconds:.2f} s: median"
            f" {np.median(wall):.1f} ms, p99 {np.percentile(wall, 99):.1f} ms, slowest"
            f" {wall.max():.1f} ms; CPU time p99 {np.percentile(cpu, 99):.1f} ms"
        )
        print(f"cancel: {time_cancel(window, recording):.2f} s")
        window.close()
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
