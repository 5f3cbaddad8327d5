"""Noises of a guitarist's hands: picks, thumps, taps, damped strums, squeaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.signal

from training.drums.bank import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]
    Times = npt.NDArray[np.float64]

_STRUM_S = 0.05  # notes nearer than this are one stroke
_VARIANTS = 8  # of each noise in a piece: strokes differ, and are as costly to make as notes


@dataclass(frozen=True)
class Body:
    """A guitar's body, struck: damped resonances and the knock of what strikes it."""

    hertz: Times
    decay_s: Times
    level: Times

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Body:
        """Of the air inside, of the top, and of some more."""
        count = int(rng.integers(2, 7))
        more = np.exp(rng.uniform(np.log(220.0), np.log(1600.0), count))
        hertz = np.concatenate([[rng.uniform(80, 135), rng.uniform(150, 260)], np.sort(more)])
        decay = rng.uniform(0.02, 0.14) * (hertz / 100.0) ** -rng.uniform(0.3, 0.9)
        level = (hertz / 100.0) ** -rng.uniform(0.2, 1.2) * np.exp(rng.normal(0.0, 0.5, count + 2))
        return cls(hertz, decay, level)

    def strike(self, rng: np.random.Generator, *, hardness: float) -> Audio:
        """A stroke, peak 1: by a palm (``hardness`` 0) to a nail or a ring (1)."""
        length = round(0.35 * SAMPLE_RATE)
        times = np.arange(length) / SAMPLE_RATE
        sound = np.zeros(length)
        # Where it is struck decides which of its resonances answer.
        answers = self.level * np.exp(rng.normal(0.0, 0.5, len(self.level)))
        for hertz, decay, level in zip(self.hertz, self.decay_s, answers, strict=True):
            phase = rng.uniform(0.0, 2.0 * np.pi)
            sound += level * np.sin(2.0 * np.pi * hertz * times + phase) * np.exp(-times / decay)
        knock_s = 0.012 * (1.0 - 0.85 * hardness)
        knock = rng.standard_normal(length) * np.exp(-times / knock_s)
        sections = scipy.signal.butter(
            2, 600.0 * 14.0**hardness, "lowpass", fs=SAMPLE_RATE, output="sos"
        )
        knock = scipy.signal.sosfilt(sections, knock)
        sound = sound / (np.abs(sound).max() + 1e-9)
        sound = sound + rng.uniform(0.1, 0.8) * knock / (np.abs(knock).max() + 1e-9)
        return peak_1(sound)


def pick_noise(rng: np.random.Generator) -> Audio:
    """The scrape of a pick or a nail before a string is released, peak 1."""
    length = round(rng.uniform(0.004, 0.03) * SAMPLE_RATE)
    sections = scipy.signal.butter(
        2, rng.uniform(900, 5000), "highpass", fs=SAMPLE_RATE, output="sos"
    )
    noise = scipy.signal.sosfilt(sections, rng.standard_normal(length))
    return peak_1(noise * np.linspace(1.0, 0.0, length) ** rng.uniform(1.0, 3.0))


def muted_stroke(rng: np.random.Generator) -> Audio:
    """A strum over strings that a hand damps, peak 1: a chuck."""
    length = round(0.25 * SAMPLE_RATE)
    times = np.arange(length) / SAMPLE_RATE
    sound = np.zeros(length)
    brightness, damping = rng.uniform(0.4, 1.4), rng.uniform(0.008, 0.05)
    low = 80.0 * 2.0 ** (rng.uniform(0, 7) / 12.0)
    for string in range(int(rng.integers(2, 7))):
        start = round(string * rng.uniform(0.0005, 0.007) * SAMPLE_RATE)
        fundamental = low * 2.0 ** (5.0 * string / 12.0) * rng.uniform(0.97, 1.03)
        order = np.arange(1, 25)
        order = order[order * fundamental < 0.4 * SAMPLE_RATE]
        level = order**-brightness * np.exp(rng.normal(0.0, 0.4, len(order)))
        waves = np.sin(2 * np.pi * fundamental * order[:, None] * times + order[:, None])
        fading = np.exp(-times * (1.0 + 0.15 * order[:, None]) / damping)
        string_sound = level @ (waves * fading)
        sound[start:] += string_sound[: length - start]
    edges = [rng.uniform(300, 1500), rng.uniform(3000, 9000)]
    sections = scipy.signal.butter(1, edges, "bandpass", fs=SAMPLE_RATE, output="sos")
    scratch = scipy.signal.sosfilt(sections, rng.standard_normal(length))
    scratch *= np.exp(-times / rng.uniform(0.006, 0.03))
    sound = sound / (np.abs(sound).max() + 1e-9)
    return peak_1(sound + rng.uniform(0.1, 1.0) * scratch / (np.abs(scratch).max() + 1e-9))


