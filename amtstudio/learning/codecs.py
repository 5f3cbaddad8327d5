"""What a lossy codec leaves of a recording."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

if TYPE_CHECKING:
    import numpy.typing as npt

SAMPLE_RATE = 16000  # Hz


@dataclass(frozen=True)
class Codec:
    """A codec of FFmpeg, a container for it, and the rates that phones and the web use."""

    name: str
    container: str
    lowest_rate: int  # bit/s
    highest_rate: int


CODECS = (
    Codec("libmp3lame", "mp3", 24_000, 96_000),
    Codec("aac", "mp4", 24_000, 96_000),
    Codec("libopus", "ogg", 12_000, 64_000),
)


def through_any_codec(
    audio: npt.NDArray[np.float32], rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """``through_codec`` with one of ``CODECS``, at a random rate."""
    codec = CODECS[int(rng.integers(len(CODECS)))]
    rates = np.log([codec.lowest_rate, codec.highest_rate])
    return through_codec(audio, codec, round(np.exp(rng.uniform(*rates))))


def through_codec(
    audio: npt.NDArray[np.float32], codec: Codec, bit_rate: int
) -> npt.NDArray[np.float32]:
    """Encode and decode, in memory.

    Parameters
    ----------
    audio : np.ndarray, shape (n_samples,)
        At 16 kHz.
    codec : Codec
    bit_rate : int, bit/s

    Returns
    -------
    np.ndarray, shape (n_samples,)
        Where it was in time: what the encoder put before it is cut off.
    """
    decoded = _decode(_encode(audio, codec, bit_rate))
    # Each encoder has its own delay, which not every container states.
    delay = _delay(audio, decoded)
    aligned = np.zeros_like(audio)
    part = decoded[max(delay, 0) : max(delay, 0) + len(audio) - max(-delay, 0)]
    aligned[max(-delay, 0) : max(-delay, 0) + len(part)] = part
    return aligned


def _encode(audio: npt.NDArray[np.float32], codec: Codec, bit_rate: int) -> bytes:
    buffer = io.BytesIO()
    container = av.open(buffer, "w", format=codec.container)
    assert isinstance(container, OutputContainer)
    with container:
        stream = container.add_stream(codec.name, rate=SAMPLE_RATE)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(audio[None], format="flt", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        resampler = av.AudioResampler(
            format=stream.format.name,
            layout="mono",
            rate=SAMPLE_RATE,
            frame_size=stream.codec_context.frame_size or 0,
        )
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def _decode(data: bytes) -> npt.NDArray[np.float32]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    container = av.open(io.BytesIO(data))
    assert isinstance(container, InputContainer)
    with container:
        parts = [
            resampled.to_ndarray()[0]
            for frame in container.decode(audio=0)
            for resampled in resampler.resample(frame)
        ]
        parts += [resampled.to_ndarray()[0] for resampled in resampler.resample(None)]
    return np.concatenate(parts)


def _delay(audio: npt.NDArray[np.float32], decoded: npt.NDArray[np.float32]) -> int:
    """Samples by which ``decoded`` is late, from the peak of the correlation."""
    n_samples = min(len(audio), len(decoded), 4 * SAMPLE_RATE)
    n_fft = 2 * n_samples
    spectrum = np.fft.rfft(decoded[:n_samples], n_fft) * np.conj(
        np.fft.rfft(audio[:n_samples], n_fft)
    )
    peak = int(np.argmax(np.fft.irfft(spectrum, n_fft)))
    return peak - n_fft if peak > n_samples else peak
