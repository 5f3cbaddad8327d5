"""Where the samples are in a WAV, AIFF, CAF, W64 or AU file, whatever its header says.

The lengths in such headers are wrong more often than the data: 32 bits wrap at 4 GiB, recorders
are cut off before they write them, and some write a second chunk of data after a pause.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

from amtstudio.audio.file_view import Readable, read_at, size_of

MAX_CHUNKS = 4096  # more is not a recording, and takes long to walk through
# This many bytes after the last chunk are a program's leftovers, and inaudible.
MAX_REMAINDER = 4096
MAX_PADDING = 1 << 20  # zeros up to the end of a block of the disk
TRAILER_SEARCH = 1 << 18  # bytes at the end of a file whose header is wrong
MAX_TRAILERS = 256  # places that look like the first chunk after the data
WRAP = 1 << 32
TAGS = (b"TAG", b"ID3", b"3DI", b"APETAGEX", b"LYRICSBEGIN")


@dataclass(frozen=True, slots=True)
class DataExtent:
    """Where the samples lie.

    Attributes
    ----------
    ranges : tuple of (offset, size)
        Bytes of the file that hold samples, in temporal order.
    told : int or None
        How many bytes the header announces; None if it does not say.
    is_cut_off : bool
        The file ends before the announced data do.
    block_align : int or None
        Bytes of one sample of all channels, if a format chunk says so.
    size_field : int or None
        Position of the data size in a RIFF file, a 32-bit number.
    """

    ranges: tuple[tuple[int, int], ...]
    told: int | None
    is_cut_off: bool = False
    block_align: int | None = None
    size_field: int | None = None

    @property
    def n_bytes(self) -> int:
        return sum(size for _, size in self.ranges)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a file type is divided into chunks."""

    size_format: str
    data_id: bytes
    first: int = 12  # where the first chunk begins
    n_id: int = 4
    counts_header: bool = False  # the size of a chunk includes its header
    alignment: int = 2
    data_skip: int = 0  # bytes in the data chunk before the first sample
    format_id: bytes = b""
    nested: tuple[bytes, ...] = ()  # a whole file of the same kind, appended to this one
    trailers: tuple[bytes, ...] = ()  # what may follow the data

    @property
    def n_header(self) -> int:
        return self.n_id + struct.calcsize(self.size_format)


_RIFF_TRAILERS = (
    b"LIST", b"id3 ", b"ID3 ", b"cue ", b"smpl", b"inst", b"bext", b"iXML", b"axml", b"chna",
    b"fact", b"PEAK", b"JUNK", b"junk", b"PAD ", b"_PMX", b"acid", b"cart", b"afsp", b"DISP",
    b"plst", b"levl", b"umid", b"minf", b"elm1", b"regn", b"FLLR", b"strc", b"aXML", b"SAUR",
)  # fmt: skip
_RIFF = _Layout(
    "<I", b"data", format_id=b"fmt ", nested=(b"RIFF", b"RF64"), trailers=_RIFF_TRAILERS
)
_RIFX = replace(_RIFF, size_format=">I", nested=(b"RIFX",))
_AIFF = _Layout(
    ">I",
    b"SSND",
    data_skip=8,
    nested=(b"FORM",),
    trailers=(b"ANNO", b"NAME", b"AUTH", b"(c) ", b"MARK", b"INST", b"APPL", b"ID3 ", b"COMM",
              b"MIDI", b"COMT", b"FVER", b"AESD"),
)  # fmt: skip
_CAF = _Layout(
    ">q",
    b"data",
    first=8,
    alignment=1,
    data_skip=4,
    trailers=(b"info", b"peak", b"mark", b"regn", b"strg", b"inst", b"midi", b"ovvw", b"umid",
              b"uuid", b"free", b"pakt", b"kuki", b"chan", b"edct"),
)  # fmt: skip
_W64_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
_W64 = _Layout(
    "<q",
    b"data" + _W64_TAIL,
    first=40,
    n_id=16,
    counts_header=True,
    alignment=8,
    format_id=b"fmt " + _W64_TAIL,
)


@dataclass(frozen=True, slots=True)
class _Chunk:
    id: bytes
    body: int  # where its content begins
    size: int  # of the content, as stated
    size_field: int


