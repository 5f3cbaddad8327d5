"""Read with PyAV, which includes FFmpeg's libraries: every other format, and sound tracks."""

from __future__ import annotations

import contextlib
import math
import re
from collections import deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import av.stream
import numpy as np
import numpy.typing as npt

from amtstudio.audio.file_view import Readable, size_of
from amtstudio.audio.info import (
    AudioInfo,
    DecoderRefusedError,
    FloatArray,
    check_limits,
    clean_tags,
    shown_name,
    silence,
)
from amtstudio.audio.input_file import ReadOnlyFile
from amtstudio.audio.mixdown import MEAN, WINDOW, Channels, to_float
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
MAX_PRIMING_S = 0.5
DOUBTFUL_GAP_S = 10.0  # a longer one, and any leap back, has to be borne out by what comes next
MAX_GAP_S = 86_400.0  # a day: a longer one is a broken clock, not a silence
WITNESSES = 3  # frames that may bear out a gap
MAX_FAILURES = 2_000  # packets in a row without a sample before the rest is given up
MAX_DEMUX_FAILURES = 50
MAX_WINDOW_FAILURES = 50
TYPICAL_PACKET = 1024  # samples
SAMPLE_DTYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}


class AvReader:
    """A sound file, or the sound track of a video, opened with PyAV.

    Time 0 is where the file's timeline starts: a sound track that sets in later than the picture
    is preceded by silence, so that times fit the video. The priming samples of encoders are left
    out wherever the file announces them.

    Parameters
    ----------
    file, path
    track : int, optional
        Which of its sound tracks, from 1; None: the one that FFmpeg prefers.
    warn : callable
        Called once with a sentence if the file is damaged.

    Raises ``DecoderRefusedError`` where PyAV does not take the file, and ``BadAudioError`` where
    it has no sound track, or not this one, or one beyond the limits.
    """

    told_samples: int | None = None
    is_cut_off = False

    def __init__(
        self,
        file: Readable,
        path: Path,
        *,
        track: int | None = None,
        warn: Callable[[str], None],
    ) -> None:
        self.mix = MEAN
        self._n_bytes = size_of(file)
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
            self._stream = self._choose_stream(track)
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

    def _choose_stream(self, track: int | None) -> Any:
        streams = self._container.streams.audio
        if track is None:
            best = self._container.streams.best("audio")
            decodable = (stream for stream in streams if stream.codec_context is not None)
            stream = next(decodable, best) if best and best.codec_context is None else best
        else:
            stream = streams[track - 1] if track <= len(streams) else None
        if stream is None:
            raise BadAudioError(
                f"{self._name} contains no sound track", hint="choose a file with sound"
            )
        if stream.codec_context is None:
            raise BadAudioError(
                f"{self._name} is encoded in a format that cannot be read",
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
        self.tells_length = True
        if self._is_bare:
            pass
        elif stream.duration is not None and stream.time_base is not None:
            duration = float(stream.duration * stream.time_base)
        elif (tagged := _seconds(stream.metadata.get("DURATION", ""))) is not None:
            duration = tagged
        elif self._container.duration is not None:
            duration = self._container.duration / av.time_base
            # That of the longest track, which may be the picture.
            self.tells_length = len(self._container.streams) == 1
        streams = self._container.streams.audio
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
            tracks=tuple(map(_described, streams)) if len(streams) > 1 else (),
            track=1 + next(k for k, other in enumerate(streams) if other.index == stream.index),
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
        frames = _Ahead(self._placed_blocks(start))
        for told_position, block in frames:
            if position is None:
                position, late = self._first_position(told_position, start)
                if position - start > MAX_GAP_S * self.sample_rate:
                    late, position = late + position - start, start
                # Silence only from the requested start, not from the start of the file.
                yield from silence(position - start)
            elif told_position is not None:
                n_missing = told_position - late - position
                if not self._is_sure(n_missing, frames, told_position + len(block)):
                    n_missing = 0  # one timestamp alone is wrong
                elif not self._may_be_gap(n_missing):
                    self._warn_leap(position, n_missing)
                    late, n_missing = late + n_missing, 0
                n_silent = self._gap(n_missing)
                position += n_silent
                yield from silence(min(n_silent, position - start))
            n_drop = min(max(start - position, 0), len(block))
            position += len(block)
            if n_drop < len(block):
                yield block[n_drop:]
        if self._source.error is not None:
            self._warn_damage(position, cause=str(self._source.error.strerror))
        elif self._failed:
            self._warn_damage(position)

    def _is_sure(self, n_missing: int, frames: _Ahead, follows: int) -> bool:
        """Whether the frames after a seek continue from its target, not from where it started."""
        if abs(n_missing) <= DOUBTFUL_GAP_S * self.sample_rate:
            return True
        for told_position, block in frames.next_ones(WITNESSES):
            if told_position is not None:
                # Nearer to the new place than to the old one.
                return abs(told_position - follows) < abs(n_missing) / 2
            follows += len(block)
        return n_missing > 0

    def _may_be_gap(self, n_missing: int) -> bool:
        return -DOUBTFUL_GAP_S <= n_missing / self.sample_rate <= MAX_GAP_S

    def _first_position(self, told_position: int | None, start: int) -> tuple[int, int]:
        """Where the first decoded sample is, and how late the timestamps are relative to it."""
        if told_position is None:
            return self._lead_in, 0
        if self._first_pts(start) is not None or self._failed:
            return told_position, 0
        if told_position - self._lead_in > MAX_PRIMING_S * self.sample_rate:
            return told_position, 0  # FFmpeg gave up looking for where the track begins
        # The first sample that a decoder gives out begins the track: WMA's leaves out the two
        # frames of priming, and FFmpeg still counts them in the timestamps.
        return self._lead_in, told_position - self._lead_in

    def _gap(self, n_missing: int) -> int:
        """How many of the samples missing according to the timestamps to fill with silence."""
        tolerance = DAMAGE_GAP_S if self._failed else GAP_S
        self._failed = False
        return n_missing if n_missing > tolerance * self.sample_rate else 0

    def _placed_blocks(self, start: int) -> Iterator[tuple[int | None, FloatArray]]:
        """Each decoded frame as mono, with its sample position if it has a timestamp."""
        converter = _RateConverter(self.sample_rate)
        for frame in self._frames(start):
            position = self._position_of(frame.pts)
            if self._failed:
                self._warn_damage(position)
            mono = self.mix.apply(self._channels_of(frame))
            yield position, converter.convert(mono, int(frame.sample_rate))
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
            raise DecoderRefusedError("no packet could be decoded")

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
        samples (Matroska, ASF), since they do not say at which sample a packet starts.
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

    def windows(self, n_windows: int) -> Iterator[Channels]:
        """Stretches of the track, evenly spread; shape (n_samples, n_channels), full scale 1.

        Where they begin is not exact. Damage leaves windows out. Nothing else can be read after.
        """
        duration = self._container.duration or 0
        n_needed = int(duration / av.time_base * self.sample_rate) // WINDOW
        if not n_needed:
            yield from self._windows_by_place(n_windows)
        elif n_needed <= n_windows:
            yield from self._decoded_windows(self._packets(None), n_windows)
        else:
            first = self._container.start_time or 0
            for k in range(n_windows):
                with contextlib.suppress(*DECODER_ERRORS):
                    self._container.seek(first + duration * k // n_windows)
                    yield from self._decoded_windows(self._packets(None), 1)

    def _windows_by_place(self, n_windows: int) -> Iterator[Channels]:
        """Windows evenly spread over the bytes of the file, if its length is not stated."""
        step, next_place, n_taken = self._n_bytes // n_windows, 0, 0
        wanted: list[Any] = []
        for packet in self._packets(None):
            if packet.pos is not None and packet.pos >= next_place:
                next_place, n_taken = packet.pos + step, 0
            if n_taken < WINDOW:
                n_taken += int((packet.duration or 0) * self._samples_per_tick) or TYPICAL_PACKET
                wanted.append(packet)
            elif wanted:
                yield from self._decoded_windows(iter(wanted), 1)
                wanted = []
        yield from self._decoded_windows(iter(wanted), 1)

    def _decoded_windows(self, packets: Iterator[Any], n_windows: int) -> Iterator[Channels]:
        context: Any = self._stream.codec_context
        waiting: list[Channels] = []
        n_waiting = n_failures = 0
        for packet in packets:
            try:
                frames = context.decode(packet)
            except DECODER_ERRORS:
                n_failures += 1
                if n_failures >= MAX_WINDOW_FAILURES:
                    return
                continue
            for frame in frames:
                channels = to_float(self._channels_of(frame))
                if waiting and channels.shape[1] != waiting[0].shape[1]:
                    waiting, n_waiting = [], 0
                waiting.append(channels)
                n_waiting += len(channels)
            if n_waiting >= WINDOW:
                yield np.concatenate(waiting)[:WINDOW]
                waiting, n_waiting = [], 0
                n_windows -= 1
                if n_windows <= 0:
                    return
        if waiting:
            yield np.concatenate(waiting)

    def _channels_of(self, frame: Any) -> npt.NDArray[Any]:
        """Shape (n_samples, n_channels), in the numbers that the decoder gives."""
        n_channels = int(frame.layout.nb_channels)  # may change within the file, as the rate may
        check_limits(self._name, sample_rate=int(frame.sample_rate), channels=n_channels)
        kind = frame.format.name.removesuffix("p")
        if kind not in SAMPLE_DTYPES:
            raise BadAudioError(
                f"{self._name} holds samples of an unknown type, {kind}",
                hint="convert it to WAV or FLAC",
            )
        # Read plane by plane, since PyAV's to_ndarray does not know 64-bit integers.
        dtype = np.dtype(SAMPLE_DTYPES[kind])
        n_samples = int(frame.samples)
        if frame.format.is_planar:
            # Of more than eight, PyAV counts on beyond the last one.
            planes = [np.frombuffer(plane, dtype, n_samples) for plane in frame.planes[:n_channels]]
            return np.array(planes).T
        packed = np.frombuffer(frame.planes[0], dtype, n_samples * n_channels)
        return packed.reshape(n_samples, n_channels)

    def _warn_leap(self, position: int, n_missing: int) -> None:
        if self._warned:
            return
        self._warned = True
        where = "back" if n_missing < 0 else "by more than a day"
        self._warn(
            f"{self._name} has timestamps that jump {where} near"
            f" {position / self.sample_rate:.1f} s; the parts before and after are joined"
        )

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


class _Ahead:
    """Frames one by one, with a look at those to come."""

    def __init__(self, frames: Iterator[tuple[int | None, FloatArray]]) -> None:
        self._frames = frames
        self._seen: deque[tuple[int | None, FloatArray]] = deque()

    def __iter__(self) -> Iterator[tuple[int | None, FloatArray]]:
        while True:
            if self._seen:
                yield self._seen.popleft()
            elif (frame := next(self._frames, None)) is not None:
                yield frame
            else:
                return

    def next_ones(self, n_frames: int) -> list[tuple[int | None, FloatArray]]:
        while len(self._seen) < n_frames and (frame := next(self._frames, None)) is not None:
            self._seen.append(frame)
        return list(self._seen)


def _described(stream: Any) -> str:
    """A sound track in some words, for people to choose by."""
    context = stream.codec_context
    tags = clean_tags(stream.metadata.items())
    language = tags.get("language", "")
    words = [
        tags.get("title", ""),
        "" if language == "und" else language,
        "of an unknown kind" if context is None else str(context.name),
        "" if context is None else _layout_name(context),
    ]
    return "".join(c if c.isprintable() else "?" for c in ", ".join(filter(None, words)))


def _layout_name(context: Any) -> str:
    n_channels = int(context.channels)
    usual = {1: "mono", 2: "stereo"}.get(n_channels)
    return usual or str(context.layout.name or f"{n_channels} channels")


def _seconds(clock: str) -> float | None:
    """Seconds of a text such as 00:00:04.223000000; None for any other text."""
    found = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", clock.strip().strip("\0"))
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
