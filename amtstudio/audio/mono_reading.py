"""A sound file as mono at its own rate, from any of its samples to its end."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

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
from amtstudio.audio.opening import not_audio, opened_reader
from amtstudio.audio.resampler import StreamResampler
from amtstudio.audio.rumble import lead_before, without_rumble
from amtstudio.audio.soundfile_reader import SoundfileReader
from amtstudio.errors import BadAudioError

logger = logging.getLogger("amtstudio.audio")

OnPosition = Callable[[float], None]
OnWarning = Callable[[str], None]

_AUDIBLE = 1e-6  # of full scale, far below the last bit of 16: what changes by less is silence
SHORT_BY_S = 1.0  # a file may be this much shorter than its header says without a warning
# Here the announced length is exact. Elsewhere (MP3 without a Xing header) it is a guess.
TOLD_LENGTH = ("wav", "wavex", "aiff", "au", "caf", "flac", "w64", "rf64", "mp4", "matroska")


class MonoReading:
    """One reading of a file, which is open until it is closed.

    Parameters
    ----------
    path : Path
    track : int, optional
        As for ``stream_mono``.
    warn : callable
        Called once with a sentence for the user if the file is damaged or cut off, and about which
        part was used if there was a choice.

    Attributes
    ----------
    info : AudioInfo
    position : int
        The sample of the file that comes next.
    is_silent : bool
        Whether it was read from its beginning to its end, and nothing could be heard in it.

    Raises
    ------
    InputNotFoundError, InputUnreadableError, BadAudioError, OptionError
        As ``probe``.
    """

    def __init__(self, path: Path, *, track: int | None = None, warn: OnWarning) -> None:
        self._path = path
        self._name = shown_name(path)
        self._warn = warn
        self._warned = False
        self.position = 0
        self.is_silent = False
        with ExitStack() as stack:
            self._file: BinaryIO = stack.enter_context(open_input(path))
            self._reader = stack.enter_context(
                opened_reader(self._file, path, track=track, warn=self._warn_once, remark=warn)
            )
            self._opened = stack.pop_all()
        self.info: AudioInfo = self._reader.info

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._opened.close()

    @property
    def sample_rate(self) -> int:
        return self._reader.sample_rate

    def blocks(self, first: int) -> Generator[FloatArray, None, None]:
        """Mono blocks from sample ``first`` on; none where the file ends before it.

        Raises ``BadAudioError`` where nothing at all can be decoded.
        """
        lowest, highest = np.inf, -np.inf
        for block in self._without_rumble(first):
            if len(block) and not highest - lowest >= _AUDIBLE:
                lowest = min(lowest, float(block.min()))
                highest = max(highest, float(block.max()))
            yield block
        self.is_silent = first == 0 and 0.0 <= highest - lowest < _AUDIBLE
        if self.is_silent:
            self._warn(f"{self._name} is silent; check that it is the recording you meant")

    def _without_rumble(self, first: int) -> Generator[FloatArray, None, None]:
        if not self._reader.mix.rumbles:
            yield from self._counted(first)
            return
        n_drop = lead_before(first, self.sample_rate)
        for block in without_rumble(self._counted(first - n_drop), self.sample_rate):
            if n_drop < len(block):
                yield block[n_drop:]
            n_drop = max(n_drop - len(block), 0)

    def _counted(self, first: int) -> Generator[FloatArray, None, None]:
        self.position = first
        for block in self._read_on(first):
            self.position += len(block)
            yield block
        if self.position > first:
            self._check_length()

    def _warn_once(self, message: str) -> None:
        if not self._warned:
            self._warned = True
            self._warn(message)

    def _read_on(self, first: int) -> Iterator[FloatArray]:
        """The reader's blocks; where libsndfile gives up, FFmpeg continues."""
        try:
            yield from self._reader.blocks(first)
        except DecoderRefusedError as refusal:
            damaged = f"{self._name} is damaged near {self.position / self.sample_rate:.1f} s"
            if isinstance(self._reader, SoundfileReader):
                yield from self._second_try(self._reader)
            if self.position == first:
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
                yield from second.blocks(self.position)
        except DecoderRefusedError as refusal:
            logger.debug("%s: %s", self._name, refusal)
        finally:
            second.close()

    def _check_length(self) -> None:
        reader = self._reader
        read_s = self.position / reader.sample_rate
        told_s = reader.info.duration
        is_told = reader.tells_length and reader.info.container in TOLD_LENGTH
        if is_told and told_s and read_s < told_s - SHORT_BY_S:
            self._warn_once(
                f"{self._name} ends at {read_s:.1f} s, but its header says {told_s:.1f} s; "
                "what is there is used"
            )
            return
        if reader.is_cut_off or (isinstance(reader, AvReader) and _is_cut_off(self._file)):
            self._warn_once(
                f"{self._name} is cut off: shorter than its header says; what is there is used"
            )


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a file, in a requested form: mono at ``sample_rate``, in even blocks.

    ``start`` and ``end``, seconds, are each rounded to the nearest sample of the file; ``end``
    None, or beyond the end of the file: to its end. Raises ``ValueError`` for what is none.
    """

    sample_rate: int
    start: float = 0.0
    end: float | None = None
    block_seconds: float = 1.0

    def __post_init__(self) -> None:
        if not MIN_SAMPLE_RATE <= self.sample_rate <= MAX_SAMPLE_RATE:
            raise ValueError(f"sample_rate must be 1 kHz to 768 kHz, got {self.sample_rate}")
        if not (math.isfinite(self.start) and self.start >= 0):
            raise ValueError(f"start must be 0 s or later, got {self.start}")
        if self.end is not None and not self.end > self.start:
            raise ValueError(f"end must be later than start, got {self.start} to {self.end}")
        if self._block_samples < 1:
            raise ValueError(f"block_seconds must hold a sample at least, got {self.block_seconds}")

    @property
    def _block_samples(self) -> int:
        return round(self.block_seconds * self.sample_rate)

    def first_sample(self, file_rate: int) -> int:
        """Of the file."""
        return round(self.start * file_rate)

    def blocks(
        self, native: Iterable[FloatArray], info: AudioInfo, on_position: OnPosition | None = None
    ) -> Generator[FloatArray, None, None]:
        """The stretch, of a file's own mono blocks from ``first_sample`` on.

        Raises
        ------
        BadAudioError
            If there are none, or a sample is not finite.
        """
        return _regrouped(self._resampled(native, info, on_position), self._block_samples)

    def _resampled(
        self, native: Iterable[FloatArray], info: AudioInfo, on_position: OnPosition | None
    ) -> Generator[FloatArray, None, None]:
        rate = info.sample_rate
        first = position = self.first_sample(rate)
        last = math.inf if self.end is None else max(round(self.end * rate), first + 1)
        resampler = StreamResampler(rate, self.sample_rate)
        for block in native:
            wanted = block[: int(min(len(block), last - position))]
            _check_finite(wanted, position, info)
            position += len(wanted)
            out = resampler.process(wanted)
            if on_position is not None:
                on_position(position / rate)
            yield out
            if position >= last:
                break
        if position == first:
            raise _nothing(info, self.start)
        yield resampler.flush()


def _check_finite(block: FloatArray, position: int, info: AudioInfo) -> None:
    finite = np.isfinite(block)
    if finite.all():
        return
    at = (position + int(np.argmin(finite))) / info.sample_rate
    raise BadAudioError(
        f"{shown_name(info.path)} has an invalid sample (infinite or not a number) at {at:.3f} s",
        hint="export it again from the program that made it",
    )


def _nothing(info: AudioInfo, start: float) -> BadAudioError:
    name = shown_name(info.path)
    if start > 0 and info.duration is not None:
        return BadAudioError(
            f"{name} ends before {start:g} s, where reading was to start",
            hint=f"it is {info.duration:.1f} s long",
        )
    return BadAudioError(
        f"{name} contains no audio", hint="check whether another program can play it"
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
