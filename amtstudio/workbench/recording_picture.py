"""The picture of a recording before any note is found: its waveform and spectrogram."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from amtstudio.audio import AudioSource, FloatArray, opened
from amtstudio.errors import Cancelled
from amtstudio.features.pitch_spectrogram import Levels, PitchSpectrogram
from amtstudio.workbench.scipy_import import import_scipy

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


class PictureDrawer:
    """Draws a picture from audio that comes in blocks."""

    def __init__(self) -> None:
        self._spectrogram = PitchSpectrogram(SAMPLE_RATE, HOP_LENGTH)
        self._waiting = np.zeros(0, dtype=np.float32)
        self._n_samples = 0

    def feed(self, block: FloatArray) -> PicturePart:
        """The parts added by the next samples, mono at ``SAMPLE_RATE``."""
        self._n_samples += len(block)
        self._waiting = np.concatenate((self._waiting, block))
        n_whole = len(self._waiting) // HOP_LENGTH * HOP_LENGTH
        extremes = _extremes(self._waiting[:n_whole])
        self._waiting = self._waiting[n_whole:]
        return self._part(self._spectrogram.feed(block), extremes)

    def finish(self) -> PicturePart:
        """The remainder at the end."""
        rest = np.pad(self._waiting, (0, -len(self._waiting) % HOP_LENGTH))
        return self._part(self._spectrogram.finish(), _extremes(rest))

    def _part(self, columns: Levels, extremes: npt.NDArray[np.float32]) -> PicturePart:
        return PicturePart(columns, extremes, self._n_samples / SAMPLE_RATE)


def draw_recording(
    source: Path | AudioSource,
    *,
    on_part: Callable[[object], None],
    is_cancelled: Callable[[], bool],
) -> None:
    """Listen to a recording and hand on its picture part by part.

    Raises what ``audio.stream_mono`` raises, and ``Cancelled``.
    """
    import_scipy()
    drawer = PictureDrawer()
    with opened(source) as audio:
        blocks = audio.stream_mono(sample_rate=SAMPLE_RATE, block_seconds=_BLOCK_S)
        with closing(blocks):
            for block in blocks:
                if is_cancelled():
                    raise Cancelled
                on_part(drawer.feed(block))
    on_part(drawer.finish())


def _extremes(audio: FloatArray) -> npt.NDArray[np.float32]:
    hops = audio.reshape(-1, HOP_LENGTH)
    return np.stack((hops.min(axis=1), hops.max(axis=1)), axis=1)
