"""The recordings that were chosen to learn from, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from amtstudio.audio.take_files import keyboard_file
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.thread_priority import Urgency
from amtstudio.workbench.adaptation.chosen import Chosen, Found, Total, find_chosen
from amtstudio.workbench.adaptation.corrected import Corrected, by_recording
from amtstudio.workbench.adaptation.looking import Looked, Looker

_LATER_MS = 1500  # while something else comes first


class Recordings(QObject):
    """A list in the order in which they were added. Looking at them waits for more urgent work.

    Parameters
    ----------
    pool : JobPool
    make_looker : callable
    what_comes_first : callable
        Says, in a sentence, what the machine is needed for more urgently; "" if for nothing.
    """

    changed = Signal()
    found = Signal(int)  # so many files were added, or were there already
    failed = Signal(Exception)

    def __init__(
        self,
        pool: JobPool,
        make_looker: Callable[[], Looker],
        what_comes_first: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.entries: list[Chosen] = []
        self.projects: list[Path] = []  # that were added
        self._pool = pool
        self._make_looker = make_looker
        self._what_comes_first = what_comes_first
        self._looker: Looker | None = None
        self._heard: dict[tuple[Path, int], Looked] = {}  # by time of change
        self._scan: Job | None = None
        self._scan_next: list[Path] = []
        self._job: Job | None = None
        self._job_path, self._job_hears = Path(), False
        self._is_closed = False
        self._again = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._again.timeout.connect(self._go_on)

    @property
    def is_idle(self) -> bool:
        return self._scan is None and self._job is None and self._next() is None

    @property
    def is_listening(self) -> bool:
        """Whether one of them is being listened to at the moment."""
        return self._job is not None and self._job_hears

    @property
    def total(self) -> Total:
        return Total.of(self.entries)

    def add(self, paths: Sequence[Path], open_projects: Mapping[Path, Path] | None = None) -> None:
        """Add files, those in folders too, and the recordings of projects.

        ``open_projects``: of those that are open, and thus locked, the recordings.
        """
        if self._scan is not None:
            self._scan_next += paths
        elif paths:
            self._scan = Job(partial(find_chosen, tuple(paths), dict(open_projects or {})))
            self._scan.signals.finished.connect(self._take_found)
            self._scan.signals.failed.connect(self._fail_scan)
            self._scan.signals.cancelled.connect(self._end_scan)
            self._pool.start(self._scan)

    def add_found(self, paths: Sequence[Path]) -> None:
        """Add files."""
        known = {entry.path for entry in self.entries}
        new = [path for path in dict.fromkeys(paths) if path not in known]
        self.entries += [Chosen(path, keyboard=_keyboard_of(path)) for path in new]
        self.changed.emit()
        self._go_on()

    def set_corrected(self, corrected: Iterable[Corrected]) -> None:
        """The user's decisions about recordings, including some outside the list.

        Those of several projects of one recording are joined: the later are right.
        """
        by_path = by_recording(corrected)
        entries = [replace(entry, corrected=by_path.get(entry.path)) for entry in self.entries]
        if entries != self.entries:
            self.entries = entries
            self.changed.emit()

    def set_score(self, path: Path, score: Path | None) -> None:
        """What is played in a recording; None: not known."""
        self.entries = [
            replace(entry, score=score) if entry.path == path else entry for entry in self.entries
        ]
        self.changed.emit()

    def hear_again(self) -> None:
        """Another model is to learn: what the former one made of the recordings does not count."""
        self._looker = None
        self._heard.clear()
        self.entries = [replace(entry, looked=None) for entry in self.entries]
        if self._job is not None:
            self._job.cancel()
        self.changed.emit()
        self._go_on()

    def remove(self, paths: Iterable[Path]) -> None:
        gone = set(paths)
        self.entries = [entry for entry in self.entries if entry.path not in gone]
        self.changed.emit()

    def close(self) -> None:
        self._is_closed = True
        self._again.stop()

    # -- looking ----------------------------------------------------------------------------------

    def _take_found(self, found: Found) -> None:
        self._end_scan()
        self.projects = list(dict.fromkeys([*self.projects, *found.projects]))
        self.add_found(found.recordings)
        self.found.emit(len(found.recordings))
        if found.error is not None:
            self.failed.emit(found.error)

    def _fail_scan(self, error: Exception) -> None:
        self._end_scan()
        self.failed.emit(error)

    def _end_scan(self) -> None:
        self._scan = None
        waiting, self._scan_next = self._scan_next, []
        if waiting and not self._is_closed:
            self.add(waiting)

    def _next(self) -> tuple[Path, bool] | None:
        """What to check next, and whether to listen to it: first the headers of all."""
        for entry in self.entries:
            if entry.looked is None:
                return entry.path, False
        for entry in self.entries:
            if entry.looked is not None and not entry.looked.was_heard:
                return entry.path, True
        return None

    def _go_on(self) -> None:
        if self._is_closed or self._job is not None:
            return
        while (found := self._next()) is not None and found[1] and _stamp(found[0]) in self._heard:
            self._put(self._heard[_stamp(found[0])])
        if found is None:
            return
        self._job_path, self._job_hears = found
        if self._job_hears and self._what_comes_first():
            self._again.start()
            return
        if self._looker is None:
            self._looker = self._make_looker()
        work = partial(_hear, self._looker, self._job_path, hears=self._job_hears)
        self._job = Job(work, urgency=Urgency.BESIDES if self._job_hears else Urgency.STEADY)
        self._job.signals.finished.connect(self._take)
        self._job.signals.failed.connect(self._fail)
        self._job.signals.cancelled.connect(self._end)
        self._pool.start(self._job)

    def forget_looker(self) -> None:
        """The model or the device has changed."""
        self._looker = None

    def _take(self, looked: Looked) -> None:
        self._job = None
        if looked.was_heard:
            self._heard[_stamp(looked.path)] = looked
        self._put(looked)
        self._go_on()

    def _put(self, looked: Looked) -> None:
        self.entries = [
            replace(entry, looked=looked) if entry.path == looked.path else entry
            for entry in self.entries
        ]
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        """A bug in the program: it is reported, and this one recording is used as it is."""
        self._job = None
        path = self._job_path
        looked = next((entry.looked for entry in self.entries if entry.path == path), None)
        self.failed.emit(error)
        self._put(replace(looked or Looked(path), was_heard=True))
        self._go_on()

    def _end(self) -> None:
        self._job = None
        self.changed.emit()
        if not self._is_closed:
            self._again.start()


def _hear(
    looker: Looker, path: Path, *, hears: bool, is_cancelled: Callable[[], bool], **_: object
) -> Looked:
    return looker.hear(path, is_cancelled) if hears else looker.header(path)


def _stamp(path: Path) -> tuple[Path, int]:
    try:
        return path, path.stat().st_mtime_ns
    except OSError:
        return path, 0


def _keyboard_of(recording: Path) -> Path | None:
    path = keyboard_file(recording)
    return path if path.is_file() else None
