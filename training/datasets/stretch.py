"""Read a stretch out of a long recording as the engine would hear it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from amtstudio.audio import FloatArray, probe, read_mono

_FILTER_S = 0.05  # more than the resampler's filter looks at on either side


def resampled_length(path: Path, sample_rate: int) -> int:
    """Samples that the recording has at ``sample_rate``, by its header where that tells."""
    duration = probe(path).duration
    if duration is None:
        return len(read_mono(path, sample_rate=sample_rate))
    return round(duration * sample_rate)


def read_stretch(path: Path, first: int, n_samples: int, sample_rate: int) -> FloatArray:
    """Read samples ``first`` to ``first + n_samples - 1`` of the recording at ``sample_rate``.

    They are those that decoding the whole recording gives, to the precision of the resampler.

    Parameters
    ----------
    path : Path
    first : int, samples at ``sample_rate``
        May lie before the start, and the stretch may go beyond the end: zeros there.
    n_samples : int
    sample_rate : int, Hz

    Returns
    -------
    np.ndarray, shape (n_samples,)
        Mono, full scale 1.

    Raises
    ------
    BadAudioError
        If the file cannot be decoded or ends before the stretch.
    """
    # Only every so many samples does one of the file lie on one at ``sample_rate``: every 160th
    # for 44.1 to 16 kHz. Starting in between would shift the audio by a fraction of a sample.
    native_rate = probe(path).sample_rate
    step = sample_rate // math.gcd(native_rate, sample_rate)
    margin = math.ceil(_FILTER_S * sample_rate)
    read_from = max(0, first - margin) // step * step
    read_to = max(first + n_samples + margin, read_from + step)
    audio = read_mono(
        path, sample_rate=sample_rate, start=read_from / sample_rate, end=read_to / sample_rate
    )
    skip = first - read_from  # negative where the stretch starts before the recording
    part = audio[max(0, skip) : max(0, skip + n_samples)]
    stretch = np.zeros(n_samples, np.float32)
    at = max(0, -skip)
    stretch[at : at + len(part)] = part
    return stretch
