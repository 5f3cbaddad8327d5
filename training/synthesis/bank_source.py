"""A source that plays recorded notes, at a rate that moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amtstudio.learning.instruments.playing import CONTROL_HZ, Gesture
from training.synthesis.piano_bank import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    from training.synthesis.instrument_bank import InstrumentBank

    Audio = npt.NDArray[np.float32]
    Curve = npt.NDArray[np.float64]

_CONTROL_HOP = SAMPLE_RATE // CONTROL_HZ
# Into a held note, where a joined one is taken from: a bow takes longer to speak.
_HELD_START_S = {"bowed": 0.3}
_HELD_START_OTHERS_S = 0.12


@dataclass(frozen=True)
class BankSource:
    """Plays the nearest recorded note at a rate that moves."""

    bank: InstrumentBank

    def sound(
        self, gesture: Gesture, path: Curve, rng: np.random.Generator
    ) -> tuple[Audio, int, int]:
        row = self.bank.nearest(gesture.pitch, gesture.velocity, rng)
        recorded = self.bank.audio(row)
        attack = row[2]
        lead = round(gesture.before_s * SAMPLE_RATE)
        if gesture.is_joined:
            held_s = _HELD_START_S.get(self.bank.manner, _HELD_START_OTHERS_S)
            begin = min(attack + held_s * SAMPLE_RATE, 0.3 * len(recorded))
            positions = begin + _phase(path - row[4])
        else:
            # The attack falls on the onset whatever the rate; what lies before it comes along.
            rate = 2.0 ** ((path[0] - row[4]) / 12.0)
            lead = int(attack / rate)
            positions = attack - lead * rate + _phase(path - row[4], lead=lead)
        n_samples = int(np.searchsorted(positions, len(recorded) - 3.0))
        audio = _interpolate(recorded, positions[:n_samples])
        # Louder and softer layers keep their colour; how loud a note is its velocity tells.
        audio *= np.float32(_loudness(gesture.velocity) / row[7])
        audible = int(np.searchsorted(positions[:n_samples], attack + row[3])) - lead
        return audio, lead, max(audible, 0)


def _loudness(velocity: float) -> float:
    """Linear gain: 30 dB for a decade of velocity."""
    return float((max(velocity, 1.0) / 90.0) ** 1.5)


def _phase(shift: Curve, *, lead: int = 0) -> Curve:
    """Positions in a recording, in samples, for a shift of the pitch by control point.

    The first value holds for ``lead`` samples before the first point.
    """
    rate = 2.0 ** (shift / 12.0)
    n_samples = (len(rate) - 1) * _CONTROL_HOP + lead
    if np.ptp(rate) < 1e-7:
        steady: Curve = np.arange(n_samples) * rate[0]
        return steady
    steps = np.interp(
        np.arange(n_samples) - lead, np.arange(len(rate)) * _CONTROL_HOP, rate
    )  # samples a sample
    positions = np.empty(n_samples)
    positions[0] = 0.0
    np.cumsum(steps[:-1], out=positions[1:])
    return positions


def _interpolate(samples: Audio, positions: Curve) -> Audio:
    """Cubic (Catmull-Rom) between the samples."""
    whole = positions.astype(np.int64)
    part = (positions - whole).astype(np.float32)
    whole = np.clip(whole, 1, len(samples) - 3)
    if len(part) == 0 or (part[0] == 0.0 and not part.any()):
        return samples[whole].copy()
    a, b = samples[whole - 1], samples[whole]
    c, d = samples[whole + 1], samples[whole + 2]
    out: Audio = b + 0.5 * part * (
        (c - a) + part * (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a))
    )
    return out
