"""The links of a chained Ogg file: whole streams, one after another, as RFC 3533 allows."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from amtstudio.audio.file_view import Readable, read_at, size_of

MAX_LINKS = 4096
_HEADER = 27  # bytes of a page before its table of segments
_BEGINS, _ENDS = 2, 4  # flags of a page
_MAX_PAGE = _HEADER + 255 + 255 * 255
_BLOCK = 1 << 20
# The checksum of Ogg takes bits from the other end than that of zlib.
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class OggLink:
    """A whole stream in an Ogg file.

    ``damaged_at`` is the granule position of the last page before the first damage, which counts
    samples in most codings; None: every page is as it was written.
    """

    offset: int
    size: int
    damaged_at: int | None = None


def ogg_links(file: Readable) -> list[OggLink]:
    """The links in order; a single one, the whole file, if it is not chained."""
    end = size_of(file)
    starts = [0]
    damaged_at: list[int | None] = [None]
    reader = _ReadAhead(file)
    begins_before, has_ended, granule = True, False, 0
    position: int | None = 0
    while position is not None and position < end and len(starts) < MAX_LINKS:
        page = reader.read(position, _MAX_PAGE)
        size = _page_size(page)
        if size is None or not _is_intact(page[:size]):
            position = reader.find(position + 1)
            # A tag after the last page is not damage.
            if damaged_at[-1] is None and not (position is None and has_ended):
                damaged_at[-1] = granule
            continue
        # Streams that sound together begin together, before any other page.
        begins = bool(page[5] & _BEGINS)
        if begins and not begins_before:
            starts.append(position)
            damaged_at.append(None)
        begins_before, has_ended = begins, bool(page[5] & _ENDS)
        told = int.from_bytes(page[6:14], "little", signed=True)
        granule = told if told >= 0 else granule  # -1: no packet ends on this page
        position += size
    bounds = zip(starts, [*starts[1:], end], damaged_at, strict=True)
    return [OggLink(start, stop - start, damage) for start, stop, damage in bounds]


def _page_size(page: bytes) -> int | None:
    """Bytes of the page that begins so; None if none does."""
    if len(page) < _HEADER or page[:4] != b"OggS":
        return None
    n_segments = page[26]
    return _HEADER + n_segments + sum(page[_HEADER : _HEADER + n_segments])


def _is_intact(page: bytes) -> bool:
    if len(page) < _HEADER or len(page) != _page_size(page):
        return False
    blank = (page[:22] + bytes(4) + page[26:]).translate(_REVERSED)
    value = zlib.crc32(blank, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{value:032b}"[::-1], 2) == int.from_bytes(page[22:26], "little")


class _ReadAhead:
    """A page is small, and a call into the file system is not."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._begin = 0
        self._data = b""

    def read(self, position: int, size: int) -> bytes:
        at = position - self._begin
        if at < 0 or at + size > len(self._data):
            self._begin, at = position, 0
            self._data = read_at(self._file, position, _BLOCK)
        return self._data[at : at + size]

    def find(self, position: int) -> int | None:
        """Where the next page begins, from here on."""
        while data := read_at(self._file, position, _BLOCK):
            if (place := data.find(b"OggS")) >= 0:
                return position + place
            position += max(len(data) - 3, 1)
        return None
