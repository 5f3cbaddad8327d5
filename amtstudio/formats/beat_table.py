"""Beats and bars as JSON, CSV or text."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from amtstudio.symbolic.tempo import TempoMap

if TYPE_CHECKING:
    from collections.abc import Callable


def tempo_map_plain(tempo: TempoMap | None) -> dict[str, Any] | None:
    """As JSON can hold it: ``tempo_map`` of a transcription. Times in seconds."""
    if tempo is None:
        return None
    return {
        "tempo_bpm": round(tempo.tempo, 2),
        "beat_unit": tempo.beat_unit,
        "beats_s": [round(time, 4) for time in tempo.beats.tolist()],
        "downbeats_s": [round(time, 4) for time in tempo.downbeats.tolist()],
    }


def dump_beats_json(file: str, tempo: TempoMap | None) -> bytes:
    content = {"file": file, "tempo_map": tempo_map_plain(tempo)}
    return (json.dumps(content, ensure_ascii=False) + "\n").encode()


def dump_beats_csv(_file: str, tempo: TempoMap | None) -> bytes:
    """A row for each beat: its time, its bar and its place in that bar, both from 1 on.

    What comes before the first bar is bar 0.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["beat_s", "bar", "beat"])
    for time, bar, beat in _numbered(tempo):
        writer.writerow([f"{time:.4f}", bar, beat])
    return text.getvalue().encode()


def dump_beats_text(file: str, tempo: TempoMap | None) -> bytes:
    """What a person wants to know first."""
    if tempo is None:
        return f"{file}: no beat was found\n".encode()
    meters = Counter(tempo.meters)
    shown = "no whole bar"
    if meters:
        (meter, count), *_ = meters.most_common(1)
        share = f" ({count} of {meters.total()} bars)" if count < meters.total() else ""
        shown = f"{meter} beats to a bar{share}"
    first = tempo.downbeats[:1].tolist()
    lines = [
        file,
        f"  tempo      {tempo.tempo:.1f} beats a minute",
        f"  metre      {shown}",
        f"  beats      {len(tempo.beats)}, from {tempo.beats[0]:.2f} s to {tempo.beats[-1]:.2f} s",
    ]
    if first:
        lines.append(f"  first bar  {first[0]:.2f} s")
    return ("\n".join(lines) + "\n").encode()


def _numbered(tempo: TempoMap | None) -> list[tuple[float, int, int]]:
    """Time, bar and place in the bar of each beat."""
    rows: list[tuple[float, int, int]] = []
    if tempo is None:
        return rows
    bar = beat = 0
    for time, is_down in zip(tempo.beats.tolist(), tempo.is_downbeat.tolist(), strict=True):
        bar, beat = (bar + 1, 1) if is_down else (bar, beat + 1)
        rows.append((time, bar, beat))
    return rows


BEAT_FORMATS: dict[str, Callable[[str, TempoMap | None], bytes]] = {
    "text": dump_beats_text,
    "json": dump_beats_json,
    "csv": dump_beats_csv,
}
