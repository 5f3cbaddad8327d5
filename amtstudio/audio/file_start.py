"""Where a sound file begins: taggers and transfers put things before its first byte."""

from __future__ import annotations

import re

from amtstudio.audio.file_view import FileView, Readable, read_at, size_of

MAX_TAGS = 16
SEARCH = 1 << 16  # bytes; a header of MacBinary has 128, one of HTTP a few hundred
_BLOCK = 1 << 20

# Beginnings that nothing else has by chance, each a file that another program would open.
_SURE = re.compile(
    rb"(?:RIFF|RIFX|RF64|BW64).{4}WAVE|FORM.{4}AIF[FC]|fLaC[\x00\x80]\x00\x00\x22|OggS\x00\x02"
    rb"|caff\x00\x01\x00[\x00-\x02]|riff\x2e\x91\xcf\x11|\x1aE\xdf\xa3"
    rb"|\x00\x00\x00[\x08-\xff]ftyp|0&\xb2u\x8ef\xcf\x11|wvpk.{2}\x00\x00",
    re.DOTALL,
)
# Signatures of FFmpeg's other formats; the rest of such a file is not checked.
_OTHERS = re.compile(
    rb"RIFF|FORM|fLaC|OggS|\.snd|caff|riff|.{4}(?:ftyp|moov|mdat|free|skip|wide|pnot)|FLV|\x1aE"
    rb"|0&\xb2u|wvpk|MAC |TTA|tBaK|MPCK|MP\+|#!AMR|ADIF|DSD |FRM8|\.RMF|Creative|\x0bw|\x7f\xfe"
    rb"|EA3|\.SoX|XoS\.|\x00\x00\x01\xba|G.{187}G|nut/|[\xff][\xe0-\xff]",
    re.DOTALL,
)


def sound_file_in(file: Readable) -> tuple[Readable, int]:
    """The file from where its format begins, and how many unknown bytes precede that.

    ID3v2 and APE tags before any format are skipped and not counted; MPEG audio is left unchanged,
    because there they belong to the format.
    """
    end = size_of(file)
    position = _after_tags(file, end)
    head = read_at(file, position, 256)
    is_mpeg = read_at(file, 0, 3) != b"ID3" and head[:1] == b"\xff"  # which has no other tags
    if _SURE.match(head) or (position and (head[:4] == b".snd" or is_mpeg)):
        return _view(file, position, end), 0
    if _OTHERS.match(head):
        return file, 0
    found = _SURE.search(read_at(file, position, SEARCH))
    if found is None:
        return file, 0
    return _view(file, position + found.start(), end), found.start()


def search_sound_file(file: Readable) -> tuple[Readable, int] | None:
    """As ``sound_file_in``, for a file that no decoder accepts as it is; None if none is found."""
    found = _SURE.search(read_at(file, 0, _BLOCK), 1)
    if found is None:
        return None
    return _view(file, found.start(), size_of(file)), found.start()


def _view(file: Readable, begin: int, end: int) -> Readable:
    return FileView(file, [(begin, end - begin)]) if begin else file


def _after_tags(file: Readable, end: int) -> int:
    position = 0
    for _ in range(MAX_TAGS):
        head = read_at(file, position, 32)
        size = _tag_size(head)
        if size is None or position + size >= end:
            break
        position += size
        # The padding of a tag is not always part of its size.
        padding = read_at(file, position, 4096)
        if position and not any(padding[:8]):
            position += len(padding) - len(padding.lstrip(b"\0"))
    return position


def _tag_size(head: bytes) -> int | None:
    """Bytes of the tag that begins so; None if none does."""
    if head[:3] == b"ID3" and len(head) >= 10 and head[3] < 0xFF and head[4] < 0xFF:
        if any(byte & 0x80 for byte in head[6:10]):
            return None
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte
        has_footer = head[3] == 4 and bool(head[5] & 0x10)
        return 10 + size + (10 if has_footer else 0)
    if head[:8] == b"APETAGEX" and len(head) == 32:
        return 32 + int.from_bytes(head[12:16], "little")
    return None
