"""The running level of a recording, by which features are made independent of its gain."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

LEVEL_HALF_WINDOW_S = 5.0  # a phrase: long enough to leave its dynamics in, short enough to stream
LEVEL_FLOOR = 10.0 ** (-70.0 / 20.0)  # RMS: below -70 dBFS the noise of silence is not lifted


def hop_energies(audio: FloatArray, hop_length: int) -> npt.NDArray[np.float64]:
    """Sum of squares of each hop.

    Parameters
    ----------
    audio : np.ndarray, shape (n_samples,)
        Mono, full scale 1. A last, incomplete hop counts as padded with zeros.
    hop_length : int, samples

    Returns
    -------
    np.ndarray, shape (ceil(n_samples / hop_length),)
    """
    n_hops = -(-len(audio) // hop_length)
    padded = np.zeros(n_hops * hop_length, dtype=np.float32)
    padded[: len(audio)] = audio
    hops = padded.reshape(n_hops, hop_length)
    energies: npt.NDArray[np.float64] = np.einsum("ij,ij->i", hops, hops, dtype=np.float64)
    return energies


def running_level(
    energies: npt.NDArray[np.float64], hop_length: int, sample_rate: int
) -> FloatArray:
    """RMS level around each frame, within five seconds on either side.

    At the ends of the recording only what is there counts, so that its first note is not taken
    for louder than it is.

    Parameters
    ----------
    energies : np.ndarray, shape (n_frames,)
        From ``hop_energies``.
    hop_length : int, samples
    sample_rate : int, Hz

    Returns
    -------
    np.ndarray, shape (n_frames,)
        Linear RMS, never below ``LEVEL_FLOOR``.
    """
    half = round(LEVEL_HALF_WINDOW_S * sample_rate / hop_length)
    n_frames = len(energies)
    sums = np.concatenate(([0.0], np.cumsum(energies)))
    frames = np.arange(n_frames)
    first = np.maximum(frames - half, 0)
    last = np.minimum(frames + half + 1, n_frames)
    mean_square = (sums[last] - sums[first]) / ((last - first) * hop_length)
    # Differences of a running sum can come out a hair below zero after a loud passage.
    level = np.sqrt(np.maximum(mean_square, 0.0))
    floored: FloatArray = np.maximum(level, LEVEL_FLOOR).astype(np.float32)
    return floored
