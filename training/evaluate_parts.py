"""Score who plays which note: ``python -m training.evaluate_parts --help``.

Each recording is transcribed as ``transcribe`` does it, models chosen by the detector. A note is
right in its part where pitch and onset are right, the median lag of the onsets taken off, and it is
on a track of the family of the true instrument.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import mir_eval
import numpy as np
import numpy.typing as npt

from amtstudio.decoding.players import FAMILY_OF
from amtstudio.engine import PlannedTranscriber, load_transcriber
from amtstudio.symbolic import NoteTable, Track
from amtstudio.symbolic.families import FAMILY_TRACKS
from training.text_table import text_table

Doubles = npt.NDArray[np.float64]
_AUDIO = (".flac", ".ogg", ".wav", ".mp3")
_TOLERANCE_S = 0.1
# Instruments of truths that the detector has no class for.
_OTHERS = {"bassoon": "winds", "double_bass": "bass", "harmonica": "winds", "viola": "strings"}
_COLUMNS = ("recording", "notes", "F100", "parts", "largest", "tracks")


def family_of(instrument: str) -> str:
    """The family of an instrument of a truth; itself where it is unknown."""
    for name in (instrument, *(instrument.split("_"))):
        family = _OTHERS.get(name) or FAMILY_OF.get(name)
        if family is not None:
            return family
    return instrument


def family_of_track(track: Track) -> str:
    for family, usual in FAMILY_TRACKS.items():
        if track == usual:
            return family
    return family_of(track.name)


@dataclass(frozen=True)
class Truth:
    """The notes of a recording: seconds, MIDI pitches, which may lie between keys, families."""

    onset: Doubles
    offset: Doubles
    pitch: Doubles
    families: tuple[str, ...]


def read_truth(path: Path) -> Truth:
    """The notes of a ``.notes.csv``; those without a pitch or an end are left out."""
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["midi_pitch"] and row["offset_s"]]
    onset, offset, pitch = (
        np.array([float(row[name]) for row in rows])
        for name in ("onset_s", "offset_s", "midi_pitch")
    )
    families = tuple(family_of(row["instrument"]) for row in rows)
    return Truth(onset, np.maximum(offset, onset + 0.01), pitch, families)


def part_scores(truth: Truth, notes: NoteTable) -> tuple[float, float]:
    """F1 of notes, and of notes on the right part, at 100 ms, aligned."""
    if not len(notes) or not len(truth.onset):
        return 0.0, 0.0
    reference = np.column_stack([truth.onset, truth.offset])
    hz, heard = (440.0 * 2.0 ** ((p - 69.0) / 12.0) for p in (truth.pitch, notes.pitch))

    def pairs(lag: float) -> list[tuple[int, int]]:
        estimate = np.maximum(
            np.column_stack([notes.onset, notes.offset]) - lag, np.array([0.0, 1e-3])
        )
        found: list[tuple[int, int]] = mir_eval.transcription.match_notes(
            reference, hz, estimate, heard, onset_tolerance=_TOLERANCE_S, offset_ratio=None
        )
        return found

    first = pairs(0.0)
    lag = float(np.median([notes.onset[j] - truth.onset[i] for i, j in first])) if first else 0.0
    matched = pairs(lag)
    told = [family_of_track(track) for track in notes.tracks]
    right = sum(truth.families[i] == told[notes.track[j]] for i, j in matched)
    total = len(truth.onset) + len(notes)
    return 2 * len(matched) / total, 2 * right / total


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("recordings", nargs="+", type=Path, help="files, or folders of them")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    paths = [
        path
        for given in arguments.recordings
        for path in (sorted(given.iterdir()) if given.is_dir() else [given])
        if path.suffix in _AUDIO
    ]
    load = partial(load_transcriber, device="cpu", n_threads=arguments.threads)
    transcriber = PlannedTranscriber(load)
    rows = []
    for path in paths:
        notes = transcriber.transcribe_file(path).transcription.notes
        pitched = notes.take(~np.array([t.is_drums for t in notes.tracks])[notes.track])
        counts = np.bincount(notes.track, minlength=len(notes.tracks)).tolist()
        largest = max(np.bincount(pitched.track)) / len(pitched) if len(pitched) else 0.0
        scores = ("", "")
        truth = path.with_name(f"{path.stem}.notes.csv")
        if truth.exists() and len((known := read_truth(truth)).onset):
            f1, parts = part_scores(known, pitched)
            scores = (f"{f1:.3f}", f"{parts:.3f}")
        told = ", ".join(
            f"{track.name} {count}"
            for track, count in zip(notes.tracks, counts, strict=True)
            if count
        )
        rows.append((path.stem, str(len(pitched)), *scores, f"{largest:.2f}", told))
        print("\t".join(rows[-1]), flush=True)
    print()
    print(text_table(_COLUMNS, rows))


if __name__ == "__main__":
    main()
