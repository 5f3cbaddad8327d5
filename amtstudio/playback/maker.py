"""Produces the sound: recording, notes and metronome, from a position, at a speed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.playback.feed import Feed
from amtstudio.playback.instrument_set import Instruments
from amtstudio.playback.metronome import Metronome
from amtstudio.playback.original import OriginalAudio
from amtstudio.playback.program import Loop, Program, Track
from amtstudio.playback.synthesizer import Synthesizer
from amtstudio.playback.time_stretch import TimeStretcher
from amtstudio.playback.wanted import Wanted
from amtstudio.symbolic import Note

AHEAD_S = 0.4  # seconds made ahead: what a busy machine may delay the making thread
PREPARED_S = 0.1  # made before a new place or speed is switched to


class FeedMaker:
    """For one thread; ``length`` may be read from any.

    Attributes
    ----------
    length : float
        Seconds of the recording, or of the notes where there is none; 0 before it is known.
    """

    def __init__(self, bank: Instruments, *, sample_rate: int) -> None:
        self.length = 0.0
        self._bank = bank
        self._sample_rate = sample_rate
        self._original: OriginalAudio | None = None

    def open(self, path: Path | None) -> None:
        """Take another recording, or none.

        Raises the errors of ``amtstudio.audio.probe`` if the file cannot be used.
        """
        self.close()
        self.length = 0.0
        if path is not None:
            self._original = OriginalAudio(path, sample_rate=self._sample_rate)
            self._original.find_length()

    def close(self) -> None:
        if self._original is not None:
            self._original.close()
            self._original = None

    def feed(self, wanted: Wanted, place: float, *, follows: Feed | None) -> Feed:
        """The requested sound from ``place`` (seconds), with its beginning already produced."""
        rate = self._sample_rate
        feed = Feed(
            self._program(wanted, place),
            scale=rate / wanted.speed,
            capacity=round(AHEAD_S * rate),
            n_tracks=3,
            follows=follows,
        )
        feed.fill(round(PREPARED_S * rate))
        return feed

    def sound_of(self, note: Note) -> FloatArray:
        """A note at time 0 until it has died away, shape (n_samples,)."""
        one = Synthesizer([note], bank=self._bank, sample_rate=self._sample_rate)
        return one.read(0, one.n_samples)

    def _program(self, wanted: Wanted, place: float) -> Program:
        rate = self._sample_rate
        synthesizer = Synthesizer(
            wanted.notes, wanted.pedals, bank=self._bank, sample_rate=rate, speed=wanted.speed
        )
        metronome = Metronome(wanted.tempo, sample_rate=rate, speed=wanted.speed)
        scale = rate / wanted.speed
        original: Track = _Silence()
        n_samples = synthesizer.n_samples
        if self._original is not None:
            original = TimeStretcher(self._original.read, sample_rate=rate, speed=wanted.speed)
            n_samples = round(self._original.find_length() / wanted.speed)
        self.length = n_samples / scale
        loop = None
        if wanted.loop is not None:
            begin, end = (min(round(at * scale), n_samples) for at in wanted.loop)
            loop = Loop(begin, end) if begin < end else None
        return Program(
            [original, synthesizer, metronome],
            sample_rate=rate,
            position=min(round(place * scale), n_samples),
            n_samples=n_samples,
            loop=loop,
        )


class _Silence:
    def read(self, start: int, n_samples: int) -> FloatArray:  # noqa: ARG002 - everywhere alike
        return np.zeros(n_samples, dtype=np.float32)
