"""A microphone that hears an array: what a sound device does, at any pace."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np

from amtstudio.audio.input_devices import InputDevice

BLOCK_S = 0.01


class FileInput:
    """Stands in for ``open_input_stream``; every stream begins with the first sample.

    Parameters
    ----------
    samples : np.ndarray, shape (n,)
        What it hears; after the last one silence, unless it goes away.
    sample_rate : int
    speed : float
        Times real time.
    goes_away : bool
        Whether it is unplugged after the last sample, without a word.
    may_go_on : callable, optional
        Asked before each block; while it is false, time stands still.
    """

    def __init__(
        self,
        samples: np.ndarray,
        sample_rate: int,
        *,
        speed: float = 1.0,
        goes_away: bool = False,
        may_go_on: Callable[[], bool] = lambda: True,
    ) -> None:
        self.samples = samples.astype(np.float32)
        self.sample_rate = sample_rate
        self.speed = speed
        self.goes_away = goes_away
        self.may_go_on = may_go_on
        self.opened: list[InputDevice | None] = []
        self.n_open = 0
        self.delivered_s = 0.0  # of the newest stream

    def __call__(self, device, *, on_input, on_finished):
        self.opened.append(device)
        return _Stream(self, on_input)


class _Stream:
    name = "piano microphone"
    channels = 1

    def __init__(self, source: FileInput, on_input) -> None:
        self.sample_rate = source.sample_rate
        self._source = source
        self._on_input = on_input
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def start(self) -> None:
        self._source.n_open += 1
        self._source.delivered_s = 0.0
        self._thread.start()

    def close(self) -> None:
        if not self._closed.is_set():
            self._closed.set()
            self._source.n_open -= 1

    def _play(self) -> None:
        source, size = self._source, round(BLOCK_S * self.sample_rate)
        due, position = time.monotonic(), 0
        while not self._closed.is_set():
            block = source.samples[position : position + size]
            if not len(block) and source.goes_away:
                return
            if len(block) < size:
                block = np.pad(block, (0, size - len(block)))
            due += BLOCK_S / source.speed
            self._closed.wait(max(0.0, due - time.monotonic()))
            while not source.may_go_on() and not self._closed.is_set():
                # Nothing comes, but the device is there.
                self._on_input(np.zeros((0, 1), dtype=np.float32), time.monotonic(), False)
                self._closed.wait(0.02)
                due = time.monotonic()
            if not self._closed.is_set():
                self._on_input(block[:, None].copy(), time.monotonic(), False)
            position += size
            source.delivered_s = position / self.sample_rate


def microphones(n_devices: int = 2) -> Callable[..., list[InputDevice]]:
    """Stands in for ``list_input_devices``."""

    def listed(*, rescan: bool = False) -> list[InputDevice]:
        return [
            InputDevice(index, f"mic {index}", "Test", 1, 16000, is_default=index == 0)
            for index in range(n_devices)
        ]

    return listed
