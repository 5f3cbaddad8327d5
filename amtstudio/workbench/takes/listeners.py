"""The two listeners of a take: one draws its picture, the other one finds its notes."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from amtstudio.audio import FloatArray, StreamResampler
from amtstudio.workbench.recording_picture import SAMPLE_RATE, PictureDrawer, PicturePart

if TYPE_CHECKING:
    from amtstudio.decoding import LiveEvent
    from amtstudio.engine.live import LiveTranscriber
    from amtstudio.workbench.transcribing import Engine

logger = logging.getLogger("amtstudio.workbench")

_PICTURE_S = 0.08  # a part of the picture: as often as the eye can follow
_POLL_S = 0.2
MAX_LAG_S = 0.5  # see LiveTranscriber
MAX_BACKLOG_S = 15.0  # more than this is left out: it would be old news, and fill the memory
_IDS_OF_A_STREAM = 1 << 40


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
    """

    events: list[LiveEvent]
    lag: float
    gap: tuple[float, float] | None = None


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

    on_ready: Callable[[], None]  # the model is loaded
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

    def _listen(self) -> None:
        transcriber = self._engine.load_for_live()

        def new_stream() -> LiveTranscriber:
            return transcriber.live(
                sample_rate=self.sample_rate,
                max_lag_s=MAX_LAG_S,
                on_warning=self._callbacks.on_warning,
            )

        live, begin, n_streams = new_stream(), 0.0, 0
        live.warm_up()
        self._callbacks.on_ready()
        while not self._stopped.is_set():
            block, gap = self._next(), None
            if not len(block) and self._ended.is_set():
                return
            seconds = len(block) / self.sample_rate
            if seconds > MAX_BACKLOG_S:
                self._n_taken += len(block)
                begin = self._n_taken / self.sample_rate
                gap, block = (begin - seconds, begin), block[:0]
                live, n_streams = new_stream(), n_streams + 1
            events = live.feed(block)
            self._n_taken += len(block)
            if (events or gap or seconds > MAX_LAG_S) and not self._stopped.is_set():
                moved = [_moved(event, begin, n_streams) for event in events]
                self._callbacks.on_news(LiveNews(moved, self.backlog_s, gap))


def _moved(event: LiveEvent, begin: float, n_streams: int) -> LiveEvent:
    """An event of a stream that began so many seconds into the take."""
    if not n_streams:
        return event
    return replace(
        event,
        id=event.id + n_streams * _IDS_OF_A_STREAM,
        onset=event.onset + begin,
        stream_time=event.stream_time + begin,
        offset=None if event.offset is None else event.offset + begin,
    )
