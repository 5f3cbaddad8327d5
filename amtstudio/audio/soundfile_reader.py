"""Read with libsndfile: quick, lean, and exact where it seeks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile

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

BLOCK_SAMPLES = 65_536  # of all channels together
# Every coding in which libsndfile lands on the very sample. The others are decoded and skipped.
EXACT_SEEK = ("PCM_", "FLOAT", "DOUBLE", "ULAW", "ALAW", "OPUS")


def suits_soundfile(file: BinaryIO) -> bool:
    """Whether the first bytes are of a kind that libsndfile reads well.

    Decided by content, since names lie. Left to FFmpeg: MPEG audio, because libsndfile's mpg123
    writes about damaged files to the terminal, and Ogg Vorbis and Ogg FLAC, where libsndfile
    seeks to the wrong sample or fails.
    """
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    if head[:4] in (b"RIFF", b"RIFX", b"RF64"):
        return head[8:12] == b"WAVE"
    if head[:4] == b"FORM":
        return head[8:12] in (b"AIFF", b"AIFC")
    if head[:4] == b"OggS":
        return b"OpusHead" in head
    return head[:4] in (b"fLaC", b".snd", b"caff", b"riff")


class SoundfileReader:
    """A sound file opened with libsndfile.

    Raises ``DecoderRefusedError`` where libsndfile does not take the file, and ``BadAudioError``
    where its header is beyond the limits.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._source = ReadOnlyFile(file, path.name)
        file.seek(0)
        try:
            self._sound = soundfile.SoundFile(self._source)
        except (soundfile.LibsndfileError, RuntimeError, TypeError) as error:
            raise DecoderRefusedError(str(error)) from error
        self.n_samples = int(self._sound.frames)
        self.sample_rate = int(self._sound.samplerate)
        try:
            check_limits(
                shown_name(path), sample_rate=self.sample_rate, channels=self._sound.channels
            )
        except BaseException:
            self.close()
            raise
        self.info = AudioInfo(
            path=path,
            duration=self.n_samples / self.sample_rate if self.n_samples > 0 else None,
            sample_rate=self.sample_rate,
            channels=int(self._sound.channels),
            container=self._sound.format.lower(),
            codec=self._sound.subtype.lower(),
            tags=clean_tags(self._sound.copy_metadata().items()),
        )

    def blocks(self, start: int) -> Iterator[FloatArray]:
        """Mono blocks from sample ``start`` on.

        Raises ``DecoderRefusedError`` where the file is damaged; every sample before the block
        that failed has been given out.
        """
        n_channels = self._sound.channels
        n_block = max(BLOCK_SAMPLES // n_channels, 1)
        to_skip = start
        try:
            if start < self.n_samples and self._sound.subtype.startswith((*EXACT_SEEK, "FLAC")):
                self._seek(start)
                to_skip = 0
            while True:
                block = self._sound.read(n_block, dtype="float32", always_2d=True)
                if len(block) == 0:
                    break
                n_drop = min(to_skip, len(block))
                to_skip -= n_drop
                if n_drop < len(block):
                    yield mix_down(block[n_drop:])
        except (soundfile.LibsndfileError, RuntimeError) as error:
            raise DecoderRefusedError(str(error)) from error
        if self._source.error is not None:
            raise DecoderRefusedError(str(self._source.error))

    def _seek(self, start: int) -> None:
        if start > 0 and self._sound.seek(start) != start:
            raise DecoderRefusedError(f"landed off sample {start}")

    def close(self) -> None:
        self._sound.close()


def announced_bytes(file: BinaryIO) -> int | None:
    """How long a RIFF or FORM file says it is; None where it does not say, as in a stream."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if len(head) < 8 or head[:4] not in (b"RIFF", b"RIFX", b"FORM"):
        return None
    size = int(np.frombuffer(head[4:8], dtype="<u4" if head[:4] == b"RIFF" else ">u4")[0])
    # Recorders that cannot go back leave 0 or the largest number there.
    return size + 8 if 0 < size < 0x7FFFFF00 else None
