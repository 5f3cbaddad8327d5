"""Slower at the same pitch: a phase vocoder that reads its input wherever it needs to.

Our own, because no library that is offered as a wheel for Linux, macOS and Windows under a
permissive licence can stretch a stream: what there is either wants the whole recording at once or
starts again, with a click, in every block.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from amtstudio.audio import FloatArray
from amtstudio.playback.attacks import AttackFinder, ReadAudio

ComplexArray: TypeAlias = NDArray[np.complex64]

WINDOW_S = 0.085  # seconds: the partials of the lowest keys, 27 Hz apart, just part
OVERLAP = 4
FLOOR = 1e-9
LEAST_WEIGHT = 0.05  # of 1.5 where frames overlap in full
SEAM_S = 0.002  # from what sounds before an attack to what sounds after it
NEVER = 2**62


@dataclass(frozen=True, slots=True)
class _Section:
    """The section between two attacks, in samples of the input and of the output."""

    begin: int
    end: int
    out_begin: float
    out_end: float


class TimeStretcher:
    """Reads audio slowed down.

    Sample ``o`` of the output corresponds to sample ``o * speed`` of the input. Each frame compares
    the input there with the input one output hop earlier, so the phase advance is measured, not
    guessed. Between peaks of the spectrum phases stay locked to the peak (Laroche & Dolson, "New
    phase-vocoder techniques", WASPAA 1999). At an attack everything is reset: frames before it
    contain nothing of it, and frames after it nothing from before, so that it stays sharp and in
    its place (after Röbel, "A new approach to transient processing", DAFx 2003, who decides for
    each peak of the spectrum).

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
        self._attacks = AttackFinder(read, sample_rate=sample_rate)
        self._n_seam = max(round(SEAM_S * sample_rate), 1)
        self._n_fft = 2 ** round(np.log2(WINDOW_S * sample_rate))
        self._hop = self._n_fft // OVERLAP
        ramp = np.arange(self._n_fft) / self._n_fft
        self._window = (0.5 - 0.5 * np.cos(2 * np.pi * ramp)).astype(np.float32)
        self._frame = 0  # the next one; frame k is centred on output sample k * hop
        self._section: _Section | None = None  # of the latest frame
        self._phases: ComplexArray | None = None  # of the latest frame, as numbers of length 1
        self._next: int | None = None  # the output sample that ``_ready`` begins with
        self._ready = np.zeros(0, dtype=np.float32)
        self._overlap = np.zeros((2, self._n_fft), dtype=np.float32)  # sound and its weight

    def read(self, start: int, n_samples: int) -> FloatArray:
        """Output samples from ``start`` on, shape (n_samples,).

        Reading on where the last call ended continues without a seam; any other place starts again.
        """
        if self._speed == 1.0:
            return self._read_input(start, n_samples)
        if start != self._next:
            self._start_at(start)
        pieces = [self._ready]
        n_ready = len(self._ready)
        while n_ready < n_samples:
            pieces.append(self._next_hop())
            n_ready += self._hop
        ready = np.concatenate(pieces)
        self._ready = ready[n_samples:]
        self._next = start + n_samples
        return ready[:n_samples]

    def _start_at(self, start: int) -> None:
        # The first whole output hop needs the frames that reach into it from before.
        first_hop = start // self._hop
        self._frame = first_hop - OVERLAP // 2 + 1
        self._phases = None
        self._section = None
        self._overlap[:] = 0.0
        for _ in range(OVERLAP - 1):
            self._next_hop()
        self._ready = self._next_hop()[start - first_hop * self._hop :]
        self._next = start

    def _next_hop(self) -> FloatArray:
        """Add one frame; the hop of output that no later frame reaches any more."""
        self._add_frame(self._frame * self._hop)
        self._frame += 1
        sound, weight = self._overlap[:, : self._hop]
        done: FloatArray = sound / np.maximum(weight, np.float32(LEAST_WEIGHT))
        self._overlap[:, : -self._hop] = self._overlap[:, self._hop :]
        self._overlap[:, -self._hop :] = 0.0
        return done

    def _add_frame(self, out_centre: int) -> None:
        """Synthesize the frame centred on output sample ``out_centre``."""
        section = self._section_at(out_centre)
        if self._section is None or section.begin != self._section.begin:
            self._phases = None
        self._section = section
        begin = self._centre(out_centre, section) - self._n_fft // 2
        stretch = self._read_input(begin - self._hop, self._n_fft + self._hop)
        mask = self._mask(section, begin - self._hop, len(stretch))
        stretch = stretch * mask
        taper = self._window * mask[self._hop :]
        pair = np.stack([stretch[: self._n_fft], stretch[self._hop :]]) * self._window
        before, current = np.fft.rfft(pair).astype(np.complex64)
        magnitude = np.abs(current)
        own = current / (magnitude + np.float32(FLOOR))
        if self._phases is None:
            self._phases = own
        else:
            advance = own * np.conj(before) / (np.abs(before) + np.float32(FLOOR))
            self._phases = _locked(self._phases * advance, own, magnitude)
        self._overlap[0] += np.fft.irfft(self._phases * magnitude, n=self._n_fft) * taper
        self._overlap[1] += np.square(taper)

    def _section_at(self, out: int) -> _Section:
        """The attacks between which an output sample is."""
        at = out * self._speed
        reach = self._n_fft
        near = self._attacks.between(int(at) - reach, int(at) + reach)
        begin = max((attack for attack in near if attack / self._speed <= out), default=-NEVER)
        end = min((attack for attack in near if attack / self._speed > out), default=NEVER)
        # An attack outside this frame leaves the one that the section began with in force.
        latest = self._section
        if begin == -NEVER and latest is not None and latest.out_begin <= out < latest.out_end:
            begin = latest.begin
        return _Section(begin, end, begin / self._speed, end / self._speed)

    def _centre(self, out: int, section: _Section) -> int:
        """The input sample for an output sample; beside an attack time runs at its own pace."""
        if out - section.out_begin < self._hop:
            return section.begin + math.floor(out - section.out_begin)
        if section.out_end - out < self._hop:
            return section.end - math.floor(section.out_end - out)
        return round(out * self._speed)

    def _mask(self, section: _Section, start: int, n_samples: int) -> FloatArray:
        """1 within the section, 0 outside, with the seam before each attack."""
        at = np.arange(start, start + n_samples, dtype=np.float64)
        inside = np.clip((at - section.begin) / self._n_seam + 1.0, 0.0, 1.0)
        inside *= np.clip((section.end - at) / self._n_seam, 0.0, 1.0)
        mask: FloatArray = np.sqrt(inside).astype(np.float32)
        return mask


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
    result: ComplexArray = (turned / (np.abs(turned) + np.float32(FLOOR))).astype(np.complex64)
    return result
