"""How long a FLAC file is, by its last frame; its header may not know, or be wrong.

The format is that of RFC 9639.
"""

from __future__ import annotations

from dataclasses import dataclass

from amtstudio.audio.file_view import FileView, Readable, read_at, size_of

STREAM_INFO = 8  # where the content of the first metadata block begins
TOTAL_MASK = (1 << 36) - 1
# The last frame lies within; the largest in use, 8 channels of 32 bits, fill a seventh of it.
SEARCH = 1 << 20
STREAM_START = b"fLaC\x00\x00\x00\x22"
MAX_STREAMS = 1024
MAX_STREAM_SEARCH = 1 << 32  # bytes
_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class _StreamInfo:
    block_size: int  # samples; of every frame but the last where it is fixed
    sample_rate: int
    channels: int
    bits: int
    total: int  # samples; 0: not known


@dataclass(frozen=True, slots=True)
class _Frame:
    number: int  # of the frame, or of its first sample where the sizes of blocks vary
    n_samples: int
    varies: bool
    offset: int

    def end(self, block_size: int) -> int:
        """The sample after its last one."""
        first = self.number if self.varies else self.number * block_size
        return first + self.n_samples

    def follows(self, other: _Frame) -> bool:
        if self.varies != other.varies:
            return False
        return self.number == other.number + (other.n_samples if self.varies else 1)


def flac_streams(file: Readable) -> tuple[Readable, ...]:
    """A FLAC file whose header states its length, or each of several concatenated ones.

    Returns
    -------
    tuple of Readable
        The file itself where nothing needs to be said.
    """
    end = size_of(file)
    info = _stream_info(read_at(file, 0, STREAM_INFO + 34))
    if info is None:
        return (file,)
    found = _found_total(file, info, end)
    if found is None or found == info.total:
        return (file,)
    starts = _starts(file, end)
    if len(starts) > 1:
        bounds = zip(starts, [*starts[1:], end], strict=True)
        parts = [FileView(file, [(start, stop - start)]) for start, stop in bounds]
        return tuple(stream for part in parts for stream in _with_length(part))
    return _with_length(file, found=found)


def flac_told_samples(file: Readable) -> int | None:
    """The length that the header announces; None if it leaves that open, or is not FLAC's."""
    info = _stream_info(read_at(file, 0, STREAM_INFO + 34))
    return None if info is None or info.total == 0 else info.total


def _with_length(file: Readable, *, found: int | None = None) -> tuple[Readable, ...]:
    end = size_of(file)
    head = read_at(file, 0, STREAM_INFO + 34)
    info = _stream_info(head)
    if info is None:
        return (file,)
    total = _found_total(file, info, end) if found is None else found
    # Where there is less than announced the file was cut off, and libsndfile finds the end.
    if total is None or total <= info.total:
        return (file,)
    place = STREAM_INFO + 10
    fields = int.from_bytes(head[place : place + 8], "big")
    patched = (fields & ~TOTAL_MASK | total).to_bytes(8, "big")
    return (FileView(file, [head[:place], patched, (place + 8, end - place - 8)]),)


def _stream_info(head: bytes) -> _StreamInfo | None:
    if len(head) < STREAM_INFO + 34 or head[:4] != b"fLaC" or head[4] & 0x7F:
        return None
    fields = int.from_bytes(head[STREAM_INFO + 10 : STREAM_INFO + 18], "big")
    return _StreamInfo(
        block_size=int.from_bytes(head[STREAM_INFO : STREAM_INFO + 2], "big"),
        sample_rate=fields >> 44,
        channels=(fields >> 41 & 7) + 1,
        bits=(fields >> 36 & 31) + 1,
        total=fields & TOTAL_MASK,
    )


def _found_total(file: Readable, info: _StreamInfo, end: int) -> int | None:
    """The sample after the last one of the last frame; None if no frame is found."""
    begin = max(0, end - SEARCH)
    tail = read_at(file, begin, end - begin)
    place = len(tail)
    later: list[_Frame] = []  # frames whose forerunner has not been found
    while (place := tail.rfind(b"\xff", 0, place)) >= 0:
        frame = _frame_at(tail, place, info)
        if frame is None:
            continue
        # Chance makes a frame header in a megabyte or two: what another one leads to is none.
        for known in later:
            if known.follows(frame):
                return known.end(info.block_size)
        later.append(frame)
        if frame.number == 0 and len(later) == 1:
            return frame.end(info.block_size)
    return None


def _frame_at(data: bytes, place: int, info: _StreamInfo) -> _Frame | None:
    head = data[place : place + 16]
    if len(head) < 6 or head[1] not in (0xF8, 0xF9):
        return None
    size_code, rate_code = head[2] >> 4, head[2] & 15
    channel_code, bits_code = head[3] >> 4, head[3] >> 1 & 7
    n_channels = channel_code + 1 if channel_code < 8 else 2
    if head[3] & 1 or size_code == 0 or rate_code == 15 or channel_code > 10:
        return None
    if n_channels != info.channels or bits_code == 3:
        return None
    number, at = _coded_number(head, 4)
    if number is None:
        return None
    if size_code == 1:
        n_samples = 192
    elif size_code <= 5:
        n_samples = 576 << size_code - 2
    elif size_code <= 7:
        width = size_code - 5
        n_samples = int.from_bytes(head[at : at + width], "big") + 1
        at += width
    else:
        n_samples = 256 << size_code - 8
    at += {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if at >= len(head) or _crc8(head[:at]) != head[at]:
        return None
    return _Frame(number, n_samples, varies=head[1] == 0xF9, offset=place)


def _coded_number(head: bytes, at: int) -> tuple[int | None, int]:
    """A number in the way of UTF-8, of up to seven bytes, and the place after it."""
    first = head[at]
    if first < 0x80:
        return first, at + 1
    n_more = 7 - (first ^ 0xFF).bit_length()
    if not 1 <= n_more <= 6 or at + n_more >= len(head):
        return None, at
    value = first & (0x3F >> n_more)
    for byte in head[at + 1 : at + 1 + n_more]:
        if byte & 0xC0 != 0x80:
            return None, at
        value = value << 6 | byte & 0x3F
    return value, at + 1 + n_more


def _crc8(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x07 if value & 0x80 else value << 1) & 0xFF
    return value


def _starts(file: Readable, end: int) -> list[int]:
    """Where the streams begin that were joined into one file."""
    starts: list[int] = []
    position = 0
    while position < min(end, MAX_STREAM_SEARCH) and len(starts) < MAX_STREAMS:
        block = read_at(file, position, _BLOCK + len(STREAM_START) - 1)
        place = block.find(STREAM_START)
        while place >= 0:
            starts.append(position + place)
            place = block.find(STREAM_START, place + 1)
        position += _BLOCK
    return starts
