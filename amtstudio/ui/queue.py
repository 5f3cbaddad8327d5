"""The recordings that were dropped, and the work on them, one after another."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from amtstudio import session
from amtstudio.audio import AudioInfo, AudioSource, choose_track
from amtstudio.profiles import has_profile
from amtstudio.ui.document import Document
from amtstudio.ui.failure import describe_warning
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.redecoder import Redecoder
from amtstudio.ui.thread_priority import Urgency
from amtstudio.workbench.recording_picture import PicturePart
from amtstudio.workbench.recording_work import open_and_draw, transcribe_checked
from amtstudio.workbench.shared_recordings import SharedRecordings
from amtstudio.workbench.transcribing import (
    Engine,
    EngineInfo,
    EngineWarning,
    FindingBeats,
    NewNotes,
    Recalled,
    Transcribed,
)

SAMPLE_S = 30.0  # of a recording: enough to judge what a transcription would be like


class State(Enum):
    WAITING = "waiting"
    HELD = "held"  # paused before it began
    RUNNING = "running"
    PAUSED = "paused"  # paused in the midst
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class QueueItem(QObject):
    """One recording in the queue."""

    changed = Signal()

    def __init__(self, document: Document, redecoder: Redecoder, parent: QObject) -> None:
        super().__init__(parent)
        document.setParent(self)
        self.document = document
        self.redecoder = redecoder
        self.state = State.WAITING
        self.done_s = 0.0
        self.total_s: float | None = None
        self.beats_share: float | None = None  # of finding beats; None: notes are still looked for
        self.error: Exception | None = None
        self.warnings: list[str] = []
        self._active_s = 0.0  # seconds of work, without pauses
        self._since: float | None = None

    @property
    def fraction(self) -> float | None:
        """How much is done, 0 to 1; None: not known."""
        return min(self.done_s / self.total_s, 1.0) if self.total_s else None

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take at the pace so far; None: not known."""
        active = self._active_s + (0.0 if self._since is None else time.monotonic() - self._since)
        if not self.total_s or self.done_s <= 0.0:
            return None
        return active * (self.total_s - self.done_s) / self.done_s

    @property
    def is_active(self) -> bool:
        return self.state in (State.RUNNING, State.PAUSED)

    def set_state(self, state: State) -> None:
        now = time.monotonic()
        if self._since is not None:
            self._active_s += now - self._since
        self._since = now if state is State.RUNNING else None
        self.state = state
        self.changed.emit()

    def reset(self) -> None:
        self.done_s, self.total_s, self.error, self._active_s = 0.0, None, None, 0.0
        self.beats_share = None
        self.warnings = []
        self.set_state(State.WAITING)


