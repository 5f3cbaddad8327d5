"""Print how fast beats are found and a score is engraved and scrolled, with ten minutes of music.

Run with ``QT_QPA_PLATFORM=offscreen python tests/benchmarks/score_speed.py``. The bars, on a quiet
machine: beats within 2 s after the notes, a page within 1 s, and the score scrolls as smoothly as
the roll. CPU time is that of all threads of the process (where it engraves, of the engraver's),
which other work on the machine disturbs less.
"""

from __future__ import annotations

import itertools
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import QCoreApplication

from amtstudio import session
from amtstudio.decoding import DecodingSettings
from amtstudio.engine import BeatTracker
from amtstudio.formats.drawing import drawing_of
from amtstudio.formats.engraving_process import engraved_pages
from amtstudio.symbolic import Note, NoteTable, Transcription
from amtstudio.ui.app import make_app
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.score.feature import Score
from amtstudio.ui.score.sheet import painted
from amtstudio.workbench.sheet import Sheet
from amtstudio.workbench.transcribing import Engine

SECONDS = 600.0
N_STEPS = 120
PAGE_PX = 700


def make_music() -> Transcription:
    """A tune in quarters and eighths over broken chords, at a tempo that wanders; no beats yet."""
    rng = np.random.default_rng(3)
    beats = 0.5 + np.cumsum(0.55 * np.exp(0.08 * np.sin(np.arange(1200) / 9.0)))
    beats = beats[beats < SECONDS - 2.0]
    notes = []
    for number, (start, end) in enumerate(itertools.pairwise(beats.tolist())):
        half = (start + end) / 2
        root = (0, 5, 7, 0)[number // 4 % 4]
        places = ((start, 36 if number % 4 == 0 else 48), (half, 55), (start, 64), (half, 60))
        for written, pitch in places:
            onset = max(0.0, written + float(rng.normal(0.0, 0.008)))
            notes.append(Note(onset, onset + 0.24, pitch + root, int(rng.integers(50, 100))))
        tune = float(start + rng.normal(0.0, 0.008))
        notes.append(Note(tune, tune + 0.5, 72 + root + int(rng.integers(0, 8)), 90))
    return Transcription(NoteTable.of(notes), duration=SECONDS, file="ten minutes")


def clocked(work: Callable[[], object]) -> str:
    began = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - began[0]:.2f} s, {time.process_time() - began[1]:.2f} s of CPU"


def measure_engraving(music: Transcription) -> None:
    for name, n_pages in (("the first page", 1), ("all pages", None)):
        began = time.perf_counter(), _cpu_of_children()
        pages = engraved_pages(music)
        told = list(itertools.islice(pages, n_pages))
        wall = time.perf_counter() - began[0]
        pages.close()  # ends the process, so that its time is known
        cpu = _cpu_of_children() - began[1]
        kind = "the beginning alone" if told[-1].is_provisional else f"{told[-1].n_pages} in all"
        print(f"{name} ({kind}): {wall:.2f} s, {cpu:.2f} s of CPU")
    sheet = Sheet(drawing_of(told[-1].svg), told[-1].seconds)
    print(f"painting a page: {clocked(lambda: painted(sheet, PAGE_PX))}")


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def make_window(music: Transcription, folder: Path) -> MainWindow:
    recording = folder / "ten minutes.wav"
    soundfile.write(recording, np.zeros(int(SECONDS) * 8000), 8000)
    project = session.Document.create(session.AudioReference.read(recording))
    project.replace_transcription(music, settings=DecodingSettings())
    window = MainWindow(Engine("piano", "cpu"), keeps_state=False)
    window.resize(1400, 900)
    window.show()
    window.show_item(window.queue.add_project(project))
    window.feature(Score).dock.show()
    while not (
        window.is_settled
        and window.feature(Score).panel.is_idle
        and window.feature(Score).panel.view.sheets
    ):
        QCoreApplication.processEvents()
        time.sleep(0.01)
    return window


def frames(step: Callable[[], object], paint: Callable[[], object]) -> str:
    times = []
    for _ in range(N_STEPS):
        began = time.perf_counter(), time.process_time()
        step()
        paint()
        times.append((time.perf_counter() - began[0], time.process_time() - began[1]))
        QCoreApplication.processEvents()
    wall, cpu = (
        f"median {np.median(column):.1f} ms, p99 {np.percentile(column, 99):.1f} ms"
        for column in 1e3 * np.array(times).T
    )
    return f"{wall}; of CPU time {cpu}"


def main() -> None:
    app = make_app()
    music = make_music()
    print(f"{len(music.notes)} notes")
    tracker = BeatTracker.load()
    found = tracker.track(music.notes[:400])  # what is done once
    print(f"beats: {clocked(lambda: tracker.track(music.notes))}")
    found = tracker.track(music.notes)
    assert found is not None
    music = Transcription(music.notes, duration=music.duration, file=music.file, tempo=found.tempo)
    measure_engraving(music)
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(music, Path(folder))
        view, roll = window.feature(Score).panel.view, window.page.roll
        bar = view.verticalScrollBar()
        step = max(1, bar.maximum() // (4 * N_STEPS))
        paint = view.viewport().repaint
        told = frames(lambda: bar.setValue(bar.value() + step), paint)
        print(f"scrolling the score by {step} px: {told}")
        told = frames(lambda: view.show_page(view.page % len(view.sheets) + 1), paint)
        print(f"turning pages: {told}")
        roll.show_range(0.0, 10.0)
        told = frames(lambda: roll.box.scroll(0, 0.02), roll.viewport().repaint)
        print(f"scrolling the roll: {told}")
        window.close()
        app.processEvents()


if __name__ == "__main__":
    main()
