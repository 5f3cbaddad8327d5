"""A file as decoders are to see it: parts of it, one after another, among bytes of our own."""

from __future__ import annotations

import bisect
import os
from collections.abc import Sequence
from typing import Protocol


class Readable(Protocol):
    """The interface that decoding needs of an open file."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, whence: int = ..., /) -> int: ...
    def tell(self) -> int: ...


Part = bytes | tuple[int, int]  # bytes that stand for themselves, or offset and size in the file


class FileView:
    """Parts of a file as one, without copying. Several views of a file can be read in turn."""

    def __init__(self, file: Readable, parts: Sequence[Part]) -> None:
        self._file = file
        self._parts = [part for part in parts if _size(part) > 0]
        self._starts = [0]
        for part in self._parts:
            self._starts.append(self._starts[-1] + _size(part))
        self._position = 0

    def read(self, size: int = -1, /) -> bytes:
        found = []
        left = self._starts[-1] - self._position if size < 0 else size
        while left > 0 and self._position < self._starts[-1]:
            block = self._read_part(left)
            if not block:  # the file has become shorter
                break
            found.append(block)
            left -= len(block)
            self._position += len(block)
        return found[0] if len(found) == 1 else b"".join(found)

    def _read_part(self, size: int) -> bytes:
        index = bisect.bisect_right(self._starts, self._position) - 1
        begin = self._position - self._starts[index]
        part = self._parts[index]
        if isinstance(part, bytes):
            return part[begin : begin + size]
        self._file.seek(part[0] + begin)
        return self._file.read(min(size, part[1] - begin))

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._starts[-1]}[whence]
        if base + offset < 0:
            raise ValueError(f"cannot seek to {base + offset}")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position


def read_at(file: Readable, offset: int, size: int) -> bytes:
    """Up to ``size`` bytes from ``offset``; fewer at the end of the file.

    None where an offset is none, or the disk fails: what reads on after this will see that too.
    """
    try:
        file.seek(offset)
        return file.read(size)
    except (OSError, ValueError, OverflowError):
        return b""


def size_of(file: Readable) -> int:
    """Bytes in the file by now."""
    return file.seek(0, os.SEEK_END)


def _size(part: Part) -> int:
    return len(part) if isinstance(part, bytes) else part[1]
