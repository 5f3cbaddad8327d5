"""Where the bars of a score in MusicXML are, in quarter notes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from amtstudio.symbolic import Meter

_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Bar:
    """Its beginning and length in quarters, and the meter it is in; an upbeat is shorter."""

    start: float
    length: float
    meter: Meter


def bars_of(path: Path) -> list[Bar]:
    """The bars of the last part of a compressed score, a piano's in a song; none if it has none.

    Raises ``ValueError`` for what is no such score.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            name = next(name for name in archive.namelist() if not name.startswith("META-INF"))
            data = archive.read(name)
        if len(data) > _MOST_BYTES:
            raise ValueError(f"{path.name} is too large")
        root = ET.parse(io.BytesIO(data)).getroot()  # noqa: S314 - of our own material
    except (zipfile.BadZipFile, StopIteration, ET.ParseError) as error:
        raise ValueError(f"{path.name} is not a score in MusicXML: {error}") from error
    parts = root.findall("part")
    return [] if not parts else _bars(parts[-1])


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
