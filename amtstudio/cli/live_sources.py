"""Where ``amtstudio listen`` gets its audio from: a file at once, a file at its pace, a device."""

from __future__ import annotations

import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from amtstudio.audio import AudioSource, FloatArray, opened
from amtstudio.audio.input_devices import InputDevice
from amtstudio.audio.recording import Recorder, Take

MAX_LAG_S = 0.1  # a machine that is busy looks less often rather than ever later
_PACE_S = 0.01  # of a file at its pace: as sound systems deliver
_POLL_S = 0.1
_READ_AHEAD_S = 0.5


class Source(ABC):
    """A stream of mono audio."""

    sample_rate: int  # Hz
    max_lag_s: float | None  # see LiveTranscriber

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def stop(self) -> None:
        """Let no more come; ``blocks`` still gives what has."""

    @abstractmethod
    def blocks(self) -> Iterator[FloatArray]:
        """The audio since the last block; an empty one from time to time while none arrives."""

    @abstractmethod
    def emitted_s(self, stream_time: float) -> float:
        """The second of the stream at which something is said now."""

    @property
    def silent_s(self) -> float:
        """For how long nothing but zeros have come from a device."""
        return 0.0


class FileSource(Source):
    """A file, as fast as it can be worked on: the time of the stream is that of the audio."""

    max_lag_s = None

    def __init__(self, source: Path | AudioSource, *, sample_rate: int, end: float | None) -> None:
        self.sample_rate = sample_rate
        self._source = source
        self._end = end
        self._stopped = False

    def start(self) -> None:
        pass

    def stop(self) -> None:
        self._stopped = True

    def blocks(self) -> Iterator[FloatArray]:
        with opened(self._source) as audio:
            stream = audio.stream_mono(
                sample_rate=self.sample_rate, end=self._end, block_seconds=_READ_AHEAD_S
            )
            with closing(stream):
                for block in stream:
                    if self._stopped:
                        return
                    yield block

    def emitted_s(self, stream_time: float) -> float:
        return stream_time


class _QueuedSource(Source):
    """Blocks that another thread delivers while earlier ones are worked on."""

    max_lag_s = MAX_LAG_S

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[FloatArray | Exception | None] = queue.SimpleQueue()
        self._delivered_s = 0.0
        self._begin = float("inf")  # of the stream, on time.monotonic()

    def blocks(self) -> Iterator[FloatArray]:
        while True:
            waiting = self._waiting()
            audio = [block for block in waiting if isinstance(block, np.ndarray)]
            yield np.concatenate(audio) if audio else np.zeros(0, dtype=np.float32)
            for entry in waiting:
                if isinstance(entry, Exception):
                    raise entry
                if entry is None:
                    return

    def emitted_s(self, stream_time: float) -> float:
        return max(stream_time, time.monotonic() - self._begin)

    def _deliver(self, block: FloatArray, arrival: float, sample_rate: int) -> None:
        self._delivered_s += len(block) / sample_rate
        # Blocks arrive late but never early: the earliest ones show when the stream began.
        self._begin = min(self._begin, arrival - self._delivered_s)
        self._queue.put(block)

    def _waiting(self) -> list[FloatArray | Exception | None]:
        found: list[FloatArray | Exception | None] = []
        try:
            found.append(self._queue.get(timeout=_POLL_S))
            while True:
                found.append(self._queue.get_nowait())
        except queue.Empty:
            return found


class PacedFileSource(_QueuedSource):
    """A file, delivered in step with the clock."""

    def __init__(self, source: Path | AudioSource, *, sample_rate: int, end: float | None) -> None:
        super().__init__()
        self.sample_rate = sample_rate
        self._source = source
        self._end = end
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, name="pace", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _read(self) -> None:
        try:
            with opened(self._source) as audio:
                stream = audio.stream_mono(
                    sample_rate=self.sample_rate, end=self._end, block_seconds=_PACE_S
                )
                with closing(stream):
                    self._pace(stream)
        except Exception as error:  # noqa: BLE001 - raised where the blocks are taken
            self._queue.put(error)
        self._queue.put(None)

    def _pace(self, stream: Iterator[FloatArray]) -> None:
        begin, n_samples = None, 0
        for block in stream:
            # The clock starts when the file is open.
            begin = begin if begin is not None else time.monotonic()
            n_samples += len(block)
            due = begin + n_samples / self.sample_rate
            if self._stopped.wait(max(0.0, due - time.monotonic())):
                return
            self._deliver(block, due, self.sample_rate)


class DeviceSource(_QueuedSource):
    """An input device, recorded on the way."""

    def __init__(
        self,
        device: InputDevice,
        *,
        record_to: Path | None,
        seconds: float | None,
        on_remark: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.recorder = Recorder(
            record_to, device=device, on_block=self._take_block, on_remark=on_remark
        )
        self.sample_rate = self.recorder.sample_rate
        self.take: Take | None = None
        self._seconds_wanted = seconds
        self._ending = False

    def start(self) -> None:
        self.recorder.start()

    def stop(self) -> None:
        if not self._ending:
            self._ending = True
            self.take = self.recorder.stop()
            self._queue.put(None)

    @property
    def silent_s(self) -> float:
        return self.recorder.silent_s

    def blocks(self) -> Iterator[FloatArray]:
        for block in super().blocks():
            yield block
            wanted = self._seconds_wanted
            is_enough = wanted is not None and self._delivered_s >= wanted
            if is_enough or self.recorder.take is not None:
                self.stop()

    def _take_block(self, block: FloatArray, arrival: float) -> None:
        self._deliver(block, arrival, self.sample_rate)
