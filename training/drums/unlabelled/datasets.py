"""Data sets of drums with annotations, as their authors lay them out: users' own copies.

Each loader takes the folder that the data set unpacks to, and gives its tracks with the times of
kick, snare and hi-hat. None of them ships, and none is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from training.drums.evaluation import THREE

Times = Mapping[str, tuple[float, ...]]
_AUDIO = (".wav", ".flac", ".ogg", ".mp3", ".m4a")


@dataclass(frozen=True)
class LabelledTrack:
    """Attributes: ``times`` in seconds by drum (``THREE``), sorted."""

    name: str
    dataset: str
    path: Path
    times: Times


class DatasetError(ValueError):
    """A folder is not laid out as the data set is."""


def read_events(path: Path, labels: Mapping[str, str]) -> Times:
    """Times by drum of a text file with a time and a label to the line; other labels are left out.

    Raises
    ------
    DatasetError
        If a line begins with no time.
    """
    times: dict[str, list[float]] = {drum: [] for drum in THREE}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        words = line.replace(",", " ").split()
        if not words or words[0].startswith("#"):
            continue
        try:
            time = float(words[0])
        except ValueError:
            raise DatasetError(f"{path.name}, line {number}: no time") from None
        drum = labels.get(words[1].lower()) if len(words) > 1 else None
        if drum is not None:
            times[drum].append(time)
    return {drum: tuple(sorted(found)) for drum, found in times.items()}


_NUMBERS = {"0": "KD", "1": "SD", "2": "HH"}
_ENST = {"bd": "KD", "sd": "SD", "sd-": "SD", "sweep": "SD", "chh": "HH", "ohh": "HH"}
_MDB = {"kd": "KD", "sd": "SD", "hh": "HH"}
_MIREX = _NUMBERS | {"bd": "KD", "kd": "KD", "sd": "SD", "hh": "HH"}


def enst(folder: Path, *, mix: str = "wet_mix") -> list[LabelledTrack]:
    """ENST-Drums: ``drummer_N/annotation/NAME.txt`` and ``drummer_N/audio/MIX/NAME.wav``.

    As is usual, the pieces played to an accompaniment (``minus-one``) are taken where there are
    some, else everything.
    """
    tables = sorted(folder.glob("drummer_*/annotation/*.txt"))
    pieces = [table for table in tables if "minus-one" in table.stem] or tables
    return _tracks(
        "ENST",
        folder,
        pieces,
        _ENST,
        lambda table: table.parent.parent / "audio" / mix / table.stem,
    )


def mdb(folder: Path, *, full_mix: bool = False) -> list[LabelledTrack]:
    """MDB Drums: ``annotations/class/NAME_class.txt`` and ``audio/drum_only/NAME_Drum.wav``."""
    kind, ending = ("full_mix", "_MIX") if full_mix else ("drum_only", "_Drum")

    def audio_of(table: Path) -> Path:
        return folder / "audio" / kind / (table.stem.removesuffix("_class") + ending)

    tables = sorted(folder.glob("annotations/class/*_class.txt"))
    return _tracks("MDB", folder, tables, _MDB, audio_of)


def rbma(folder: Path) -> list[LabelledTrack]:
    """RBMA13: ``annotations/drums/NAME.txt`` (0 kick, 1 snare, 2 hi-hat) and ``audio/NAME.mp3``."""
    tables = sorted(folder.glob("annotations/drums/*.txt"))
    return _tracks("RBMA", folder, tables, _NUMBERS, lambda table: folder / "audio" / table.stem)


def mirex(folder: Path) -> list[LabelledTrack]:
    """The public part of MIREX 2005: ``NAME.txt`` and ``NAME.wav`` side by side, at any depth."""
    tables = [
        table
        for table in sorted(folder.rglob("*.txt"))
        if _audio(table.with_suffix("")) is not None
    ]
    return _tracks("MIREX", folder, tables, _MIREX, lambda table: table.with_suffix(""))


LOADERS: Mapping[str, Callable[[Path], list[LabelledTrack]]] = {
    "enst": enst,
    "mdb": mdb,
    "rbma": rbma,
    "mirex": mirex,
}


def _tracks(
    dataset: str,
    folder: Path,
    tables: list[Path],
    labels: Mapping[str, str],
    audio_of: Callable[[Path], Path],
) -> list[LabelledTrack]:
    """Raises ``DatasetError`` where there is no annotation, or no audio for one."""
    if not tables:
        raise DatasetError(f"{folder} is not laid out as {dataset} is: there are no annotations")
    tracks = []
    for table in tables:
        path = _audio(audio_of(table))
        if path is None:
            raise DatasetError(f"{table} has no audio at {audio_of(table)}.*")
        tracks.append(LabelledTrack(table.stem, dataset, path, read_events(table, labels)))
    return tracks


def _audio(stem: Path) -> Path | None:
    # Names may have dots in them.
    found = (stem.with_name(stem.name + suffix) for suffix in _AUDIO)
    return next((path for path in found if path.is_file()), None)
