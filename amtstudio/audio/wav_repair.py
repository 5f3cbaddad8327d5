"""Takes that the program did not live to finish: the header made to count all that was written."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from amtstudio.audio.info import shown_name
from amtstudio.audio.wav_writer import BYTES_PER_SAMPLE, HEADER_BYTES, MAX_WAV_CHANNELS, wav_header
from amtstudio.errors import BadAudioError

_HEAD = struct.Struct("<4sI4s4sI28s4sIHHIIHH4sI")
_PCM = 1


def repair_take(path: Path) -> float:
    """Let the header of a take count all samples in the file; returns its length in seconds.

    Only files as written by ``GrowingWav`` are touched. A take whose header is already correct
    stays identical to the byte.

    Raises
    ------
    BadAudioError
        If the file is not such a take.
    OSError
        If it cannot be read or written.
    """
    with path.open("r+b", buffering=0) as file:
        found = file.read(HEADER_BYTES)
        sample_rate, channels = _format_of(found, path)
        frame_bytes = channels * BYTES_PER_SAMPLE
        size = os.fstat(file.fileno()).st_size - HEADER_BYTES
        n_samples = size // frame_bytes
        # The byte of an odd chunk's padding looks like the begin of a sample.
        padding = n_samples * frame_bytes % 2
        header = wav_header(n_samples, sample_rate=sample_rate, channels=channels)
        if header == found and size == n_samples * frame_bytes + padding:
            return n_samples / sample_rate
        file.truncate(HEADER_BYTES + n_samples * frame_bytes)
        if padding:
            file.seek(0, os.SEEK_END)
            file.write(b"\0")
        # In one call, and within one block of any disk: the old header or the new one.
        file.seek(0)
        file.write(header)
        os.fsync(file.fileno())
        return n_samples / sample_rate


def _format_of(header: bytes, path: Path) -> tuple[int, int]:
    """Sample rate and channels of a header of ours."""
    problem = BadAudioError(f"{shown_name(path)} was not recorded with this program")
    if len(header) < HEADER_BYTES:
        raise problem
    riff, _, wave, junk, _, _, fmt, _, kind, channels, rate, _, block, bits, data, _ = _HEAD.unpack(
        header
    )
    is_ours = (
        riff in (b"RIFF", b"RF64")
        and junk in (b"JUNK", b"ds64")
        and (wave, fmt, data, kind) == (b"WAVE", b"fmt ", b"data", _PCM)
        and bits == 8 * BYTES_PER_SAMPLE
        and 1 <= channels <= MAX_WAV_CHANNELS
        and block == channels * BYTES_PER_SAMPLE
        and rate > 0
    )
    if not is_ours:
        raise problem
    return rate, channels
