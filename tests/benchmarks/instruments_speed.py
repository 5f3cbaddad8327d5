"""Speed and memory of the instrument detector: ``python tests/benchmarks/instruments_speed.py``.

Prints how many times real time it runs, how far memory grows from ten minutes to three hours of
audio, and, for a file, with decoding and resampling. ``--threads 2`` is the bar's machine.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from amtstudio.engine import InstrumentDetector

RATE = 16000


def noise(seconds: int) -> Iterator[np.ndarray]:
    """Blocks of a second, made once: making them is not to be measured."""
    blocks = np.random.default_rng(0).normal(0.0, 0.1, (8, RATE)).astype(np.float32)
    for second in range(seconds):
        yield blocks[second % 8]


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="a recording to measure with")
    parser.add_argument("--model", default="instruments")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--hours", type=float, default=3.0)
    options = parser.parse_args()
    detector = InstrumentDetector.load(options.model, device="cpu", n_threads=options.threads)
    detector.detect_blocks(noise(20))
    lengths = [600, round(options.hours * 3600)]
    for seconds in lengths:
        wall, cpu = time.monotonic(), time.process_time()
        activity = detector.detect_blocks(noise(seconds))
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        error = np.abs(activity.attention.sum(axis=0, dtype=float) - 1.0).max()
        print(
            f"{seconds / 60:6.0f} min: {seconds / wall:6.0f} x real time,"
            f" {seconds / cpu:6.0f} x per processor second, peak {peak_mb():.0f} MB,"
            f" attention sums to 1 within {error:.1e}"
        )
    if options.file is not None:
        wall, cpu = time.monotonic(), time.process_time()
        activity = detector.detect_file(options.file)
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        print(
            f"{options.file.name}: {activity.duration:.0f} s,"
            f" {activity.duration / wall:.0f} x real time,"
            f" {activity.duration / cpu:.0f} x per processor second"
        )


if __name__ == "__main__":
    main()
