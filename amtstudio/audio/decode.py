"""From a sound file to mono audio at the rate asked for, block by block."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from amtstudio.audio.av_reader import AvReader
from amtstudio.audio.data_extent import find_data
from amtstudio.audio.file_view import read_at
from amtstudio.audio.info import (
    MAX_SAMPLE_RATE,
    MIN_SAMPLE_RATE,
    AudioInfo,
    DecoderRefusedError,
    FloatArray,
    shown_name,
)
from amtstudio.audio.input_file import open_input
from amtstudio.audio.opening import Reader, not_audio, opened_reader
from amtstudio.audio.resampler import StreamResampler
from amtstudio.audio.soundfile_reader import SoundfileReader
from amtstudio.errors import BadAudioError

logger = logging.getLogger("amtstudio.audio")

OnPosition = Callable[[float], None]
OnWarning = Callable[[str], None]

SHORT_BY_S = 1.0  # a file may end this much before its header says without a warning
# Here the announced length is exact. Elsewhere (MP3 without a Xing header) it is a guess.
TOLD_LENGTH = ("wav", "wavex", "aiff", "au", "caf", "flac", "w64", "rf64", "mp4", "matroska")


def probe(path: Path, *, track: int | None = None) -> AudioInfo:
    """What the header tells.

    ``track`` is as for ``stream_mono``; of several tracks and channels, some is decoded to choose.

    Raises
    ------
    InputNotFoundError, InputUnreadableError
        See ``check_input``.
    BadAudioError
        If the file is empty, is no audio, or has no sound track or one beyond the limits (64
        channels, 1 kHz to 768 kHz), or is protected against copying.
    OptionError
        If it does not have that many tracks.
    """
    with (
        open_input(path) as file,
        opened_reader(file, path, track=track, warn=_log_warning, remark=_log_remark) as reader,
    ):
        return reader.info


def read_mono(
    path: Path,
    *,
    sample_rate: int,
    start: float = 0.0,
    end: float | None = None,
    track: int | None = None,
    on_warning: OnWarning | None = None,
) -> FloatArray:
    """All of a file, or a stretch of it, at once; see ``stream_mono``.

    Returns
    -------
    np.ndarray, shape (n_samples,)
    """
    blocks = stream_mono(
        path,
        sample_rate=sample_rate,
        start=start,
        end=end,
        track=track,
        on_warning=on_warning,
    )
    return np.concatenate(list(blocks))


def stream_mono(
    path: Path,
    *,
    sample_rate: int,
    start: float = 0.0,
    end: float | None = None,
    track: int | None = None,
    block_seconds: float = 1.0,
    on_position: OnPosition | None = None,
    on_warning: OnWarning | None = None,
) -> Generator[FloatArray, None, None]:
    """Decode a file, mix it down and resample it, lazily.

    The mix is the mean of the channels, unless they cancel each other in it: see ``choose_mix``.

    Nothing is opened before the first block is asked for; closing the generator closes the file.

    Parameters
    ----------
    path : Path
    sample_rate : int, Hz
        Of the blocks, 1 kHz to 768 kHz.
    start, end : float, seconds
        The stretch to read, each rounded to the nearest sample of the file. ``end`` None, or
        beyond the end of the file, reads to its end.
    track : int, optional
        Which of several sound tracks, from 1 on; None: the first that can be decoded and is not
        silent.
    block_seconds : float
        Length of the blocks; the last one may be shorter.
    on_position : callable, optional
        Told before each block how far in the file, in seconds, the decoding has come.
    on_warning : callable, optional
        Told, in a sentence for the user, when a file is damaged or cut off and was read as far as
        it goes, and what was taken of it where there was a choice. Warnings go to the logger
        ``amtstudio.audio`` too.

    Yields
    ------
    np.ndarray, shape (round(block_seconds * sample_rate),)
        Mono, float32, full scale 1 (float files may exceed it).

    Raises
    ------
    InputNotFoundError, InputUnreadableError
        See ``check_input``.
    BadAudioError
        If nothing can be read, a sample is not finite, the file ends before ``start``, or the
        header is beyond the limits (64 channels, 1 kHz to 768 kHz).
    OptionError
        If there is no such track.
    ValueError
        If an argument is out of range.
    """
    if not MIN_SAMPLE_RATE <= sample_rate <= MAX_SAMPLE_RATE:
        raise ValueError(f"sample_rate must be 1 kHz to 768 kHz, got {sample_rate}")
    if not (math.isfinite(start) and start >= 0):
        raise ValueError(f"start must be 0 s or later, got {start}")
    if end is not None and not end > start:
        raise ValueError(f"end must be later than start, got {start} to {end}")
    n_block = round(block_seconds * sample_rate)
    if n_block < 1:
        raise ValueError(f"block_seconds must hold a sample at least, got {block_seconds}")

    def warn(message: str) -> None:
        _log_warning(message)
        if on_warning is not None:
            on_warning(message)

    stretch = _Stretch(path, start, end, track, warn)
    return _regrouped(stretch.resampled(sample_rate, on_position), n_block)


class _Stretch:
    """One reading of a stretch of a file."""

    def __init__(
        self, path: Path, start: float, end: float | None, track: int | None, warn: OnWarning
    ) -> None:
        self._path = path
        self._track = track
        self._name = shown_name(path)
        self._start = start
        self._end = math.inf if end is None else end
        self._warn = warn
        self._position = 0  # samples of the file
        self._warned = False

    def _warn_once(self, message: str) -> None:
        if not self._warned:
            self._warned = True
            self._warn(message)

    def resampled(
        self, sample_rate: int, on_position: OnPosition | None
    ) -> Generator[FloatArray, None, None]:
        with (
            open_input(self._path) as file,
            opened_reader(
                file, self._path, track=self._track, warn=self._warn_once, remark=self._warn
            ) as reader,
        ):
            resampler = StreamResampler(reader.sample_rate, sample_rate)
            for block in self._source_blocks(file, reader):
                out = resampler.process(block)
                if on_position is not None:
                    on_position(self._position / reader.sample_rate)
                yield out
            yield resampler.flush()

    def _source_blocks(self, file: BinaryIO, reader: Reader) -> Iterator[FloatArray]:
        """Mono blocks of the stretch at the file's own rate."""
        rate = reader.sample_rate
        first = round(self._start * rate)
        last = math.inf if math.isinf(self._end) else max(round(self._end * rate), first + 1)
        self._position = first
        for block in self._read_on(reader, first):
            n_wanted = int(min(len(block), last - self._position))
            wanted = block[:n_wanted]
            self._check_finite(wanted, rate)
            self._position += n_wanted
            yield wanted
            if self._position >= last:
                return
        if self._position == first:
            self._complain_of_nothing(reader, first)
        self._check_length(file, reader)

    def _read_on(self, reader: Reader, first: int) -> Iterator[FloatArray]:
        """The reader's blocks; where libsndfile gives up, FFmpeg goes on from there."""
        try:
            yield from reader.blocks(first)
        except DecoderRefusedError as refusal:
            damaged = f"{self._name} is damaged near {self._position / reader.sample_rate:.1f} s"
            if isinstance(reader, SoundfileReader):
                yield from self._second_try(reader)
            if self._position == first:
                raise not_audio(self._name) from refusal
            self._warn_once(f"{damaged}; what can be read is used")

    def _second_try(self, first: SoundfileReader) -> Iterator[FloatArray]:
        try:
            second = AvReader(first.file, self._path, warn=self._warn_once)
        except (DecoderRefusedError, BadAudioError):
            return
        second.mix = first.mix
        try:
            if second.sample_rate == first.sample_rate:
                yield from second.blocks(self._position)
        except DecoderRefusedError as refusal:
            logger.debug("%s: %s", self._name, refusal)
        finally:
            second.close()

    def _check_finite(self, block: FloatArray, rate: int) -> None:
        finite = np.isfinite(block)
        if finite.all():
            return
        at = (self._position + int(np.argmin(finite))) / rate
        raise BadAudioError(
            f"{self._name} has a sample that is not a number or infinite, at {at:.3f} s",
            hint="export it again from the program that made it",
        )

    def _complain_of_nothing(self, reader: Reader, first: int) -> None:
        duration = reader.info.duration
        if first > 0 and duration is not None:
            raise BadAudioError(
                f"{self._name} ends before {self._start:g} s, where reading was to start",
                hint=f"it is {duration:.1f} s long",
            )
        raise BadAudioError(f"{self._name} contains no audio")

    def _check_length(self, file: BinaryIO, reader: Reader) -> None:
        read_s = self._position / reader.sample_rate
        told_s = reader.info.duration
        is_told = reader.tells_length and reader.info.container in TOLD_LENGTH
        if is_told and told_s and read_s < told_s - SHORT_BY_S:
            self._warn_once(
                f"{self._name} ends at {read_s:.1f} s, and its header announces {told_s:.1f} s; "
                "what is there is used"
            )
            return
        if reader.is_cut_off or (isinstance(reader, AvReader) and _is_cut_off(file)):
            self._warn_once(
                f"{self._name} is cut off: shorter than its header says; what is there is used"
            )


