"""The recording of a document: where it is, and how to recognise that it is still the same."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from amtstudio.errors import Cancelled, ProjectError

if TYPE_CHECKING:
    from amtstudio.audio import AudioInfo

_BLOCK = 1 << 20  # bytes

IsCancelled = Callable[[], bool]
OnProgress = Callable[[float, float | None], None]


class AudioStatus(StrEnum):
    NONE = "none"  # the document has no recording
    PRESENT = "present"
    MISSING = "missing"
    CHANGED = "changed"  # a file of that name is there, with other content


@dataclass(frozen=True, slots=True)
class AudioReference:
    """A recording by its place and content.

    ``relative`` is its path relative to the project's folder, so that both can move together; empty
    if there is none. ``track`` is the number of its sound track, from 1, if it has several.
    ``modified_ns``, nanoseconds since 1970, is when the file was last written: as long as that and
    the size stay the same, its content need not be read again.
    """

    path: Path
    sha256: str
    n_bytes: int
    duration: float | None = None  # seconds; None if the header does not tell
    relative: str = ""
    track: int | None = None
    modified_ns: int | None = None  # None: not known, as in projects of former versions

    @classmethod
    def read(
        cls,
        path: Path,
        *,
        info: AudioInfo | None = None,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> AudioReference:
        """Read the file through, some 2 s a gigabyte.

        ``info`` is its header, which is read if not given. ``on_progress`` is called with the bytes
        read and the total.

        Raises
        ------
        InputNotFoundError, InputUnreadableError, BadAudioError
            If the file is missing, may not be read, or is not audio.
        Cancelled
            Once ``is_cancelled()`` is true.
        """
        path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
        if info is None:
            # Only here: decoders take half a second to import, and a document opens without them.
            from amtstudio.audio import probe  # noqa: PLC0415

            info = probe(path)
        modified_ns = _modified_ns(path)  # before: what is written meanwhile is another content
        sha256, n_bytes = hash_file(path, on_progress=on_progress, is_cancelled=is_cancelled)
        return cls(
            path,
            sha256,
            n_bytes,
            info.duration,
            track=info.track if info.tracks else None,
            modified_ns=modified_ns,
        )

    def seen_from(self, project: Path) -> AudioReference:
        """The same, with the path from the folder of ``project``."""
        try:
            relative = os.path.relpath(self.path, project.parent)
        except ValueError:  # another drive of Windows
            relative = ""
        return replace(self, relative=relative.replace(os.sep, "/"))

    def moved_to(self, path: Path | None) -> AudioReference:
        """The same recording at another path; unchanged if ``path`` is None."""
        return self if path is None else replace(self, path=path)

    def locate(
        self, project: Path | None, *, others: Collection[FileLook] = ()
    ) -> tuple[AudioStatus, Path]:
        """Look for the recording beside the project, then where it was, by size alone.

        ``others`` are files that are known to have another content, as ``look_at`` sees them.
        """
        found = AudioStatus.MISSING, self.path
        for place in self._places(project):
            status = self._status(place, project)
            if status is AudioStatus.PRESENT and others and look_at(place) in others:
                status = AudioStatus.CHANGED
            if status is AudioStatus.PRESENT:
                return status, place
            if status is AudioStatus.CHANGED:
                found = status, place
        return found

    def verify(
        self,
        project: Path | None,
        *,
        always: bool = False,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> Verified:
        """Look for the recording as ``locate`` does, and compare its content by its hash.

        A file with its size and time is accepted without reading it, unless ``always``. Raises
        ``ProjectError`` if a file cannot be read and ``Cancelled`` once ``is_cancelled()`` is true.
        """
        others: list[FileLook] = []
        found = AudioStatus.MISSING, self.path
        for place in self._places(project):
            status = self._status(place, project)
            if status is AudioStatus.PRESENT:
                look = look_at(place)
                if self.is_at(
                    place, always=always, on_progress=on_progress, is_cancelled=is_cancelled
                ):
                    modified_ns = None if look is None else look.modified_ns
                    return Verified(status, replace(self, path=place, modified_ns=modified_ns))
                if look is not None:
                    others.append(look)
                status = AudioStatus.CHANGED
            if status is AudioStatus.CHANGED and found[0] is AudioStatus.MISSING:
                found = status, place
        return Verified(found[0], replace(self, path=found[1]), tuple(others))

    def is_at(
        self,
        place: Path,
        *,
        always: bool = False,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> bool:
        """Whether the file at ``place`` is this recording; as for ``verify``."""
        look = look_at(place)
        if look is None or look.n_bytes != self.n_bytes:
            return False
        if not always and self.modified_ns is not None and look.modified_ns == self.modified_ns:
            return True
        sha256, _ = hash_file(place, on_progress=on_progress, is_cancelled=is_cancelled)
        return sha256 == self.sha256

    def _places(self, project: Path | None) -> list[Path]:
        places = [self.path]
        if project is not None:
            if self.relative:
                places.insert(0, Path(os.path.normpath(project.parent / self.relative)))
            places.append(project.parent / self.path.name)  # moved to the project
        return list(dict.fromkeys(places))

    def _status(self, place: Path, project: Path | None) -> AudioStatus:
        if is_remote(place) and not (project and is_remote(project)):
            # A project from elsewhere must not make this machine call another one: merely asking
            # for a file on a server sends the user's name and a proof of the password there.
            return AudioStatus.MISSING
        try:
            status = place.stat()
        except (OSError, ValueError):
            return AudioStatus.MISSING
        if not stat.S_ISREG(status.st_mode):
            return AudioStatus.MISSING
        same = status.st_size == self.n_bytes
        return AudioStatus.PRESENT if same else AudioStatus.CHANGED


@dataclass(frozen=True, slots=True)
class FileLook:
    """What is known about a file without reading it."""

    path: Path
    n_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of looking for a recording.

    ``reference`` is the recording with the place and time at which it was found; where it was not
    found, with the place of the file that is not it, or the one it had. ``others`` are files that
    were read and are not it.
    """

    status: AudioStatus
    reference: AudioReference
    others: tuple[FileLook, ...] = ()


def look_at(place: Path) -> FileLook | None:
    try:
        status = place.stat()
    except (OSError, ValueError):  # ValueError: a zero byte in the name
        return None
    return FileLook(place, status.st_size, status.st_mtime_ns)


def _modified_ns(path: Path) -> int | None:
    look = look_at(path)
    return None if look is None else look.modified_ns


def hash_file(
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    is_cancelled: IsCancelled | None = None,
) -> tuple[str, int]:
    """SHA-256 in hexadecimal digits and the size in bytes."""
    digest, n_bytes = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            while block := file.read(_BLOCK):
                if is_cancelled is not None and is_cancelled():
                    raise Cancelled
                digest.update(block)
                n_bytes += len(block)
                if on_progress is not None:
                    on_progress(float(n_bytes), float(size))
    except OSError as error:
        raise ProjectError(
            f"Cannot read {path.name}: {error.strerror or error}",
            hint="check the disk, and try again",
        ) from error
    return digest.hexdigest(), n_bytes


def is_remote(path: Path, *, windows: bool = os.name == "nt") -> bool:
    """Whether Windows would ask another machine, or a device, for a file of this name."""
    return windows and PureWindowsPath(path).drive.startswith("\\\\")
