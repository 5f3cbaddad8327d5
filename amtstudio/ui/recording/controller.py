"""Recording as the window sees it: armed, begun, ended, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from amtstudio.audio.input_devices import open_input_stream
from amtstudio.audio.recording import End, OpenStream, Recorder, Take
from amtstudio.symbolic import Note
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.failure import describe
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.plurals import counted
from amtstudio.ui.recording.devices import DeviceList
from amtstudio.ui.recording.keyboards import KeyboardList
from amtstudio.ui.recording.take import LiveTake
from amtstudio.ui.recording.take_folder import TakeFolder
from amtstudio.workbench.takes.level import Meter, end_of, is_empty, nothing_recorded
from amtstudio.workbench.transcribing import Engine

_LOOK_MS = 100
_FORGET_MS = 1000


class Phase(Enum):
    IDLE = "idle"
    OPENING = "opening"
    RECORDING = "recording"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class FinishedTake:
    """A take on disk, and the notes found while it was played."""

    path: Path
    notes: list[Note]
    warnings: list[str]


class RecordingController(QObject):
    """Opens and closes the sound device on a separate thread: a device may take seconds.

    Attributes
    ----------
    devices : DeviceList
    keyboards : KeyboardList
    take : LiveTake, or None
        What is being recorded.
    phase : Phase
    take_folder : TakeFolder
        Where takes go.
    open_stream : callable
        Opens a device; another one stands in for a microphone.
    """

    changed = Signal()
    about_to_begin = Signal()
    began = Signal()
    finished = Signal(FinishedTake)
    failed = Signal(Exception)

    def __init__(self, engine: Engine, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # One thread, so that requests to the sound system are handled in order.
        self._sound = JobPool(n_threads=1)
        self._engine = engine
        self.open_stream: OpenStream = open_input_stream
        self.devices = DeviceList(self._sound, self)
        self.devices.changed.connect(self._follow_choice)
        self.keyboards = KeyboardList(self._sound, self)
        self.keyboards.changed.connect(self.changed)
        self.phase = Phase.IDLE
        self.take: LiveTake | None = None
        self.take_folder = TakeFolder(pool, self)
        self._job: Job | None = None
        self._is_stop_wanted = False
        self._former: list[LiveTake] = []
        self._meter: Meter | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    # -- what it is doing -------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        return self.phase is Phase.IDLE

    @property
    def is_recording(self) -> bool:
        return self.phase in (Phase.RECORDING, Phase.ENDING)

    @property
    def can_record(self) -> bool:
        return not self.devices.reason

    @property
    def recorder(self) -> Recorder | None:
        """The source of the level: the take, or the meter before it."""
        if self.take is not None:
            return self.take.recorder
        return self._meter.recorder if self._meter is not None else None

    @property
    def folder(self) -> Path:
        return self.take_folder.path

    # -- wishes -----------------------------------------------------------------------------------

    def arm(self) -> None:
        """Let the level be seen, and keep nothing."""
        if self._meter is None and self.is_idle and self.can_record:
            self._meter = Meter(self.devices.device, self.open_stream)
            job = Job(self._meter.open)
            job.signals.failed.connect(self._fail_meter)
            self._sound.start(job)

    def disarm(self) -> None:
        if self._meter is not None:
            self._sound.start(Job(self._meter.close))
            self._meter = None

    def toggle(self) -> None:
        if self.is_idle:
            self.start()
        else:
            self.stop()

    def start(self) -> None:
        """Begin a take; ``began`` or ``failed`` reports the result."""
        if not self.is_idle or not self.can_record:
            return
        self.disarm()
        self.about_to_begin.emit()
        self.take = LiveTake(
            self._engine,
            self.folder,
            self.devices.device,
            keyboard=self.keyboards.name,
            open_stream=self.open_stream,
        )
        self._is_stop_wanted = False
        self._run(without_arguments(self.take.open), self._take_opened)
        self._set_phase(Phase.OPENING)

    def stop(self) -> None:
        """End the take; ``finished`` reports it."""
        if self.phase is Phase.OPENING:
            self._is_stop_wanted = True
        elif self.phase is Phase.RECORDING and self.take is not None:
            self._timer.stop()
            self._run(without_arguments(self.take.end), self._take_ended)
            self._set_phase(Phase.ENDING)

    def look_for_devices(self, *, rescan: bool = False) -> None:
        """Look for microphones; a rescan would end a take, and is not made during one."""
        if rescan and not self.is_idle:
            return
        if rescan:
            self.disarm()
        self.devices.look(rescan=rescan)
        self.keyboards.look()

    def close(self) -> Path | None:
        """Stop whatever runs and wait for it; returns the take that was kept."""
        self._timer.stop()
        self.disarm()
        self._sound.finish()
        live, self.take = self.take, None
        self.phase = Phase.IDLE
        kept = None
        if live is not None and live.recorder is not None:
            take = live.end()
            self._former.append(live)
            kept = None if is_empty(take) else take.path
        for former in self._former:
            former.wait()
        self._former = []
        return kept

    # -- answers of the sound thread --------------------------------------------------------------

    def _run(self, work: Callable[..., object], slot: Callable[..., None]) -> None:
        self._job = Job(work)
        self._job.signals.finished.connect(slot)
        self._job.signals.failed.connect(self._fail)
        self._sound.start(self._job)

    def _take_opened(self, _result: object) -> None:
        self._timer.start()
        self._set_phase(Phase.RECORDING)
        self.began.emit()
        if self._is_stop_wanted:
            self.stop()

    def _take_ended(self, take: Take) -> None:
        live, self.take = self.take, None
        if live is None:  # the window was closed meanwhile
            return
        live.remember_model()
        # Its thread may be at work yet, and has to find it alive.
        self._former.append(live)
        QTimer.singleShot(_FORGET_MS, self._forget_former)
        self._set_phase(Phase.IDLE)
        if is_empty(take):
            self.failed.emit(nothing_recorded(take))
        elif take.path is not None:
            live.notes.end_all(take.duration)
            notes = sorted(note for note in live.notes.ended if note.onset < take.duration)
            warnings = [*live.warnings, *self._words(take)]
            self.finished.emit(FinishedTake(take.path, notes, warnings))

    def _forget_former(self) -> None:
        still_used = [former for former in self._former if former.is_listening]
        self._former = still_used
        if still_used:
            QTimer.singleShot(_FORGET_MS, self._forget_former)

    def _fail(self, error: Exception) -> None:
        self.take = None
        self._set_phase(Phase.IDLE)
        self.failed.emit(error)

    def _fail_meter(self, error: Exception) -> None:
        self._meter = None
        self.failed.emit(error)

    def _look(self) -> None:
        if self.take is not None and self.take.has_ended:
            self.stop()

    def _follow_choice(self) -> None:
        """The meter shows the device that is chosen now."""
        if self._meter is not None and self._meter.device != self.devices.device:
            self.disarm()
            self.arm()
        self.changed.emit()

    def _set_phase(self, phase: Phase) -> None:
        self.phase = phase
        self.changed.emit()

    def _words(self, take: Take) -> list[str]:
        """Remarks about how the take went."""
        words = []
        if take.end is not End.STOPPED:
            words.append(describe(end_of(take)).cause)
        if take.clipped:
            words.append(self.tr("The input was too loud at times: turn its gain down."))
        if take.n_gaps:
            words.append(
                counted(
                    take.n_gaps,
                    "The computer was too busy and lost sound in %n place.",
                    "The computer was too busy and lost sound in %n places.",
                )
            )
        return words
