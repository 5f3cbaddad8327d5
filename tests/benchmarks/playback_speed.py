"""Time of a block of 40 sounding notes, and of all else that playing takes.

``python tests/benchmarks/playback_speed.py``: an audio callback of 512 frames at 48 kHz comes every
10.7 ms. Times are those of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from amtstudio.playback import (
    InstrumentSet,
    ManualOutput,
    Player,
    SampleBank,
    Synthesizer,
    TimeStretcher,
)
from amtstudio.symbolic import Note, Track

RATE = 48_000
BLOCK = 512


def milliseconds(work: Callable[[int], object], repeats: int) -> str:
    times = []
    for repeat in range(repeats):
        begun = time.thread_time()
        work(repeat)
        times.append((time.thread_time() - begun) * 1e3)
    return f"median {np.median(times):.3f} ms, p99 {np.percentile(times, 99):.3f} ms"


def main() -> None:
    begun = time.thread_time()
    bank = SampleBank()
    print(f"open the bank: {(time.thread_time() - begun) * 1e3:.1f} ms")
    keys = range(36, 86)
    print("decode and resample a key:", milliseconds(lambda i: bank.sound(keys[i], 80, RATE), 50))
    print(f"50 keys kept: {bank.n_cached_bytes / 2**20:.0f} MB")

    notes = [Note(0.001 * i, 5.0, 40 + i, 80) for i in range(40)]
    synthesizer = Synthesizer(notes, bank=bank, sample_rate=RATE)
    synthesizer.read(RATE, BLOCK)
    work = lambda i: synthesizer.read(RATE + i * BLOCK, BLOCK)  # noqa: E731
    print("40 notes, 512 frames:", milliseconds(work, 200))
    band = InstrumentSet()
    violin = Track.named("violin")
    begun = time.thread_time()
    opened = band.for_track(violin)
    print(f"open the violin: {(time.thread_time() - begun) * 1e3:.1f} ms")
    print(
        "decode and resample a key of it:",
        milliseconds(lambda i: opened.sound(55 + i, 80, RATE), 40),
    )
    bend = tuple((0.1 * i, 40.0 * (-1) ** i) for i in range(50))
    for name, bends in (("straight", ()), ("bent", bend)):
        strings = [Note(0.001 * i, 9.0, 55 + i, 80, track=violin, bend=bends) for i in range(40)]
        synthesizer = Synthesizer(strings, bank=band, sample_rate=RATE)
        synthesizer.read(RATE, BLOCK)
        print(
            f"40 {name} notes of violins, 512 frames:",
            milliseconds(lambda i: synthesizer.read(3 * RATE + i * BLOCK, BLOCK), 200),  # noqa: B023
        )
    many = [Note(0.06 * i, 0.06 * i + 0.3, 40 + i % 40, 80) for i in range(10_000)]
    print(
        "plan 10,000 notes:",
        milliseconds(lambda _: Synthesizer(many, bank=bank, sample_rate=RATE), 5),
    )

    sound = Synthesizer(notes, bank=bank, sample_rate=RATE).read(0, 6 * RATE)
    stretcher = TimeStretcher(
        lambda start, n: np.resize(sound[max(start, 0) :][:n], n), sample_rate=RATE, speed=0.5
    )
    work = lambda i: stretcher.read(i * BLOCK, BLOCK)  # noqa: E731
    print("half speed, 512 frames:", milliseconds(work, 400))

    output = ManualOutput(sample_rate=RATE)
    player = Player(output, bank=bank)
    player.load(None, notes)
    player.play()
    player.wait_until_ready(BLOCK, 10.0)
    out = np.zeros(BLOCK, dtype=np.float32)
    print("audio callback, 512 frames:", milliseconds(lambda _: player.pull(out), 30))
    player.close()


if __name__ == "__main__":
    main()
