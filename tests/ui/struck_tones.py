"""Something to transcribe: decaying tones, one after the other."""

from functools import cache

import numpy as np

SAMPLE_RATE = 16000  # Hz


@cache
def struck_tones(seconds: float) -> np.ndarray:
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    audio = np.zeros_like(times)
    for onset in np.arange(0.2, seconds, 0.7):
        part = slice(round(onset * SAMPLE_RATE), round((onset + 5.0) * SAMPLE_RATE))
        since = times[part] - onset  # after five seconds nothing is left of it
        frequency = 220.0 * 2 ** (round(onset * 10) % 13 / 12)
        audio[part] += np.exp(-3.0 * since) * np.sin(2 * np.pi * frequency * since)
    return (0.2 * audio).astype(np.float32)