def _is_cut_off(file: BinaryIO) -> bool:
    """Whether a RIFF or FORM file is shorter than it says; False where it does not say."""
    extent = find_data(file)
    if extent is not None:
        return extent.is_cut_off
    head = read_at(file, 0, 8)
    if len(head) < 8 or head[:4] not in (b"RIFF", b"RIFX", b"FORM"):
        return False
    size = int.from_bytes(head[4:8], "little" if head[:4] == b"RIFF" else "big")
    # Recorders that cannot go back leave 0 or the largest number there.
    return 0 < size < 0x7FFFE000 and os.fstat(file.fileno()).st_size < size + 7


def _log_remark(message: str) -> None:
    logger.debug("%s", message)


def _log_warning(message: str) -> None:
    logger.warning("%s", message)


def _regrouped(
    blocks: Generator[FloatArray, None, None], n_block: int
) -> Generator[FloatArray, None, None]:
    """The same samples in blocks of ``n_block``; closing it closes ``blocks``."""
    waiting: list[FloatArray] = []
    n_waiting = 0
    try:
        for block in blocks:
            waiting.append(block)
            n_waiting += len(block)
            if n_waiting < n_block:
                continue
            joined = np.concatenate(waiting)
            n_whole = n_waiting // n_block * n_block
            for begin in range(0, n_whole, n_block):
                yield joined[begin : begin + n_block]
            waiting = [joined[n_whole:]]
            n_waiting -= n_whole
        if n_waiting:
            yield np.concatenate(waiting)
    finally:
        blocks.close()
