"""Strings that nobody struck: with the pedal down all of them answer, softly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.fft

if TYPE_CHECKING:
    import numpy.typing as npt

SAMPLE_RATE = 16000  # Hz
LONGEST_S = 2.5
N_PARTIALS = 5
LOWEST, HIGHEST = 21, 89  # keys that have a damper to lift
FADE_S = 0.06  # in which dampers fall on and come off


def string_response(rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """What all undamped strings make of a click: partials of every key that die away, energy 1."""
    n_samples = round(LONGEST_S * SAMPLE_RATE)
    n_fft = 2 * n_samples
    frequencies = np.fft.rfftfreq(n_fft, 1 / SAMPLE_RATE)
    spectrum = np.zeros(len(frequencies), dtype=np.complex128)
    keys = np.arange(LOWEST, HIGHEST + 1)
    fundamentals = 440.0 * 2.0 ** ((keys - 69 + rng.normal(0.0, 0.03, len(keys))) / 12.0)
    # Seconds to fall to 1/e: bass strings ring for long, and high partials shortly.
    decays = rng.uniform(0.5, 1.5) * 2.0 ** (-(keys - 48) / 24.0)
    for partial in range(1, N_PARTIALS + 1):
        for f0, decay in zip(fundamentals * partial, decays / partial**0.5, strict=True):
            if f0 > 0.45 * SAMPLE_RATE:
                continue
            # A decaying sine is a narrow peak: its neighbourhood will do.
            width = 40.0 / decay / (2 * np.pi)
            near = slice(*np.searchsorted(frequencies, [f0 - width, f0 + width]))
            turn = np.exp(2j * np.pi * rng.random()) * rng.normal() / partial
            spectrum[near] += turn / (1.0 / decay + 2j * np.pi * (frequencies[near] - f0))
    response = scipy.fft.irfft(spectrum, n_fft)[:n_samples]
    response[-800:] *= np.linspace(1.0, 0.0, 800)
    unit: npt.NDArray[np.float32] = (response / np.sqrt(np.sum(response**2))).astype(np.float32)
    return unit


def with_resonance(
    audio: npt.NDArray[np.float32],
    pedals: npt.NDArray[np.float64],
    response: npt.NDArray[np.float32],
    level_db: float,
) -> npt.NDArray[np.float32]:
    """Add the answer of the strings while the pedal is down.

    Parameters
    ----------
    audio : np.ndarray, shape (n_samples,)
    pedals : np.ndarray, shape (n_pedals, 2)
        Seconds from the start of ``audio``.
    response : np.ndarray
        As ``string_response`` makes them.
    level_db : float
        Of the response relative to the direct sound, over the time that the pedal is down.
    """
    lifted = np.zeros(len(audio), dtype=np.float32)
    for down, up in pedals:
        lifted[max(0, round(down * SAMPLE_RATE)) : max(0, round(up * SAMPLE_RATE))] = 1.0
    if not lifted.any():
        return audio
    n_fade = round(FADE_S * SAMPLE_RATE)
    steps = np.cumsum(np.concatenate([np.zeros(n_fade, np.float32), lifted]))
    lifted = ((steps[n_fade:] - steps[:-n_fade]) / n_fade).astype(np.float32)
    heard = audio * lifted
    n_fft = scipy.fft.next_fast_len(len(audio) + len(response), real=True)
    spectrum = scipy.fft.rfft(heard, n_fft) * scipy.fft.rfft(response, n_fft)
    answer = scipy.fft.irfft(spectrum, n_fft)[: len(audio)] * lifted
    loudness = np.sqrt(np.sum(heard**2) / (np.sum(answer**2) + 1e-20))
    resonant: npt.NDArray[np.float32] = (
        audio + np.float32(10.0 ** (level_db / 20.0) * loudness) * answer
    ).astype(np.float32)
    return resonant
