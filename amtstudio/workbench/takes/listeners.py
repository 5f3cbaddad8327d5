"""The two listeners of a take: one draws its picture, the other one finds its notes."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amtstudio.audio import FloatArray, StreamResampler
from amtstudio.workbench.recording_picture import SAMPLE_RATE, PictureDrawer, PicturePart

if TYPE_CHECKING:
    from amtstudio.decoding import LiveEvent
    from amtstudio.engine import PlannedLive, Switch
    from amtstudio.workbench.transcribing import Engine

logger = logging.getLogger("amtstudio.workbench")

_PICTURE_S = 0.08  # a part of the picture: as often as the eye can follow
_POLL_S = 0.2
MAX_LAG_S = 0.5  # see LiveTranscriber
MAX_BACKLOG_S = 15.0  # more than this is left out: it would be old news, and fill the memory


@dataclass(frozen=True, slots=True)
class LiveNews:
    """A report about live notes.

    Attributes
    ----------
    events : list of LiveEvent
        Their times count from the begin of the take.
    lag : float, seconds
        How much of the take waits to be listened to.
    gap : tuple of float, or None
        Seconds from and to which the take was not listened to. Notes that sounded then have ended.
    switch : Switch, or None
        Another model hears from now on. ``events`` come before its own.
    """

    events: list[LiveEvent]
    lag: float
    gap: tuple[float, float] | None = None
    switch: Switch | None = None


class _Listener(threading.Thread):
    """Takes blocks from the thread of the recorder, which must not wait, and works on its own."""

    def __init__(self, name: str, sample_rate: int) -> None:
        super().__init__(name=name, daemon=True)
        self.sample_rate = sample_rate
        self._queue: queue.SimpleQueue[FloatArray] = queue.SimpleQueue()
        self._ended = threading.Event()

    def feed(self, block: FloatArray) -> None:
        """Take mono audio, shape (n,), at ``sample_rate``."""
        self._queue.put(block)

    def end(self) -> None:
        """No more blocks come."""
        self._ended.set()

    def _next(self) -> FloatArray:
        """All that has come; after a while without anything, an empty block."""
        found = []
        try:
            found.append(self._queue.get(timeout=_POLL_S))
            while True:
                found.append(self._queue.get_nowait())
        except queue.Empty:
            return np.concatenate(found) if found else np.zeros(0, dtype=np.float32)


class PictureWorker(_Listener):
    """Draws waveform and spectrogram as they come."""

    def __init__(self, sample_rate: int, on_part: Callable[[PicturePart], None]) -> None:
        super().__init__("live picture", sample_rate)
        self._on_part = on_part

    def run(self) -> None:
        try:
            self._draw()
        except Exception:  # the take continues without a picture
            logger.exception("the picture of a take cannot be drawn")

    def _draw(self) -> None:
        drawer, resampler = PictureDrawer(), StreamResampler(self.sample_rate, SAMPLE_RATE)
        waiting: list[FloatArray] = []
        n_waiting = 0
        while True:
            is_last = self._ended.is_set()
            block = self._next()
            waiting.append(block)
            n_waiting += len(block)
            if n_waiting >= _PICTURE_S * self.sample_rate or (is_last and n_waiting):
                audio = resampler.process(np.concatenate(waiting))
                self._on_part(drawer.feed(audio))
                waiting, n_waiting = [], 0
            if is_last and not len(block):
                return


@dataclass(frozen=True, slots=True)
class LiveCallbacks:
    """Called on the thread of the ``LiveWorker``."""

    on_ready: Callable[[str], None]  # this model is loaded
    on_news: Callable[[LiveNews], None]
    on_warning: Callable[[str], None]
    on_failure: Callable[[Exception], None]  # there will be no news any more


class LiveWorker(_Listener):
    """Finds notes while they are played, with a separate model, loaded on this thread.

    The recording never waits for it: what it cannot keep up with is skipped, and reported.
    """

    def __init__(self, engine: Engine, sample_rate: int, callbacks: LiveCallbacks) -> None:
        super().__init__("live notes", sample_rate)
        self._engine = engine
        self._callbacks = callbacks
        self._stopped = threading.Event()
        self._asked: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._n_fed = 0  # samples, by the recorder
        self._n_taken = 0  # samples, by the model

    def feed(self, block: FloatArray) -> None:
        if not self._stopped.is_set():
            self._n_fed += len(block)
            super().feed(block)

    def stop(self) -> None:
        """Report nothing more; the rest will be transcribed with the whole take."""
        self._stopped.set()

    @property
    def heard_s(self) -> float:
        """Seconds of the take that were worked on."""
        return self._n_taken / self.sample_rate

    @property
    def backlog_s(self) -> float:
        """Seconds that were fed and are not yet worked on."""
        return (self._n_fed - self._n_taken) / self.sample_rate

    def run(self) -> None:
        try:
            self._listen()
        except Exception as error:
            logger.exception("live transcription failed")
            self._stopped.set()
            self._next()  # what waits there is of no use any more
            self._callbacks.on_failure(error)
        finally:
            self._engine.restore_threads()

    def ask_for(self, model: str) -> None:
        """Have this model hear, or with ``AUTO`` the one that suits; of use where one is chosen."""
        self._asked.put(model)

    def _listen(self) -> None:
        live = self._engine.load_live(
            sample_rate=self.sample_rate,
            max_lag_s=MAX_LAG_S,
            on_warning=self._callbacks.on_warning,
        )
        try:
            live.warm_up()
            self._callbacks.on_ready(live.model)
            while not self._stopped.is_set():
                block, gap = self._next(), None
                if not len(block) and self._ended.is_set():
                    return
                self._pass_wish_to(live)
                seconds = len(block) / self.sample_rate
                self._n_taken += len(block)
                if seconds > MAX_BACKLOG_S:
                    live.leave_out(block)
                    gap, events = (live.duration - seconds, live.duration), []
                else:
                    events = live.feed(block)
                switch = live.switch()
                is_news = events or gap or switch or seconds > MAX_LAG_S
                if is_news and not self._stopped.is_set():
                    self._callbacks.on_news(LiveNews(events, self.backlog_s, gap, switch))
        finally:
            live.close()

    def _pass_wish_to(self, live: PlannedLive) -> None:
        while not self._asked.empty():
            live.ask_for(self._asked.get())
