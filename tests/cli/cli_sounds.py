"""Sounds for the command line to transcribe."""

from __future__ import annotations

import numpy as np

SAMPLE_RATE = 16000


def struck_tones(seconds: float) -> np.ndarray:
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    audio = np.zeros_like(times)
    for onset, frequency in ((0.2, 220.0), (0.9, 440.0), (1.5, 330.0), (2.1, 660.0)):
        since = times - onset
        audio += np.where(since >= 0, np.exp(-3.0 * since), 0.0) * np.sin(
            2 * np.pi * frequency * since
        )
    return (0.3 * audio).astype(np.float32)
