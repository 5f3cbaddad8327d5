"""Beats and bars as text, CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from amtstudio.formats.checked_note import DECIMALS
from amtstudio.symbolic import TempoMap


def dump_beats_text(tempo: TempoMap, _certainty: float) -> bytes:
    """A line for each beat, as annotations of beats are written: its second, its place."""
    return "".join(f"{time}\t{place}\n" for time, _, place in _rows(tempo)).encode()


def dump_beats_csv(tempo: TempoMap, _certainty: float) -> bytes:
    """A row for each beat: its second, the number of its bar, and its place in it."""
    rows = (f"{time},{bar},{place}\n" for time, bar, place in _rows(tempo))
    return ("time_s,bar,beat\n" + "".join(rows)).encode()


def dump_beats_json(tempo: TempoMap, certainty: float) -> bytes:
    """One object: tempo, time signature and certainty, all beats, and which begin a bar."""
    meter = tempo.meter
    content = {
        "tempo_bpm": round(tempo.tempo, 3),
        "time_signature": None if meter is None else str(meter),
        "certainty": round(certainty, 4),
        "beats_s": [round(beat, DECIMALS) for beat in tempo.beats.tolist()],
        "downbeats_s": [round(beat, DECIMALS) for beat in tempo.downbeats.tolist()],
        "bars": tempo.places()[0].tolist(),
    }
    return (json.dumps(content) + "\n").encode()


def _rows(tempo: TempoMap) -> Iterator[tuple[str, int, int]]:
    bars, places = tempo.places()
    for beat, bar, place in zip(tempo.beats.tolist(), bars.tolist(), places.tolist(), strict=True):
        yield f"{beat:.{DECIMALS}f}", bar, place


BEAT_FORMATS: Mapping[str, Callable[[TempoMap, float], bytes]] = MappingProxyType(
    {"text": dump_beats_text, "csv": dump_beats_csv, "json": dump_beats_json}
)
