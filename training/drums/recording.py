"""From dry hits to a recording: overheads and rooms, console, master, codecs."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import scipy.fft
import soxr

from amtstudio.learning.codecs import through_any_codec
from training.drums.bank import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]

_N_ROOMS = 80
_CODEC_RATE = 16000  # Hz


def simulate_room(rng: np.random.Generator) -> Audio:
    """Reflections and tail without the direct sound, of unit energy."""
    rt60 = float(np.exp(rng.uniform(np.log(0.12), np.log(1.8))))
    n_samples = round(min(rt60, 1.2) * SAMPLE_RATE)
    times = np.arange(n_samples) / SAMPLE_RATE
    noise = scipy.fft.rfft(rng.standard_normal(n_samples))
    frequencies = np.fft.rfftfreq(n_samples, 1 / SAMPLE_RATE)
    tail = np.zeros(n_samples)
    edges = (0, 400, 2000, 6000, SAMPLE_RATE)
    for low, high, share in zip(edges, edges[1:], (1.1, 1.0, 0.75, 0.45), strict=False):
        band = scipy.fft.irfft(np.where((frequencies >= low) & (frequencies < high), noise, 0),
                               n_samples)  # fmt: skip
        tail += band * 10.0 ** (-3.0 * times / (rt60 * share * rng.uniform(0.8, 1.2)))
    tail[: round(rng.uniform(0.001, 0.02) * SAMPLE_RATE)] = 0.0
    tail /= np.sqrt(np.sum(tail**2)) + 1e-12
    for _ in range(int(rng.integers(3, 10))):
        delay = int(rng.uniform(0.0008, 0.03) * SAMPLE_RATE)
        tail[delay] += rng.choice([-1, 1]) * rng.uniform(0.05, 0.5)
    response: Audio = (tail / np.sqrt(np.sum(tail**2))).astype(np.float32)
    return response


@dataclass
class Recorder:
    """Rooms, equalisers, compressors and codecs, each drawn again."""

    seed: int = 1
    room_share: float = 0.8
    coded_share: float = 0.06
    _rooms: dict[int, Audio] = field(default_factory=dict)

    def _room(self, rng: np.random.Generator) -> Audio:
        number = int(rng.integers(_N_ROOMS))
        if number not in self._rooms:
            self._rooms[number] = simulate_room(np.random.default_rng([self.seed, number]))
        return self._rooms[number]

    def drums(self, dry: Audio, send: Audio, rng: np.random.Generator) -> Audio:
        """The drum bus: direct sound, room, equaliser, compressor, distortion."""
        n_samples = len(dry)
        if rng.random() < self.room_share:
            response = self._room(rng)
            n_fft = scipy.fft.next_fast_len(n_samples + len(response), real=True)
            wet = scipy.fft.rfft(send, n_fft) * scipy.fft.rfft(response, n_fft)
            ratio_db = rng.uniform(-26.0, 2.0)
            spectrum = scipy.fft.rfft(dry, n_fft) + wet * np.float32(10.0 ** (ratio_db / 20.0))
        else:
            n_fft = scipy.fft.next_fast_len(n_samples, real=True)
            spectrum = scipy.fft.rfft(dry, n_fft)
        spectrum = spectrum * _equaliser(n_fft, rng, spread_db=3.0)
        audio: Audio = scipy.fft.irfft(spectrum, n_fft)[:n_samples].astype(np.float32)
        if rng.random() < 0.4:
            audio = _compressed(audio, rng)
        if rng.random() < 0.25:
            audio = _driven(audio, rng)
        return audio

    def master(self, audio: Audio, rng: np.random.Generator) -> Audio:
        """The whole recording: equaliser, compressor, noise, codec, level."""
        rms = float(np.sqrt(np.mean(audio**2)))
        if rms < 1e-7:
            level = 10.0 ** rng.uniform(-4.5, -3.0)
            hiss: Audio = (rng.standard_normal(len(audio)) * level).astype(np.float32)
            return hiss
        audio = audio / np.float32(rms)
        if rng.random() < 0.5:
            n_fft = scipy.fft.next_fast_len(len(audio), real=True)
            spectrum = scipy.fft.rfft(audio, n_fft) * _equaliser(n_fft, rng, spread_db=2.0)
            audio = scipy.fft.irfft(spectrum, n_fft)[: len(audio)].astype(np.float32)
        if rng.random() < 0.35:
            audio = _compressed(audio, rng)
        if rng.random() < 0.15:  # a loud master, clipped
            audio = _driven(audio, rng)
        if rng.random() < 0.7:
            noise = rng.standard_normal(len(audio), dtype=np.float32)
            if rng.random() < 0.5:  # darker: a mean of neighbours
                noise[1:] = noise[1:] + noise[:-1]
            audio = audio + noise * np.float32(10.0 ** (-rng.uniform(18.0, 70.0) / 20.0))
        if rng.random() < self.coded_share:
            audio = _coded(audio, rng)
        recorded: Audio = audio * np.float32(10.0 ** (rng.uniform(-42.0, -8.0) / 20.0))
        return recorded


@functools.lru_cache(maxsize=8)
def _frequencies(n_fft: int) -> tuple[Audio, Audio]:
    """Hz of each bin, and its octaves above 1 kHz."""
    frequencies = np.maximum(np.fft.rfftfreq(n_fft, 1 / SAMPLE_RATE), 20.0).astype(np.float32)
    return frequencies, np.log2(frequencies / np.float32(1000.0))


def _equaliser(n_fft: int, rng: np.random.Generator, *, spread_db: float) -> Audio:
    frequencies, octaves = _frequencies(n_fft)
    nodes = np.linspace(-5.6, 4.0, 9)
    heights = rng.normal(0.0, spread_db, 9) + rng.uniform(-1.5, 1.5) * nodes
    gain_db = np.interp(octaves, nodes, heights).astype(np.float32)
    gain = np.exp(gain_db * np.float32(np.log(10.0) / 20.0))
    if rng.random() < 0.12:  # small microphones and loudspeakers
        gain /= np.sqrt(1.0 + (np.float32(rng.uniform(50.0, 200.0)) / frequencies) ** 4)
    if rng.random() < 0.2:  # old tapes, streams, 16 kHz files
        gain /= np.sqrt(1.0 + (frequencies / np.float32(rng.uniform(5000.0, 14000.0))) ** 16)
    shape: Audio = gain
    return shape


def _compressed(audio: Audio, rng: np.random.Generator) -> Audio:
    """Loud moments are brought down within milliseconds, and let up again within tenths."""
    hop = 64
    n_hops = -(-len(audio) // hop)
    padded = np.zeros(n_hops * hop, dtype=np.float32)
    padded[: len(audio)] = audio
    power = (padded.reshape(n_hops, hop) ** 2).mean(axis=1)
    release = round(float(np.exp(rng.uniform(np.log(0.02), np.log(0.3)))) * SAMPLE_RATE / hop)
    weights = np.exp(-np.arange(4 * release) / release)
    smooth = np.convolve(power, weights / weights.sum())[:n_hops]
    threshold = float(np.mean(power)) * rng.uniform(0.5, 3.0) + 1e-12
    amount = 0.5 * (1.0 - 1.0 / rng.uniform(1.5, 6.0))
    gain = np.maximum(smooth / threshold, 1.0) ** -amount
    steps = np.interp(np.arange(len(audio)), np.arange(n_hops) * hop + hop / 2, gain)
    return audio * steps.astype(np.float32)


def _driven(audio: Audio, rng: np.random.Generator) -> Audio:
    peak = float(np.abs(audio).max()) + 1e-9
    drive = float(np.exp(rng.uniform(np.log(1.0), np.log(8.0)))) / peak
    driven: Audio = np.tanh(audio * np.float32(drive)) / np.float32(drive)
    return driven


def _coded(audio: Audio, rng: np.random.Generator) -> Audio:
    """Through a lossy codec at 16 kHz: what is above half of that is gone."""
    peak = float(np.abs(audio).max()) + 1e-9
    narrow = soxr.resample(audio / peak * 0.7, SAMPLE_RATE, _CODEC_RATE, quality="MQ")
    coded = through_any_codec(narrow.astype(np.float32), rng)
    wide = soxr.resample(coded, _CODEC_RATE, SAMPLE_RATE, quality="MQ") * (peak / 0.7)
    out = np.zeros_like(audio)
    part = wide[: len(audio)]
    out[: len(part)] = part
    return out
