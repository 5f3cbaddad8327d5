"""Test files made with PyAV's encoders: short beeps at known times."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

BEEP_TIMES = (0.5, 1.7, 2.6)  # seconds
DURATION = 3.0  # seconds
BEEP_FREQUENCY = 1000.0  # Hz


@dataclass(frozen=True)
class Media:
    suffix: str
    codec: str
    sample_rate: int = 44100
    container: str | None = None  # FFmpeg's name, where the suffix does not tell
    with_video: bool = False
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.codec}{'+video' if self.with_video else ''}{self.suffix}"


def beep(sample_rate: int) -> np.ndarray:
    """A decaying cosine of 30 ms that starts at full level."""
    t = np.arange(round(0.03 * sample_rate)) / sample_rate
    return 0.8 * np.cos(2 * np.pi * BEEP_FREQUENCY * t) * np.exp(-t / 0.01)


def beeps(sample_rate: int, *, n_channels: int = 2, duration: float = DURATION) -> np.ndarray:
    """Shape (n_samples, n_channels), the same in all channels, beeps at ``BEEP_TIMES``."""
    mono = np.zeros(round(duration * sample_rate))
    one = beep(sample_rate)
    for time in BEEP_TIMES:
        begin = round(time * sample_rate)
        mono[begin : begin + len(one)] += one
    return np.repeat(mono[:, np.newaxis], n_channels, axis=1).astype(np.float32)


def found_times(audio: np.ndarray, sample_rate: int) -> list[float]:
    """Where the beeps are, in seconds, by correlation within 0.2 s of where they should be."""
    one = beep(sample_rate)
    times = []
    for time in BEEP_TIMES:
        begin = round((time - 0.2) * sample_rate)
        correlation = np.correlate(audio[begin : begin + round(0.4 * sample_rate)], one, "valid")
        times.append((begin + int(correlation.argmax())) / sample_rate)
    return times


def write_media(path: Path, media: Media, samples: np.ndarray) -> None:
    """Encode ``samples``, shape (n_samples, 2), beside black pictures if asked for."""
    rate = media.sample_rate
    with av.open(str(path), "w", format=media.container) as container:
        video = _add_video(container) if media.with_video else None
        audio = container.add_stream(
            media.codec, rate=rate, layout="stereo", options=dict(media.options)
        )
        audio.bit_rate = 128_000
        context = audio.codec_context
        if video is not None:
            for index in range(round(len(samples) / rate * 25)):
                picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
                picture.pts = index
                container.mux(video.encode(picture))
            container.mux(video.encode(None))
        if not context.is_open:
            context.open()
        converter = av.AudioResampler(format=context.format, layout="stereo", rate=rate)
        n_frame = context.frame_size or 1024
        for begin in range(0, len(samples), n_frame):
            block = np.ascontiguousarray(samples[begin : begin + n_frame].T)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate = rate
            frame.pts = begin
            frame.time_base = Fraction(1, rate)
            for converted in converter.resample(frame):
                container.mux(audio.encode(converted))
        container.mux(audio.encode(None))


def _add_video(container: av.container.OutputContainer) -> av.VideoStream:
    video = container.add_stream("mpeg4", rate=25)
    video.width = video.height = 64
    video.pix_fmt = "yuv420p"
    return video