def find_data(file: Readable) -> DataExtent | None:
    """Where the samples lie; None where the file is of another kind or has none.

    A stated length is kept if another chunk, or the end of the file, follows; otherwise the data
    extend to the closing chunks of the file, or to its end.
    """
    head = read_at(file, 0, 40)
    if head[:4] == b".snd" and len(head) >= 24:
        return _au_extent(head, size_of(file))
    layout = _layout(head)
    return None if layout is None else _Walk(file, layout).extent()


def _layout(head: bytes) -> _Layout | None:
    kind, form = head[:4], head[8:12]
    if kind in (b"RIFF", b"RF64", b"BW64", b"RIFX") and form == b"WAVE":
        return _RIFX if kind == b"RIFX" else _RIFF
    if kind == b"FORM" and form in (b"AIFF", b"AIFC"):
        return _AIFF
    if kind == b"riff" and head[24:28] == b"wave":
        return _W64
    return _CAF if kind == b"caff" else None


def _au_extent(head: bytes, end: int) -> DataExtent | None:
    begin, size = struct.unpack(">II", head[4:12])
    if not 24 <= begin <= end:
        return None
    rest = end - begin
    told = None if size >= WRAP - 1 or (size == 0 and rest) else size
    is_told = told is not None and 0 <= rest - told <= min(MAX_REMAINDER, told // 4)
    n_bytes = told if told is not None and is_told else rest
    return DataExtent(((begin, n_bytes),), told, is_cut_off=told is not None and told > rest)


class _Walk:
    """A walk through the chunks of a file."""

    def __init__(self, file: Readable, layout: _Layout) -> None:
        self._file = file
        self._layout = layout
        self._end = size_of(file)
        self._told_elsewhere: int | None = None  # the length in the ds64 chunk of RF64
        self._format = b""

    def extent(self) -> DataExtent | None:
        first = self._first_data()
        if first is None:
            return None
        skip = self._layout.data_skip
        if self._layout.data_id == b"SSND":
            skip += int.from_bytes(read_at(self._file, first.body, 4), "big")
        rest = max(self._end - first.body, 0)
        told = self._told(first, rest)
        size = self._true_size(first.body, told, rest)
        ranges = [(first.body + skip, max(size - skip, 0))]
        ranges += self._further_data(self._after(first.body, size))
        block_align = None
        if len(self._format) >= 16:
            (block_align,) = struct.unpack(self._layout.size_format[0] + "H", self._format[12:14])
        return DataExtent(
            tuple(ranges),
            None if told is None else max(told - skip, 0),
            is_cut_off=told is not None and told > rest,
            block_align=block_align,
            size_field=first.size_field if self._layout.n_header == 8 else None,
        )

    def _first_data(self) -> _Chunk | None:
        position = self._layout.first
        for _ in range(MAX_CHUNKS):
            chunk = self._chunk(position)
            if chunk is None:
                return None
            if chunk.id == self._layout.data_id:
                return chunk
            if chunk.id == b"ds64" and chunk.size >= 16:
                told = read_at(self._file, chunk.body + 8, 8)
                self._told_elsewhere = int.from_bytes(told, "little")
            elif chunk.id == self._layout.format_id:
                self._format = read_at(self._file, chunk.body, 16)
            position = self._after(chunk.body, chunk.size)
        return None

    def _chunk(self, position: int) -> _Chunk | None:
        layout = self._layout
        head = read_at(self._file, position, layout.n_header)
        if len(head) < layout.n_header:
            return None
        (size,) = struct.unpack(layout.size_format, head[layout.n_id :])
        if layout.counts_header:
            size -= layout.n_header
        if size < 0 and head[: layout.n_id] != layout.data_id:
            return None
        return _Chunk(head[: layout.n_id], position + layout.n_header, size, position + layout.n_id)

    def _after(self, body: int, size: int) -> int:
        """Where the next chunk begins; some programs leave the padding out."""
        end = body + size
        padded = end + -size % self._layout.alignment
        return end if padded != end and self._is_chunk(end) else padded

    def _told(self, chunk: _Chunk, rest: int) -> int | None:
        """The length of the data according to the header; None if it does not say."""
        size = chunk.size
        if self._layout.size_format[1] == "q":
            if size == 0 and rest > 0 and not self._ends_well(chunk.body):
                return None
            return None if size < 0 else size
        if size == WRAP - 1 and self._told_elsewhere:
            # Recorders of RF64 that were cut off leave what they have reserved.
            return None if self._told_elsewhere >= 1 << 62 else self._told_elsewhere
        if size == 0 and rest > 0 and not self._ends_well(chunk.body):
            return None
        # Programs that write to a pipe cannot go back, and put the largest number that they know.
        is_placeholder = 0x7FFFE000 <= size <= 0x80000FFF or size >= WRAP - 0x2000
        return None if is_placeholder and size > rest else size

    def _true_size(self, body: int, told: int | None, rest: int) -> int:
        if told is None:
            return rest - self._n_trailing(body)
        if told > rest:
            return rest
        wraps = range(told, rest + 1, WRAP) if self._layout.size_format[1] == "I" else (told,)
        for size in wraps:
            if self._ends_well(body + size):
                return size
        if rest - told <= min(MAX_REMAINDER, told // 4):
            return told
        return rest - self._n_trailing(body)

    def _further_data(self, position: int) -> list[tuple[int, int]]:
        """The content of later data chunks, and of those in appended files."""
        found: list[tuple[int, int]] = []
        other_format = False
        for _ in range(MAX_CHUNKS):
            chunk = self._chunk(position)
            if chunk is None:
                break
            if chunk.id in self._layout.nested:
                position = chunk.body + 4
                continue
            if chunk.id == self._layout.format_id:
                other_format = read_at(self._file, chunk.body, 16) != self._format
            elif chunk.id == self._layout.data_id and not other_format:
                skip = self._layout.data_skip
                left = self._end - chunk.body
                size = left if not 0 <= chunk.size <= left else chunk.size
                found.append((chunk.body + skip, max(size - skip, 0)))
            elif not self._is_chunk(chunk.body - self._layout.n_header):
                break
            position = self._after(chunk.body, max(chunk.size, 0))
        return found

    def _ends_well(self, position: int, *, exactly: bool = False) -> bool:
        """Whether only chunks, or nothing, follow from here to the end of the file."""
        for _ in range(MAX_CHUNKS):
            left = self._end - position
            if left <= (1 if exactly else self._layout.n_header):
                return left >= -1 or not exactly
            head = read_at(self._file, position, 16)
            if not exactly and (head.startswith(TAGS) or self._is_zero(position, left)):
                return True
            if not self._is_chunk(position):
                padded = position + 1
                if position % 2 and self._layout.alignment == 2 and self._is_chunk(padded):
                    position = padded
                    continue
                return False
            chunk = self._chunk(position)
            if chunk is None:
                return False
            after = chunk.body + chunk.size
            if after > self._end + 1:  # the file was cut off within what follows the data
                known = (*self._layout.trailers, self._layout.data_id)
                return not exactly and chunk.id in known
            if chunk.id in self._layout.nested:
                after = chunk.body + 4
            position = after if after >= self._end else self._after(chunk.body, after - chunk.body)
        return True

    def _is_chunk(self, position: int) -> bool:
        """Whether a chunk may begin here: its name is of printable characters."""
        name = read_at(self._file, position, self._layout.n_header)[:4]
        return len(name) == 4 and all(0x20 <= byte <= 0x7E for byte in name)

    def _is_zero(self, position: int, size: int) -> bool:
        return size <= MAX_PADDING and not any(read_at(self._file, position, size))

    def _n_trailing(self, body: int) -> int:
        """Bytes of the closing chunks of the file, if the data have no definite end."""
        begin = max(body, self._end - TRAILER_SEARCH)
        tail = read_at(self._file, begin, self._end - begin)
        places = sorted(
            place
            for name in self._layout.trailers
            for place in _occurrences(tail, name, MAX_TRAILERS)
        )
        for place in places[:MAX_TRAILERS]:
            if self._ends_well(begin + place, exactly=True):
                return self._end - begin - place
        return 0


def _occurrences(data: bytes, wanted: bytes, limit: int) -> list[int]:
    found: list[int] = []
    place = data.find(wanted)
    while place >= 0 and len(found) < limit:
        found.append(place)
        place = data.find(wanted, place + 1)
    return found
