"""The constant-Q transform: a spectrogram whose bins are equally spaced on the keyboard."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

# Octaves are computed at sample rates of their own: at least this often their highest frequency.
_OVERSAMPLING = 4.4
# Stop-band attenuation of the preceding filter: 110 dB, so no bin is off by 1e-5 of any sine.
_STOP_DB = 110.0


def cqt_window_lengths(
    frequencies: npt.NDArray[np.float64], sample_rate: int, bins_per_octave: int
) -> npt.NDArray[np.int64]:
    """Samples that each bin looks at: Q periods, and odd, so that there is a middle one.

    Parameters
    ----------
    frequencies : np.ndarray, shape (n_bins,), Hz

    Returns
    -------
    np.ndarray, shape (n_bins,)
    """
    quality = 1.0 / (2.0 ** (1.0 / bins_per_octave) - 1.0)
    half = np.round(quality * sample_rate / frequencies / 2.0).astype(np.int64)
    lengths: npt.NDArray[np.int64] = 2 * half + 1
    return lengths


class Cqt(nn.Module):
    """Magnitudes of the constant-Q transform, computed on the device of the module.

    A sine of amplitude 1 in the middle of a bin gives 1 there. Each octave is computed at the
    lowest sample rate that contains it and at which a frame is a whole number of samples.

    Parameters
    ----------
    sample_rate : int, Hz
    hop_length : int, samples
    fmin : float, Hz
        Middle of the lowest bin; 27.5 is A0.
    bins_per_octave, n_bins : int

    References
    ----------
    Brown, "Calculation of a constant Q spectral transform", JASA 89(1), 1991; octave by octave at
    falling sample rates as Schörkhuber & Klapuri, "Constant-Q transform toolbox for music
    processing", SMC 2010. Windows are Hann's, centred on the frame.
    """

    def __init__(
        self,
        *,
        sample_rate: int = 16000,
        hop_length: int = 512,
        fmin: float = 27.5,
        bins_per_octave: int = 24,
        n_bins: int = 176,
    ) -> None:
        super().__init__()
        frequencies = fmin * 2.0 ** (np.arange(n_bins) / bins_per_octave)
        if not 0.0 < frequencies[0] < frequencies[-1] < sample_rate / 2:
            raise ValueError(
                f"bins must lie between 0 and {sample_rate / 2} Hz, got {frequencies[0]} to "
                f"{frequencies[-1]}"
            )
        self.frequencies = frequencies
        self.hop_length = hop_length
        lengths = cqt_window_lengths(frequencies, sample_rate, bins_per_octave)
        self._steps: list[int] = []  # samples of the audio to one of each octave
        self.margin = 0
        for first in range(0, n_bins, bins_per_octave):
            octave = slice(first, min(first + bins_per_octave, n_bins))
            highest = float(frequencies[octave][-1])
            step = _largest_step(highest, sample_rate, hop_length)
            low_pass = _low_pass(highest, sample_rate, step)
            kernels = _kernels(frequencies[octave], lengths[octave], sample_rate, step, low_pass)
            self._constant(f"low_pass_{len(self._steps)}", low_pass)
            self._constant(f"kernels_{len(self._steps)}", kernels)
            self._steps.append(step)
            reach = len(kernels) // 2 * step + len(low_pass) // 2
            self.margin = max(self.margin, reach + 1)  # the last sample counts

    def _constant(self, name: str, values: npt.NDArray[np.float64]) -> None:
        self.register_buffer(name, torch.from_numpy(values.astype(np.float32)), persistent=False)

    def forward(self, audio: Tensor) -> Tensor:
        """Compute the magnitudes.

        Parameters
        ----------
        audio : Tensor, shape (batch, (n_frames - 1) * hop_length + 2 * margin)
            Full scale 1; frame ``i`` is centred on sample ``margin + i * hop_length``.

        Returns
        -------
        Tensor, shape (batch, n_frames, n_bins), float32
            At least 0; linear amplitude of a sine.
        """
        if audio.ndim != 2 or audio.shape[1] < 2 * self.margin:
            raise ValueError(
                f"audio must be (batch, at least {2 * self.margin} samples), "
                f"got {tuple(audio.shape)}"
            )
        with torch.autocast(audio.device.type, enabled=False):
            parts = [self._octave(audio.float(), index) for index in range(len(self._steps))]
        return torch.cat(parts, dim=2)

    def _octave(self, audio: Tensor, index: int) -> Tensor:
        step, low_pass = self._steps[index], self.get_buffer(f"low_pass_{index}")
        kernels = self.get_buffer(f"kernels_{index}")  # (length, 2 * n_bins)
        n_frames = (audio.shape[1] - 2 * self.margin) // self.hop_length + 1
        first = self.margin - len(kernels) // 2 * step - len(low_pass) // 2
        n_low = (n_frames - 1) * self.hop_length // step + len(kernels)
        low = audio[:, first : first + (n_low - 1) * step + len(low_pass)]
        if len(low_pass) > 1:
            low = low.unfold(1, len(low_pass), step) @ low_pass
        frames = low.unfold(1, len(kernels), self.hop_length // step)
        real, imaginary = (frames @ kernels).chunk(2, dim=2)
        return torch.hypot(real, imaginary)  # (batch, n_frames, n_bins)


def _largest_step(highest: float, sample_rate: int, hop_length: int) -> int:
    """By how many samples, a power of two, an octave up to ``highest`` Hz can be thinned out."""
    step = 1
    while hop_length % (2 * step) == 0 and sample_rate / (2 * step) >= _OVERSAMPLING * highest:
        step *= 2
    return step


def _low_pass(highest: float, sample_rate: int, step: int) -> npt.NDArray[np.float64]:
    """The filter, of odd length, after which one sample of ``step`` holds all up to ``highest``.

    Kaiser's: what would be folded back below ``highest`` is ``_STOP_DB`` down.
    """
    if step == 1:
        return np.ones(1)
    transition = (sample_rate / step - 2.0 * highest) / sample_rate
    half = math.ceil((_STOP_DB - 7.95) / (2.285 * 2.0 * math.pi * transition) / 2.0)
    times = np.arange(-half, half + 1)
    taps = np.sinc(times / step) * np.kaiser(len(times), 0.1102 * (_STOP_DB - 8.7))
    low_pass: npt.NDArray[np.float64] = taps / taps.sum()
    return low_pass


def _kernels(
    frequencies: npt.NDArray[np.float64],
    lengths: npt.NDArray[np.int64],
    sample_rate: int,
    step: int,
    low_pass: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """By what a frame of every ``step``-th sample is multiplied, (odd length, 2 * n_bins).

    Cosines first, then sines. What the low-pass filter takes off a frequency is put back.
    """
    half = int(lengths.max()) // 2 // step
    offsets = (np.arange(-half, half + 1) * step)[:, None]  # samples from the middle
    # Zero one step outside of the window at either side, not within it.
    window = 0.5 + 0.5 * np.cos(2.0 * np.pi * offsets / (lengths + 1))
    window[np.abs(offsets) > lengths // 2] = 0.0
    # The sum of the whole window; the other half of a sine is at the negative frequency.
    window *= 2.0 * step / ((lengths + 1) / 2.0)
    turns = 2.0 * np.pi * frequencies / sample_rate
    taps = np.arange(len(low_pass))[:, None] - len(low_pass) // 2
    response = (low_pass[:, None] * np.cos(turns * taps)).sum(axis=0)
    window /= response
    waves = (np.cos(turns * offsets), -np.sin(turns * offsets))
    return np.concatenate([window * wave for wave in waves], axis=1)
