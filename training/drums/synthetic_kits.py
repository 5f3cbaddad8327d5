"""Drum machines of our own: every kit drawn at random, from membranes, noise and metal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.signal

from training.drums.kits import Take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]

_MEMBRANE = (1.0, 1.59, 2.14, 2.30, 2.65, 2.92)  # partials of an ideal drum head
_STRENGTHS = (0.35, 0.7, 1.0)  # how hard the samples of a take are struck


def synthetic_kits(
    count: int, sample_rate: int, rng: np.random.Generator
) -> Iterator[tuple[Take, list[Audio]]]:
    """Takes of ``count`` random kits, each with a sample for each of three strengths."""
    for number in range(count):
        pitch = float(rng.uniform(0.85, 1.2))  # of the toms of this kit
        for voice, make in _VOICES.items():
            seed = int(rng.integers(2**32))
            sounds = []
            for strength in _STRENGTHS:
                # The same drum each time, but for its noise, which no two strokes share.
                drum = np.random.default_rng(seed)
                sounds.append(make(drum, sample_rate, strength, pitch) * np.float32(strength))
            yield Take(f"synthetic:{number}", voice, f"{number} {voice}", ()), sounds


def _single(sound: npt.NDArray[np.floating]) -> Audio:
    single: Audio = sound.astype(np.float32)
    return single


def _times(seconds: float, sample_rate: int) -> npt.NDArray[np.float64]:
    return np.arange(round(seconds * sample_rate)) / sample_rate


def _swept(
    times: npt.NDArray[np.float64], low: float, high: float, sweep_s: float
) -> npt.NDArray[np.float64]:
    """Phase of a tone that falls from ``high`` to ``low`` Hz."""
    phase: npt.NDArray[np.float64] = (
        2 * np.pi * (low * times + (high - low) * sweep_s * (1 - np.exp(-times / sweep_s)))
    )
    return phase


def _band(
    noise: npt.NDArray[np.float64], low: float, high: float, rate: int
) -> npt.NDArray[np.float64]:
    high = min(high, 0.49 * rate)
    sections = scipy.signal.butter(
        2, [low, max(high, low * 1.2)], "bandpass", fs=rate, output="sos"
    )
    filtered: npt.NDArray[np.float64] = scipy.signal.sosfilt(sections, noise)
    scaled: npt.NDArray[np.float64] = filtered / (np.abs(filtered).max() + 1e-9)
    return scaled


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _kick(rng: np.random.Generator, rate: int, strength: float, _: float) -> Audio:
    times = _times(1.0, rate)
    low = _log_uniform(rng, 38, 75)
    high = low * rng.uniform(1.5, 6.0) * (0.8 + 0.2 * strength)
    body = np.sin(_swept(times, low, high, _log_uniform(rng, 0.01, 0.08)))
    body *= np.exp(-times / _log_uniform(rng, 0.06, 0.45))
    if rng.random() < 0.4:
        body = np.tanh(body * rng.uniform(1.5, 5.0))
    click = _band(rng.standard_normal(len(times)), rng.uniform(800, 3000), 9000, rate)
    click *= np.exp(-times / _log_uniform(rng, 0.001, 0.008))
    return _single(body + click * rng.uniform(0.02, 0.6) * strength)


def _snare(rng: np.random.Generator, rate: int, strength: float, _: float) -> Audio:
    times = _times(0.8, rate)
    tone = np.zeros(len(times))
    fundamental = _log_uniform(rng, 150, 300)
    for partial in _MEMBRANE[:3]:
        decay = _log_uniform(rng, 0.03, 0.15) / partial
        phase = _swept(times, fundamental * partial, fundamental * partial * 1.3, 0.01)
        tone += rng.uniform(0.2, 1.0) * np.sin(phase) * np.exp(-times / decay)
    wires = _band(
        rng.standard_normal(len(times)), rng.uniform(700, 2500), rng.uniform(6e3, 15e3), rate
    )
    wires *= np.exp(-times / _log_uniform(rng, 0.05, 0.2))
    share = rng.uniform(0.25, 0.8)
    return _single((1 - share) * tone / np.abs(tone).max() + share * wires * (0.6 + 0.4 * strength))


def _side_stick(rng: np.random.Generator, rate: int, _: float, __: float) -> Audio:
    times = _times(0.3, rate)
    sound = np.zeros(len(times))
    for frequency in (_log_uniform(rng, 400, 900), _log_uniform(rng, 1200, 2600)):
        sound += (
            rng.uniform(0.4, 1.0)
            * np.sin(2 * np.pi * frequency * times)
            * np.exp(-times / _log_uniform(rng, 0.008, 0.03))
        )
    click = _band(rng.standard_normal(len(times)), 1500, 9000, rate)
    click *= np.exp(-times / _log_uniform(rng, 0.002, 0.012))
    return _single(sound + click * rng.uniform(0.1, 0.8))


def _metal(
    rng: np.random.Generator, rate: int, seconds: float, decay_s: float, lowest: float
) -> npt.NDArray[np.float64]:
    """Inharmonic partials or square waves, with noise, above ``lowest`` Hz."""
    times = _times(seconds, rate)
    sound = np.zeros(len(times))
    if rng.random() < 0.4:  # six oscillators, as in old drum machines
        for _ in range(6):
            frequency = _log_uniform(rng, 200, 900)
            sound += np.sign(np.sin(2 * np.pi * frequency * times + rng.uniform(0, 6.28)))
        sound = sound * np.exp(-times / decay_s)
    else:
        for _ in range(int(rng.integers(20, 60))):
            frequency = _log_uniform(rng, lowest * 0.6, 14000)
            own = decay_s * rng.uniform(0.3, 1.3) * (lowest / frequency) ** 0.15
            tone = np.sin(2 * np.pi * frequency * times + rng.uniform(0, 6.28))
            sound += rng.uniform(0.1, 1.0) * tone * np.exp(-times / own)
    sound /= np.abs(sound).max()
    noise = rng.standard_normal(len(times)) * np.exp(-times / (decay_s * rng.uniform(0.3, 1.0)))
    sound = sound + noise * rng.uniform(0.1, 0.9)
    return _band(sound, lowest, 15500, rate)


def _hihat_closed(rng: np.random.Generator, rate: int, _: float, __: float) -> Audio:
    lowest = _log_uniform(rng, 3000, 8000)
    return _metal(rng, rate, 0.4, _log_uniform(rng, 0.012, 0.05), lowest).astype(np.float32)


def _hihat_open(rng: np.random.Generator, rate: int, _: float, __: float) -> Audio:
    lowest = _log_uniform(rng, 3000, 8000)
    return _metal(rng, rate, 1.6, _log_uniform(rng, 0.15, 0.5), lowest).astype(np.float32)


def _hihat_pedal(rng: np.random.Generator, rate: int, _: float, __: float) -> Audio:
    lowest = _log_uniform(rng, 1500, 5000)
    return _metal(rng, rate, 0.4, _log_uniform(rng, 0.015, 0.06), lowest).astype(np.float32)


def _ride(rng: np.random.Generator, rate: int, strength: float, _: float) -> Audio:
    lowest = _log_uniform(rng, 1500, 5000)
    wash = _metal(rng, rate, 2.5, _log_uniform(rng, 0.4, 1.2), lowest)
    times = _times(2.5, rate)
    ping = np.zeros(len(times))
    for _ in range(5):
        frequency = _log_uniform(rng, 2000, 7000)
        ping += np.sin(2 * np.pi * frequency * times) * np.exp(
            -times / _log_uniform(rng, 0.03, 0.2)
        )
    return _single(wash * rng.uniform(0.15, 0.6) * strength + ping / np.abs(ping).max())


def _ride_bell(rng: np.random.Generator, rate: int, _: float, __: float) -> Audio:
    times = _times(2.0, rate)
    sound = np.zeros(len(times))
    for _ in range(6):
        frequency = _log_uniform(rng, 600, 5000)
        decay = np.exp(-times / _log_uniform(rng, 0.15, 0.9))
        sound += rng.uniform(0.2, 1.0) * np.sin(2 * np.pi * frequency * times) * decay
    wash = _metal(rng, rate, 2.0, 0.5, 2500)
    return _single(sound / np.abs(sound).max() + wash * rng.uniform(0.05, 0.3))


def _crash(rng: np.random.Generator, rate: int, _: float, __: float) -> Audio:
    lowest = _log_uniform(rng, 700, 3000)
    return _metal(rng, rate, 3.5, _log_uniform(rng, 0.4, 1.4), lowest).astype(np.float32)


def _tom(low: float, high: float) -> Callable[[np.random.Generator, int, float, float], Audio]:
    def make(rng: np.random.Generator, rate: int, strength: float, pitch: float) -> Audio:
        times = _times(1.2, rate)
        fundamental = rng.uniform(low, high) * pitch
        drop = rng.uniform(1.02, 1.8)
        sound = np.zeros(len(times))
        for partial in _MEMBRANE[: int(rng.integers(1, 6))]:
            decay = _log_uniform(rng, 0.1, 0.4) / partial
            phase = _swept(times, fundamental * partial, fundamental * partial * drop, 0.04)
            sound += np.sin(phase) * np.exp(-times / decay) / partial
        sound /= np.abs(sound).max()
        attack = _band(rng.standard_normal(len(times)), 300, rng.uniform(2000, 9000), rate)
        attack *= np.exp(-times / _log_uniform(rng, 0.003, 0.03))
        return _single(sound + attack * rng.uniform(0.03, 0.5) * strength)

    return make


_VOICES: dict[str, Callable[[np.random.Generator, int, float, float], Audio]] = {
    "kick": _kick,
    "snare": _snare,
    "side_stick": _side_stick,
    "hihat_closed": _hihat_closed,
    "hihat_pedal": _hihat_pedal,
    "hihat_open": _hihat_open,
    "tom_low": _tom(65, 95),
    "tom_mid": _tom(100, 135),
    "tom_high": _tom(145, 210),
    "ride": _ride,
    "ride_bell": _ride_bell,
    "crash": _crash,
}
