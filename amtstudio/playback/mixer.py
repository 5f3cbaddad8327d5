"""The sound device's callback for every block: mixes what was prepared, and never waits."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.playback.feed import Feed

RAMP = 256  # samples, some 5 ms: over which anything is switched on, off or over


def crossfade_gains(balance: float) -> tuple[float, float]:
    """Gains of recording and notes, whose powers add up to one.

    ``balance`` is 0 for the recording alone, 1 for the notes alone.
    """
    if balance <= 0.0:
        return 1.0, 0.0
    if balance >= 1.0:
        return 0.0, 1.0
    return math.cos(balance * math.pi / 2), math.sin(balance * math.pi / 2)


@dataclass(frozen=True, slots=True)
class Clock:
    """The latest block pulled: its owner, its position, and the time."""

    feed: Feed | None
    begin: int  # samples of the feed
    n_samples: int
    pulled_at: float  # time.monotonic()


class Mixer:
    """The end of the chain, called on the thread of the sound device.

    Other threads set ``is_open``, ``gains`` and ``waiting_feed`` and append to ``one_shots``; each
    of these is one assignment, which Python carries out whole.
    """

    def __init__(self) -> None:
        self.feed: Feed | None = None
        self.waiting_feed: Feed | None = None  # takes the place of ``feed`` at the next block
        self.is_open = False
        self.gains = np.zeros(1, dtype=np.float32)  # of each track, or of all alike
        self.one_shots: deque[tuple[FloatArray, int]] = deque()  # a sound, and how far it has come
        self.n_late = 0  # samples that were not there in time
        self.clock = Clock(None, 0, 0, 0.0)
        self._was_open = False
        self._gains_now = np.zeros(1, dtype=np.float32)

    def rest(self) -> None:
        """No output pulls samples any more: discard what was started."""
        self.is_open = self._was_open = False
        self.one_shots.clear()
        if self.waiting_feed is not None:
            self.waiting_feed.catch_up()
            self.feed, self.waiting_feed = self.waiting_feed, None

    def pull(self, out: FloatArray) -> None:
        """Fill ``out``, shape (n,), with the next samples."""
        n_samples = len(out)
        out[:] = self._switched(n_samples)
        self._add_one_shots(out)
        np.clip(out, -1.0, 1.0, out=out)

    def _switched(self, n_samples: int) -> FloatArray:
        """The feed's sound, faded where it starts, stops or gives way to another feed."""
        is_open = self.is_open
        feed, waiting = self.feed, self.waiting_feed
        fade = _ramp(n_samples)
        out = np.zeros(n_samples, dtype=np.float32)
        if waiting is not None:
            if self._was_open and feed is not None:
                waiting.catch_up()
                out += self._mixed(feed, n_samples) * (1.0 - fade)
            self.feed = feed = waiting
            self.waiting_feed = None
            self._was_open = False
        begin = 0 if feed is None else feed.n_taken
        if feed is not None and (is_open or self._was_open):
            sound = self._mixed(feed, n_samples)
            if not self._was_open:
                sound *= fade
            elif not is_open:
                sound *= fade[::-1]
            out += sound
        self._was_open = is_open
        n_taken = 0 if feed is None else feed.n_taken - begin
        self.clock = Clock(feed, begin, n_taken, time.monotonic())
        return out

    def _mixed(self, feed: Feed, n_samples: int) -> FloatArray:
        out = np.zeros(n_samples, dtype=np.float32)
        tracks = feed.take(n_samples)
        # Volume and balance change gradually over a block: a step would be audible as a click.
        glide = np.linspace(0.0, 1.0, n_samples, dtype=np.float32)[: len(tracks), np.newaxis]
        gains = self._gains_now + (self.gains - self._gains_now) * glide
        out[: len(tracks)] = (tracks * gains).sum(axis=1)
        self._gains_now = self.gains
        if not feed.has_ended:
            self.n_late += n_samples - len(tracks)
        return out

    def _add_one_shots(self, out: FloatArray) -> None:
        for _ in range(len(self.one_shots)):
            sound, done = self.one_shots.popleft()
            part = sound[done : done + len(out)]
            out[: len(part)] += part
            if done + len(part) < len(sound):
                self.one_shots.append((sound, done + len(part)))


def _ramp(n_samples: int) -> FloatArray:
    """From 0 to 1 over the first samples of a block, then 1; reversed, it ends with the fall."""
    ramp = np.ones(n_samples, dtype=np.float32)
    n_ramp = min(RAMP, n_samples)
    ramp[:n_ramp] = np.sin(np.linspace(0.0, math.pi / 2, n_ramp)) ** 2
    return ramp
