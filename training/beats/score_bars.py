"""The bars and notes of a score in MusicXML, in quarter notes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import Meter

_MOST_BYTES = 64 * 2**20
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_LOUDNESS = {"ppp": 34, "pp": 44, "p": 55, "mp": 66, "mf": 78, "f": 90, "ff": 104, "fff": 116}
_UNMARKED = 72
_USUAL_TEMPO = 100.0  # quarters a minute, where a score does not say

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bar:
    """Its beginning and length in quarters, and the meter it is in; an upbeat is shorter."""

    start: float
    length: float
    meter: Meter


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """All parts of a score.

    Attributes
    ----------
    bars : list of Bar
    parts : list of np.ndarray, shape (n_notes, 4)
        Onset and offset in quarters, pitch, velocity; tied notes are one, grace notes are left out.
    tempos : np.ndarray, shape (n_tempos, 2)
        From which quarter on, and how many quarters a minute; the first is at 0.
    """

    bars: list[Bar]
    parts: list[Doubles]
    tempos: Doubles

    def seconds(self, quarters: Doubles) -> Doubles:
        """When places in the score are played, by its tempos."""
        places, tempo = self.tempos[:, 0], self.tempos[:, 1]
        reached = np.concatenate([[0.0], np.cumsum(np.diff(places) * 60.0 / tempo[:-1])])
        at = np.searchsorted(places, quarters, side="right") - 1
        times: Doubles = reached[at] + (quarters - places[at]) * 60.0 / tempo[at]
        return times


def bars_of(path: Path) -> list[Bar]:
    """The bars of the last part of a compressed score, a piano's in a song; none if it has none.

    Raises ``ValueError`` for any other file.
    """
    parts = _parts(path)
    return [] if not parts else _bars(parts[-1])


def score_of(path: Path) -> Score:
    """The content of a compressed score, as written: repeats are not played.

    Raises ``ValueError`` for any other file.
    """
    parts = _parts(path)
    bars = [] if not parts else _bars(parts[-1])
    tempos = [(0.0, _USUAL_TEMPO)]
    notes = []
    for part in parts:
        reader = _PartReader()
        for bar, measure in zip(bars, part.findall("measure"), strict=False):
            reader.read(measure, bar.start)
        notes.append(np.array(sorted(reader.notes), dtype=np.float64).reshape(-1, 4))
        tempos += reader.tempos
    by_place = dict(tempos)
    return Score(bars, notes, np.array(sorted(by_place.items())))


def _parts(path: Path) -> list[ET.Element]:
    try:
        with zipfile.ZipFile(path) as archive:
            name = next(name for name in archive.namelist() if not name.startswith("META-INF"))
            data = archive.read(name)
        if len(data) > _MOST_BYTES:
            raise ValueError(f"{path.name} is too large")
        root = ET.parse(io.BytesIO(data)).getroot()  # noqa: S314 - of our own material
    except (zipfile.BadZipFile, StopIteration, ET.ParseError) as error:
        raise ValueError(f"{path.name} is not a score in MusicXML: {error}") from error
    return root.findall("part")


class _PartReader:
    """Reads the bars of a part one after the other; a tie may lead from one into the next."""

    def __init__(self) -> None:
        self.notes: list[tuple[float, float, float, float]] = []
        self.tempos: list[tuple[float, float]] = []
        self._open_ties: dict[int, tuple[float, float]] = {}  # by pitch: onset, velocity
        self._divisions, self._velocity = 1.0, float(_UNMARKED)

    def read(self, measure: ET.Element, start: float) -> None:
        now = onset = start
        for entry in measure:
            if entry.tag == "attributes":
                self._divisions = float(entry.findtext("divisions") or self._divisions)
            elif entry.tag == "direction":
                self._direction(entry, now)
            elif entry.tag in ("backup", "forward"):
                now += self._length(entry) if entry.tag == "forward" else -self._length(entry)
            elif entry.tag == "note" and entry.find("grace") is None:
                if entry.find("chord") is None:
                    onset, now = now, now + self._length(entry)
                self._note(entry, onset)

    def _length(self, entry: ET.Element) -> float:
        return float(entry.findtext("duration") or 0.0) / self._divisions

    def _note(self, entry: ET.Element, onset: float) -> None:
        pitch = _pitch(entry.find("pitch"))
        if pitch is None:
            return
        offset, velocity = onset + self._length(entry), self._velocity
        ties = {tie.get("type") for tie in entry.findall("tie")}
        if "stop" in ties:
            onset, velocity = self._open_ties.pop(pitch, (onset, velocity))
        if "start" in ties:
            self._open_ties[pitch] = (onset, velocity)
        else:
            self.notes.append((onset, offset, float(pitch), velocity))

    def _direction(self, entry: ET.Element, now: float) -> None:
        for marks in entry.iter("dynamics"):
            for mark in marks:
                self._velocity = float(_LOUDNESS.get(mark.tag, self._velocity))
        tempo = entry.find("sound[@tempo]")
        if tempo is not None:
            self.tempos.append((now, float(tempo.get("tempo", _USUAL_TEMPO))))


def _pitch(entry: ET.Element | None) -> int | None:
    if entry is None:  # a rest
        return None
    alter = round(float(entry.findtext("alter") or 0.0))
    octave = int(entry.findtext("octave") or 4)
    return 12 * (octave + 1) + _STEPS[entry.findtext("step") or "C"] + alter


def _bars(part: ET.Element) -> list[Bar]:
    bars: list[Bar] = []
    divisions, meter, start = 1.0, Meter(), 0.0
    for measure in part.findall("measure"):
        now = length = 0.0
        for entry in measure:
            if entry.tag == "attributes":
                divisions = float(entry.findtext("divisions") or divisions)
                meter = _meter(entry.find("time"), meter)
            elif entry.tag == "note":
                if entry.find("chord") is None and entry.find("grace") is None:
                    now += float(entry.findtext("duration") or 0.0) / divisions
            elif entry.tag in ("backup", "forward"):
                by = float(entry.findtext("duration") or 0.0) / divisions
                now += by if entry.tag == "forward" else -by
            length = max(length, now)
        length = length or meter.quarters * meter.n_beats
        bars.append(Bar(start, length, meter))
        start += length
    return bars


def _meter(time: ET.Element | None, former: Meter) -> Meter:
    if time is None:
        return former
    try:
        return Meter.parse(f"{time.findtext('beats')}/{time.findtext('beat-type')}")
    except ValueError:  # "3+2", or none
        return former