class TranscriptionQueue(QObject):
    """Transcribes the items in order, one at a time: a second one would only slow the first down.

    Pausing a running item holds up those behind it, because it keeps the engine.
    """

    added = Signal(QueueItem)
    removed = Signal(QueueItem)
    replaced = Signal(QueueItem, QueueItem)  # by the second, before the first is removed
    reordered = Signal()
    engine_ready = Signal(EngineInfo)

    def __init__(self, engine: Engine, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine = engine
        self.items: list[QueueItem] = []
        self._pool = pool
        self._running: QueueItem | None = None
        self._job: Job | None = None
        self._pictures: dict[QueueItem, _PictureRun] = {}
        self.recordings = SharedRecordings()
        # Other readers of recordings: for an item, whether one is still to come.
        self.other_listeners: list[Callable[[QueueItem], bool]] = []
        self._closed = False
        self.own_thresholds: dict[str, float] = {}  # of the user, by their names in the settings
        self._next_span: dict[QueueItem, tuple[float, float | None]] = {}
        self._next_models: dict[QueueItem, tuple[str, str]] = {}  # and profiles
        self._next_track: dict[QueueItem, int] = {}
        self._is_held = False
        self._held_item: QueueItem | None = None  # paused by the queue, not by the user

    @property
    def is_idle(self) -> bool:
        return self._running is None and not any(item.state is State.WAITING for item in self.items)

    def add(self, path: Path, *, start: float = 0.0, end: float | None = None) -> QueueItem:
        document = Document(path)
        document.set_span(start, end)
        document.suggest = self.engine.suggested
        document.expect(self.engine.settings())
        document.profile = self.engine.profile
        document.model = self.engine.choice
        document.prefer(self.own_thresholds)
        item = QueueItem(document, Redecoder(document, self._pool), self)
        self._put_on_list(item)
        self._start_next()
        return item

    def add_project(self, project: session.Document, recalled: Recalled | None = None) -> QueueItem:
        """Put a project on the list that was opened; its notes are there already.

        ``recalled`` are the activations it has kept.
        """
        path = project.audio_path
        if path is None:
            path = project.path if project.audio is None else project.audio.path
        elif project.audio is not None and project.audio.track is not None:
            choose_track(path, project.audio.track)
        source = project.source
        document = Document(path)
        document.suggest = self.engine.suggested
        document.expect(self.engine.suggested(source, source.models[0]))
        document.model = self.engine.choice  # if the project does not know better
        document.attach(project)
        if recalled is not None:
            document.recall(recalled)
        item = QueueItem(document, Redecoder(document, self._pool), self)
        item.state = State.DONE
        self._put_on_list(item)
        return item

    def _put_on_list(self, item: QueueItem) -> None:
        item.changed.connect(self._let_go_of_heard)
        self.items.append(item)
        self.added.emit(item)

    def opener(self, item: QueueItem, *, start: float = 0.0) -> Callable[[], AudioSource]:
        """Opens the recording of an item, on a thread that reads it."""
        return partial(self.recordings.open, item, item.document.path, start=start)

    def let_go_if_heard(self, item: QueueItem) -> None:
        """Release what is kept of a recording that will not be needed for now."""
        is_wanted = (
            item.is_active
            or item.state in (State.WAITING, State.HELD)
            or self.is_drawing(item)
            or any(wants(item) for wants in self.other_listeners)
        )
        if not is_wanted and self.recordings.is_open(item):
            # Somebody may be reading it, on a disk that is slow.
            work = partial(_let_go, self.recordings, item)
            self._pool.start(Job(work, urgency=Urgency.BESIDES))

    def _let_go_of_heard(self) -> None:
        item = self.sender()
        if isinstance(item, QueueItem):
            self.let_go_if_heard(item)

    def draw(self, item: QueueItem) -> None:
        """Make sure that the picture of this item is there or on its way."""
        if item.document.has_other_recording:
            return
        run = self._pictures.get(item)
        if run is None or run.has_failed:
            self._pictures[item] = _PictureRun(item, self._pool, self)

    def is_drawing(self, item: QueueItem) -> bool:
        run = self._pictures.get(item)
        return run is not None and run.is_running

    def cancel(self, item: QueueItem) -> None:
        if item is self._running and self._job is not None:
            self._job.cancel()
        elif item.state in (State.WAITING, State.HELD):
            item.set_state(State.CANCELLED)

    def retry(self, item: QueueItem) -> None:
        if item.state in (State.FAILED, State.CANCELLED, State.DONE):
            item.document.clear_notes()
            item.reset()
            self._start_next()

    def transcribe_part(self, item: QueueItem, start: float, end: float | None) -> None:
        """Transcribe a stretch of a recording again, in seconds; ``end`` None: to its end.

        What is at work on this item is cancelled first.
        """
        if item is self._running:
            self._next_span[item] = (start, end)
            self.cancel(item)
            return
        item.document.set_span(start, end)
        if item.state in (State.FAILED, State.CANCELLED, State.DONE):
            self.retry(item)

    def transcribe_with(self, item: QueueItem, profile: str, *, model: str = "") -> None:
        """Transcribe a recording again with a personal profile; "": with a model, or ``AUTO``.

        ``model`` "": the one that it has. What is at work on this item is cancelled first.
        """
        document = item.document
        model = model or document.model
        if item is self._running:
            self._next_models[item] = (profile, model)
            self.cancel(item)
            return
        if not item.is_active:
            document.clear_notes()  # its activations are not to be decoded by other thresholds
        document.profile, document.model = profile, model
        self._use_thresholds_of_model(document)
        if item.state in (State.FAILED, State.CANCELLED, State.DONE):
            self.retry(item)

    def _use_thresholds_of_model(self, document: Document) -> None:
        document.expect(self.engine.settings(document.profile, model=document.model))
        document.prefer(self.own_thresholds, to_default=True)

    def _changes_of(self, document: Document) -> dict[str, float]:
        """The thresholds that are the user's, in the preferences or for this recording."""
        moved = {
            entry.name: part.settings.value(entry.name)
            for part in document.parts
            for entry in part.settings.adjustable()
            if part.settings.decoder == part.default_settings.decoder
            and part.settings.value(entry.name) != part.default_settings.value(entry.name)
        }
        return self.own_thresholds | moved

    def transcribe_track(self, item: QueueItem, track: int) -> None:
        """Put another sound track of a recording in its place on the list, and transcribe that.

        What is at work on this item is cancelled first. A project with work of the user's stays
        where it is kept.
        """
        if item.is_active:
            self._next_track[item] = track
            self.cancel(item)
            return
        index = self.items.index(item)
        choose_track(item.document.path, track)
        other = self.add(item.document.path, start=item.document.start, end=item.document.end)
        self.move_to(other, index)
        self.replaced.emit(item, other)
        self.remove(item)

    def pause(self, item: QueueItem) -> None:
        if item is self._running and self._job is not None:
            self._job.pause()
            item.set_state(State.PAUSED)
        elif item.state is State.WAITING:
            item.set_state(State.HELD)

    def resume(self, item: QueueItem) -> None:
        if item is self._running and self._job is not None:
            item.set_state(State.RUNNING)
            self._job.resume()
        elif item.state is State.HELD:
            item.set_state(State.WAITING)
            self._start_next()

    @property
    def is_held(self) -> bool:
        """Whether all work rests for something that must not be disturbed."""
        return self._is_held

    def hold(self) -> None:
        """Let all work rest, for something that must not be disturbed, until ``release``."""
        self._is_held = True
        if self._running is not None and self._running.state is State.RUNNING:
            self._held_item = self._running
            self.pause(self._running)

    def release(self) -> None:
        """Go on where ``hold`` left off."""
        item, self._held_item, self._is_held = self._held_item, None, False
        if item is not None and item is self._running and item.state is State.PAUSED:
            self.resume(item)
        self._start_next()

    def move(self, item: QueueItem, places: int) -> None:
        """Move an item down, or up if ``places`` is negative."""
        self.move_to(item, self.items.index(item) + places)

    def move_to(self, item: QueueItem, index: int) -> None:
        """Put an item at a place of the list, counted without it."""
        self.items.remove(item)
        self.items.insert(max(0, index), item)
        self.reordered.emit()

    def remove(self, item: QueueItem) -> None:
        """Take an item that is not running off the list."""
        if item.is_active:
            return
        if (run := self._pictures.pop(item, None)) is not None:
            run.cancel()
        self.items.remove(item)
        self._next_span.pop(item, None)
        self._next_models.pop(item, None)
        self._next_track.pop(item, None)
        item.document.close(keeps_untouched=False)
        self.removed.emit(item)
        self.let_go_if_heard(item)

    def remove_or_cancel(self, item: QueueItem) -> None:
        """Take a finished item off the list; cancel one that is not."""
        if item.state in (State.DONE, State.FAILED, State.CANCELLED):
            self.remove(item)
        else:
            self.cancel(item)

    def close(self, *, keeps_untouched: bool = True) -> None:
        """Start nothing any more, and close the projects; the pool ends what runs."""
        self._closed = True
        for item in self.items:
            item.document.close(keeps_untouched=keeps_untouched)
        self.recordings.close()

    def _start_next(self) -> None:
        if self._running is not None or self._closed or self._is_held:
            return
        item = next((item for item in self.items if item.state is State.WAITING), None)
        if item is None:
            return
        self._running = item
        document = item.document
        if document.profile and not has_profile(document.profile):
            text = self.tr("Profile “{name}” no longer exists; the standard model was used.")
            item.warnings.append(text.format(name=document.profile))
            document.profile = ""
        expected = self.engine.settings(document.profile, model=document.model)
        if document.parts[0].settings.decoder != expected.decoder:
            self._use_thresholds_of_model(document)  # another kind of model transcribed it before
        project = document.project
        work = partial(
            transcribe_checked,
            self.engine,
            document.path,
            self.opener(item, start=document.start),
            (document.start, document.end),
            document.parts[0].settings,
            profile=document.profile,
            model=document.model,
            changes=self._changes_of(document),
            instruments=document.asked_instruments,
            makes_project=project is None,
            known=None if project is None else project.audio,
        )
        self._job = Job(work, urgency=Urgency.STEADY)
        self._job.signals.progressed.connect(self._take_progress)
        self._job.signals.part.connect(self._take_part)
        self._job.signals.finished.connect(self._take_result)
        self._job.signals.failed.connect(self._take_error)
        self._job.signals.cancelled.connect(self._take_cancelled)
        item.set_state(State.RUNNING)
        self._pool.start(self._job)

    def _take_progress(self, done: float, total: float | None) -> None:
        if self._running is not None:
            self._running.done_s, self._running.total_s = done, total
            self._running.changed.emit()

    def _take_part(self, part: object) -> None:
        item = self._running
        if isinstance(part, EngineInfo):
            self.engine_ready.emit(part)
        elif item is None:
            return
        elif isinstance(part, AudioInfo):
            item.document.set_info(part)
        elif isinstance(part, NewNotes):
            item.document.add_notes(part.notes)
        elif isinstance(part, FindingBeats):
            item.beats_share = part.share
            item.changed.emit()
        elif isinstance(part, EngineWarning):
            name = item.document.path.name
            item.warnings.append(describe_warning(part.text, subject=name))
            item.changed.emit()

    def _take_result(self, result: Transcribed) -> None:
        if self._running is not None:
            self._running.document.finish(result)
        elif result.project is not None:
            result.project.discard()
        self._end(State.DONE)

    def _take_error(self, error: Exception) -> None:
        if self._running is not None:
            self._running.error = error
        self._end(State.FAILED)

    def _take_cancelled(self) -> None:
        self._end(State.CANCELLED)

    def _end(self, state: State) -> None:
        item, self._running, self._job = self._running, None, None
        if item is not None:
            item.set_state(state)
            if item in self._next_span:
                self.transcribe_part(item, *self._next_span.pop(item))
            if item in self._next_models:
                profile, model = self._next_models.pop(item)
                self.transcribe_with(item, profile, model=model)
            if item in self._next_track:
                self.transcribe_track(item, self._next_track.pop(item))
            if item.state in (State.CANCELLED, State.FAILED) and item.document.wants_recall:
                item.document.recall_wanted.emit()  # the notes of before are still there
        self._start_next()


class _PictureRun(QObject):
    """Draws the picture of one item."""

    def __init__(self, item: QueueItem, pool: JobPool, queue: TranscriptionQueue) -> None:
        super().__init__(queue)
        self._queue, self._item = queue, item
        self._document = item.document
        self.is_running = True
        self.has_failed = False
        work = partial(open_and_draw, queue.opener(item))
        self._job = Job(work, urgency=Urgency.BESIDES)
        self._job.signals.part.connect(self._take_part)
        self._job.signals.finished.connect(self._end)
        self._job.signals.cancelled.connect(self._end)
        # What is wrong with the file stands in its row already, from the transcription.
        self._job.signals.failed.connect(self._fail)
        pool.start(self._job)

    def cancel(self) -> None:
        self._job.cancel()

    def _take_part(self, part: object) -> None:
        if isinstance(part, AudioInfo):
            self._document.set_info(part)
        elif isinstance(part, PicturePart):
            self._document.add_picture(part)

    def _end(self, *_: object) -> None:
        self.is_running = False
        self._document.end_picture()
        self._queue.let_go_if_heard(self._item)

    def _fail(self, _error: Exception) -> None:
        self.is_running = False
        self.has_failed = self._document.spectrogram.n_columns == 0
        self._queue.let_go_if_heard(self._item)


def _let_go(recordings: SharedRecordings, item: QueueItem, **_callbacks: object) -> None:
    recordings.let_go(item)
