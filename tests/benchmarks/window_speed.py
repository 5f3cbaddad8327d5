"""Print how fast the window starts, scrolls, zooms and decodes again, with ten minutes of music.

Run with ``QT_QPA_PLATFORM=offscreen python tests/benchmarks/window_speed.py``. The bars, on a quiet
machine: start 1.5 s, a frame 16 ms (99 of 100: 33 ms), a moved threshold 100 ms, an edit 50 ms.
CPU time is that of all threads of the process, which other work on the machine disturbs less.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
import soundfile
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer

from amtstudio import session
from amtstudio.decoding import Activations, DecodingSettings, candidates_beyond, decode
from amtstudio.features import FrameGrid
from amtstudio.features.pitch_spectrogram import N_BINS
from amtstudio.symbolic import Transcription
from amtstudio.symbolic.contours import Contours
from amtstudio.symbolic.heads import NOTE_HEADS
from amtstudio.ui.app import make_app
from amtstudio.ui.document import Document
from amtstudio.ui.edit.feature import Editing
from amtstudio.ui.instruments.feature import Instruments
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.queue import QueueItem, State
from amtstudio.ui.redecoder import Redecoder
from amtstudio.ui.view.feature import Viewing
from amtstudio.workbench.recording_picture import PicturePart
from amtstudio.workbench.transcribing import (
    CANDIDATE_SHARE,
    Engine,
    HeardModel,
    Transcribed,
    pictures_of,
)

N_FRAMES = 18750  # 600 s at 32 ms
N_NOTES = 10_000
N_STEPS = 120
N_SLIDES = 5  # times ten moves
_LONGEST_MS = 10_000  # to wait for notes after a move of the slider
START = """
import time
from amtstudio.ui.app import make_app
from amtstudio.ui.main_window import MainWindow
from amtstudio.decoding import candidates_beyond
from amtstudio.workbench.transcribing import Engine
app = make_app()
window = MainWindow(Engine())
window.show()
app.processEvents()
window.grab()
print(time.time())
"""


def measure_start() -> float:
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, check=True, env=os.environ
    )
    return float(done.stdout.split()[-1]) - started


def make_activations() -> Activations:
    rng = np.random.default_rng(1)
    shape = (N_FRAMES, 88)
    onset, offset, frame, velocity = (
        (rng.random(shape, dtype=np.float32) ** 8 * 0.145) for _ in range(4)
    )
    starts = rng.integers(0, N_FRAMES - 60, N_NOTES + 300)
    for start, pitch, share in zip(
        starts, rng.integers(5, 83, len(starts)), rng.random(len(starts)), strict=True
    ):
        onset[start, pitch], onset[start + 1, pitch] = 1 - share, share
        frame[start : start + rng.integers(4, 60), pitch] = 0.9
        velocity[start : start + 2, pitch] = rng.random()
    values = {"onset": onset, "offset": offset, "frame": frame, "velocity": velocity}
    return Activations(NOTE_HEADS, values, FrameGrid())


def make_item(window: MainWindow, path: Path) -> QueueItem:
    """Ten minutes with their notes and picture, of which a second is in the recording."""
    rng = np.random.default_rng(2)
    soundfile.write(path, np.zeros(22_050), 22_050)
    document = Document(path)
    columns = rng.integers(60, 200, (N_FRAMES, N_BINS)).astype(np.uint8)
    extremes = rng.uniform(-0.5, 0.5, (N_FRAMES, 2)).astype(np.float32)
    document.add_picture(PicturePart(columns, np.sort(extremes, axis=1), 600.0))
    document.end_picture()
    activations = make_activations()
    notes, pedals = decode(activations, DecodingSettings())
    pictures = pictures_of(activations)
    item = QueueItem(document, Redecoder(document, window.pool), window.queue)
    transcription = Transcription(notes, tuple(pedals), 600.0, model="piano")
    low, _ = decode(activations, DecodingSettings().lowered(DecodingSettings(), CANDIDATE_SHARE))
    transcribed = Transcribed(
        transcription,
        (
            HeardModel(
                "piano",
                activations,
                pictures,
                DecodingSettings(),
                DecodingSettings(),
                session.KeptActivations.of(activations),
            ),
        ),
        candidates_beyond(low, notes),
    )
    project = session.Document.create()
    started = time.perf_counter(), time.process_time()
    project.replace_transcription(
        transcription,
        candidates=transcribed.candidates,
        settings={heard.model: heard.settings for heard in transcribed.heard},
        activations={heard.model: heard.kept for heard in transcribed.heard},
    )
    wall, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
    print(f"keeping all notes and candidates: {1e3 * wall:.0f} ms; of CPU time {1e3 * cpu:.0f} ms")
    document.finish(replace(transcribed, project=project))
    item.set_state(State.DONE)
    return item


def show_made(window: MainWindow, item: QueueItem) -> None:
    draw = window.queue.draw
    # Its picture is there already.
    undrawn = mock.Mock(side_effect=lambda other: None if other is item else draw(other))
    mock.patch.object(window.queue, "draw", undrawn).start()
    window.queue.items.append(item)
    window.queue.added.emit(item)
    window.show_item(item)
    while not (item.redecoder.is_settled and window.feature(Instruments).finder.is_idle):
        QCoreApplication.processEvents()


def frame_times(window: MainWindow, step: Callable[[], object]) -> np.ndarray:
    times = []
    for _ in range(N_STEPS):
        started = time.perf_counter(), time.process_time()
        step()
        # All that the step asked for, painting included, and no waiting for anything else.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        window.page.roll.viewport().repaint()
        times.append((time.perf_counter() - started[0], time.process_time() - started[1]))
        QCoreApplication.processEvents()
    return 1e3 * np.array(times)


def report(name: str, times: np.ndarray) -> None:
    wall, cpu = (
        f"median {np.median(column):.1f} ms, p99 {np.percentile(column, 99):.1f} ms"
        for column in times.T
    )
    print(f"{name}: {wall}; of CPU time {cpu}")


def measure_slider(window: MainWindow, item: QueueItem) -> np.ndarray:
    app, times = make_app(), []
    for value in (45, 55, 40, 60, 35, 50, 65, 45, 52, 48) * N_SLIDES:
        started = time.perf_counter(), time.process_time()
        loop = QEventLoop()
        item.document.notes_changed.connect(loop.quit)
        QTimer.singleShot(_LONGEST_MS, partial(loop.exit, 1))
        window.feature(Viewing).panel.sliders["onset_threshold"].slider.setValue(value)
        if loop.exec():  # and no polling: it would keep the decoding from running
            raise SystemExit(
                f"the slider at {value} changed no notes within {_LONGEST_MS / 1e3:g} s"
            )
        window.page.roll.viewport().repaint()
        times.append((time.perf_counter() - started[0], time.process_time() - started[1]))
        while not item.redecoder.is_settled:
            app.processEvents()
    return 1e3 * np.array(times)


def measure_bends(window: MainWindow, item: QueueItem) -> None:
    """Scrolling where every note bends, with a point of its contour every 40 ms."""
    roll, notes = window.page.roll, item.document.notes
    n_points = np.maximum((notes.offset - notes.onset) / 0.04, 2).astype(int)
    bounds = np.concatenate(([0], np.cumsum(n_points)))
    places = np.arange(bounds[-1]) - np.repeat(bounds[:-1], n_points)
    cents = 40.0 * np.sin(1.3 * places)
    roll.contours.set_notes(replace(notes, bends=Contours(bounds, 0.04 * places, cents)))
    for seconds in (1.6, 3.0, 10.0, 60.0, 600.0):
        roll.show_range(0.0, seconds)
        report(
            f"scrolling, {seconds:g} s in view, all notes bend",
            frame_times(window, lambda: roll.box.scroll(0, 0.02)),
        )
    roll.contours.set_notes(notes)


def measure_edits(window: MainWindow, document: Document, where: str = "") -> None:
    """From the key to the note on the screen and on the disk."""
    editor, roll = window.editor, window.page.roll
    keys = iter(document.notes.id[::37].tolist())
    steps = {
        "moving a note": lambda: editor.move(steps=1),
        "velocity of a note": lambda: editor.change(session.Document.change_velocity, 5),
        "adding a note": lambda: editor.add_note(60, 5.0 + 0.01 * next(keys)),
        "deleting a note": editor.delete,
        "undoing": editor.undo,
    }
    app = make_app()
    for name, step in steps.items():
        times = []
        for _ in range(20):
            editor.selection.set([next(keys)])
            app.processEvents()
            started = time.perf_counter(), time.process_time()
            step()
            roll.viewport().repaint()
            times.append((time.perf_counter() - started[0], time.process_time() - started[1]))
        report(name + where, 1e3 * np.array(times))


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    starts = [measure_start() for _ in range(4)]
    print(f"start to painted window: {min(starts[1:]):.2f} to {max(starts[1:]):.2f} s warm")
    app = make_app()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AMTSTUDIO_CONFIG_DIR"] = os.environ["AMTSTUDIO_DATA_DIR"] = folder
        window = MainWindow(Engine())
        window.resize(1400, 860)
        window.show()
        item = make_item(window, Path(folder, "ten minutes.wav"))
        show_made(window, item)
        print(f"{len(item.document.notes)} notes, {len(item.document.candidates)} candidates")
        roll = window.page.roll
        for seconds in (10.0, 60.0, 600.0):
            roll.show_range(0.0, seconds)
            if seconds < 600.0:
                report(
                    f"scrolling, {seconds:.0f} s in view",
                    frame_times(window, lambda: roll.box.scroll(0, 0.02)),
                )
            else:
                report("all of it, painted again", frame_times(window, lambda: None))
        factors = iter([0.95] * (N_STEPS // 2) + [1 / 0.95] * (N_STEPS // 2))
        report("zooming", frame_times(window, lambda: roll.box.zoom(0, next(factors))))
        window.feature(Viewing).panel.head_boxes["frame"].setChecked(True)
        window.feature(Viewing).panel.head_boxes["onset"].setChecked(True)
        roll.show_range(0.0, 60.0)
        report(
            "scrolling, 60 s in view, two overlays",
            frame_times(window, lambda: roll.box.scroll(0, 0.02)),
        )
        window.feature(Viewing).panel.head_boxes["frame"].setChecked(False)
        window.feature(Viewing).panel.head_boxes["onset"].setChecked(False)
        measure_bends(window, item)
        roll.show_range(0.0, 30.0)
        measure_edits(window, item.document)
        window.feature(Editing).table_dock.show()
        app.processEvents()
        measure_edits(window, item.document, ", with the table")
        window.feature(Editing).table_dock.hide()
        report("onset threshold to redrawn notes", measure_slider(window, item))
        window.close()


if __name__ == "__main__":
    main()
