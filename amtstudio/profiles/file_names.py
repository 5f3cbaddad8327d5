"""The file name of a profile: another one for every name, and one that every system takes.

Names are the same if they differ only in capitals, or in how Unicode composes their letters. A name
that is valid on every system, such as ``My upright``, becomes ``my-upright``; any other gets a hash
after its readable part.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_READABLE_BYTES = 100  # of 255 that file systems allow
_HASH_DIGITS = 24  # 96 bits
# Windows keeps these, with any suffix, for devices.
_DEVICES = re.compile(r"con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]")


def key_of(name: str) -> str:
    """What two spellings of the same name have in common."""
    composed = unicodedata.normalize("NFC", name)
    # One by one: the small letter of some depends on what stands beside it.
    return unicodedata.normalize("NFC", "".join(char.lower() for char in composed))


def stem_of(name: str) -> str:
    """The file name without suffix: of a different name, a different one."""
    key, readable = key_of(name), former_stem_of(name)
    if readable == key.replace(" ", "-") and _is_plain(key):
        return readable
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]
    short = readable.encode("utf-8", "ignore")[:_READABLE_BYTES].decode("utf-8", "ignore")
    return f"{short}={digest}"  # no readable part holds that sign


def former_stem_of(name: str) -> str:
    """As former versions called it: not by this name alone."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char if char.isalnum() else "-" for char in plain)


def _is_plain(key: str) -> bool:
    """Whether replacing its spaces is all that a key needs."""
    words = key.split(" ")
    return (
        all(word.isalnum() for word in words)
        and len(key.encode()) <= _READABLE_BYTES
        and not _DEVICES.fullmatch(words[0])
    )
