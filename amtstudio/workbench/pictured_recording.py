"""A recording, the stretch of it that is wanted, and its picture as it grows."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from amtstudio.audio import AudioInfo
from amtstudio.features.pitch_spectrogram import N_BINS
from amtstudio.workbench.growing import GrowingEnvelope, GrowingPyramid
from amtstudio.workbench.recording_picture import HOP_LENGTH, SAMPLE_RATE, PicturePart

What = Literal[
    "activations",
    "beats",
    "candidates",
    "filter",
    "foreground",
    "info",
    "instruments",
    "notes",
    "picture",
    "settings",  # of any of the models
]


class PicturedRecording:
    """A recording with its spectrogram and waveform, which may still be on their way.

    Attributes
    ----------
    path : Path
    start, end : float, and float or None
        The stretch that is transcribed, in seconds of the recording; None: to its end.
    info : AudioInfo, or None
        What the header tells; None until it was read.
    spectrogram : GrowingPyramid
        Columns ``seconds_per_frame`` apart, see ``PitchSpectrogram``.
    envelope : GrowingEnvelope
    picture_complete : bool
        Whether the whole recording is in the picture.
    """

    seconds_per_frame = HOP_LENGTH / SAMPLE_RATE

    def __init__(self, path: Path) -> None:
        self.path = path
        self.start = 0.0
        self.end: float | None = None
        self.info: AudioInfo | None = None
        self.spectrogram = GrowingPyramid(N_BINS)
        self.envelope = GrowingEnvelope(HOP_LENGTH, SAMPLE_RATE)
        self.picture_complete = False
        self._duration_read = 0.0

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def duration(self) -> float:
        """Seconds, as far as known: what the header announces, or what was read already."""
        told = self.info.duration if self.info is not None else None
        if self.picture_complete or told is None:
            return self._duration_read
        return max(told, self._duration_read)

    # -- the stretch that is transcribed ----------------------------------------------------------

    @property
    def is_part(self) -> bool:
        """Whether only a stretch of the recording is transcribed."""
        return self.start > 0.0 or self.end is not None

    @property
    def span(self) -> tuple[float, float]:
        """Begin and end, in seconds, of what is transcribed, as far as the length is known."""
        return self.start, self.duration if self.end is None else self.end

    def _within(self) -> tuple[float, float] | None:
        """What ``span`` is, where it is not the whole."""
        return self.span if self.is_part else None

    def set_span(self, start: float, end: float | None) -> None:
        """Choose the stretch for the next transcription. Raises ``ValueError`` if it is none."""
        if not (start >= 0.0 and (end is None or start < end)):
            raise ValueError(f"need 0 <= start < end, got {start} and {end}")
        self.start, self.end = start, end
        self._announce("info")

    # -- the picture ------------------------------------------------------------------------------

    def set_info(self, info: AudioInfo) -> None:
        self.info = info
        self._announce("info")

    def add_picture(self, part: PicturePart) -> None:
        self.spectrogram.append(part.spectrogram)
        self.envelope.append(part.extremes)
        self._duration_read = part.duration
        self._announce("picture")

    def end_picture(self) -> None:
        self.picture_complete = True
        self._announce("info")

    # -- for a subclass that shows it -------------------------------------------------------------

    def _announce(self, what: What) -> None:
        """Announce that it has changed."""
