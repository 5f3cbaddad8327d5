"""Parts of a sampled sound: as it was recorded, round its loop, along a bend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.audio import FloatArray
from amtstudio.playback.sample_bank import Int16Array, Sound
from amtstudio.symbolic.notes import Bend

_STEP_S = 0.005  # between the places at which a bend is followed exactly


def straight(sound: Sound, begin: int, end: int) -> Int16Array:
    """Samples ``begin`` to ``end`` of a sound, full scale 32768; fewer where it has died away."""
    n_samples = len(sound.samples)
    if sound.loop is None or end <= n_samples:
        return sound.samples[begin : max(end, begin)]
    return sound.samples[_around(np.arange(begin, end), sound.loop, n_samples)]


@dataclass(frozen=True, slots=True)
class Warp:
    """Read positions of a bent sound at ``time`` (samples after its first), piecewise linear."""

    time: npt.NDArray[np.float64]
    place: npt.NDArray[np.float64]
    last_rate: float  # samples of the sound in a sample, after the last line

    @classmethod
    def of(cls, bend: Bend, *, scale: float, length: int, lead: int) -> Warp:
        """The way through a sound that sounds ``cents`` higher at each point of a bend.

        Parameters
        ----------
        bend : Bend
            Not empty; seconds after the attack, and cents.
        scale : float
            Samples in a second of the music.
        length : int
            Samples from the attack to where the note is silent.
        lead : int
            Samples before the attack.
        """
        points = np.array(bend, dtype=np.float64)
        at, cents = points[:, 0] * scale, points[:, 1]
        step = _STEP_S * scale
        if np.ptp(cents) == 0.0 or len(at) == 1:
            time = np.array([0.0, float(lead)])
        else:
            last = min(float(at[-1]), float(length))
            time = np.concatenate(([0.0], lead + np.arange(0.0, last + step, step)))
        rate = 2.0 ** (np.interp(time - lead, at, cents) / 1200.0)
        rate[0] = 1.0  # up to the attack, so that it stays where it is
        # The mean rate of a line; the one before the attack is straight.
        means = (rate[1:] + rate[:-1]) / 2.0
        means[:1] = 1.0
        place = np.concatenate(([0.0], np.cumsum(np.diff(time) * means)))
        return cls(time, place, float(rate[-1]))

    def places(self, begin: int, end: int) -> npt.NDArray[np.float64]:
        """The read position at samples ``begin`` to ``end``, shape (end - begin,)."""
        time = np.arange(begin, end, dtype=np.float64)
        beyond = np.maximum(time - self.time[-1], 0.0) * self.last_rate
        places: npt.NDArray[np.float64] = np.interp(time, self.time, self.place) + beyond
        return places


def bent(sound: Sound, warp: Warp, begin: int, end: int) -> FloatArray:
    """As ``straight``, along a bend; between two samples there is a straight line."""
    if end <= begin:
        return np.zeros(0, dtype=np.float32)
    places = warp.places(begin, end)
    n_samples = len(sound.samples)
    if sound.loop is None:
        places = places[: int(np.searchsorted(places, n_samples - 1))]
    lower = places.astype(np.int64)
    share = (places - lower).astype(np.float32)
    upper = lower + 1
    if sound.loop is not None:
        lower = _around(lower, sound.loop, n_samples)
        upper = _around(upper, sound.loop, n_samples)
    below = sound.samples[lower].astype(np.float32)
    above = sound.samples[upper].astype(np.float32)
    wave: FloatArray = below + (above - below) * share
    return wave


def _around(places: npt.NDArray[np.int64], loop: int, n_samples: int) -> npt.NDArray[np.int64]:
    """Positions in a sound that continues at ``loop`` where it ends."""
    beyond = places - n_samples
    return np.where(beyond < 0, places, loop + beyond % (n_samples - loop))
