"""Which files are recordings: one rule for names and folders, wherever a folder is searched."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from amtstudio.errors import Cancelled

# Of sound, and of films, whose sound is taken. All can be decoded, or are refused with a reason.
RECORDING_SUFFIXES = (
    ".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac", ".aif", ".aiff", ".wma", ".webm",
    ".mp4", ".mkv", ".mov", ".au", ".caf", ".w64",
    ".wave", ".bwf", ".rf64", ".aifc", ".snd", ".oga", ".spx", ".weba", ".mka", ".mp1", ".mp2",
    ".mpa", ".m4b", ".m4r", ".m4p", ".f4a", ".qta", ".qt", ".amr", ".awb", ".3ga", ".ac3", ".eac3",
    ".adts", ".dts", ".ape", ".wv", ".tta", ".mpc", ".voc", ".gsm", ".ra", ".dsf",
    ".m4v", ".avi", ".3gp", ".3gpp", ".3g2", ".asf", ".wmv", ".mpg", ".mpeg", ".vob", ".m2ts",
    ".ogv", ".flv", ".f4v", ".rm",
)  # fmt: skip
# Suffixes that others use for texts, too: a look at the file tells.
_DOUBTFUL_SUFFIXES = (".ts", ".mts")
MOST_IN_FOLDER = 2000  # for windows: dropping a whole disk is a mistake

_LONGEST_SUFFIX = 5  # characters
_N_LOOKED_AT = 512  # bytes

_SIGNATURES = (
    b"fLaC", b"OggS", b"caff", b".snd", b"ID3", b"#!AMR", b"wvpk", b"TTA1", b"MPCK", b"FLV\x01",
    b"\x1a\x45\xdf\xa3",  # Matroska, WebM
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # WMA, ASF
    b"riff\x2e\x91\xcf\x11",  # Wave64
    b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3",  # MP3 without a tag
    b"\xff\xf1", b"\xff\xf9",  # AAC
    b"\x00\x00\x01\xba",  # MPEG
)  # fmt: skip
_CONTAINERS = {
    b"RIFF": (b"WAVE", b"AVI "),
    b"RF64": (b"WAVE",),
    b"BW64": (b"WAVE",),
    b"FORM": (b"AIFF", b"AIFC"),
}
# Pictures come in the same container as films.
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"crx ")


def _never() -> bool:
    return False


def suffix_of(path: Path) -> str:
    """The suffix of a recording, as spelled; empty if the name has none of the known ones.

    ``Etude No.1`` has no suffix, despite the dot.
    """
    suffix = path.suffix
    return suffix if suffix.lower() in (*RECORDING_SUFFIXES, *_DOUBTFUL_SUFFIXES) else ""


def stem_of(path: Path) -> str:
    """The name of a recording without its suffix: what files made of it are called.

    Only suffixes known to ``suffix_of`` are removed, so that other differences remain.
    """
    return path.name.removesuffix(suffix_of(path))


def find_recordings(
    paths: Sequence[Path],
    *,
    most_in_folder: int | None = None,
    is_cancelled: Callable[[], bool] = _never,
    on_unreadable: Callable[[Path], None] = lambda _folder: None,
) -> list[Path]:
    """Files as they are, and the recordings within folders, sorted.

    A file named explicitly is always included: if it is not a recording, opening it will say so. In
    a folder and below it, files are recognised by their suffix, in upper or lower case, and those
    without one by their first bytes. Hidden files and folders, and the files that macOS keeps
    beside others (``._name``), are ignored. Links are followed; a folder that can be reached twice
    counts once.

    Parameters
    ----------
    paths : sequence of Path
    most_in_folder : int, optional
        How many recordings of one folder are included, the nearest to it first.
    is_cancelled : callable
    on_unreadable : callable
        Called with each folder that this user may not read; its recordings are missing.

    Raises
    ------
    Cancelled
        Once ``is_cancelled()`` is true.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        files = files_below(path, is_cancelled=is_cancelled, on_unreadable=on_unreadable)
        found += sorted(islice(filter(_is_recording, files), most_in_folder))
    return list(dict.fromkeys(found))


def files_below(
    top: Path,
    *,
    is_cancelled: Callable[[], bool] = _never,
    on_unreadable: Callable[[Path], None] = lambda _folder: None,
) -> Iterator[Path]:
    """All files in a folder and below it that are not hidden, as for ``find_recordings``."""
    folders, links = deque([top]), deque[Path]()
    visited: set[str] = set()
    while folders or links:
        if is_cancelled():
            raise Cancelled
        # Links last: what is in the folder itself is found under its own name.
        folder = folders.popleft() if folders else links.popleft()
        place = os.path.realpath(folder)
        if place in visited:
            continue
        visited.add(place)
        for entry in _entries(folder, on_unreadable):
            path = folder / entry.name
            if _is(entry.is_dir):
                (links if entry.is_symlink() else folders).append(path)
            elif _is(entry.is_file):
                yield path


def _entries(folder: Path, on_unreadable: Callable[[Path], None]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            shown = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError:
        on_unreadable(folder)
        return []
    return sorted(shown, key=lambda entry: entry.name)


def _is(asked: Callable[[], bool]) -> bool:
    try:
        return asked()
    except OSError:  # a link to itself, or to where this user may not go
        return False


def _is_recording(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix in RECORDING_SUFFIXES:
        return True
    # Files of other types are not opened: if they are in a cloud, that would fetch them.
    if suffix not in _DOUBTFUL_SUFFIXES and _names_a_kind(suffix):
        return False
    try:
        with path.open("rb") as file:
            return _begins_like_sound(file.read(_N_LOOKED_AT))
    except OSError:
        return False


def _names_a_kind(suffix: str) -> bool:
    """``.txt`` does; ``.1`` and ``. 28 in A`` are parts of a name."""
    letters = suffix[1:]
    return (
        len(suffix) <= _LONGEST_SUFFIX
        and letters.isascii()
        and letters.isalnum()
        and not letters.isdigit()
    )


def _begins_like_sound(begin: bytes) -> bool:
    if begin.startswith(_SIGNATURES):
        return True
    if begin[:4] in _CONTAINERS:
        return begin[8:12] in _CONTAINERS[begin[:4]]
    if begin[4:8] == b"ftyp":
        return begin[8:12] not in _PICTURE_BRANDS
    # MPEG transport streams: a sync byte for each packet, of 188 bytes or of 192.
    return any(begin[first::size][:2] == b"\x47\x47" for first, size in ((0, 188), (4, 192)))
