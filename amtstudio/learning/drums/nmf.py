"""Drums in a spectrogram by partially fixed non-negative matrix factorisation.

Wu & Lerch, "Drum Transcription Using Partially Fixed Non-Negative Matrix Factorization", ISMIR
2015: templates of the drums are fixed, some additional free ones absorb everything else, and the
activations of the fixed ones show when each drum is struck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from amtstudio.audio import FloatArray

Matrix = npt.NDArray[np.float32]

N_FREE = 20  # for everything that is not a drum
N_ITERATIONS = 40
_WINDOW_S = 0.064
_LINEAR_BELOW_HZ, _BANDS_AN_OCTAVE = 800.0, 12
_TEMPLATE_S = 0.08
_TINY = np.float32(1e-8)
_AT_ONCE = 64  # frames transformed at a time


def band_spectrogram(audio: FloatArray, sample_rate: int, hop: int) -> Matrix:
    """Magnitudes in bands, (n_bands, n_frames); frame ``i`` is centred on sample ``i * hop``.

    Below 800 Hz, each line of a 64 ms transform is a band; above, there are twelve bands per
    octave. The paper uses all lines; a tenth of them is enough for drums, and ten times as fast.
    """
    n_fft = 1 << round(np.log2(_WINDOW_S * sample_rate))
    window = np.hanning(n_fft).astype(np.float32)
    edges = _edges(sample_rate, n_fft)
    n_frames = -(-len(audio) // hop)
    padded = np.pad(audio, (n_fft // 2, n_fft))
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop][:n_frames]
    bands = np.empty((len(edges), n_frames), dtype=np.float32)
    for first in range(0, n_frames, _AT_ONCE):
        part = np.abs(np.fft.rfft(frames[first : first + _AT_ONCE] * window, axis=1))
        bands[:, first : first + len(part)] = np.add.reduceat(part, edges, axis=1).T
    return bands


def _edges(sample_rate: int, n_fft: int) -> npt.NDArray[np.intp]:
    """The first line of each band."""
    last_linear = round(_LINEAR_BELOW_HZ * n_fft / sample_rate)
    octaves = np.log2(n_fft / 2 / last_linear)
    count = round(octaves * _BANDS_AN_OCTAVE)
    above = np.rint(last_linear * 2.0 ** (np.arange(count) / _BANDS_AN_OCTAVE))
    return np.unique(np.concatenate([np.arange(1, last_linear), above])).astype(np.intp)


def template_of(sounds: Sequence[FloatArray], sample_rate: int) -> Matrix:
    """The mean spectrum of the first 80 ms of strokes, (n_bands,), of sum 1.

    Parameters
    ----------
    sounds : sequence of np.ndarray
        Each from its attack on.
    """
    length = round(_TEMPLATE_S * sample_rate)
    spectra = []
    for sound in sounds:
        part = np.zeros(length, dtype=np.float32)
        part[: min(length, len(sound))] = sound[:length]
        spectrum = band_spectrogram(part, sample_rate, length // 4)[:, :4].mean(axis=1)
        spectra.append(spectrum / (spectrum.sum() + _TINY))
    mean: Matrix = np.mean(spectra, axis=0, dtype=np.float32)
    return mean


def partially_fixed_nmf(
    spectrogram: Matrix,
    fixed: Matrix,
    *,
    n_free: int = N_FREE,
    n_iterations: int = N_ITERATIONS,
    seed: int = 0,
) -> Matrix:
    """Activations of fixed templates, with free ones beside them.

    Multiplicative updates of the generalised Kullback-Leibler divergence.

    Parameters
    ----------
    spectrogram : np.ndarray, shape (n_bands, n_frames)
        Not negative.
    fixed : np.ndarray, shape (n_bands, n_fixed)
        Templates, each of sum 1.
    n_free : int
        At least 1.

    Returns
    -------
    np.ndarray, shape (n_fixed, n_frames)
    """
    if n_free < 1:
        raise ValueError(f"n_free must be 1 or more, got {n_free}")
    rng = np.random.default_rng(seed)
    n_bands, n_frames = spectrogram.shape
    n_fixed = fixed.shape[1]
    level = np.float32(spectrogram.mean())
    if level < _TINY:
        return np.zeros((n_fixed, n_frames), dtype=np.float32)
    v = spectrogram / level + _TINY
    free = rng.random((n_bands, n_free), dtype=np.float32) + np.float32(0.1)
    w = np.concatenate([fixed.astype(np.float32), free / free.sum(axis=0)], axis=1) + _TINY
    h = rng.random((n_fixed + n_free, n_frames), dtype=np.float32) + np.float32(0.1)
    for _ in range(n_iterations):
        ratio = v / (w @ h + _TINY)
        h *= (w.T @ ratio) / w.sum(axis=0)[:, None]
        ratio = v / (w @ h + _TINY)
        update = (ratio @ h[n_fixed:].T) / (h[n_fixed:].sum(axis=1) + _TINY)
        w[:, n_fixed:] *= update
        # Scale belongs to the activations.
        scale = w[:, n_fixed:].sum(axis=0) + _TINY
        w[:, n_fixed:] = w[:, n_fixed:] / scale + _TINY
        h[n_fixed:] *= scale[:, None]
    activations: Matrix = h[:n_fixed] * level
    return activations


def rises(activations: Matrix) -> Matrix:
    """The rise of each activation within two frames, not negative, same shape.

    A stroke rings on; where it begins, its activation grows.
    """
    before = np.pad(activations, ((0, 0), (2, 0)))[:, :-2]
    grown: Matrix = np.maximum(activations - before, 0.0)
    return grown


def drum_rises(
    audio: FloatArray, sample_rate: int, hop: int, templates: Mapping[str, Matrix]
) -> dict[str, Matrix]:
    """``rises`` of each drum over a recording, each (n_frames,); of sum 0 where there is silence.

    Parameters
    ----------
    templates : mapping of str to np.ndarray
        By drum, as ``template_of`` gives them.
    """
    spectrogram = band_spectrogram(audio, sample_rate, hop)
    fixed = np.stack(list(templates.values()), axis=1)
    grown = rises(partially_fixed_nmf(spectrogram, fixed))
    return dict(zip(templates, grown, strict=True))
