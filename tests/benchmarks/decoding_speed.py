"""Print how long it takes to decode ten minutes again after a threshold has moved.

Run with ``python tests/benchmarks/decoding_speed.py``.
"""

from __future__ import annotations

import time

import numpy as np

from amtstudio.decoding import Activations, DecodingSettings, decode
from amtstudio.features import FrameGrid
from amtstudio.symbolic.heads import NOTE_HEADS

N_FRAMES = 18750  # 600 s at 32 ms
N_NOTES = 7000  # a dense piano piece


def make_activations(dtype: type[np.floating]) -> Activations:
    rng = np.random.default_rng(1)
    shape = (N_FRAMES, 88)
    onset, offset, frame, velocity = (
        (rng.random(shape, dtype=np.float32) ** 8 * 0.3) for _ in range(4)
    )
    for _ in range(N_NOTES):
        start, pitch = rng.integers(0, N_FRAMES - 60), rng.integers(10, 80)
        share = rng.random()
        onset[start, pitch], onset[start + 1, pitch] = 1 - share, share
        frame[start : start + rng.integers(4, 60), pitch] = 0.9
        velocity[start : start + 2, pitch] = rng.random()
    heads = {"onset": onset, "offset": offset, "frame": frame, "velocity": velocity}
    values = {name: values.astype(dtype) for name, values in heads.items()}
    return Activations(NOTE_HEADS, values, FrameGrid())


def main() -> None:
    for dtype in (np.float32, np.float16):
        activations = make_activations(dtype)
        times, cpu_times = [], []
        for threshold in np.linspace(0.4, 0.6, 9):
            started, cpu_started = time.perf_counter(), time.process_time()
            notes, _ = decode(activations, DecodingSettings(onset_threshold=float(threshold)))
            times.append(time.perf_counter() - started)
            cpu_times.append(time.process_time() - cpu_started)
        print(
            f"{dtype.__name__}: {len(notes)} notes, median {1e3 * np.median(times):.0f} ms,"
            f" slowest {1e3 * max(times):.0f} ms; median of CPU time"
            f" {1e3 * np.median(cpu_times):.0f} ms"
        )


if __name__ == "__main__":
    main()
