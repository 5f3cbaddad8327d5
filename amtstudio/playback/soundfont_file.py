"""Reads SoundFonts: which recorded sound a key of a program makes at a velocity, and how.

Formats SF2 and SF3, whose sounds are Ogg Vorbis. It reads the samples, their loops, keys and
velocities, tuning, attenuation, panning, the volume envelope and the static filter; modulation
(modulators, low frequency oscillators) is ignored.

References
----------
E-mu Systems, "SoundFont Technical Specification", version 2.04, 2006.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from amtstudio.errors import BadFileError, InputNotFoundError, InputUnreadableError

DRUM_BANK = 128
_HEADER, _MOST_TABLE_BYTES = 8, 64 << 20
_MOST_ZONES = 4096  # of a program; the largest pianos have some hundreds
_COMPRESSED = 0x10  # of a sample's kind: Ogg Vorbis
_TABLES = {
    "phdr": [("name", "S20"), ("preset", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("_", "V12")],
    "pbag": [("gen", "<u2"), ("mod", "<u2")],
    "pgen": [("kind", "<u2"), ("amount", "<i2")],
    "inst": [("name", "S20"), ("bag", "<u2")],
    "ibag": [("gen", "<u2"), ("mod", "<u2")],
    "igen": [("kind", "<u2"), ("amount", "<i2")],
    "shdr": [
        ("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop", "<u4"), ("loop_end", "<u4"),
        ("rate", "<u4"), ("pitch", "u1"), ("correction", "i1"), ("link", "<u2"), ("kind", "<u2"),
    ],
}  # fmt: skip
# Numbers of generators.
_START, _END, _LOOP, _LOOP_END, _START_FAR, _CUTOFF = 0, 1, 2, 3, 4, 8
_END_FAR, _PAN, _DELAY, _ATTACK, _HOLD, _DECAY, _SUSTAIN, _RELEASE = 12, 17, 33, 34, 35, 36, 37, 38
_INSTRUMENT, _KEYS, _VELOCITIES, _LOOP_FAR, _ATTENUATION, _LOOP_END_FAR = 41, 43, 44, 45, 48, 50
_COARSE, _FINE, _SAMPLE, _MODE, _SCALE, _ROOT = 51, 52, 53, 54, 56, 58
_DEFAULTS = {
    _CUTOFF: 13500, _DELAY: -12000, _ATTACK: -12000, _HOLD: -12000, _DECAY: -12000,
    _RELEASE: -12000, _SCALE: 100, _ROOT: -1,
}  # fmt: skip
# What a program may not add to what its instruments say.
_NOT_ADDED = {
    _START, _END, _LOOP, _LOOP_END, _START_FAR, _END_FAR, _LOOP_FAR, _LOOP_END_FAR, _KEYS,
    _VELOCITIES, _INSTRUMENT, _SAMPLE, _MODE, _ROOT,
}  # fmt: skip
_OPEN_CUTOFF = 13500  # cents: as good as no filter
_LOOPS = (1, 3)
# Players of fonts turn down by less than a font says, as the first sound cards did.
_ATTENUATION_SHARE = 0.4
_SHORTEST_LOOP = 8

Generators = dict[int, int]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Zone:
    """A recorded sound with the keys and velocities (both ends inclusive) that it is played at.

    ``start``, ``end`` are places in the file's samples (bytes where it is compressed), ``loop`` is
    relative to ``start``; ``root`` is the key as it was recorded, ``tune`` in cents, ``scale``
    cents a key. Seconds of the envelope; ``sustain_db`` below the peak, ``attenuation_db`` of all.
    """

    number: int
    keys: Span
    velocities: Span
    start: int
    end: int
    is_compressed: bool
    loop: Span | None
    rate: int
    root: int
    tune: float
    scale: float
    attenuation_db: float
    pan: float  # -1 left, 1 right
    cutoff_hz: float | None
    delay: float
    attack: float
    hold: float
    decay: float
    sustain_db: float
    release: float


class SoundFontFile:
    """The tables of a SoundFont; its sounds are read on demand.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputNotFoundError, InputUnreadableError
        If it is not there, or may not be read.
    BadFileError
        If it is none, or damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._read(file)
        except FileNotFoundError as error:
            raise InputNotFoundError(
                f"The SoundFont {path.name} was not found", hint="choose another in the preferences"
            ) from error
        except OSError as error:
            raise InputUnreadableError(
                f"The SoundFont {path.name} cannot be read ({error.strerror or error})",
                hint="check that you may read it, or choose another in the preferences",
            ) from error
        except (IndexError, ValueError, KeyError) as error:
            raise _damaged(path) from error

    @property
    def programs(self) -> frozenset[tuple[int, int]]:
        """Banks and numbers of its programs; the kits of General MIDI are in ``DRUM_BANK``."""
        return frozenset(self._programs)

    def zones(self, bank: int, program: int) -> tuple[Zone, ...]:
        """All sounds of a program. Raises ``KeyError`` if there is none, ``BadFileError``."""
        place = self._programs[bank, program]
        try:
            found: list[Zone] = []
            for added in self._bags("phdr", "pbag", "pgen", place, _INSTRUMENT):
                for own in self._bags("inst", "ibag", "igen", added[_INSTRUMENT], _SAMPLE):
                    zone = self._zone(len(found), own, added)
                    if zone is not None:
                        found.append(zone)
                    if len(found) > _MOST_ZONES:  # no font is so rich: its tables are not sound
                        return tuple(found)
        except (IndexError, ValueError) as error:
            raise _damaged(self.path) from error
        return tuple(found)

    def samples(self, zone: Zone) -> npt.NDArray[np.float32]:
        """The sound of a zone at its rate, full scale 1, shape (n_samples,).

        Raises ``BadFileError`` if it cannot be read.
        """
        width = 1 if zone.is_compressed else 2
        try:
            with self.path.open("rb") as file:
                file.seek(self._first_sample + width * zone.start)
                data = file.read(width * (zone.end - zone.start))
            if zone.is_compressed:
                import soundfile  # noqa: PLC0415 - only for such fonts

                decoded, _ = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
                found: npt.NDArray[np.float32] = decoded[:, 0].copy()
            else:
                found = np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32)
                found /= np.float32(32768.0)
        except (OSError, RuntimeError) as error:
            raise BadFileError(
                f"A sound of the SoundFont {self.path.name} cannot be read",
                hint="check that it is still there, or choose another in the preferences",
            ) from error
        if not len(found):
            raise _damaged(self.path)
        return found

    def _read(self, file: BinaryIO) -> None:
        header = file.read(12)
        if header[:4] != b"RIFF" or header[8:] != b"sfbk":
            raise BadFileError(
                f"{self.path.name} is not a SoundFont",
                hint="choose a file in the format SF2 or SF3",
            )
        n_bytes = file.seek(0, io.SEEK_END)
        tables: dict[str, npt.NDArray[np.void]] = {}
        self._first_sample = 0
        for name, first, length in _lists(file, n_bytes):
            if name == b"smpl":
                self._first_sample, self._n_sample_bytes = first, length
            elif (table := name.decode("latin-1")) in _TABLES:
                if length > _MOST_TABLE_BYTES:
                    raise ValueError("a table is too large")
                file.seek(first)
                kind = np.dtype(_TABLES[table])
                rows = length // kind.itemsize
                tables[table] = np.frombuffer(file.read(rows * kind.itemsize), kind)
        if set(tables) != set(_TABLES) or not self._first_sample:
            raise ValueError("a table is missing")
        self._tables = tables
        self._programs: dict[tuple[int, int], int] = {}
        presets = tables["phdr"][:-1]  # the last marks the end of the others
        for place, (bank, number) in enumerate(
            zip(presets["bank"].tolist(), presets["preset"].tolist(), strict=True)
        ):
            self._programs.setdefault((bank, number), place)
        if not self._programs:
            raise ValueError("there are no programs")

    def _bags(
        self, heads: str, bags: str, generators: str, place: int, last: int
    ) -> Iterator[Generators]:
        """The generators of a program's or an instrument's zones, including its global zone."""
        table = self._tables[heads]["bag"]
        starts = self._tables[bags]["gen"]
        rows = self._tables[generators]
        common: Generators = {}
        if not 0 <= place < len(table) - 1:
            raise IndexError(place)
        for bag in range(int(table[place]), int(table[place + 1])):
            own = rows[int(starts[bag]) : int(starts[bag + 1])]
            said = dict(zip(own["kind"].tolist(), own["amount"].tolist(), strict=True))
            if last in said:
                yield common | said
            elif not common:
                common = said

    def _zone(self, number: int, own: Generators, added: Generators) -> Zone | None:
        """None if it is inaudible."""

        def amount(kind: int) -> int:
            said = own.get(kind, _DEFAULTS.get(kind, 0))
            return said if kind in _NOT_ADDED else said + added.get(kind, 0)

        keys, velocities = (
            _both(_span(own.get(kind)), _span(added.get(kind))) for kind in (_KEYS, _VELOCITIES)
        )
        sample = self._tables["shdr"][:-1][own[_SAMPLE]]
        is_compressed = bool(int(sample["kind"]) & _COMPRESSED)
        start, end = int(sample["start"]), int(sample["end"])
        first_loop, last_loop = int(sample["loop"]), int(sample["loop_end"])
        if is_compressed:  # its places of the loop are those of the decoded sound
            available = self._n_sample_bytes
        else:
            available = self._n_sample_bytes // 2
            start += own.get(_START, 0) + 32768 * own.get(_START_FAR, 0)
            end += own.get(_END, 0) + 32768 * own.get(_END_FAR, 0)
            first_loop += own.get(_LOOP, 0) + 32768 * own.get(_LOOP_FAR, 0) - start
            last_loop += own.get(_LOOP_END, 0) + 32768 * own.get(_LOOP_END_FAR, 0) - start
        end = min(end, available)
        rate = int(sample["rate"])
        if keys is None or velocities is None or not 0 <= start < end or not 400 <= rate <= 400_000:
            return None
        is_looped = own.get(_MODE, 0) in _LOOPS
        if last_loop - first_loop < _SHORTEST_LOOP or first_loop < 0:
            is_looped = False
        root = own.get(_ROOT, -1)
        if not 0 <= root <= 127:
            root = min(int(sample["pitch"]), 127)
        cutoff = amount(_CUTOFF)
        return Zone(
            number,
            keys,
            velocities,
            start,
            end,
            is_compressed,
            (first_loop, last_loop) if is_looped else None,
            rate,
            root,
            100.0 * amount(_COARSE) + amount(_FINE) + float(sample["correction"]),
            float(amount(_SCALE)),
            _ATTENUATION_SHARE * max(amount(_ATTENUATION), 0) / 10.0,
            float(np.clip(amount(_PAN) / 500.0, -1.0, 1.0)),
            None if cutoff >= _OPEN_CUTOFF else 8.176 * 2.0 ** (max(cutoff, 1500) / 1200.0),
            _seconds(amount(_DELAY)),
            _seconds(amount(_ATTACK)),
            _seconds(amount(_HOLD)),
            _seconds(amount(_DECAY)),
            max(amount(_SUSTAIN), 0) / 10.0,
            _seconds(amount(_RELEASE)),
        )


