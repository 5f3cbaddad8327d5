"""Sounds that are computed: reeds, random timbres and a singing voice, at any moving pitch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.fft

from amtstudio.learning.instruments.playing import CONTROL_HZ, Gesture
from amtstudio.learning.recording_conditions import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]
    Curve = npt.NDArray[np.float64]

_HOP = SAMPLE_RATE // CONTROL_HZ
_TABLE = 2048
_HIGHEST_HZ = 7600.0
# First formants in Hz of sung vowels: a, e, i, o, u, ae, schwa.
_VOWELS = (
    (800, 1150, 2900, 3900),
    (400, 1900, 2600, 3600),
    (290, 2250, 3000, 3700),
    (450, 800, 2830, 3500),
    (325, 700, 2700, 3500),
    (660, 1720, 2410, 3600),
    (500, 1450, 2500, 3500),
)
_MURMUR = (260, 1000, 2200, 3300)


def _cycles(path: Curve, cents: float = 0.0) -> tuple[Curve, float]:
    """Phase in cycles of each sample, and the highest frequency, of a path of pitches."""
    n_samples = (len(path) - 1) * _HOP
    points = 440.0 * 2.0 ** ((path - 69.0 + cents / 100.0) / 12.0)
    frequency = np.interp(np.arange(n_samples), np.arange(len(path)) * _HOP, points)
    return np.cumsum(frequency) / SAMPLE_RATE, float(points.max())


def _read(table: Audio, cycles: Curve) -> Audio:
    positions = (cycles % 1.0) * _TABLE
    whole = positions.astype(np.int64)
    part = (positions - whole).astype(np.float32)
    value: Audio = table[whole] * (1 - part) + table[whole + 1] * part
    return value


def _table(amplitudes: Curve, highest_hz: float, phases: Curve) -> Audio:
    """One cycle, and its first sample again, of the harmonics below the Nyquist rate; RMS 1."""
    count = int(np.clip(_HIGHEST_HZ / highest_hz, 1, len(amplitudes)))
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex128)
    spectrum[1 : count + 1] = amplitudes[:count] * np.exp(1j * phases[:count])
    cycle = np.fft.irfft(spectrum, _TABLE)
    cycle /= cycle.std() + 1e-12
    return np.append(cycle, cycle[0]).astype(np.float32)


@dataclass(frozen=True)
class Reeds:
    """A timbre of harmonics in one to three voices a few cents apart.

    Attributes
    ----------
    start, held : np.ndarray, shape (n_harmonics,)
        Amplitudes in the attack and later, ``morph_s`` the time constant between them.
    detune_cents : tuple of float
        Of the voices; their mean is 0.
    attack_s, decay_s : float
        ``decay_s`` is the time constant of a sound that dies away; 0: it is held.
    breath : float
        Noise, of the tone's level.
    """

    start: Curve
    held: Curve
    phases: Curve
    morph_s: float
    detune_cents: tuple[float, ...]
    attack_s: float
    decay_s: float
    breath: float

    def sound(
        self, gesture: Gesture, path: Curve, rng: np.random.Generator
    ) -> tuple[Audio, int, int]:
        n_samples = (len(path) - 1) * _HOP
        times = np.arange(n_samples, dtype=np.float32) / np.float32(SAMPLE_RATE)
        audio = np.zeros(n_samples, dtype=np.float32)
        share = np.exp(-times / np.float32(self.morph_s))
        for cents in self.detune_cents:
            cycles, highest = _cycles(path, cents)
            cycles += rng.random()
            held = _read(_table(self.held, highest, self.phases), cycles)
            start = _read(_table(self.start, highest, self.phases), cycles)
            audio += held + share * (start - held)
        audio /= np.float32(np.sqrt(len(self.detune_cents)))
        if self.breath > 0.0:
            audio += rng.standard_normal(n_samples, dtype=np.float32) * np.float32(self.breath)
        lead = round(gesture.before_s * SAMPLE_RATE)
        if not gesture.is_joined:
            n_rise = max(1, round(self.attack_s * SAMPLE_RATE))
            audio[:n_rise] *= np.linspace(0.0, 1.0, len(audio[:n_rise]), dtype=np.float32)
        audible = n_samples
        if self.decay_s > 0.0:
            audio *= np.exp(-times / np.float32(self.decay_s))
            audible = round(4.4 * self.decay_s * SAMPLE_RATE)  # 38 dB
        audio *= np.float32((max(gesture.velocity, 1.0) / 90.0) ** 1.5)
        return audio, lead, min(audible, n_samples - lead)


def random_timbre(rng: np.random.Generator, *, decays: bool | None = None) -> Reeds:
    """A timbre that no instrument has, so that none is learnt by heart."""
    order = np.arange(1.0, 65.0)
    tilt = rng.uniform(0.4, 2.2)
    colour = rng.normal(0.0, rng.uniform(0.2, 1.2), 64)
    held: Curve = (order**-tilt).astype(np.float64) * np.exp(colour)
    if rng.random() < 0.25:
        held[1::2] *= rng.uniform(0.02, 0.5)  # a stopped pipe, a square wave
    start = held * np.exp(rng.normal(0.0, 0.5, 64)) * order ** rng.uniform(-0.2, 0.7)
    n_voices = int(rng.choice([1, 1, 1, 2, 3]))
    spread = rng.uniform(2.0, 14.0)
    dies = rng.random() < 0.35 if decays is None else decays
    return Reeds(
        start, held, rng.uniform(0, 2 * np.pi, 64), rng.uniform(0.02, 0.5),
        tuple(np.linspace(-spread, spread, n_voices)) if n_voices > 1 else (0.0,),
        float(np.exp(rng.uniform(np.log(0.002), np.log(0.08)))),
        float(np.exp(rng.uniform(np.log(0.15), np.log(2.5)))) if dies else 0.0,
        float(rng.choice([0.0, 0.0, rng.uniform(0.005, 0.08)])),
    )  # fmt: skip


def free_reeds(rng: np.random.Generator, *, musette: bool) -> Reeds:
    """A harmonica, or with ``musette`` an accordion, whose reeds beat against each other."""
    order = np.arange(1, 65)
    f_peak = rng.uniform(2.5, 9.0)  # harmonic at which hands and mouth resonate
    held = order ** -rng.uniform(0.5, 1.3) * (
        1 + rng.uniform(0.5, 4.0) * np.exp(-0.5 * ((order - f_peak) / 2.0) ** 2)
    )
    held *= np.exp(rng.normal(0.0, 0.35, 64))
    spread = rng.uniform(4.0, 16.0) if musette else rng.uniform(1.0, 5.0)
    n_voices = int(rng.choice([2, 3])) if musette else int(rng.choice([1, 1, 1, 2]))
    return Reeds(
        held * order**-0.5, held, rng.uniform(0, 2 * np.pi, 64), rng.uniform(0.02, 0.08),
        tuple(np.linspace(-spread, spread, n_voices)) if n_voices > 1 else (0.0,),
        rng.uniform(0.008, 0.05), 0.0, float(rng.uniform(0.003, 0.06)),
    )  # fmt: skip


@dataclass(frozen=True)
class Singer:
    """One person: a glottal wave, a vocal tract, and syllables."""

    tract: float  # length of the formants' scale: 0.85 a large man, 1.2 a child
    tilt: float  # dB an octave that the glottal wave falls off by, beyond 6
    breath: float
    ring_db: float  # of the singer's formant near 3 kHz
    consonants: float  # share of the notes that begin with one
    vowels: tuple[int, ...]

    def sound(
        self, gesture: Gesture, path: Curve, rng: np.random.Generator
    ) -> tuple[Audio, int, int]:
        lead = round(gesture.before_s * SAMPLE_RATE)
        cycles, highest = _cycles(path)
        order = np.arange(1.0, 121.0)
        # Loud singing is brighter.
        slope = 1.0 + (self.tilt - 4.0 * (gesture.velocity / 100.0 - 0.6)) / 6.02
        voiced = _read(_table(order ** -max(slope, 0.3), highest, np.zeros(120)), cycles)
        n_samples = len(voiced)
        noise = rng.standard_normal(n_samples, dtype=np.float32) * np.float32(self.breath)
        source = voiced + noise * (0.6 + 0.4 * voiced)
        first, second = (int(rng.choice(self.vowels)) for _ in range(2))
        sung = self._through(source, _VOWELS[first])
        if rng.random() < 0.35 and n_samples > 3200:
            other = self._through(source, _VOWELS[second])
            turn = np.linspace(-1.5, 2.5, n_samples, dtype=np.float32).clip(0.0, 1.0)
            sung = sung + turn * (other - sung)
        sung /= np.float32(sung.std() + 1e-9)
        if not gesture.is_joined:
            sung, lead = self._with_consonant(sung, source, rng)
        sung *= np.float32((max(gesture.velocity, 1.0) / 90.0) ** 1.2)
        return sung, lead, len(sung) - lead

    def _through(self, source: Audio, formants: tuple[int, ...]) -> Audio:
        n_fft = scipy.fft.next_fast_len(len(source) + 400, real=True)
        f = np.fft.rfftfreq(n_fft, 1 / SAMPLE_RATE)
        gain = np.ones(len(f), dtype=np.complex128)
        for number, formant in enumerate(formants):
            centre = formant * self.tract
            width = 60.0 + 0.03 * centre + 20.0 * number
            gain = gain / (1.0 - (f / centre) ** 2 + 1j * f * width / centre**2)
        gain *= 1.0 + (10 ** (self.ring_db / 20) - 1) * np.exp(-0.5 * ((f - 2900) / 350) ** 2)
        # Lips radiate the highs.
        gain *= 1j * f / 1000.0
        out: Audio = scipy.fft.irfft(scipy.fft.rfft(source, n_fft) * gain, n_fft)[: len(source)]
        return out.astype(np.float32)

    def _with_consonant(
        self, sung: Audio, source: Audio, rng: np.random.Generator
    ) -> tuple[Audio, int]:
        rise = max(1, round(rng.uniform(0.008, 0.06) * SAMPLE_RATE))
        if rng.random() >= self.consonants:
            sung[:rise] *= np.linspace(0.0, 1.0, len(sung[:rise]), dtype=np.float32)
            return sung, 0
        kind = rng.choice(["plosive", "fricative", "murmur", "murmur"])
        if kind == "murmur":  # m, n, l, r: voiced before the vowel opens
            length = min(round(rng.uniform(0.03, 0.11) * SAMPLE_RATE), len(sung) // 2)
            hum = self._through(source[: length + 400], _MURMUR)
            hum *= np.float32(rng.uniform(0.2, 0.6) / (hum.std() + 1e-9))
            opening = np.ones(len(sung), dtype=np.float32)
            fade = round(0.02 * SAMPLE_RATE)
            opening[:length] = 0.0
            opening[length : length + fade] = np.linspace(0, 1, len(sung[length : length + fade]))
            part = len(hum)
            mixed = sung * opening
            mixed[:part] += hum * (1.0 - opening[:part])
            mixed[:200] *= np.linspace(0.0, 1.0, len(mixed[:200]), dtype=np.float32)
            return mixed, 0
        is_fricative = kind == "fricative"
        length = round(rng.uniform(0.05, 0.16) * SAMPLE_RATE)
        if not is_fricative:
            length = round(rng.uniform(0.004, 0.03) * SAMPLE_RATE)
        hiss = np.diff(rng.standard_normal(length + 1).astype(np.float32))
        if rng.random() < 0.4:  # f, h, k rather than s, sh, t
            hiss = np.convolve(hiss, np.ones(4) / 3.0, mode="same").astype(np.float32)
        hiss *= np.hanning(length).astype(np.float32) if is_fricative else np.float32(1.0)
        hiss *= np.float32(rng.uniform(0.05, 0.5))
        rise = min(rise, 320)
        sung[:rise] *= np.linspace(0.0, 1.0, len(sung[:rise]), dtype=np.float32)
        return np.concatenate([hiss, sung]), length


def random_singer(rng: np.random.Generator) -> Singer:
    n_vowels = int(rng.choice([1, 3, 5, 7]))
    return Singer(
        tract=float(rng.uniform(0.85, 1.22)),
        tilt=float(rng.uniform(-1.0, 7.0)),
        breath=float(np.exp(rng.uniform(np.log(0.01), np.log(0.4)))),
        ring_db=float(rng.choice([0.0, rng.uniform(0.0, 14.0)])),
        consonants=float(rng.choice([0.0, 0.6, 0.9])),
        vowels=tuple(int(v) for v in rng.choice(len(_VOWELS), n_vowels, replace=False)),
    )
