"""What there is to see of a recording before any note is found: its waveform and spectrogram."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from amtstudio.audio import FloatArray, stream_mono
from amtstudio.errors import Cancelled
from amtstudio.features.pitch_spectrogram import Levels, PitchSpectrogram

SAMPLE_RATE = 16000  # Hz
HOP_LENGTH = 512  # samples
_BLOCK_S = 4.0


@dataclass(frozen=True, slots=True)
class PicturePart:
    """The next stretch of a picture.

    Attributes
    ----------
    spectrogram : np.ndarray of uint8, shape (n_frames, N_BINS)
        See ``PitchSpectrogram``.
    extremes : np.ndarray, shape (n_hops, 2)
        Smallest and largest sample of each hop.
    duration : float, seconds
        Of what was read so far.
    """

    spectrogram: Levels
    extremes: npt.NDArray[np.float32]
    duration: float


def draw_recording(
    path: Path,
    *,
    on_part: Callable[[object], None],
    is_cancelled: Callable[[], bool],
) -> None:
    """Read a recording and hand on its picture part by part.

    Raises what ``audio.stream_mono`` raises, and ``Cancelled``.
    """
    spectrogram = PitchSpectrogram(SAMPLE_RATE, HOP_LENGTH)
    waiting = np.zeros(0, dtype=np.float32)
    n_samples = 0
    blocks = stream_mono(path, sample_rate=SAMPLE_RATE, block_seconds=_BLOCK_S)
    with closing(blocks):
        for block in blocks:
            if is_cancelled():
                raise Cancelled
            n_samples += len(block)
            waiting = np.concatenate((waiting, block))
            n_whole = len(waiting) // HOP_LENGTH * HOP_LENGTH
            extremes, waiting = _extremes(waiting[:n_whole]), waiting[n_whole:]
            on_part(PicturePart(spectrogram.feed(block), extremes, n_samples / SAMPLE_RATE))
    rest = np.pad(waiting, (0, -len(waiting) % HOP_LENGTH))
    on_part(PicturePart(spectrogram.finish(), _extremes(rest), n_samples / SAMPLE_RATE))


def _extremes(audio: FloatArray) -> npt.NDArray[np.float32]:
    hops = audio.reshape(-1, HOP_LENGTH)
    return np.stack((hops.min(axis=1), hops.max(axis=1)), axis=1)
