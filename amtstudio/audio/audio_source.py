"""A sound file that is opened and decoded once for all its readers."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO, Self

import numpy as np

from amtstudio.audio.decode import log_warning
from amtstudio.audio.info import AudioInfo, FloatArray
from amtstudio.audio.mono_reading import MonoReading, OnWarning, Stretch

IN_MEMORY = 32 << 20  # bytes: three minutes at 44.1 kHz; audio beyond that is kept in a file
MOST_KEPT = 2 << 30  # bytes: three hours at 44.1 kHz
READ_SAMPLES = 16_384  # of the file, at a time
FAR_S = 60.0  # reading this far ahead is not worth decoding everything before it

_SAMPLE = np.dtype(np.float32)


class AudioSource:
    """Decodes a file as far as its listeners have come, and keeps what was decoded for the others.

    Audio is kept in mono at the file's own rate, in memory and then in a temporary file, which
    disappears when the source is closed or the program ends. Where it cannot be kept (the disk is
    full, or it would be more than ``MOST_KEPT``) or was not (it is before ``start`` or far ahead),
    a listener reads the file for itself: the samples are the same either way. Listeners may be on
    several threads, each at its own pace.

    Parameters
    ----------
    path : Path
    track : int, optional
        Which of several sound tracks, as for ``stream_mono``.
    start : float, seconds
        Where decoding begins.
    in_memory, most_kept : int, bytes

    Attributes
    ----------
    path : Path
    info : AudioInfo
        What the header tells.

    Raises
    ------
    InputNotFoundError, InputUnreadableError, BadAudioError, OptionError
        As ``probe``.
    """

    def __init__(
        self,
        path: Path,
        *,
        track: int | None = None,
        start: float = 0.0,
        in_memory: int = IN_MEMORY,
        most_kept: int = MOST_KEPT,
    ) -> None:
        self.path = Path(path)
        self._lock = threading.Lock()
        self._warnings: list[tuple[int, str]] = []  # at which sample of the file
        self._first = self._end = -1  # of what is kept; warnings of the header come before
        self._reading = MonoReading(self.path, track=track, warn=self._keep_warning)
        self.info: AudioInfo = self._reading.info
        self._track = self.info.track if self.info.tracks else track
        self._first = self._end = round(start * self.info.sample_rate)
        self._blocks = self._reading.blocks(self._first)
        self._kept: IO[bytes] = tempfile.SpooledTemporaryFile(in_memory, dir=_folder())  # noqa: SIM115
        self._most_kept = most_kept
        self._is_decoding = True
        self._is_whole = False  # decoded to its end, or as far as possible
        self._error: Exception | None = None  # that stands at the end

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_is_decoding"):
            self.close()

    def close(self) -> None:
        """Release what is kept. Remaining listeners continue by reading the file themselves."""
        with self._lock:
            self._forget()

    def stream_mono(
        self,
        *,
        sample_rate: int,
        start: float = 0.0,
        end: float | None = None,
        block_seconds: float = 1.0,
        on_warning: OnWarning | None = None,
    ) -> Generator[FloatArray, None, None]:
        """As ``audio.stream_mono``, with the same parameters and errors."""
        stretch = Stretch(sample_rate, start, end, block_seconds)
        return self._stream(stretch, on_warning)

    def read_mono(
        self, *, sample_rate: int, start: float = 0.0, end: float | None = None
    ) -> FloatArray:
        """As ``audio.read_mono``: the whole file, or a stretch, in one array."""
        blocks = self.stream_mono(sample_rate=sample_rate, start=start, end=end)
        return np.concatenate(list(blocks))

    @property
    def is_silent(self) -> bool:
        """Whether it was decoded from its beginning to its end, and nothing could be heard."""
        return self._reading.is_silent

    @cached_property
    def sha256(self) -> str:
        """Of the bytes of the file, which are read once for this; ``OSError`` if they cannot be."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _stream(
        self, stretch: Stretch, on_warning: OnWarning | None
    ) -> Generator[FloatArray, None, None]:
        native = self._native(stretch.first_sample(self.info.sample_rate), on_warning)
        with closing(native):
            yield from stretch.blocks(native, self.info)

    def _native(self, at: int, on_warning: OnWarning | None) -> Generator[FloatArray, None, None]:
        """The file's own mono blocks from sample ``at`` on."""
        told: list[str] = []
        while True:
            block = self._read(at)
            if on_warning is not None:
                reached = at if block is None else at + max(len(block), 1)
                self._tell_warnings(told, reached, on_warning)
            if block is None:
                break
            if not len(block):
                return
            at += len(block)
            yield block

        def warn(message: str) -> None:
            log_warning(message)
            if on_warning is not None and message not in told:
                on_warning(message)

        with MonoReading(self.path, track=self._track, warn=warn) as reading:
            yield from reading.blocks(at)

    def _read(self, at: int) -> FloatArray | None:
        """The next samples from ``at``; none at the end of the file; None: not kept."""
        with self._lock:
            if at < self._first or at > self._end + FAR_S * self.info.sample_rate:
                return None
            while self._is_decoding and at >= self._end:
                self._decode_block()
            if at < self._end:
                return self._from_kept(at, min(READ_SAMPLES, self._end - at))
            if not self._is_whole:
                return None
            if self._error is not None:
                raise self._error
            return np.zeros(0, dtype=_SAMPLE)

    def _decode_block(self) -> None:
        try:
            block = next(self._blocks, None)
        except Exception as error:  # noqa: BLE001 - each listener meets it, who comes so far
            block, self._error = None, error
        if block is None:
            self._is_whole = True
            self._end_decoding()
            return
        try:
            self._kept.seek((self._end - self._first) * _SAMPLE.itemsize)
            self._kept.write(block.astype(_SAMPLE, copy=False).tobytes())
            self._kept.flush()
        except OSError:
            self._forget()
            return
        self._end += len(block)
        if (self._end - self._first) * _SAMPLE.itemsize > self._most_kept:
            self._end_decoding()

    def _from_kept(self, at: int, n_samples: int) -> FloatArray | None:
        try:
            self._kept.seek((at - self._first) * _SAMPLE.itemsize)
            data = self._kept.read(n_samples * _SAMPLE.itemsize)
        except OSError:
            self._forget()
            return None
        return np.frombuffer(data, dtype=_SAMPLE)

    def _forget(self) -> None:
        self._end_decoding()
        self._end, self._is_whole = self._first, False
        with suppress(OSError):
            self._kept.close()

    def _end_decoding(self) -> None:
        self._is_decoding = False
        self._blocks.close()
        self._reading.close()

    def _keep_warning(self, message: str) -> None:
        log_warning(message)
        self._warnings.append((self._end, message))

    def _tell_warnings(self, told: list[str], reached: int, on_warning: OnWarning) -> None:
        """Tell a listener what it has come to since."""
        while len(told) < len(self._warnings) and self._warnings[len(told)][0] < reached:
            told.append(self._warnings[len(told)][1])
            on_warning(told[-1])


@contextmanager
def opened(
    source: Path | AudioSource, *, track: int | None = None, start: float = 0.0
) -> Iterator[AudioSource]:
    """The source, or one for this path that is closed afterwards; raises as ``AudioSource``."""
    if isinstance(source, AudioSource):
        yield source
        return
    with AudioSource(source, track=track, start=start) as own:
        yield own


def _folder() -> str | None:
    """For the temporary file: where Linux keeps /tmp in memory, a long recording would fill it."""
    usual = "/var/tmp"  # noqa: S108 - the file has no name there
    chosen = "TMPDIR" in os.environ or not sys.platform.startswith("linux")
    return usual if not chosen and os.access(usual, os.W_OK) else None
