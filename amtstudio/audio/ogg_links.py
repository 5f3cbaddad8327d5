"""The links of a chained Ogg file: whole streams, one after another, as RFC 3533 allows."""

from __future__ import annotations

from amtstudio.audio.file_view import Readable, read_at, size_of

MAX_LINKS = 4096
_HEADER = 27  # bytes of a page before its table of segments
_CONTINUED, _BEGINS = 1, 2
_BLOCK = 1 << 20


def ogg_links(file: Readable) -> list[tuple[int, int]]:
    """Offset and size of each link, in their order; all of the file where it is not chained."""
    end = size_of(file)
    starts = [0]
    pages = _Pages(file, end)
    begins_before = True
    position: int | None = 0
    while position is not None and len(starts) < MAX_LINKS:
        head = pages.read(position, _HEADER + 255)
        if len(head) < _HEADER or head[:4] != b"OggS":
            position = pages.find(position + 1)
            continue
        # Streams that sound together begin together, before any other page.
        begins = bool(head[5] & _BEGINS)
        if begins and not begins_before:
            starts.append(position)
        begins_before = begins
        n_segments = head[26]
        position += _HEADER + n_segments + sum(head[_HEADER : _HEADER + n_segments])
        if position >= end:
            break
    return [(start, stop - start) for start, stop in zip(starts, [*starts[1:], end], strict=True)]


class _Pages:
    """Reads ahead: a page is small, and a call into the file system is not."""

    def __init__(self, file: Readable, end: int) -> None:
        self._file = file
        self._end = end
        self._begin = 0
        self._data = b""

    def read(self, position: int, size: int) -> bytes:
        at = position - self._begin
        if at < 0 or at + size > len(self._data):
            self._begin, at = position, 0
            self._data = read_at(self._file, position, _BLOCK)
        return self._data[at : at + size]

    def find(self, position: int) -> int | None:
        """The next page from here on."""
        while position < self._end:
            data = read_at(self._file, position, _BLOCK)
            if (place := data.find(b"OggS")) >= 0:
                return position + place
            position += max(len(data) - 3, 1)
        return None