def string_squeak(rng: np.random.Generator) -> Audio:
    """A finger that slides along a wound string, peak 1."""
    length = round(rng.uniform(0.05, 0.3) * SAMPLE_RATE)
    ends = np.exp(rng.uniform(np.log(600.0), np.log(3500.0), 2))
    unsteady = 1.0 + 0.0004 * np.cumsum(rng.standard_normal(length))
    hertz = np.geomspace(ends[0], ends[1], length) * unsteady
    turns = np.cumsum(hertz) / SAMPLE_RATE
    tone = sum(np.sin(2 * np.pi * order * turns) / order for order in (1, 2, 3))
    sections = scipy.signal.butter(1, [900, 7000], "bandpass", fs=SAMPLE_RATE, output="sos")
    noise = scipy.signal.sosfilt(sections, rng.standard_normal(length))
    shape = np.hanning(length) ** rng.uniform(0.5, 1.5)
    return peak_1((rng.uniform(0.0, 0.6) * tone + noise / (noise.std() + 1e-9)) * shape)


def peak_1(sound: npt.NDArray[np.floating]) -> Audio:
    """Scaled; silence stays silent."""
    scaled: Audio = (sound / (np.abs(sound).max() + 1e-9)).astype(np.float32)
    return scaled


def strokes_of(onsets: Times) -> Times:
    """The first of the notes of each stroke; ``onsets`` in seconds, sorted."""
    return onsets[np.diff(onsets, prepend=-1.0) > _STRUM_S]


@dataclass(frozen=True)
class _Layer:
    """Sounds that are added up at times of their own; ``audio`` at 32 kHz."""

    audio: Audio
    rng: np.random.Generator

    def add(self, time: float, sound: Audio, gain_db: float) -> None:
        """Add a sound of peak 1, at a level near ``gain_db``."""
        first = max(round(time * SAMPLE_RATE), 0)
        part = sound[: max(len(self.audio) - first, 0)]
        gain = 10.0 ** ((gain_db + self.rng.normal(0.0, 3.0)) / 20.0)
        self.audio[first : first + len(part)] += part * np.float32(gain)

    def several(self, make: Callable[[], Audio]) -> Callable[[], Audio]:
        """Some variants of a sound, one at random each time."""
        made = [make() for _ in range(_VARIANTS)]
        return lambda: made[int(self.rng.integers(_VARIANTS))]


def hand_noises(strokes: Times, n_samples: int, rng: np.random.Generator) -> Audio:
    """The noises of a player's hands for a piece whose notes have peak 1.

    Parameters
    ----------
    strokes : np.ndarray
        Seconds at which strings are struck, sorted.
    n_samples : int
        At 32 kHz.
    rng : np.random.Generator

    Returns
    -------
    np.ndarray, float32, shape (n_samples,)
    """
    layer = _Layer(np.zeros(n_samples, dtype=np.float32), rng)
    body = Body.draw(rng)
    hardness = rng.uniform(0.0, 1.0)
    _with_strokes(layer, strokes, body, hardness)
    if rng.random() < 0.5:
        _between(layer, strokes, lambda: body.strike(rng, hardness=hardness))
    if rng.random() < 0.5:
        _between(layer, strokes, lambda: muted_stroke(rng))
    if rng.random() < 0.6:
        seconds, level_db = n_samples / SAMPLE_RATE, rng.uniform(-34.0, -12.0)
        for time in rng.uniform(0.0, seconds, int(rng.poisson(rng.uniform(0.1, 0.8) * seconds))):
            layer.add(float(time), string_squeak(rng), level_db)
    return layer.audio


def _with_strokes(layer: _Layer, strokes: Times, body: Body, hardness: float) -> None:
    """The body answers strums, and picks scrape before the string sounds."""
    rng = layer.rng
    thump = layer.several(lambda: body.strike(rng, hardness=0.3 * hardness))
    scrape = layer.several(lambda: pick_noise(rng))
    body_db, pick_db = rng.uniform(-28.0, -4.0), rng.uniform(-36.0, -10.0)
    share = rng.choice([0.3, 1.0])
    for time in strokes:
        if rng.random() < share:
            layer.add(time, thump(), body_db)
        layer.add(time - rng.uniform(0.0, 0.006), scrape(), pick_db)


def _between(layer: _Layer, strokes: Times, make: Callable[[], Audio]) -> None:
    """Taps and chucks are part of the rhythm: between two strokes, or with them."""
    rng = layer.rng
    step = float(np.median(np.diff(strokes))) if len(strokes) > 2 else 0.4
    step = float(np.clip(step, 0.12, 0.8)) * float(rng.choice([0.5, 1.0, 1.0, 2.0]))
    first = float(strokes[0]) if len(strokes) else 0.0
    sound, rate, level_db = layer.several(make), rng.uniform(0.05, 0.8), rng.uniform(-22.0, 0.0)
    for time in np.arange(first % step, len(layer.audio) / SAMPLE_RATE, step):
        if rng.random() < rate:
            layer.add(time + rng.normal(0.0, 0.008), sound(), level_db)