def _lists(file: BinaryIO, n_bytes: int) -> Iterator[tuple[bytes, int, int]]:
    """Names, first bytes and lengths of the parts of all lists; those cut off end at the end."""
    place = 12
    while place + _HEADER <= n_bytes:
        file.seek(place)
        name, length = file.read(4), int.from_bytes(file.read(4), "little")
        end = min(place + _HEADER + length, n_bytes)
        if name == b"LIST":
            inside = place + 12
            while inside + _HEADER <= end:
                file.seek(inside)
                part, size = file.read(4), int.from_bytes(file.read(4), "little")
                yield part, inside + _HEADER, min(size, end - inside - _HEADER)
                inside += _HEADER + size + size % 2
        place += _HEADER + length + length % 2


def _span(amount: int | None) -> Span:
    if amount is None:
        return 0, 127
    return amount & 0xFF, (amount >> 8) & 0xFF


def _both(one: Span, other: Span) -> Span | None:
    lowest, highest = max(one[0], other[0]), min(one[1], other[1], 127)
    return (lowest, highest) if lowest <= highest else None


def _seconds(timecents: int) -> float:
    return float(2.0 ** (min(max(timecents, -12000), 8000) / 1200.0))


def _damaged(path: Path) -> BadFileError:
    return BadFileError(
        f"The SoundFont {path.name} is damaged", hint="copy it again, or choose another"
    )
