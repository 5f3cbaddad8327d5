"""One take: the recorder, and what listens to it."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from amtstudio.audio import FloatArray
from amtstudio.audio.input_devices import InputDevice, open_input_stream
from amtstudio.audio.recording import OpenStream, Recorder, Take
from amtstudio.audio.take_files import keyboard_file, take_path
from amtstudio.decoding import DrumSettings
from amtstudio.errors import (
    AmtStudioError,
    AudioDeviceError,
    CannotCreateOutputError,
    OutputExistsError,
)
from amtstudio.features.pitch_spectrogram import N_BINS
from amtstudio.session.take_marks import TakeMark
from amtstudio.ui.document import Document
from amtstudio.ui.failure import describe, describe_warning
from amtstudio.workbench.takes.listeners import LiveCallbacks, LiveNews, LiveWorker, PictureWorker
from amtstudio.workbench.takes.live_notes import LiveNotes
from amtstudio.workbench.takes.rolling_pyramid import RollingPyramid
from amtstudio.workbench.transcribing import AUTO, Engine

if TYPE_CHECKING:
    from amtstudio.engine import Plan, Switch
    from amtstudio.formats.midi_keyboard import Keyboard

logger = logging.getLogger("amtstudio.ui")

_TRIES = 5  # another program may take the name at the same moment
_PATIENCE_S = 5.0


class LiveTake(QObject):
    """A take that is being recorded.

    Made on the thread of the window; ``open`` and ``end`` wait for the sound device, and are called
    on another one.

    Attributes
    ----------
    document : Document
        Its picture grows.
    notes : LiveNotes
    model : str
        The one that hears; ``plan`` says why, unless it has heard from the beginning or was asked
        for. The notes from ``heard_from`` on, in seconds, are its own.
    asked : str
        The model that the user has asked for, or ``AUTO``.
    lag : float, seconds
        How far the notes are behind the music.
    gaps : list of tuple of float
        Start and end, in seconds, of stretches not transcribed live.
    """

    opened = Signal()
    news_came = Signal()

    _part = Signal(object)
    _news = Signal(object)
    _ready = Signal(str)
    _warning = Signal(str)
    _failure = Signal(Exception)

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        device: InputDevice | None,
        *,
        keyboard: str = "",
        open_stream: OpenStream = open_input_stream,
    ) -> None:
        super().__init__()
        self.document = Document(folder)
        self.document.setParent(self)
        self.document.spectrogram = RollingPyramid(N_BINS)
        self.notes = LiveNotes(has_drums=_has_drums(engine, engine.live_model))
        self.lag = 0.0
        self.gaps: list[tuple[float, float]] = []
        self.is_ready = False  # whether notes are listened for by now
        self.model = engine.live_model  # which hears
        self.plan: Plan | None = None  # why
        self.heard_from = 0.0  # seconds of the take, by this model
        self.problem: Exception | None = None
        self.warnings: list[str] = []
        self.recorder: Recorder | None = None
        self.live: LiveWorker | None = None
        self._engine = engine
        self._folder = folder
        self._device = device
        self._open_stream = open_stream
        self.keyboard: Keyboard | None = None  # a MIDI keyboard that is recorded along
        self._keyboard_name = keyboard
        self._picture: PictureWorker | None = None
        self._mark: TakeMark | None = None
        self.asked = AUTO
        self._part.connect(self.document.add_picture)
        self._news.connect(self._take_news)
        self._ready.connect(self._take_ready)
        self._warning.connect(self._take_warning)
        self._failure.connect(self._take_failure)

    @property
    def duration(self) -> float:
        """Seconds on the disk by now."""
        return 0.0 if self.recorder is None else self.recorder.duration

    @property
    def has_ended(self) -> bool:
        """Whether the device has gone or the disk is full."""
        return self.recorder is not None and self.recorder.take is not None

    @property
    def is_listening(self) -> bool:
        """Whether a thread still looks for notes."""
        return self.live is not None and self.live.is_alive()

    def open(self) -> None:
        """Begin to record.

        Raises
        ------
        AudioDeviceError
            If the device cannot be opened.
        CannotCreateOutputError
            If the file cannot be created.
        """
        recorder = self._make_recorder()
        callbacks = LiveCallbacks(
            on_ready=self._ready.emit,
            on_news=self._news.emit,
            on_warning=self._warning.emit,
            on_failure=self._failure.emit,
        )
        self._picture = PictureWorker(recorder.sample_rate, self._part.emit)
        self.live = LiveWorker(self._engine, recorder.sample_rate, callbacks)
        try:
            recorder.start()
        except Exception:
            self._remove_mark()
            raise
        self.recorder = recorder
        self._picture.start()
        self.live.start()
        self._open_keyboard()

    def end(self) -> Take:
        """Stop, and let the file be whole."""
        assert self.recorder is not None
        assert self.live is not None
        assert self._picture is not None
        self.live.stop()
        take = self.recorder.stop()
        self._keep_keyboard(take)
        self._remove_mark()
        self.live.end()
        self._picture.end()
        self._picture.join()
        return take

    def wait(self) -> None:
        """Wait for the thread of the notes, which may be in the midst of its work."""
        if self.live is not None and self.is_listening:
            self.live.join(_PATIENCE_S)

    def _open_keyboard(self) -> None:
        """The take continues without it if it cannot be opened."""
        if not self._keyboard_name:
            return
        from amtstudio.formats.midi_keyboard import Keyboard  # noqa: PLC0415 - imports mido

        try:
            self.keyboard = Keyboard(self._keyboard_name)
        except AudioDeviceError as error:
            self._warn_of(error)

    def _keep_keyboard(self, take: Take) -> None:
        if self.keyboard is None or self.recorder is None:
            return
        self.keyboard.close()
        if take.path is None or not take.duration:
            return
        try:
            self.keyboard.write(keyboard_file(take.path), self.recorder.began, take.duration)
        except AmtStudioError as error:  # the take itself is whole
            self._warn_of(error)

    def _warn_of(self, error: Exception) -> None:
        failure = describe(error)
        self._warning.emit(failure.sentences)

    def _make_recorder(self) -> Recorder:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotCreateOutputError(
                f"cannot create the folder {self._folder}: {error.strerror}",
                hint="choose another folder for recordings",
            ) from error
        for _ in range(_TRIES - 1):
            try:
                return self._try_recorder()
            except OutputExistsError:
                continue
        return self._try_recorder()

    def _try_recorder(self) -> Recorder:
        path = take_path(self._folder, datetime.now().astimezone())
        try:
            self._mark = TakeMark(path)
        except OSError as error:  # the take matters more than its mark for after a crash
            logger.warning("%s", error)
        try:
            recorder = Recorder(
                path,
                device=self._device,
                on_block=self._take_block,
                on_remark=self._warning.emit,
                open_stream=self._open_stream,
            )
        except Exception:
            self._remove_mark()
            raise
        self.document.path = path
        return recorder

    def _remove_mark(self) -> None:
        if self._mark is not None:
            self._mark.remove()
            self._mark = None

    def _take_block(self, block: FloatArray, _arrival: float) -> None:
        """Called on the thread of the recorder."""
        assert self._picture is not None
        assert self.live is not None
        self._picture.feed(block)
        self.live.feed(block)

    @property
    def plans(self) -> bool:
        """Whether the model may change while the take is made."""
        return self._engine.plans_live

    def ask_for(self, model: str) -> None:
        """Have this model hear from now on; ``AUTO``: the one that suits."""
        self.asked = model
        if self.live is not None:
            self.live.ask_for(model)

    def remember_model(self) -> None:
        """Let the next take begin with the model that hears now."""
        if self.plans and self.is_ready:
            self._engine.first_live = self.model

    def _take_ready(self, model: str) -> None:
        self.is_ready = True
        self.model = model
        self.news_came.emit()

    def _take_news(self, news: LiveNews) -> None:
        if news.gap is not None:
            self.gaps.append(news.gap)
            self.notes.end_all(news.gap[0])
        self.lag = news.lag
        self.notes.take(news.events)
        if news.switch is not None:
            self._take_switch(news.switch)
        self.news_came.emit()

    def _take_switch(self, switch: Switch) -> None:
        self.model, self.plan, self.heard_from = switch.model, switch.plan, switch.begin
        self.notes.take(switch.ended)
        self.notes.forget_from(switch.begin)
        self.notes.has_drums |= _has_drums(self._engine, switch.model)
        self.notes.take(switch.events)

    def _take_warning(self, text: str) -> None:
        self.warnings.append(describe_warning(text))

    def _take_failure(self, error: Exception) -> None:
        self.problem = error
        self.notes.end_all(self.duration)
        self.news_came.emit()


def _has_drums(engine: Engine, model: str) -> bool:
    """Whether a model plays on a lane of drums."""
    return engine.settings(model=model).decoder == DrumSettings.decoder
