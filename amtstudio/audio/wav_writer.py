"""A WAV file that can be read at any moment while it is being written."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from amtstudio.audio.info import FloatArray

BYTES_PER_SAMPLE = 3  # converters give 24 bits at most; float32 would hold no more
HEADER_BYTES = 80
MAX_WAV_CHANNELS = 64
_FULL_SCALE = 1 << 23
_RIFF_LIMIT = (1 << 32) - 1  # bytes; a larger file is RF64
_DS64_BYTES = 28


class GrowingWav:
    """Writes 24-bit PCM; after ``update_header`` everything written so far is in the file.

    Past 4 GiB the header turns from RIFF to RF64 (EBU Tech 3306), for which its room is kept from
    the start.

    Parameters
    ----------
    path : Path
        Must not exist.
    sample_rate : int, Hz
    channels : int

    Raises
    ------
    OSError
        If the file exists, or cannot be created. ``write``, ``update_header`` and ``close`` raise
        it too, when the disk is full or fails.
    """

    def __init__(self, path: Path, *, sample_rate: int, channels: int) -> None:
        self.sample_rate = sample_rate
        self.channels = channels
        self.n_samples = 0  # of each channel, written whole
        # Unbuffered: what was written survives the death of the process.
        self._file = path.open("xb", buffering=0)
        try:
            self._write_all(self._header())
        except OSError:
            self._file.close()
            path.unlink()
            raise

    @property
    def bytes_per_second(self) -> int:
        return self.sample_rate * self._frame_bytes

    def write(self, samples: FloatArray) -> None:
        """Append samples, shape (n, channels), full scale 1; beyond it they are clipped."""
        if samples.ndim != 2 or samples.shape[1] != self.channels:
            raise ValueError(f"samples must be (n, {self.channels}), got {samples.shape}")
        before = self.n_samples
        try:
            self._write_all(to_pcm24(samples))
        except OSError:
            # A full disk takes a part: the whole samples of it count.
            size = os.fstat(self._file.fileno()).st_size - HEADER_BYTES
            self.n_samples = max(before, size // self._frame_bytes)
            raise
        self.n_samples = before + len(samples)

    def update_header(self, *, to_disk: bool = False) -> None:
        """Let the header count what was written; ``to_disk``: past the cache of the system too."""
        self._file.seek(0)
        self._write_all(self._header())
        self._file.seek(self._end)
        if to_disk:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Finish the file; one that could not be finished is valid up to the last update."""
        try:
            # What a full disk took of a sample is cut off.
            self._file.truncate(self._end)
            self.update_header()
            if self._n_bytes % 2:
                self._write_all(b"\0")  # chunks are padded to even lengths
            os.fsync(self._file.fileno())
        finally:
            self._file.close()

    @property
    def _frame_bytes(self) -> int:
        return self.channels * BYTES_PER_SAMPLE

    @property
    def _n_bytes(self) -> int:
        return self.n_samples * self._frame_bytes

    @property
    def _end(self) -> int:
        return HEADER_BYTES + self._n_bytes

    def _write_all(self, data: bytes) -> None:
        remaining = memoryview(data)
        while remaining:
            n_written = self._file.write(remaining)
            remaining = remaining[n_written or 0 :]

    def _header(self) -> bytes:
        return wav_header(self.n_samples, sample_rate=self.sample_rate, channels=self.channels)


class NoWav:
    """Takes what ``GrowingWav`` takes, and keeps nothing but the count."""

    def __init__(self, *, sample_rate: int, channels: int) -> None:
        self.sample_rate = sample_rate
        self.channels = channels
        self.n_samples = 0
        self.bytes_per_second = 0

    def write(self, samples: FloatArray) -> None:
        self.n_samples += len(samples)

    def update_header(self, *, to_disk: bool = False) -> None:
        pass

    def close(self) -> None:
        pass


def wav_header(n_samples: int, *, sample_rate: int, channels: int) -> bytes:
    """The first ``HEADER_BYTES`` of a 24-bit file with so many samples of each channel."""
    frame_bytes = channels * BYTES_PER_SAMPLE
    n_bytes = n_samples * frame_bytes
    riff_size = HEADER_BYTES - 8 + n_bytes + n_bytes % 2
    is_large = riff_size > _RIFF_LIMIT
    sizes = (riff_size, n_bytes, n_samples) if is_large else (0, 0, 0)
    return b"".join(
        (
            struct.pack("<4sI4s", *_riff(riff_size, is_large=is_large)),
            struct.pack("<4sI", b"ds64" if is_large else b"JUNK", _DS64_BYTES),
            struct.pack("<QQQI", *sizes, 0),
            struct.pack("<4sIHH", b"fmt ", 16, 1, channels),
            struct.pack("<II", sample_rate, sample_rate * frame_bytes),
            struct.pack("<HH", frame_bytes, 8 * BYTES_PER_SAMPLE),
            struct.pack("<4sI", b"data", _RIFF_LIMIT if is_large else n_bytes),
        )
    )


def to_pcm24(samples: FloatArray) -> bytes:
    """Little-endian 24-bit PCM; full scale is 2**23, so that 16- and 24-bit sources stay exact."""
    scaled = np.rint(samples.astype(np.float64) * _FULL_SCALE)
    clipped = np.clip(np.nan_to_num(scaled), -_FULL_SCALE, _FULL_SCALE - 1).astype("<i4")
    octets: npt.NDArray[np.uint8] = np.ascontiguousarray(clipped).view(np.uint8)
    return octets.reshape(-1, 4)[:, :BYTES_PER_SAMPLE].tobytes()


def _riff(size: int, *, is_large: bool) -> tuple[bytes, int, bytes]:
    return (b"RF64", _RIFF_LIMIT, b"WAVE") if is_large else (b"RIFF", size, b"WAVE")
