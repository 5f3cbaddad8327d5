"""From the sound of a piano to a recording of it: equaliser, noise, compression, level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.fft

from amtstudio.features.dereverberation import CLIP_EVERY, dereverberate

if TYPE_CHECKING:
    import numpy.typing as npt

SAMPLE_RATE = 16000  # Hz
_DEREVERBERATED_SHARE = 0.75


def filter_sound(
    audio: npt.NDArray[np.float32],
    response: npt.NDArray[np.float32] | None,
    rng: np.random.Generator,
    sample_rate: int = SAMPLE_RATE,
) -> npt.NDArray[np.float32]:
    """Put the sound into a room (impulse response, or None) and through a random equaliser.

    Both are products in the frequency domain and share one transform.
    """
    n_samples = len(audio)
    n_fft = scipy.fft.next_fast_len(
        n_samples + (0 if response is None else len(response)), real=True
    )
    spectrum = scipy.fft.rfft(audio, n_fft)
    if response is not None:
        spectrum = spectrum * scipy.fft.rfft(response, n_fft)
    frequencies = np.fft.rfftfreq(n_fft, 1 / sample_rate)
    spectrum = spectrum * draw_equaliser(frequencies, rng)
    filtered: npt.NDArray[np.float32] = scipy.fft.irfft(spectrum, n_fft)[:n_samples]
    return filtered.astype(np.float32)


def draw_equaliser(
    frequencies: npt.NDArray[np.floating], rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Gain of each frequency: a tilt, random bends, and at times the limits of a cheap device."""
    octaves = np.log2(np.maximum(frequencies, 20.0) / 1000.0)
    nodes = np.linspace(-5.7, 3.0, 7)
    gain_db = np.interp(octaves, nodes, rng.normal(0.0, 3.0, 7)) + rng.uniform(-2.0, 2.0) * octaves
    gain = 10.0 ** (gain_db / 20.0)
    if rng.random() < 0.15:  # the lowest notes of a small microphone
        corner = rng.uniform(60.0, 250.0)
        gain *= 1.0 / np.sqrt(1.0 + (corner / np.maximum(frequencies, 1.0)) ** 4)
    if rng.random() < 0.15:  # the top of a telephone or a lossy codec
        corner = rng.uniform(2500.0, 7000.0)
        gain *= 1.0 / np.sqrt(1.0 + (frequencies / corner) ** 16)
    single: npt.NDArray[np.float32] = gain.astype(np.float32)
    return single


def record(audio: npt.NDArray[np.float32], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Add noise and hum, compress or clip now and then, and set a level of -40 to -12 dBFS."""
    rms = float(np.sqrt(np.mean(audio**2)))
    if rms < 1e-7:
        return (rng.standard_normal(len(audio)) * 10 ** rng.uniform(-4.5, -3)).astype(np.float32)
    audio = audio / np.float32(rms)
    if rng.random() < 0.15:
        audio = _compress(audio, rng)
    audio = audio + _noise(len(audio), rng) * np.float32(10 ** (-rng.uniform(10.0, 65.0) / 20.0))
    if rng.random() < 0.15:
        hum = 50.0 if rng.random() < 0.5 else 60.0
        times = np.arange(len(audio)) / SAMPLE_RATE
        amplitude = 10 ** (-rng.uniform(25.0, 50.0) / 20.0)
        for harmonic in (1, 2, 3):
            angle = 2 * np.pi * hum * harmonic * times + rng.uniform(0, 2 * np.pi)
            audio = audio + (amplitude / harmonic * np.sin(angle)).astype(np.float32)
    if rng.random() < 0.08:
        ceiling = rng.uniform(2.0, 5.0)  # times the RMS level
        audio = np.clip(audio, -ceiling, ceiling)
    return (audio * 10 ** (rng.uniform(-40.0, -12.0) / 20.0)).astype(np.float32)


def _compress(audio: npt.NDArray[np.float32], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Automatic gain of a telephone: loud passages are brought down within tenths of a second."""
    hop = 160
    n_hops = -(-len(audio) // hop)
    padded = np.zeros(n_hops * hop, dtype=np.float32)
    padded[: len(audio)] = audio
    power = (padded.reshape(n_hops, hop) ** 2).mean(axis=1)
    width = int(rng.integers(10, 60))
    smooth = np.convolve(power, np.ones(width) / width, mode="full")[:n_hops]
    gain = (smooth + 0.05) ** (-0.5 * rng.uniform(0.2, 0.6))
    return audio * np.repeat(gain, hop)[: len(audio)].astype(np.float32)


def _noise(n_samples: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Noise of RMS 1 between white and brown."""
    exponent = rng.uniform(0.0, 1.0)
    if exponent < 0.3:
        return rng.standard_normal(n_samples, dtype=np.float32)
    n_fft = scipy.fft.next_fast_len(n_samples, real=True)
    half = n_fft // 2 + 1
    spectrum = rng.standard_normal(half, dtype=np.float32) + 1j * rng.standard_normal(
        half, dtype=np.float32
    )
    spectrum *= np.maximum(np.arange(half), 20.0).astype(np.float32) ** np.float32(-exponent)
    noise = scipy.fft.irfft(spectrum, n_fft)[:n_samples]
    scaled: npt.NDArray[np.float32] = (noise / (noise.std() + 1e-9)).astype(np.float32)
    return scaled


def heard_as_files_are(
    audio: npt.NDArray[np.float32], rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Removes late echo from most clips, as from whole recordings; live audio keeps it."""
    if rng.random() < _DEREVERBERATED_SHARE:
        return dereverberate(audio, every=CLIP_EVERY)
    return audio
