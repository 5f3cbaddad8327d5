"""Whether an input device delivers as many samples per second as it states."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

STANDARD_RATES = (
    8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000
)  # fmt: skip
TOLERANCE = 0.03  # of a rate: 44.1 and 48 kHz are 0.09 apart; no clock is that inaccurate
_WARM_UP_S = 0.3  # a stream may begin with what has waited for it
_SHORTEST_LOOK_S = 1.0
# This long if the difference is small, as between 44.1 and 48 kHz.
_CLOSE, _CLOSE_LOOK_S = 0.2, 5.0
_LONGEST_LOOK_S = 10.0
_PATIENCE_S = 60.0  # if it is still too uneven to judge by then, give up
_EVEN = 2 * TOLERANCE  # between the halves of the observed time: a burst falls into one of them
# What comes faster or slower than by these is not a device that keeps time.
_SLOWEST, _FASTEST = 0.1, 2.5


@dataclass(frozen=True, slots=True)
class Pace:
    """The measured clock. ``rate`` in Hz, one of ``STANDARD_RATES`` if ``is_certain``."""

    rate: int
    is_certain: bool


class SampleClock:
    """Counts the samples of a stream against the time of their arrival.

    Parameters
    ----------
    sample_rate : int, Hz
        As stated by the device.
    """

    def __init__(self, sample_rate: int) -> None:
        self.pace: Pace | None = None  # if it differs from what the device states
        self.is_settled = False
        self._stated = sample_rate
        self._began: float | None = None
        self._first: float | None = None  # where the count begins
        self._last = 0.0
        self._n_samples = 0
        self._longest_wait = 0.0
        self._seen: list[tuple[float, int]] = []  # times from the beginning, samples by then

    def add(self, n_samples: int, arrival: float, *, gap: bool = False) -> None:
        """A block came at this time, in seconds; ``gap``: samples were lost before it."""
        if self.is_settled:
            return
        if self._began is None:
            self._began = arrival
        if arrival - self._began < _WARM_UP_S:
            return
        if gap or self._first is None:
            self._first = self._last = arrival
            self._n_samples = 0
            self._longest_wait = 0.0
            self._seen = []
            return
        self._n_samples += n_samples
        # Blocks come late, in bursts: by so much the count may be out.
        self._longest_wait = max(self._longest_wait, arrival - self._last)
        self._last = arrival
        self._seen.append((arrival - self._first, self._n_samples))
        self._judge(arrival - self._first)

    def _judge(self, seconds: float) -> None:
        if seconds > _PATIENCE_S:
            self._settle()
            return
        if seconds < _SHORTEST_LOOK_S or self._longest_wait > TOLERANCE * seconds:
            return
        found = self._n_samples / seconds
        share = found / self._stated
        if abs(share - 1.0) < TOLERANCE or not _SLOWEST < share < _FASTEST:
            self._settle()
            return
        if abs(share - 1.0) < _CLOSE and seconds < _CLOSE_LOOK_S:
            return
        middle_s, n_first = self._seen[bisect_left(self._seen, (0.5 * seconds, 0))]
        halves = n_first / middle_s, (self._n_samples - n_first) / max(seconds - middle_s, 1e-9)
        rate = min(STANDARD_RATES, key=lambda rate: abs(rate / found - 1.0))
        is_certain = abs(rate / found - 1.0) < TOLERANCE
        if not is_certain:
            rate = round(found)
        if any(abs(half / rate - 1.0) > _EVEN for half in halves):
            return
        if is_certain or seconds > _LONGEST_LOOK_S:
            self.pace = Pace(rate, is_certain=is_certain)
            self._settle()

    def _settle(self) -> None:
        self.is_settled = True
        self._seen = []
