"""Audio made ahead by one thread and taken by another, which never waits for it."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.playback.program import Marks, Program

CHUNK = 2048  # samples read at a time: a seek waits for one of these at most


class Feed:
    """A ring buffer that one thread fills from a program and another one empties.

    No lock: ``n_written`` is changed only by the filling thread and only after the samples are
    written, ``n_taken`` only by the emptying thread.

    Parameters
    ----------
    program : Program
    scale : float
        Samples of the program's timeline in a second of the recording.
    capacity : int, samples
    n_tracks : int
    follows : Feed, optional
        The feed that this one is to take over from without a jump: what that one plays until then
        is passed over here.
    """

    def __init__(
        self,
        program: Program,
        *,
        scale: float,
        capacity: int,
        n_tracks: int,
        follows: Feed | None = None,
    ) -> None:
        self._program = program
        self._ring = np.zeros((capacity, n_tracks), dtype=np.float32)
        self._marks: Marks = [(0, program.position)]  # sample of the feed -> of the timeline
        self.n_written = 0
        self.n_taken = 0
        self.n_passed_over = 0  # taken by nobody
        self.has_ended = program.has_ended  # nothing will be written any more
        self._follows = follows  # until it was done
        self.scale = scale
        self._followed_at = 0 if follows is None else follows.n_taken

    @property
    def n_waiting(self) -> int:
        return self.n_written - self.n_taken

    @property
    def is_finished(self) -> bool:
        return self.has_ended and self.n_waiting == 0

    def has_room(self, n_samples: int) -> bool:
        return not self.has_ended and len(self._ring) - self.n_waiting >= n_samples

    def fill(self, n_samples: int | None = None) -> bool:
        """Write up to ``n_samples``, by default one whole chunk; whether there was room."""
        room = len(self._ring) - self.n_waiting
        if n_samples is None and room < CHUNK:
            return False
        wanted = min(CHUNK if n_samples is None else n_samples, room)
        if wanted <= 0 or self.has_ended:
            return False
        block, marks = self._program.read(wanted)
        self._note(marks)
        place = self.n_written % len(self._ring)
        n_first = min(len(block), len(self._ring) - place)
        self._ring[place : place + n_first] = block[:n_first]
        self._ring[: len(block) - n_first] = block[n_first:]
        self.n_written += len(block)
        self.has_ended = self._program.has_ended
        return True

    def take(self, n_samples: int) -> FloatArray:
        """The next samples, shape (n, n_tracks); fewer where the filling thread is late."""
        n_taken = min(n_samples, self.n_waiting)
        place = self.n_taken % len(self._ring)
        n_first = min(n_taken, len(self._ring) - place)
        out = np.empty((n_taken, self._ring.shape[1]), dtype=np.float32)
        out[:n_first] = self._ring[place : place + n_first]
        out[n_first:] = self._ring[: n_taken - n_first]
        self.n_taken += n_taken
        return out

    def catch_up(self) -> None:
        """Pass over what the feed before this one has played meanwhile."""
        follows = self._follows
        if follows is not None:
            n_played = follows.n_taken - self._followed_at
            self.n_passed_over = min(round(n_played * self.scale / follows.scale), self.n_waiting)
            self.n_taken += self.n_passed_over
            self._follows = None

    @property
    def is_following(self) -> bool:
        return self._follows is not None

    def seconds_at(self, n_taken: int) -> float:
        """The place in the recording of the ``n_taken``-th sample of this feed."""
        return self._timeline_at(n_taken) / self.scale

    def _timeline_at(self, n_taken: int) -> int:
        marks = self._marks
        place = max(bisect_right(marks, n_taken, key=lambda mark: mark[0]) - 1, 0)
        since, sample = marks[place]
        return sample + max(n_taken - since, 0)

    def _note(self, marks: Marks) -> None:
        noted = list(self._marks)
        for offset, sample in marks:
            since, begun = noted[-1]
            if begun + self.n_written + offset - since != sample:
                noted.append((self.n_written + offset, sample))
        # What was played one ring ago is no longer needed. A new list, as another thread reads it.
        oldest = self.n_taken - len(self._ring)
        first = max(bisect_right(noted, oldest, key=lambda mark: mark[0]) - 1, 0)
        self._marks = noted[first:]
