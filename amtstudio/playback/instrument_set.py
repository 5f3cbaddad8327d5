"""The instruments that ship: which of them plays a track."""

from __future__ import annotations

import csv
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from amtstudio.errors import BadFileError
from amtstudio.playback.sample_bank import SampleBank, Sound, SoundCache
from amtstudio.playback.voices import KIT_DAMPING, Damping
from amtstudio.resources import resource_path
from amtstudio.symbolic import Track

PIANO = "piano"  # for programs that no other instrument plays
DRUMS = "drums"


class Instrument(Protocol):
    """What plays a track."""

    @property
    def damping(self) -> Damping:
        """How its notes end."""

    def sound(self, pitch: int, velocity: int, sample_rate: int) -> Sound:
        """The sound of a key; see ``SampleBank.sound``."""


class Instruments(Protocol):
    """Anything that can play tracks."""

    def for_track(self, track: Track) -> Instrument | None:
        """What plays a track; None: nothing does, and it is silent."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    damping: Damping


class InstrumentSet:
    """A sampled instrument for each program of General MIDI, and a drum kit.

    Each is opened when it is first played; all keep their sounds in one cache. Safe to use from
    several threads.

    Parameters
    ----------
    folder : Path, optional
        With ``instruments.csv`` and a bank for each of its rows; that which ships where left out.
    piano : SampleBank, optional
        For the programs that the folder has no instrument for.

    Raises ``BadFileError`` if the folder has no usable ``instruments.csv``.
    """

    def __init__(self, folder: Path | None = None, *, piano: SampleBank | None = None) -> None:
        self._folder = resource_path("instruments") if folder is None else folder
        self._cache = SoundCache()
        self._entries = _read_set(self._folder / "instruments.csv")
        self._banks: dict[str, SampleBank] = {}
        if piano is not None:
            self._banks[PIANO] = piano
        self._lock = threading.Lock()

    @property
    def n_cached_bytes(self) -> int:
        return self._cache.n_bytes

    def name_of(self, track: Track) -> str:
        """The name of the instrument that plays a track, such as ``violin``."""
        entry = self._entries.get(-1 if track.is_drums else track.program)
        return PIANO if entry is None else entry.name

    def for_track(self, track: Track) -> SampleBank:
        """Raises ``BadFileError`` if its instrument cannot be read."""
        entry = self._entries.get(-1 if track.is_drums else track.program)
        name = PIANO if entry is None else entry.name
        with self._lock:
            bank = self._banks.get(name)
            if bank is None:
                if entry is None:
                    bank = SampleBank(cache=self._cache)
                else:
                    bank = SampleBank(self._folder / name, damping=entry.damping, cache=self._cache)
                self._banks[name] = bank
            return bank


def _read_set(path: Path) -> dict[int, _Entry]:
    """Instruments by program; that of drums at -1."""
    entries: dict[int, _Entry] = {}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["kind"] == "drum":
                    entries[-1] = _Entry(row["name"], KIT_DAMPING)
                    continue
                longest = float("inf") if row["kind"] == "held" else 10.0
                damping = Damping(release=float(row["release_s"]), longest=longest)
                entry = _Entry(row["name"], damping)
                for span in row["programs"].split():
                    first, _, last = span.partition("-")
                    for program in range(int(first), int(last or first) + 1):
                        entries[program] = entry
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BadFileError(
            f"The instruments for playback are incomplete: {path.name} cannot be read",
            hint="reinstall the program",
        ) from error
    return entries
