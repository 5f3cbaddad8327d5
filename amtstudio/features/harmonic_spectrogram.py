"""Log-frequency spectrograms at two window lengths, and the harmonics of each piano key in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from amtstudio.symbolic.heads import PIANO_KEYS

LOWEST_FREQUENCY = 27.5  # Hz, A0
BINS_PER_SEMITONE = 3
# Transformed at a time on the CPU: their spectra then stay in the caches of the processor, and a
# long recording takes no more memory for them than a short one.
_CHUNK_FRAMES = 64


@dataclass(frozen=True)
class HarmonicSpectrogramConfig:
    sample_rate: int = 16000  # Hz
    hop_length: int = 512  # samples
    # 384 ms resolve neighbouring keys in the bass, 128 ms show when a key was struck.
    window_lengths: tuple[int, ...] = (6144, 2048)
    # Below 1: evidence that a candidate is only the octave or twelfth of what really sounds.
    harmonics: tuple[float, ...] = (1 / 3, 1 / 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
    n_pitches: int = len(PIANO_KEYS)
    floor: float = 1e-4  # of the running level: 80 dB below it the features go flat

    @property
    def n_features(self) -> int:
        return len(self.window_lengths) * len(self.harmonics) * BINS_PER_SEMITONE


class HarmonicSpectrogram(nn.Module):
    """From audio to the spectrum around the harmonics of each key.

    Magnitudes of a Hann-windowed short-time Fourier transform are gathered by triangular filters
    into three bins a semitone, divided by the running level, and put on a log scale. For each key
    and harmonic the bin at its frequency and one on either side are picked, so that every key sees
    its own harmonics at the same place and one network serves all 88 keys.

    The idea of harmonics stacked as channels: Bittner et al., "Deep Salience Representations for F0
    Estimation in Polyphonic Music", ISMIR 2017; here with bins around each harmonic, two window
    lengths, and a level instead of per-file normalisation.
    """

    def __init__(self, config: HarmonicSpectrogramConfig) -> None:
        super().__init__()
        self.config = config
        self.margin = max(config.window_lengths) // 2
        self._bands: list[list[tuple[int, int, int, int]]] = []
        for index, window_length in enumerate(config.window_lengths):
            n_fft = _fft_size(window_length)
            window = np.hanning(window_length + 1)[:-1]
            # A sine of amplitude 1 gets magnitude 1.
            self._constant(f"window_{index}", (window * (2 / window.sum())).astype(np.float32))
            filters = log_frequency_filters(config, window_length, n_fft)
            bands = _bands(filters)
            self._bands.append(bands)
            for band, (low, high, first, last) in enumerate(bands):
                weights = filters[low:high, first:last].T.astype(np.float32)
                self._constant(f"filters_{index}_{band}", weights)
        bins, inside = harmonic_bins(config)
        n_bins = len(bin_frequencies(config))
        n_windows = len(config.window_lengths)
        nothing = n_windows * n_bins
        # All windows' bins in one row, picked key by key: the layout that convolutions like best.
        # After the last bin comes a zero for everything outside the spectrum.
        rows = [np.where(inside, bins + row * n_bins, nothing) for row in range(n_windows)]
        self._constant("bins", np.concatenate(rows, axis=1).ravel())

    def _constant(self, name: str, values: npt.NDArray[np.generic]) -> None:
        # Copied, because a tensor over an array's memory cannot be resized or shared.
        self.register_buffer(name, torch.from_numpy(values.copy()), persistent=False)

    def forward(self, audio: Tensor, level: Tensor) -> Tensor:
        """Compute the features of each key.

        Parameters
        ----------
        audio : Tensor, shape (batch, (n_frames - 1) * hop_length + 2 * margin)
        level : Tensor, shape (batch, n_frames)
            Linear RMS, as from ``running_level``.

        Returns
        -------
        Tensor, shape (batch, n_features, n_frames, 88)
            About zero mean and unit variance on music; in channels-last memory.
        """
        return self.gather(self.log_frequency(audio, level))

    def gather(self, spectrogram: Tensor) -> Tensor:
        """The features of each key out of ``log_frequency``; augmentation enters here."""
        flat = spectrogram.flatten(2)  # (batch, frames, windows * bins)
        flat = functional.pad(flat, (0, 1))
        picked = flat.index_select(-1, self.get_buffer("bins"))
        picked = picked.view(*flat.shape[:2], self.config.n_pitches, self.config.n_features)
        return picked.permute(0, 3, 1, 2)

    def log_frequency(self, audio: Tensor, level: Tensor) -> Tensor:
        """The scaled log-magnitudes, shape (batch, n_frames, n_windows, n_bins)."""
        n_frames = level.shape[1]
        n_at_a_time = _CHUNK_FRAMES if audio.device.type == "cpu" else n_frames
        spectrograms = []
        for index, window_length in enumerate(self.config.window_lengths):
            surplus = self.margin - window_length // 2
            frames = audio[:, surplus : audio.shape[1] - surplus].unfold(
                1, window_length, self.config.hop_length
            )[:, :n_frames]
            chunks = [
                self._filtered(frames[:, first : first + n_at_a_time], index)
                for first in range(0, n_frames, n_at_a_time)
            ]
            spectrograms.append(torch.cat(chunks, dim=1))
        relative = torch.stack(spectrograms, dim=2) / level[:, :, None, None]
        # -9.2 (floor) to about 1: brought to the range in which networks train well.
        return (torch.log(relative + self.config.floor) + 6.0) / 2.5

    def _filtered(self, frames: Tensor, index: int) -> Tensor:
        """Magnitudes in the log-frequency bins, from (batch, n, window length) to (..., n_bins)."""
        frames = frames * self.get_buffer(f"window_{index}")
        spectrum = torch.fft.rfft(frames, n=_fft_size(frames.shape[-1]))
        # Not abs(): its care for numbers that audio never reaches takes three times as long.
        magnitude = spectrum.real.square().addcmul_(spectrum.imag, spectrum.imag).sqrt_()
        parts = [
            magnitude[..., first:last] @ self.get_buffer(f"filters_{index}_{band}")
            for band, (_, _, first, last) in enumerate(self._bands[index])
        ]
        return torch.cat(parts, dim=-1)


def _fft_size(window_length: int) -> int:
    return int(2 ** math.ceil(math.log2(window_length)))


def bin_frequencies(config: HarmonicSpectrogramConfig) -> npt.NDArray[np.float64]:
    """Centre frequency of each log-frequency bin in Hz, (n_bins,), up to the Nyquist rate.

    Bin ``3 * key + 1`` is the fundamental of the key; A0 is key 0.
    """
    steps_per_octave = 12 * BINS_PER_SEMITONE
    highest = math.log2(config.sample_rate / 2 / LOWEST_FREQUENCY) * steps_per_octave
    bins = np.arange(math.floor(highest) + 1)
    frequencies: npt.NDArray[np.float64] = LOWEST_FREQUENCY * 2.0 ** ((bins - 1) / steps_per_octave)
    return frequencies


def log_frequency_filters(
    config: HarmonicSpectrogramConfig, window_length: int, n_fft: int
) -> npt.NDArray[np.float64]:
    """Triangular filters, shape (n_bins, n_fft // 2 + 1), as wide as the window can resolve.

    Where bins are closer than the transform's own resolution, the triangle is widened to it, so
    that no filter falls between two spectral lines. Rows are scaled to a peak of 1, and sum the
    main lobe of a sine over the lines: up to 2.4 times its amplitude.
    """
    centre = bin_frequencies(config)[:, None]
    line = np.arange(n_fft // 2 + 1)[None] * config.sample_rate / n_fft
    resolution = config.sample_rate / window_length
    half_width = np.maximum(centre * (2 ** (1 / (12 * BINS_PER_SEMITONE)) - 1), resolution)
    triangle = np.maximum(1 - np.abs(line - centre) / half_width, 0.0)
    filters: npt.NDArray[np.float64] = triangle / triangle.max(axis=1, keepdims=True)
    return filters


def _bands(filters: npt.NDArray[np.float64]) -> list[tuple[int, int, int, int]]:
    """Cut the filters into groups of neighbours that touch few lines of the spectrum.

    A filter touches a few lines of thousands: multiplying group by group does a tenth of the
    work of one dense product, with the same result.
    """
    group = 24
    bands = []
    for low in range(0, filters.shape[0], group):
        high = min(low + group, filters.shape[0])
        touched = np.flatnonzero(filters[low:high].sum(axis=0))
        bands.append((low, high, int(touched[0]), int(touched[-1]) + 1))
    return bands


def harmonic_bins(
    config: HarmonicSpectrogramConfig,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The positions of each key's harmonics.

    Returns
    -------
    bins : np.ndarray of int64, shape (n_pitches, n_harmonics * 3)
        Index of the log-frequency bin, 0 where there is none.
    inside : np.ndarray of bool, same shape
        Whether that bin is between A0 and the Nyquist rate.
    """
    n_bins = len(bin_frequencies(config))
    steps_per_octave = 12 * BINS_PER_SEMITONE
    shifts = [
        round(steps_per_octave * math.log2(harmonic)) + side
        for harmonic in config.harmonics
        for side in (-1, 0, 1)
    ]
    keys = np.arange(config.n_pitches) * BINS_PER_SEMITONE + 1
    bins = keys[:, None] + np.array(shifts)[None]
    inside = (bins >= 0) & (bins < n_bins)
    return np.where(inside, bins, 0), inside
