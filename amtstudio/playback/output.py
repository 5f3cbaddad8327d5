"""Where sound goes: the interface of an output, and two that need no sound device."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeAlias

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.errors import AudioDeviceError

BLOCK = 512  # samples
DEFAULT_RATE = 44_100  # Hz

# Called, on any thread, when an output ends by itself; the text is a sentence for the user.
OnLost: TypeAlias = Callable[[str], None]


class BlockSource(Protocol):
    """What an output plays."""

    def pull(self, out: FloatArray) -> None:
        """Fill ``out``, shape (n,), at once, with silence where there is nothing to play."""

    def wait_until_ready(self, n_samples: int, timeout: float) -> bool:
        """Wait until ``pull`` can give that many samples; whether it can."""


class AudioOutput(Protocol):
    """A place that takes mono blocks at its own pace."""

    @property
    def sample_rate(self) -> int: ...

    @property
    def latency(self) -> float:
        """Seconds from a pull to the sound in the air."""

    @property
    def is_realtime(self) -> bool:
        """Whether blocks are pulled in real time."""

    def open(self, source: BlockSource, on_lost: OnLost) -> None:
        """Begin to pull. Raises ``AudioDeviceError``."""

    def close(self) -> None:
        """Stop pulling; may be called at any time, and again."""


class VirtualOutput:
    """Pulls at the pace of a sound device and throws the sound away.

    For playing along without a device: cursor, loop and end behave as they do with one.
    """

    latency = 0.0
    is_realtime = True

    def __init__(self, *, sample_rate: int = DEFAULT_RATE, block: int = BLOCK) -> None:
        self.sample_rate = sample_rate
        self._block = block
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, source: BlockSource, on_lost: OnLost) -> None:  # noqa: ARG002 - never lost
        self.close()
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(source, self._stop), name="virtual output", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._thread = None

    def _run(self, source: BlockSource, stop: threading.Event) -> None:
        block = np.zeros(self._block, dtype=np.float32)
        begun = time.monotonic()
        n_blocks = 0
        while not stop.is_set():
            source.pull(block)
            n_blocks += 1
            due = begun + n_blocks * self._block / self.sample_rate
            stop.wait(max(due - time.monotonic(), 0.0))


class ManualOutput:
    """Pulls on request, as fast as the sound can be made, and returns the sound."""

    latency = 0.0
    is_realtime = False

    def __init__(self, *, sample_rate: int = DEFAULT_RATE, block: int = BLOCK) -> None:
        self.sample_rate = sample_rate
        self._block = block
        self._source: BlockSource | None = None
        self._on_lost: OnLost | None = None

    @property
    def is_open(self) -> bool:
        return self._source is not None

    def open(self, source: BlockSource, on_lost: OnLost) -> None:
        self._source = source
        self._on_lost = on_lost

    def close(self) -> None:
        self._source = None
        self._on_lost = None

    def render(self, n_samples: int, *, timeout: float = 10.0) -> FloatArray:
        """The next samples, shape (n_samples,); silence while nothing is open.

        Raises ``AudioDeviceError`` if the sound is not ready within ``timeout`` seconds.
        """
        out = np.zeros(n_samples, dtype=np.float32)
        for begin in range(0, n_samples, self._block):
            part = out[begin : begin + self._block]
            source = self._source
            if source is None:
                continue
            if not source.wait_until_ready(len(part), timeout):
                raise AudioDeviceError("The sound was not ready in time")
            source.pull(part)
        return out

    def lose(self, sentence: str) -> None:
        """End as a device does that was unplugged."""
        if self._on_lost is not None:
            self._on_lost(sentence)
