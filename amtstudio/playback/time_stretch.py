"""Slower at the same pitch: a phase vocoder that reads its input wherever it needs to.

Our own, because no library that is offered as a wheel for Linux, macOS and Windows under a
permissive licence can stretch a stream: what there is either wants the whole recording at once or
starts anew, with a click, in every block.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from amtstudio.audio import FloatArray

ComplexArray: TypeAlias = NDArray[np.complex64]
# (start, n_samples) -> the samples from there on, zeros outside the recording
ReadAudio: TypeAlias = Callable[[int, int], FloatArray]

WINDOW_S = 0.046  # seconds: long enough for the partials of all but the lowest octave to part
OVERLAP = 4
FLOOR = 1e-9
# A frame whose magnitudes rose this much, all of them taken together, holds a new attack.
ATTACK_RISE = 0.35
LEAST_ATTACK = 1e-3  # of full scale, RMS of a window; below it the rise is that of noise


class TimeStretcher:
    """Reads audio slowed down.

    Sample ``o`` of the output is what the input holds at sample ``o * speed``. Each frame compares
    the input there with the input one output hop earlier, so the phase advance is measured, not
    guessed. Between peaks of the spectrum phases stay locked to the peak (Laroche & Dolson, "New
    phase-vocoder techniques", WASPAA 1999), and at an attack they are taken from the input anew,
    which keeps the attack sharp (Röbel, "A new approach to transient processing", DAFx 2003; here
    over the whole spectrum at once).

    Parameters
    ----------
    read : callable
        The input.
    sample_rate : int, Hz
    speed : float
        0.25 to 1. At 1 the input is passed on untouched.
    """

    def __init__(self, read: ReadAudio, *, sample_rate: int, speed: float) -> None:
        if not 0.25 <= speed <= 1.0:
            raise ValueError(f"speed must be 0.25 to 1, got {speed}")
        self._read_input = read
        self._speed = speed
        self._n_fft = 2 ** round(np.log2(WINDOW_S * sample_rate))
        self._hop = self._n_fft // OVERLAP
        ramp = np.arange(self._n_fft) / self._n_fft
        self._window = (0.5 - 0.5 * np.cos(2 * np.pi * ramp)).astype(np.float32)
        # Four overlapping squares of a periodic Hann window add up to 1.5 everywhere.
        self._synthesis = self._window / np.float32(1.5)
        self._frame = 0  # the next one; frame k is centred on output sample k * hop
        self._phases: ComplexArray | None = None  # of the latest frame, as numbers of length 1
        self._next = 0  # the output sample that ``_ready`` begins with
        self._ready = np.zeros(0, dtype=np.float32)
        self._overlap = np.zeros(self._n_fft, dtype=np.float32)

    def read(self, start: int, n_samples: int) -> FloatArray:
        """Output samples from ``start`` on, shape (n_samples,).

        Reading on where the last call ended continues without a seam; any other place starts anew.
        """
        if self._speed == 1.0:
            return self._read_input(start, n_samples)
        if start != self._next:
            self._start_at(start)
        while len(self._ready) < n_samples:
            self._ready = np.concatenate([self._ready, self._next_hop()])
        out, self._ready = self._ready[:n_samples], self._ready[n_samples:]
        self._next = start + n_samples
        return out

    def _start_at(self, start: int) -> None:
        # The first whole output hop needs the frames that reach into it from before.
        first_hop = start // self._hop
        self._frame = first_hop - OVERLAP // 2 + 1
        self._phases = None
        self._overlap[:] = 0.0
        self._ready = np.zeros(0, dtype=np.float32)
        for _ in range(OVERLAP - 1):
            self._next_hop()
        self._next = first_hop * self._hop
        self._ready = self._next_hop()[start - self._next :]
        self._next = start

    def _next_hop(self) -> FloatArray:
        """Add one frame; the hop of output that no later frame reaches any more."""
        frame = self._synthesized(round(self._frame * self._hop * self._speed))
        self._frame += 1
        self._overlap += frame * self._synthesis
        done = self._overlap[: self._hop].copy()
        self._overlap[: -self._hop] = self._overlap[self._hop :]
        self._overlap[-self._hop :] = 0.0
        return done

    def _synthesized(self, centre: int) -> FloatArray:
        """The frame centred on input sample ``centre``, its phases moved on, shape (n_fft,)."""
        begin = centre - self._n_fft // 2
        stretch = self._read_input(begin - self._hop, self._n_fft + self._hop)
        now = stretch[self._hop :]
        spectra = np.fft.rfft(np.stack([stretch[: self._n_fft], now]) * self._window)
        before, current = spectra.astype(np.complex64)
        magnitude = np.abs(current)
        own = current / (magnitude + FLOOR)
        if self._phases is None or _is_attack(np.abs(before), magnitude, self._n_fft):
            phases = own
        else:
            advanced = self._phases * own * np.conj(before) / (np.abs(before) + FLOOR)
            phases = _locked(advanced, own, magnitude)
        self._phases = phases
        frame: FloatArray = np.fft.irfft(phases * magnitude, n=self._n_fft).astype(np.float32)
        return frame


def _is_attack(before: FloatArray, now: FloatArray, n_fft: int) -> bool:
    rise = float(np.maximum(now - before, 0.0).sum())
    total = float(now.sum())
    loud = float(np.sqrt(np.square(now).sum())) / n_fft > LEAST_ATTACK
    return loud and rise > ATTACK_RISE * total


def _locked(advanced: ComplexArray, own: ComplexArray, magnitude: FloatArray) -> ComplexArray:
    """Phases in which every bin keeps the phase it has in the input beside its nearest peak."""
    inner = magnitude[1:-1]
    is_peak = (inner > magnitude[:-2]) & (inner >= magnitude[2:])
    peaks = np.flatnonzero(is_peak) + 1
    if len(peaks) == 0:
        return advanced
    borders = (peaks[1:] + peaks[:-1] + 1) // 2
    nearest = peaks[np.searchsorted(borders, np.arange(len(magnitude)), side="right")]
    turned = advanced[nearest] * np.conj(own[nearest]) * own
    result: ComplexArray = (turned / (np.abs(turned) + FLOOR)).astype(np.complex64)
    return result
