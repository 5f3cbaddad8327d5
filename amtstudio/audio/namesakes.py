"""The files beside a recording that have its name, with another suffix in any spelling."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from amtstudio.audio.recording_files import stem_of, suffix_of


class Namesakes:
    """Looks for files of the same name; reads each folder once, so it is for one search."""

    def __init__(self) -> None:
        self._folders: dict[Path, _Folder] = {}

    def find(self, recording: Path, suffixes: Iterable[str]) -> Path | None:
        """The first file with the stem of ``recording`` and one of ``suffixes``.

        Earlier suffixes take precedence. Capitals and the encoding of accents may differ, unless a
        name that differs only in this way belongs to another recording.
        """
        stem = stem_of(recording)
        folder = self._folder(recording.parent)
        for suffix in suffixes:
            for name in folder.spellings(stem, suffix):
                path = recording.parent / name
                if path != recording and path.is_file():
                    return path
        return None

    def _folder(self, path: Path) -> _Folder:
        if path not in self._folders:
            self._folders[path] = _Folder(path)
        return self._folders[path]


class _Folder:
    """The names in a folder."""

    def __init__(self, path: Path) -> None:
        self._names: defaultdict[str, list[str]] = defaultdict(list)  # by what they are alike in
        self._stems: set[str] = set()  # of recordings
        try:
            names = sorted(os.listdir(path))  # noqa: PTH208 - names are wanted, not paths
        except OSError:
            names = []
        for name in names:
            self._names[_alike(name)].append(name)
            if suffix_of(Path(name)):
                self._stems.add(stem_of(Path(name)))

    def spellings(self, stem: str, suffix: str) -> list[str]:
        names = self._names.get(_alike(stem + suffix), [])
        names = sorted(names, key=lambda name: name != stem + suffix)
        stems = [(name[: -len(suffix)], name) for name in names]
        own = [name for its, name in stems if its == stem]
        return own or [name for its, name in stems if its not in self._stems]


def _alike(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
