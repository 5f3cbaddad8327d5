"""How long sound waits in the resampler of live hearing, and would in that of files.

Usage: python tests/benchmarks/resampling_delay.py

Ten seconds arrive in blocks of 10 ms. What counts is how much of what has arrived has not come out
yet: on the mean, and at most. 16 kHz is the rate of the models for pitched notes, 32 kHz of drums.
"""

from __future__ import annotations

import numpy as np

from amtstudio.audio import LiveResampler, StreamResampler

SECONDS = 10
BLOCK_S = 0.01
SOURCES, TARGETS = (44_100, 48_000, 96_000), (16_000, 32_000)


def main() -> None:
    print(f"{'Hz':>16}{'live: mean':>14}{'at most':>10}{'files: mean':>14}{'at most':>10}")
    for source in SOURCES:
        for target in TARGETS:
            mean, most = waiting_ms(LiveResampler(source, target))
            line = f"{source:>7} to {target:>5}{mean:>14.1f}{most:>10.1f}"
            mean, most = waiting_ms(StreamResampler(source, target))
            print(f"{line}{mean:>14.1f}{most:>10.1f}")


def waiting_ms(resampler: LiveResampler | StreamResampler) -> tuple[float, float]:
    """Mean and maximum, in milliseconds."""
    block = np.zeros(round(BLOCK_S * resampler.source_rate), dtype=np.float32)
    n_out, waits = 0, []
    for number in range(1, round(SECONDS / BLOCK_S) + 1):
        n_out += len(resampler.process(block))
        waits.append(1000.0 * (number * BLOCK_S - n_out / resampler.target_rate))
    return float(np.mean(waits)), max(waits)


if __name__ == "__main__":
    main()
