"""Print how quick the list of recordings is with a thousand of them in it.

Run with ``QT_QPA_PLATFORM=offscreen python tests/benchmarks/queue_speed.py``. The bars, on a quiet
machine: a frame 16 ms (99 of 100: 33 ms), whatever is done to a row 50 ms. CPU time is that of all
threads of the process, which other work on the machine disturbs less.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QAbstractScrollArea

from amtstudio.ui.app import make_app
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.queue import QueueItem, State
from amtstudio.ui.transcribe.feature import Transcribing
from amtstudio.workbench.transcribing import Engine

N_RECORDINGS = 1000
N_STEPS = 60


def make_recordings(folder: Path) -> Iterator[Path]:
    first = folder / "recording 0000.wav"
    soundfile.write(first, np.zeros(22_050), 22_050)
    yield first
    for number in range(1, N_RECORDINGS):
        path = folder / f"recording {number:04}.wav"
        os.link(first, path)
        yield path


def settle() -> None:
    """All that was asked for, painting included."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    QCoreApplication.processEvents()


def report(name: str, step: Callable[[], object], n_steps: int = N_STEPS) -> None:
    times = []
    for _ in range(n_steps):
        started = time.perf_counter(), time.process_time()
        step()
        settle()
        times.append((time.perf_counter() - started[0], time.process_time() - started[1]))
    wall, cpu = (
        f"median {np.median(column):.1f} ms, p99 {np.percentile(column, 99):.1f} ms"
        for column in 1e3 * np.array(times).T
    )
    print(f"{name}: {wall}; of CPU time {cpu}")


def list_of(window: MainWindow) -> QAbstractScrollArea:
    panel = window.feature(Transcribing).queue_panel
    return panel if isinstance(panel, QAbstractScrollArea) else panel.view


def progress(item: QueueItem) -> None:
    item.done_s += 1.0
    item.changed.emit()


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    make_app()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AMTSTUDIO_CONFIG_DIR"] = os.environ["AMTSTUDIO_DATA_DIR"] = folder
        window = MainWindow(Engine())
        window.resize(1400, 860)
        window.show()
        queue, feature = window.queue, window.feature(Transcribing)
        queue.hold()  # the list alone is measured, no transcription
        paths = list(make_recordings(Path(folder)))
        window.show_item(queue.add(paths[0]))
        settle()
        kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter(), time.process_time()
        for path in paths[1:]:
            queue.add(path)
        settle()
        wall, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
        print(f"adding {N_RECORDINGS} recordings: {wall:.2f} s; of CPU time {cpu:.2f} s")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - kept
        print(f"memory for them: {grown / 1024:.0f} MB")

        bar = list_of(window).verticalScrollBar()
        bar.setValue(0)
        settle()
        report("scrolling by two rows", lambda: bar.setValue(bar.value() + 100))
        bar.setValue(0)
        running = queue.items[0]
        running.set_state(State.RUNNING)
        running.total_s = 600.0
        report("progress of a recording", lambda: progress(running))
        running.set_state(State.CANCELLED)
        items = cycle(queue.items[::37])
        panel = feature.queue_panel
        report("marking another row", lambda: panel.set_chosen(next(items)))
        report("moving a row", lambda: queue.move_to(queue.items[3], 500))
        widths = cycle(range(240, 400, 10))
        report(
            "making the list wider",
            lambda: window.resizeDocks([feature.dock], [next(widths)], Qt.Orientation.Horizontal),
        )
        for item in queue.items[:N_STEPS]:
            item.set_state(State.CANCELLED)
        settle()
        report("removing a row", lambda: queue.remove(queue.items[1]), N_STEPS - 1)
        window.close()


if __name__ == "__main__":
    main()
