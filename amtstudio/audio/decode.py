"""From a sound file to mono audio at the rate asked for, block by block."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from amtstudio.audio.av_reader import AvReader
from amtstudio.audio.info import (
    MAX_SAMPLE_RATE,
    MIN_SAMPLE_RATE,
    AudioInfo,
    DecoderRefusedError,
    FloatArray,
    shown_name,
)
from amtstudio.audio.input_file import open_input
from amtstudio.audio.resampler import StreamResampler
from amtstudio.audio.soundfile_reader import SoundfileReader, announced_bytes, suits_soundfile
from amtstudio.errors import BadAudioError

logger = logging.getLogger("amtstudio.audio")

OnPosition = Callable[[float], None]
OnWarning = Callable[[str], None]
Reader = SoundfileReader | AvReader

SHORT_BY_S = 1.0  # a file may end this much before its header says without a warning
# Here the announced length is exact. Elsewhere (MP3 without a Xing header) it is a guess.
TOLD_LENGTH = ("wav", "wavex", "aiff", "au", "caf", "flac", "w64", "rf64", "mp4", "matroska")


def probe(path: Path) -> AudioInfo:
    """What the header tells, without decoding.

    Raises
    ------
    InputNotFoundError, InputUnreadableError
        See ``check_input``.
    BadAudioError
        If the file is empty, is no audio, or has no sound track or one beyond the limits (64
        channels, 1 kHz to 768 kHz).
    """
    with open_input(path) as file, _opened_reader(file, path, warn=_log_warning) as reader:
        return reader.info


def read_mono(
    path: Path,
    *,
    sample_rate: int,
    start: float = 0.0,
    end: float | None = None,
    on_warning: OnWarning | None = None,
) -> FloatArray:
    """All of a file, or a stretch of it, at once; see ``stream_mono``.

    Returns
    -------
    np.ndarray, shape (n_samples,)
    """
    blocks = stream_mono(path, sample_rate=sample_rate, start=start, end=end, on_warning=on_warning)
    return np.concatenate(list(blocks))


def stream_mono(
    path: Path,
    *,
    sample_rate: int,
    start: float = 0.0,
    end: float | None = None,
    block_seconds: float = 1.0,
    on_position: OnPosition | None = None,
    on_warning: OnWarning | None = None,
) -> Generator[FloatArray, None, None]:
    """Decode a file, mix it down to the mean of its channels and resample it, lazily.

    Nothing is opened before the first block is asked for; closing the generator closes the file.

    Parameters
    ----------
    path : Path
    sample_rate : int, Hz
        Of the blocks, 1 kHz to 768 kHz.
    start, end : float, seconds
        The stretch to read, each rounded to the nearest sample of the file. ``end`` None, or
        beyond the end of the file, reads to its end.
    block_seconds : float
        Length of the blocks; the last one may be shorter.
    on_position : callable, optional
        Told before each block how far in the file, in seconds, the decoding has come.
    on_warning : callable, optional
        Told, in a sentence for the user, when a file is damaged or cut off and was read as far as
        it goes. Warnings go to the logger ``amtstudio.audio`` too.

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

    stretch = _Stretch(path, start, end, warn)
    return _regrouped(stretch.resampled(sample_rate, on_position), n_block)


class _Stretch:
    """One reading of a stretch of a file."""

    def __init__(self, path: Path, start: float, end: float | None, warn: OnWarning) -> None:
        self._path = path
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
            _opened_reader(file, self._path, warn=self._warn_once) as reader,
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
        for block in self._read_on(file, reader, first):
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

    def _read_on(self, file: BinaryIO, reader: Reader, first: int) -> Iterator[FloatArray]:
        """The reader's blocks; where libsndfile gives up, FFmpeg goes on from there."""
        try:
            yield from reader.blocks(first)
        except DecoderRefusedError as refusal:
            damaged = f"{self._name} is damaged near {self._position / reader.sample_rate:.1f} s"
            if isinstance(reader, SoundfileReader):
                yield from self._second_try(file, reader.sample_rate)
            if self._position == first:
                raise _not_audio(self._name) from refusal
            self._warn_once(f"{damaged}; what can be read is used")

    def _second_try(self, file: BinaryIO, sample_rate: int) -> Iterator[FloatArray]:
        try:
            second = AvReader(file, self._path, warn=self._warn_once)
        except (DecoderRefusedError, BadAudioError):
            return
        try:
            if second.sample_rate == sample_rate:
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
        if reader.info.container in TOLD_LENGTH and told_s and read_s < told_s - SHORT_BY_S:
            self._warn_once(
                f"{self._name} ends at {read_s:.1f} s, and its header announces {told_s:.1f} s; "
                "what is there is used"
            )
            return
        announced = announced_bytes(file)
        if announced is not None and os.fstat(file.fileno()).st_size < announced - 1:
            self._warn_once(
                f"{self._name} is cut off: shorter than its header says; what is there is used"
            )


@contextmanager
def _opened_reader(file: BinaryIO, path: Path, *, warn: OnWarning) -> Iterator[Reader]:
    reader = _open_reader(file, path, warn=warn)
    try:
        yield reader
    finally:
        reader.close()


def _open_reader(file: BinaryIO, path: Path, *, warn: OnWarning) -> Reader:
    """Take libsndfile where it reads the format well, FFmpeg elsewhere and as the second try."""
    first: SoundfileReader | None = None
    if suits_soundfile(file):
        try:
            first = SoundfileReader(file, path)
        except DecoderRefusedError as refusal:
            logger.debug("%s: libsndfile: %s", path.name, refusal)
    if first is not None and first.n_samples > 0:
        return first
    try:
        # A recorder that was cut off leaves the length 0: FFmpeg reads on to the end of the file.
        second = AvReader(file, path, warn=warn)
    except DecoderRefusedError as refusal:
        if first is not None:
            return first
        raise _not_audio(shown_name(path)) from refusal
    except BadAudioError:
        if first is not None:
            return first
        raise
    if first is not None:
        first.close()
    return second


def _not_audio(name: str) -> BadAudioError:
    return BadAudioError(
        f"{name} cannot be read as audio",
        hint="it is damaged, or no sound file at all; see whether another program plays it",
    )


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
