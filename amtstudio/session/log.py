"""The log beside a project file, and whether it belongs to the current file.

SQLite plays whatever ``take.amts-wal`` holds into whatever ``take.amts`` is there, as long as the
log itself is whole: a file that came from elsewhere after a crash would be overwritten, page by
page. So the file carries a *state*, a random number in its first page that changes whenever a log
has been brought into it, and the first transaction of every log writes that page too. A log belongs
to a file if the state of the file is one of those that the log holds: the one it began from, or,
where a process died while it brought the log in, the one after.

The state is the schema cookie, the one number in the header that SQLite lets programs set and does
not use itself. Files of former versions have a small one, the count of their tables.

Source: the database and write-ahead log formats, https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import os
import secrets
import struct
from dataclasses import dataclass
from pathlib import Path

HEADER_BYTES = 100
_STATE_AT = 40
_LOWEST_STATE = 1 << 16
_MAGIC = b"SQLite format 3\x00"
_LOG_MAGICS = (0x377F0682, 0x377F0683)
_LOG_HEADER = struct.Struct(">8I")  # magic, version, page size, sequence, 2 salts, 2 checksums
_FRAME_HEADER = struct.Struct(">6I")  # page, pages after a commit, 2 salts, 2 checksums
_MOST_PAGE_BYTES = 1 << 16
# Without states only the clock helps: a file is written before its log continues, or just after it.
_SURELY_NEWER_NS = 5_000_000_000


def new_state() -> int:
    return _LOWEST_STATE + secrets.randbelow((1 << 31) - _LOWEST_STATE)


def is_marked(state: int) -> bool:
    """Whether a number was made by ``new_state``, and not by a version that knew no states."""
    return state >= _LOWEST_STATE


def state_of(header: bytes) -> int | None:
    """The state in the first bytes of a project file, or None if it is not a database."""
    if len(header) < HEADER_BYTES or not header.startswith(_MAGIC):
        return None
    return int.from_bytes(header[_STATE_AT : _STATE_AT + 4], "big")


def side_file(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def has_foreign_log(path: Path) -> bool:
    """Whether the log beside ``path`` began from another file than the current one.

    Neither is written to. Raises ``OSError`` if one is there and cannot be read.
    """
    log = side_file(path, "-wal")
    try:
        found = _states_in(log)
    except FileNotFoundError:
        return False
    if not found.n_frames:
        return False  # SQLite finds nothing to play in it either
    with path.open("rb") as file:
        state = state_of(file.read(HEADER_BYTES))
    if state is None:
        return False  # not a project at all, which is reported elsewhere
    if found.states and any(is_marked(other) for other in (state, *found.states)):
        return state not in found.states
    # By a former version, which kept the state that it found and did not write it into the log.
    return path.stat().st_mtime_ns > log.stat().st_mtime_ns + _SURELY_NEWER_NS


def put_log_aside(path: Path) -> Path | None:
    """Give the log beside ``path`` another name, and return that; None if it holds nothing.

    The name is that of the log of a project which is not there: the file to which it belongs, put
    beside it under that name, opens with it. Raises ``OSError`` if the log cannot be renamed.
    """
    log = side_file(path, "-wal")
    try:
        if not _states_in(log).n_frames:
            return None
    except FileNotFoundError:
        return None
    number = 1
    while True:
        of_project = project_of_aside(path, number)
        target = side_file(of_project, "-wal")
        if not os.path.lexists(of_project) and not os.path.lexists(target):
            # Nothing is ever put in the place of another file: a rename would do so on POSIX.
            log.rename(target)
            return target
        number += 1


def project_of_aside(path: Path, number: int = 1) -> Path:
    count = "" if number == 1 else f" {number}"
    return path.with_name(f"{path.stem} (edits set aside{count}){path.suffix}")


def sentence_on_aside(path: Path, log: Path) -> str:
    """The message about a log that was put aside as ``log``."""
    wanted = log.name.removesuffix("-wal")
    return (
        f"Edits from before a crash lay beside {path.name} and belong to another state of it: the"
        " file has been replaced since, by a synchronised folder, a backup or a copy. They were not"
        f" played over it, and are kept in “{log.name}”. To see them, put the {path.name} that was"
        f" here then beside it under the name “{wanted}”, and open that"
    )


def sentence_on_left_out(path: Path) -> str:
    """The message about a log that could not be put aside."""
    return (
        f"Edits in {side_file(path, '-wal').name} belong to another state of {path.name}, and are"
        " left out: save the project elsewhere, or move that file away"
    )


@dataclass(frozen=True, slots=True)
class _Found:
    states: frozenset[int]
    n_frames: int


def _states_in(log: Path) -> _Found:
    """The states that the frames of a log hold, those of an unfinished transaction too."""
    states, n_frames = set(), 0
    with log.open("rb") as file:
        head = file.read(_LOG_HEADER.size)
        if len(head) < _LOG_HEADER.size:
            return _Found(frozenset(), 0)
        magic, _, page_bytes, _, *salts, _, _ = _LOG_HEADER.unpack(head)
        if magic not in _LOG_MAGICS or not 512 <= page_bytes <= _MOST_PAGE_BYTES:
            return _Found(frozenset(), 0)
        while len(frame := file.read(_FRAME_HEADER.size)) == _FRAME_HEADER.size:
            page, _, *frame_salts, _, _ = _FRAME_HEADER.unpack(frame)
            if frame_salts != salts:
                break  # left over from an earlier round of the log
            if page == 1:
                first = file.read(HEADER_BYTES)
                if (state := state_of(first)) is not None:
                    states.add(state)
                file.seek(page_bytes - len(first), os.SEEK_CUR)
            else:
                file.seek(page_bytes, os.SEEK_CUR)
            n_frames += 1
    return _Found(frozenset(states), n_frames)
