"""Files that were sold protected against copying: to be named as such, since none can be read."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from amtstudio.audio.file_view import Readable, read_at, size_of
from amtstudio.errors import BadAudioError

MAX_BOXES = 4096
MAX_MOVIE_BYTES = 1 << 26
_PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"sinf", b"schi")
_SCHEMES = {
    b"itun": "FairPlay",
    b"cenc": "Common Encryption",
    b"cens": "Common Encryption",
    b"cbc1": "Common Encryption",
    b"cbcs": "Common Encryption",
    b"adkm": "Adobe DRM",
    b"odkm": "OMA DRM",
    b"piff": "PlayReady",
    b"ACK ": "ISMACryp",
    b"iAEC": "ISMACryp",
}
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_ENCRYPTION = (
    bytes.fromhex("fbb31122 23bdd211 b4b700a0c955fc6e"),  # Content Encryption Object
    bytes.fromhex("14e68a29 2226174c b935dae07ee9289c"),  # Extended Content Encryption Object
)
_ASF_HEAD = 1 << 20
_EBML = b"\x1aE\xdf\xa3"
_EBML_PARENTS = (0x18538067, 0x1654AE6B, 0xAE, 0x6D80, 0x6240)  # Segment to ContentEncoding
_EBML_ENTRY, _EBML_TYPE, _EBML_ENCRYPTION, _EBML_CLUSTER = 0xAE, 0x83, 0x5035, 0x1F43B675
_EBML_AUDIO = 2


def protected_tracks(file: Readable) -> tuple[str | None, ...]:
    """By what each sound track is protected, in their order; None: it is not.

    Empty where the file is of a kind that is not looked into.
    """
    head = read_at(file, 0, 16)
    if head[4:8] in (b"ftyp", b"moov", b"free", b"skip", b"wide", b"mdat", b"pnot"):
        return tuple(_movie_tracks(file, is_audible=head[8:11] == b"aax"))
    if head == _ASF:
        header = read_at(file, 0, min(_ASF_HEAD, struct.unpack("<Q", read_at(file, 16, 8))[0]))
        return ("Windows Media DRM",) if any(kind in header for kind in _ASF_ENCRYPTION) else ()
    if head[:4] == _EBML:
        return tuple(_matroska_tracks(file))
    if head[4:8] == bytes.fromhex("57907536"):
        return ("Audible",)
    if head[:3] == b"EA3" and int.from_bytes(head[6:8], "big") not in (0xFFFF, 0xFF80, 0):
        return ("OpenMG",)
    return ()


def protected_error(name: str, scheme: str) -> BadAudioError:
    return BadAudioError(
        f"{name} is protected against copying ({scheme}) and cannot be read",
        hint="it plays only in the program that it was bought for; use a copy without protection",
    )


# -- MP4 -------------------------------------------------------------------------------------------
def _movie_tracks(file: Readable, *, is_audible: bool) -> Iterator[str | None]:
    movie = _movie(file)
    for kind, body in _boxes(movie):
        if kind == b"trak" and _handler(body) == b"soun":
            yield _scheme(body, is_audible=is_audible)


def _movie(file: Readable) -> bytes:
    position, end = 0, size_of(file)
    for _ in range(MAX_BOXES):
        head = read_at(file, position, 16)
        if len(head) < 8:
            break
        size, n_header = int.from_bytes(head[:4], "big"), 8
        if size == 1 and len(head) == 16:
            size, n_header = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = end - position
        if size < n_header:
            break
        if head[4:8] == b"moov":
            return read_at(file, position + n_header, min(size - n_header, MAX_MOVIE_BYTES))
        position += size
    return b""


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    for _ in range(MAX_BOXES):
        if position + 8 > len(data):
            return
        size = int.from_bytes(data[position : position + 4], "big") or len(data) - position
        if size < 8:
            return
        yield data[position + 4 : position + 8], data[position + 8 : position + size]
        position += size


def _find(data: bytes, *path: bytes) -> bytes | None:
    for kind, body in _boxes(data):
        if kind == path[0]:
            return body if len(path) == 1 else _find(body, *path[1:])
    return None


def _handler(track: bytes) -> bytes:
    return (_find(track, b"mdia", b"hdlr") or bytes(12))[8:12]


def _scheme(track: bytes, *, is_audible: bool) -> str | None:
    entries = _find(track, b"mdia", b"minf", b"stbl", b"stsd")
    if entries is None:
        return None
    for kind, entry in _boxes(entries[8:]):
        if kind in (b"aavd", b"aax ", b"aaxc") or (is_audible and kind != b"mp4a"):
            return "Audible"
        if kind in (b"drms", b"drmi", b"enca"):
            # The boxes in a sample entry follow 28 bytes, in QuickTime up to 64.
            place = entry.find(b"schm")
            scheme = entry[place + 8 : place + 12] if place >= 0 else b""
            usual = "FairPlay" if kind != b"enca" else "encryption"
            return _SCHEMES.get(scheme, usual)
    return None


# -- Matroska --------------------------------------------------------------------------------------
def _matroska_tracks(file: Readable) -> Iterator[str | None]:
    position, end = 0, size_of(file)
    entry: list[object] = []  # of the track at hand: its kind, and whether it is encrypted
    for _ in range(MAX_BOXES):
        element, body, size = _element(file, position)
        if element is None or element == _EBML_CLUSTER or position >= end:
            break
        if element == _EBML_ENTRY:
            yield from _track_found(entry)
            entry = [0, False]
        elif element == _EBML_TYPE and entry:
            entry[0] = int.from_bytes(read_at(file, body, min(size, 8)), "big")
        elif element == _EBML_ENCRYPTION and entry:
            entry[1] = True
        position = body if element in _EBML_PARENTS else body + size
    yield from _track_found(entry)


def _track_found(entry: list[object]) -> Iterator[str | None]:
    if entry and entry[0] == _EBML_AUDIO:
        yield "encryption" if entry[1] else None


def _element(file: Readable, position: int) -> tuple[int | None, int, int]:
    """The element's number, and the start and size of its content."""
    head = read_at(file, position, 12)
    if not head or not head[0]:
        return None, position, 0
    n_id = 9 - head[0].bit_length()
    if n_id > 4 or len(head) <= n_id or not head[n_id]:
        return None, position, 0
    n_size = 9 - head[n_id].bit_length()
    raw = int.from_bytes(head[n_id : n_id + n_size], "big")
    size = raw & (1 << 7 * n_size) - 1
    if size == (1 << 7 * n_size) - 1:  # not known: of a live stream
        size = 0
    return int.from_bytes(head[:n_id], "big"), position + n_id + n_size, size
