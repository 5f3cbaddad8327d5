"""An input device made of samples: delivers what it is told to, in real time or at once."""

from __future__ import annotations

import threading
import time

import numpy as np

RATE = 8000
BLOCK = 80  # samples: 10 ms


class FakeInput:
    """Stands in for ``open_input_stream``.

    Parameters
    ----------
    samples : np.ndarray, shape (n, channels)
        After the last one the device keeps quiet, as an unplugged one does.
    paced : bool
        In step with the clock.
    says_finished : bool
        Whether the end of the samples is told.
    """

    name = "fake microphone"
    sample_rate = RATE

    def __init__(self, samples, *, paced=False, says_finished=False, fails=None):
        self.channels = samples.shape[1]
        self.closed = threading.Event()
        self._samples = samples
        self._paced = paced
        self._says_finished = says_finished
        self._fails = fails

    def __call__(self, device, *, on_input, on_finished):
        self._on_input, self._on_finished = on_input, on_finished
        self._thread = threading.Thread(target=self._deliver, daemon=True)
        return self

    def start(self):
        if self._fails is not None:
            raise self._fails
        self._thread.start()

    def close(self):
        self.closed.set()

    def _deliver(self):
        begin = time.monotonic()
        for first in range(0, len(self._samples), BLOCK):
            block = self._samples[first : first + BLOCK]
            if self._paced:
                due = begin + (first + len(block)) / RATE
                if self.closed.wait(max(0.0, due - time.monotonic())):
                    return
            self._on_input(block.copy(), time.monotonic(), False)
        if self._says_finished:
            self._on_finished()


def noise(seconds, channels=1, seed=5):
    rng = np.random.default_rng(seed)
    integers = rng.integers(-(2**22), 2**22, (round(seconds * RATE), channels))
    return (integers / 2**23).astype(np.float32)


if __name__ == "__main__":  # a recording program, for a test to kill
    import sys
    from pathlib import Path

    from amtstudio.audio.recording import Recorder

    recorder = Recorder(Path(sys.argv[1]), open_stream=FakeInput(noise(30.0), paced=True))
    recorder.start()
    sys.stdout.write("recording\n")
    sys.stdout.flush()
    recorder.wait()
