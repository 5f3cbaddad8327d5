"""Read a stretch out of a long recording without decoding the rest."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from amtstudio.errors import BadAudioError

FloatArray = npt.NDArray[np.float32]

_FILTER_S = 0.05  # more than the resampler's filter looks at on either side


def resampled_length(path: Path, sample_rate: int) -> int:
    """Samples that the recording has at ``sample_rate``."""
    with _opened(path) as file:
        return math.ceil(int(file.frames) * sample_rate / int(file.samplerate))


def read_stretch(path: Path, first: int, n_samples: int, sample_rate: int) -> FloatArray:
    """Read samples ``first`` to ``first + n_samples - 1`` of the recording at ``sample_rate``.

    They are those that resampling the whole recording gives.

    Parameters
    ----------
    path : Path
        Any format that libsndfile can seek in: WAV, FLAC, AIFF, MP3.
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
        If the file cannot be decoded.
    """
    with _opened(path) as file:
        # Only multiples of these lie on a sample at both rates: 441 and 160 for 44.1 to 16 kHz.
        common = math.gcd(file.samplerate, sample_rate)
        step_in, step_out = file.samplerate // common, sample_rate // common
        margin = math.ceil(_FILTER_S * sample_rate)
        steps = max(0, (first - margin) // step_out)
        last = first + n_samples + margin
        start_in, end_in = steps * step_in, math.ceil(last / step_out) * step_in
        native = _read_mono(file, start_in, min(end_in, file.frames), path)
        audio = (
            soxr.resample(native, file.samplerate, sample_rate) if step_in != step_out else native
        )
    stretch = np.zeros(n_samples, np.float32)
    skip = first - steps * step_out  # negative where the stretch starts before the recording
    part = audio[max(0, skip) : max(0, skip + n_samples)]
    at = max(0, -skip)
    stretch[at : at + len(part)] = part
    return stretch


def _opened(path: Path) -> soundfile.SoundFile:
    try:
        return soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, OSError) as error:
        raise BadAudioError(f"Cannot decode {path.name}: {error}") from error


def _read_mono(file: soundfile.SoundFile, start: int, end: int, path: Path) -> FloatArray:
    if end <= start:
        return np.zeros(0, np.float32)
    try:
        file.seek(start)
        channels = file.read(end - start, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise BadAudioError(f"Cannot decode {path.name}: {error}") from error
    mono: FloatArray = channels.mean(axis=1, dtype=np.float32)
    return mono
