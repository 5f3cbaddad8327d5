"""The constant-Q transform: a spectrogram whose bins lie equally spaced on the keyboard."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

# Of a kernel's spectrum, what lies below this part of its peak is left out; the error of a bin is
# then below 1e-4 of the level of a sine anywhere.
KERNEL_FLOOR = 1e-5


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

    A sine of amplitude 1 in the middle of a bin gives 1 there. The bins of each octave share one
    Fourier transform, just long enough for the lowest of them.

    Parameters
    ----------
    sample_rate : int, Hz
    hop_length : int, samples
    fmin : float, Hz
        Middle of the lowest bin; 27.5 is A0.
    bins_per_octave, n_bins : int

    References
    ----------
    Brown & Puckette, "An efficient algorithm for the calculation of a constant Q transform",
    JASA 92(5), 1992: kernels multiplied in the frequency domain. Ours are Hann-windowed, centred
    on the frame, and cut off where they fall below 1e-5 of their peak.
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
        self._octaves: list[tuple[int, int]] = []  # (FFT length, first FFT bin) of each
        for first in range(0, n_bins, bins_per_octave):
            octave = slice(first, min(first + bins_per_octave, n_bins))
            n_fft = 1 << int(lengths[octave].max() - 1).bit_length()
            kernels = _kernels(frequencies[octave], lengths[octave], sample_rate, n_fft)
            used = np.flatnonzero((np.abs(kernels) > KERNEL_FLOOR * np.abs(kernels).max()).any(0))
            kernels = kernels[:, used[0] : used[-1] + 1].T.astype(np.complex64)
            self.register_buffer(
                f"kernels_{len(self._octaves)}",
                torch.from_numpy(np.ascontiguousarray(kernels)),
                persistent=False,
            )
            self._octaves.append((n_fft, int(used[0])))
        self.margin = self._octaves[0][0] // 2

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
            parts = [self._octave(audio.float(), index) for index in range(len(self._octaves))]
        return torch.cat(parts, dim=2)

    def _octave(self, audio: Tensor, index: int) -> Tensor:
        n_fft, first_bin = self._octaves[index]
        kernels = self.get_buffer(f"kernels_{index}")  # (n FFT bins used, n_bins)
        spare = self.margin - n_fft // 2
        frames = audio[:, spare : audio.shape[1] - spare].unfold(1, n_fft, self.hop_length)
        spectrum = torch.fft.rfft(frames)[..., first_bin : first_bin + len(kernels)]
        magnitudes: Tensor = (spectrum @ kernels).abs()
        return magnitudes  # (batch, n_frames, n_bins)


def _kernels(
    frequencies: npt.NDArray[np.float64],
    lengths: npt.NDArray[np.int64],
    sample_rate: int,
    n_fft: int,
) -> npt.NDArray[np.complex128]:
    """Spectra by which that of a frame is multiplied, shape (n_bins, n_fft // 2 + 1)."""
    temporal = np.zeros((len(frequencies), n_fft), dtype=np.complex128)
    middle = n_fft // 2
    for row, (frequency, length) in enumerate(zip(frequencies, lengths, strict=True)):
        offsets = np.arange(length) - length // 2
        # Zero one step outside of the window at either side, not within it.
        window = 0.5 + 0.5 * np.cos(2.0 * np.pi * offsets / (length + 1))
        window *= 2.0 / window.sum()  # the other half of a sine lies at the negative frequency
        turns = frequency / sample_rate * offsets
        temporal[row, middle + offsets] = window * np.exp(2j * np.pi * turns)
    # By Parseval the sum over samples of x * conj(kernel) is that over bins of X * conj(K) / n_fft.
    return np.asarray(np.fft.fft(temporal)[:, : n_fft // 2 + 1].conj() / n_fft)
