"""Read with libsndfile: fast, small, and exact when seeking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import soundfile

from amtstudio.audio.data_extent import DataExtent, find_data
from amtstudio.audio.file_view import FileView, Readable, read_at, size_of
from amtstudio.audio.info import (
    AudioInfo,
    DecoderRefusedError,
    FloatArray,
    check_limits,
    clean_tags,
    shown_name,
)
from amtstudio.audio.input_file import ReadOnlyFile
from amtstudio.audio.mixdown import MEAN, WINDOW, Channels

BLOCK_SAMPLES = 65_536  # of all channels together
# Every coding in which libsndfile lands on the very sample. The others are decoded and skipped.
EXACT_SEEK = ("PCM_", "FLOAT", "DOUBLE", "ULAW", "ALAW", "OPUS")
# Bytes per sample in the encodings that need no header.
WIDTHS = {
    "PCM_S8": 1, "PCM_U8": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8,
    "ULAW": 1, "ALAW": 1,
}  # fmt: skip
LITTLE_ENDIAN = ("WAV", "WAVEX", "W64", "RF64")


def suits_soundfile(file: Readable) -> bool:
    """Whether the first bytes are of a kind that libsndfile reads well.

    Decided by content, since names lie. Left to FFmpeg: MPEG audio, because libsndfile's mpg123
    writes about damaged files to the terminal, and Ogg Vorbis and Ogg FLAC, where libsndfile
    seeks to the wrong sample or fails.
    """
    head = read_at(file, 0, 64)
    if head[:4] in (b"RIFF", b"RIFX", b"RF64", b"BW64"):
        return head[8:12] == b"WAVE"
    if head[:4] == b"FORM":
        return head[8:12] in (b"AIFF", b"AIFC")
    if head[:4] == b"OggS":
        return b"OpusHead" in head
    return head[:4] in (b"fLaC", b".snd", b"caff", b"riff")


class SoundfileReader:
    """A sound file opened with libsndfile; where header and data disagree, the data decide.

    ``told_samples`` is what the header of ``file`` said before it was corrected, of FLAC.

    Raises ``DecoderRefusedError`` where libsndfile does not take the file, and ``BadAudioError``
    where its header is beyond the limits.

    Attributes
    ----------
    file : Readable
        As it was given.
    told_samples : int or None
        As given, or as stated in the header of other formats.
    n_samples : int
        Of each channel.
    is_cut_off : bool
        The file is shorter than its header says.
    """

    tells_length = True

    def __init__(self, file: Readable, path: Path, *, told_samples: int | None = None) -> None:
        self.mix = MEAN
        if read_at(file, 0, 4) == b"BW64":  # the same as RF64 in all that matters here
            file = FileView(file, [b"RF64", (4, size_of(file) - 4)])
        self.file = file
        self._source = ReadOnlyFile(file, path.name)
        extent = find_data(file)
        try:
            self._sound = self._open()
        except DecoderRefusedError:
            if extent is None or len(extent.ranges) < 2 or not self._is_correctable(file, extent):
                raise
            self._correct_length(file, extent)  # it does not know of several chunks of data
        self.sample_rate = int(self._sound.samplerate)
        self.told_samples = told_samples
        self.is_cut_off = False
        try:
            check_limits(
                shown_name(path), sample_rate=self.sample_rate, channels=self._sound.channels
            )
            self.info = self._read_header(path)
            if extent is not None:
                self.is_cut_off = extent.is_cut_off
                self._believe_data(file, extent)
        except BaseException:
            self.close()
            raise
        self.n_samples = int(self._sound.frames)
        if not self._sound.seekable() or self.n_samples >= 1 << 62:  # not known
            self.n_samples = 0
        duration = self.n_samples / self.sample_rate if self.n_samples > 0 else None
        self.info = replace(self.info, duration=duration)

    def _read_header(self, path: Path) -> AudioInfo:
        return AudioInfo(
            path=path,
            duration=None,
            sample_rate=self.sample_rate,
            channels=int(self._sound.channels),
            container=self._sound.format.lower(),
            codec=self._sound.subtype.lower(),
            tags=clean_tags(self._sound.copy_metadata().items()),
        )

    def _open(self, **raw: object) -> soundfile.SoundFile:
        self._source.seek(0)
        try:
            return soundfile.SoundFile(self._source, **raw)
        except (soundfile.LibsndfileError, RuntimeError, TypeError) as error:
            raise DecoderRefusedError(str(error)) from error

    def _believe_data(self, file: Readable, extent: DataExtent) -> None:
        """Open the data themselves where libsndfile has found more or less of them."""
        header = self._sound
        width = WIDTHS.get(header.subtype, 0) * header.channels
        if extent.told is not None and width:
            self.told_samples = extent.told // width
        if width and extent.block_align in (None, width):
            if extent.n_bytes // width in (0, header.frames):
                return
            endian = header.endian
            if endian not in ("LITTLE", "BIG"):
                endian = "LITTLE" if header.format in LITTLE_ENDIAN else "BIG"
            ranges = [(begin, size // width * width) for begin, size in extent.ranges]
            self._source = ReadOnlyFile(FileView(file, ranges), self._source.name)
            self._sound = self._open(
                samplerate=header.samplerate,
                channels=header.channels,
                format="RAW",
                subtype=header.subtype,
                endian=endian,
            )
            header.close()
        elif not width and extent.told != extent.n_bytes and self._is_correctable(file, extent):
            header.close()
            self._correct_length(file, extent)

    def _is_correctable(self, file: Readable, extent: DataExtent) -> bool:
        return read_at(file, 0, 4) in (b"RIFF", b"RIFX") and extent.n_bytes < 1 << 32

    def _correct_length(self, file: Readable, extent: DataExtent) -> None:
        """Open the same with the true length in its header, for codings that cannot do without."""
        kind, place = read_at(file, 0, 4), extent.size_field or 0
        size = extent.n_bytes.to_bytes(4, "little" if kind == b"RIFF" else "big")
        after = (place + 4, extent.ranges[0][0] - place - 4)
        self._source = ReadOnlyFile(
            FileView(file, [(0, place), size, after, *extent.ranges]), self._source.name
        )
        self._sound = self._open()

    def windows(self, n_windows: int) -> Iterator[Channels]:
        """Stretches of the file, evenly spread; shape (n_samples, n_channels), full scale 1.

        The whole file if it is no longer than that. Damaged windows are skipped.
        """
        step = max(WINDOW, (self.n_samples - WINDOW) // max(n_windows - 1, 1))
        for begin in range(0, max(self.n_samples - 1, 1), step):
            try:
                if begin:
                    self._seek(begin)
                yield self._sound.read(WINDOW, dtype="float32", always_2d=True)
            except (soundfile.LibsndfileError, RuntimeError, DecoderRefusedError):
                continue

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
                    yield self.mix.apply(block[n_drop:])
        except (soundfile.LibsndfileError, RuntimeError) as error:
            raise DecoderRefusedError(str(error)) from error
        if self._source.error is not None:
            raise DecoderRefusedError(str(self._source.error))

    def _seek(self, start: int) -> None:
        if start > 0 and self._sound.seek(start) != start:
            raise DecoderRefusedError(f"landed off sample {start}")

    def close(self) -> None:
        self._sound.close()
