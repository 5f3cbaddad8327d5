"""Read with PyAV, which brings FFmpeg's libraries along: every other format, and sound tracks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import av.error
import av.stream
import numpy as np

from amtstudio.audio.info import (
    AudioInfo,
    DecoderRefusedError,
    FloatArray,
    check_limits,
    clean_tags,
    shown_name,
)
from amtstudio.audio.input_file import ReadOnlyFile
from amtstudio.audio.mixdown import mix_down
from amtstudio.audio.resampler import StreamResampler
from amtstudio.errors import BadAudioError

# Recordings only. FFmpeg also knows playlists (hls, concat, dash, sdp), which would open other
# files and network addresses that a hostile file names.
DEMUXERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,iff,loas,matroska,webm,mlp,"
    "mov,mp4,m4a,mp3,mpc,mpc8,mpeg,mpegts,nut,ogg,oma,rm,sox,tak,truehd,tta,voc,w64,wav,wv,xwma"
)
# The files come through our own reader; whatever else a demuxer wants to open has no protocol.
OPEN_OPTIONS = {"format_whitelist": DEMUXERS, "protocol_whitelist": "none"}
# PyAV's exceptions are FFmpegError; the rest is what its own code raises for odd streams.
DECODER_ERRORS = (
    av.error.FFmpegError,
    ValueError,
    RuntimeError,
    OSError,
    OverflowError,
    MemoryError,
    NotImplementedError,
)

# Bare streams of packets: FFmpeg guesses their timestamps and length from the bit rate.
BARE_STREAMS = ("aac", "loas", "ac3", "eac3", "dts", "mlp", "truehd")

BLOCK_SAMPLES = 16_384  # frames are short, and each step after decoding has a price for each block
PREROLL_S = 1.0  # decoders with memory (MP3, AAC, Opus) have settled long before
GAP_S = 0.05  # containers round their timestamps and encoders jitter; a lost packet is longer
DAMAGE_GAP_S = 0.002  # after a packet that could not be decoded, any gap is its own
MAX_GAP_S = 600.0  # a longer jump is a broken timestamp, not a silence
MAX_FAILURES = 2_000  # packets in a row without a sample before the rest is given up
MAX_DEMUX_FAILURES = 50
SAMPLE_DTYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}


class AvReader:
    """A sound file, or the sound track of a video, opened with PyAV.

    Time 0 is where the file's timeline starts: a sound track that sets in later than the picture
    is preceded by silence, so that times fit the video. The priming samples of encoders are left
    out wherever the file announces them.

    Raises ``DecoderRefusedError`` where PyAV does not take the file, and ``BadAudioError`` where
    it has no sound track or one beyond the limits.
    """

    def __init__(self, file: BinaryIO, path: Path, *, warn: Callable[[str], None]) -> None:
        self._name = shown_name(path)
        self._warn = warn
        self._source = ReadOnlyFile(file, path.name)
        file.seek(0)
        try:
            self._container = av.open(
                self._source, "r", container_options=OPEN_OPTIONS, metadata_errors="replace"
            )
        except DECODER_ERRORS as error:
            raise DecoderRefusedError(str(error)) from error
        try:
            self._stream = self._choose_stream()
            context: Any = self._stream.codec_context
            self.sample_rate = int(context.sample_rate)
            self._is_bare = self._container.format.name in BARE_STREAMS
            self._n_channels = int(context.channels)
            check_limits(self._name, sample_rate=self.sample_rate, channels=self._n_channels)
            self.info = self._read_header(path)
        except BaseException:
            self.close()
            raise
        self._start_pts: int | None = self._stream.start_time
        time_base = self._stream.time_base or Fraction(0)
        self._samples_per_tick: Fraction = time_base * self.sample_rate
        self._lead_in = self._find_lead_in()
        self._failed = False  # a packet could not be decoded since the last frame
        self._warned = False

    def _choose_stream(self) -> Any:
        stream = self._container.streams.best("audio")
        if stream is None:
            raise BadAudioError(f"{self._name} contains no audio track")
        if stream.codec_context is None:
            raise BadAudioError(
                f"{self._name} is coded in a way that cannot be read",
                hint="convert it to WAV or FLAC",
            )
        context: Any = stream.codec_context
        if context.channels < 1:
            raise DecoderRefusedError("no channels")  # text that FFmpeg takes for a format
        for other in self._container.streams:
            if other.index != stream.index and hasattr(other, "discard"):
                other.discard = av.stream.Discard.all  # spares reading the pictures
        return stream

    def _read_header(self, path: Path) -> AudioInfo:
        stream = self._stream
        duration = None
        if self._is_bare:
            pass
        elif stream.duration is not None and stream.time_base is not None:
            duration = float(stream.duration * stream.time_base)
        elif self._container.duration is not None:
            duration = self._container.duration / av.time_base
        format_names = self._container.format.name.split(",")
        pairs = [*self._container.metadata.items(), *stream.metadata.items()]
        return AudioInfo(
            path=path,
            duration=duration if duration is not None and duration > 0 else None,
            sample_rate=self.sample_rate,
            channels=self._n_channels,
            container="mp4" if "mp4" in format_names else format_names[0],
            codec=str(stream.codec_context.codec.canonical_name),
            tags=clean_tags(pairs),
        )

    def blocks(self, start: int) -> Iterator[FloatArray]:
        """Mono blocks from sample ``start`` on; what cannot be decoded is silent.

        Raises ``DecoderRefusedError`` if there was something to decode and nothing could be.
        """
        waiting: list[FloatArray] = []
        n_waiting = 0
        for block in self._frame_blocks(start):
            waiting.append(block)
            n_waiting += len(block)
            if n_waiting >= BLOCK_SAMPLES:
                yield np.concatenate(waiting)
                waiting, n_waiting = [], 0
        if waiting:
            yield np.concatenate(waiting)

    def _frame_blocks(self, start: int) -> Iterator[FloatArray]:
        """The frames one by one, gaps filled, cut to begin at ``start``."""
        position: int | None = None  # of the next sample, on the file's timeline
        late = 0  # samples by which the timestamps run after that timeline
        for told_position, block in self._placed_blocks(start):
            if position is None:
                position, late = self._first_position(told_position, start)
                # Silence only from the start asked for, not from that of the file.
                yield from _silence(position - start)
            elif told_position is not None:
                n_silent = self._gap(told_position - late - position)
                position += n_silent
                yield from _silence(min(n_silent, position - start))
            n_drop = min(max(start - position, 0), len(block))
            position += len(block)
            if n_drop < len(block):
                yield block[n_drop:]
        if self._source.error is not None:
            self._warn_damage(position, cause=str(self._source.error.strerror))
        elif self._failed:
            self._warn_damage(position)

    def _first_position(self, told_position: int | None, start: int) -> tuple[int, int]:
        """Where the first decoded sample lies, and how late the timestamps are against it."""
        if told_position is None:
            return self._lead_in, 0
        if self._first_pts(start) is not None or self._failed:
            return told_position, 0
        # The first sample that a decoder gives out begins the track: WMA's leaves out the two
        # frames of priming, and FFmpeg still counts them in the timestamps.
        return self._lead_in, told_position - self._lead_in

    def _gap(self, n_missing: int) -> int:
        """How many of the samples missing by the timestamps to fill with silence."""
        tolerance = DAMAGE_GAP_S if self._failed else GAP_S
        self._failed = False
        if tolerance < n_missing / self.sample_rate <= MAX_GAP_S:
            return n_missing
        return 0

    def _placed_blocks(self, start: int) -> Iterator[tuple[int | None, FloatArray]]:
        """Each decoded frame as mono, with its sample position where its timestamp tells."""
        converter = _RateConverter(self.sample_rate)
        for frame in self._frames(start):
            position = self._position_of(frame.pts)
            if self._failed:
                self._warn_damage(position)
            yield position, converter.convert(self._to_mono(frame), int(frame.sample_rate))
        rest = converter.finish()
        if len(rest):
            yield None, rest

    def _frames(self, start: int) -> Iterator[Any]:
        context: Any = self._stream.codec_context
        n_failures = 0  # in a row
        any_decoded = False
        for packet in self._packets(self._first_pts(start)):
            try:
                frames = context.decode(packet)
            except av.error.EOFError:
                break
            except DECODER_ERRORS:
                n_failures += 1
                # Decoding that begins within the file starts with a packet or two in vain.
                self._failed |= any_decoded or start == 0
                if n_failures >= MAX_FAILURES:
                    break
                continue
            if frames:
                yield from frames
                n_failures = 0
                any_decoded = True
        if n_failures and not any_decoded:
            raise DecoderRefusedError("not one packet could be decoded")

    def _packets(self, first_pts: int | None) -> Iterator[Any]:
        """The packets of the sound track from timestamp ``first_pts`` on, flush packet last."""
        n_failures = 0
        while n_failures < MAX_DEMUX_FAILURES:
            try:
                for packet in self._container.demux(self._stream):
                    n_failures = 0
                    if first_pts is None or packet.pts is None or packet.pts >= first_pts:
                        yield packet
            except av.error.EOFError:
                return
            except DECODER_ERRORS:
                n_failures += 1
                self._failed = True
            else:
                return

    def _first_pts(self, start: int) -> int | None:
        """From which timestamp on to decode so that sample ``start`` comes out settled.

        None for decoding from the start, which is needed where timestamps are coarser than
        samples (Matroska, ASF), since they cannot tell on which sample a packet lies.
        """
        if start == 0 or self._is_bare or self._start_pts is None:
            return None
        if not 0 < self._samples_per_tick <= 1:
            return None
        n_before = start - self._lead_in - round(PREROLL_S * self.sample_rate)
        return self._start_pts + math.floor(n_before / self._samples_per_tick)

    def _find_lead_in(self) -> int:
        """Samples of silence before the sound track, where the picture sets in earlier."""
        starts = [
            stream.start_time * stream.time_base
            for stream in self._container.streams.video
            if stream.start_time is not None
            and stream.time_base is not None
            and not stream.disposition & av.stream.Disposition.attached_pic
        ]
        if not starts or self._start_pts is None:
            return 0
        own_start = self._start_pts * self._samples_per_tick
        n_samples = round(own_start - min(starts) * self.sample_rate)
        return n_samples if 0 < n_samples <= MAX_GAP_S * self.sample_rate else 0

    def _position_of(self, pts: int | None) -> int | None:
        if pts is None or self._start_pts is None or self._is_bare or not self._samples_per_tick:
            return None
        # In integers, for each frame: the nearest sample.
        ratio = self._samples_per_tick
        doubled = 2 * (pts - self._start_pts) * ratio.numerator + ratio.denominator
        return self._lead_in + doubled // (2 * ratio.denominator)

    def _to_mono(self, frame: Any) -> FloatArray:
        n_channels = int(frame.layout.nb_channels)  # may change within the file, as the rate may
        check_limits(self._name, sample_rate=int(frame.sample_rate), channels=n_channels)
        kind = frame.format.name.removesuffix("p")
        if kind not in SAMPLE_DTYPES:
            raise BadAudioError(f"{self._name} holds samples of an unknown kind, {kind}")
        # Read plane by plane, since PyAV's to_ndarray does not know 64-bit integers.
        dtype = np.dtype(SAMPLE_DTYPES[kind])
        n_samples = int(frame.samples)
        if frame.format.is_planar:
            planes = [np.frombuffer(plane, dtype, n_samples) for plane in frame.planes]
            return mix_down(np.array(planes).T)
        packed = np.frombuffer(frame.planes[0], dtype, n_samples * n_channels)
        return mix_down(packed.reshape(n_samples, n_channels))

    def _warn_damage(self, position: int | None, *, cause: str = "") -> None:
        if self._warned:
            return
        self._warned = True
        where = "" if position is None else f" near {max(position, 0) / self.sample_rate:.1f} s"
        reason = f": {cause}" if cause else ""
        self._warn(f"{self._name} is damaged{where}{reason}; what can be read is used")

    def close(self) -> None:
        self._container.close()


class _RateConverter:
    """Brings frames to one rate, should the rate change within the file, as MP3 and AAC allow."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._resampler: StreamResampler | None = None

    def convert(self, block: FloatArray, rate: int) -> FloatArray:
        if self._resampler is not None and self._resampler.source_rate == rate:
            return self._resampler.process(block)
        rest = self.finish()
        if rate != self._sample_rate:
            self._resampler = StreamResampler(rate, self._sample_rate)
            block = self._resampler.process(block)
        return np.concatenate([rest, block]) if len(rest) else block

    def finish(self) -> FloatArray:
        resampler, self._resampler = self._resampler, None
        return np.zeros(0, dtype=np.float32) if resampler is None else resampler.flush()


def _silence(n_samples: int, n_block: int = 65_536) -> Iterator[FloatArray]:
    for begin in range(0, n_samples, n_block):
        yield np.zeros(min(n_block, n_samples - begin), dtype=np.float32)
