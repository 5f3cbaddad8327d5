"""Score who plays which note: ``python -m training.evaluate_parts --help``.

Each recording is transcribed as ``transcribe`` does it, models chosen by the detector. A note is
right in its part where pitch and onset are right, the median lag of the onsets taken off, and it is
on a track of the family of the true instrument (*parts*). Whatever tracks are called, *tracks*
counts the right notes that are on the track of their part, each track standing for one part at most
and the best pairing taken; *purity* is the share of the right notes of a track that one part has.
*Largest* is the share of all notes on the track with the most, which for a solo should be all.
Where a list of instruments lies beside a recording (``.instruments.json``), it is counted for which
families a track appears, and for which one should.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import mir_eval
import numpy as np
import numpy.typing as npt
import scipy.optimize

from amtstudio.audio import find_recordings
from amtstudio.decoding.players import FAMILY_OF
from amtstudio.engine import PlannedTranscriber, load_transcriber
from amtstudio.symbolic import NoteTable, Track
from amtstudio.symbolic.families import FAMILIES
from amtstudio.symbolic.families import family_of as family_by_name
from training.instruments.evaluation import MULTITRACK_CLASSES
from training.text_table import text_table

Doubles = npt.NDArray[np.float64]
_TOLERANCE_S = 0.1
# Instruments of truths that the detector has no class for.
_OTHERS = {"bassoon": "winds", "double_bass": "bass", "harmonica": "winds", "viola": "strings"}
_COLUMNS = ("recording", "notes", "F50", "F100", "parts", "tracks", "purity", "largest", "found")
_SCORES = ("f50", "f100", "parts", "tracks", "purity")


def family_of(instrument: str) -> str:
    """The family of an instrument of a truth; itself where it is unknown."""
    for name in (instrument, *(instrument.split("_"))):
        family = _OTHERS.get(name) or FAMILY_OF.get(name)
        if family is not None:
            return family
    return family_by_name(Track.named(instrument)) or instrument


def family_of_track(track: Track) -> str:
    """The family of a track; its name where it has none, as drums."""
    return family_by_name(track) or track.name


@dataclass(frozen=True)
class Truth:
    """The notes of a recording: seconds, MIDI pitches, which may lie between keys, who plays."""

    onset: Doubles
    offset: Doubles
    pitch: Doubles
    families: tuple[str, ...]
    parts: tuple[str, ...]


def read_truth(path: Path, end: float | None = None) -> Truth:
    """The notes of a ``.notes.csv``; those without a pitch or an end are left out.

    A column ``part`` parts players of the same instrument. Notes from ``end`` on, in seconds, are
    left out.
    """
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["midi_pitch"] and row["offset_s"]]
    rows = [row for row in rows if end is None or float(row["onset_s"]) < end]
    onset, offset, pitch = (
        np.array([float(row[name]) for row in rows])
        for name in ("onset_s", "offset_s", "midi_pitch")
    )
    families = tuple(family_of(row["instrument"]) for row in rows)
    parts = tuple(row.get("part") or row["instrument"] for row in rows)
    return Truth(onset, np.maximum(offset, onset + 0.01), pitch, families, parts)


@dataclass(frozen=True)
class PartScores:
    """What ``python -m training.evaluate_parts --help`` tells, each 0 to 1.

    ``confusion`` counts the right notes by true family and by the family that they are given to.
    """

    f50: float = 0.0
    f100: float = 0.0
    parts: float = 0.0
    tracks: float = 0.0
    purity: float = 0.0
    confusion: Mapping[tuple[str, str], int] = field(default_factory=dict)


def part_scores(truth: Truth, notes: NoteTable) -> PartScores:
    """Scores of the notes and of their tracks, aligned."""
    if not len(notes) or not len(truth.onset):
        return PartScores()
    reference = np.column_stack([truth.onset, truth.offset])
    hz, heard = (440.0 * 2.0 ** ((p - 69.0) / 12.0) for p in (truth.pitch, notes.pitch))

    def pairs(lag: float, tolerance: float = _TOLERANCE_S) -> list[tuple[int, int]]:
        estimate = np.maximum(
            np.column_stack([notes.onset, notes.offset]) - lag, np.array([0.0, 1e-3])
        )
        found: list[tuple[int, int]] = mir_eval.transcription.match_notes(
            reference, hz, estimate, heard, onset_tolerance=tolerance, offset_ratio=None
        )
        return found

    first = pairs(0.0)
    lag = float(np.median([notes.onset[j] - truth.onset[i] for i, j in first])) if first else 0.0
    matched = pairs(lag)
    told = [family_of_track(track) for track in notes.tracks]
    confusion = Counter((truth.families[i], told[notes.track[j]]) for i, j in matched)
    right = sum(count for (true, given), count in confusion.items() if true == given)
    names = sorted(set(truth.parts))
    shared = np.zeros((len(names), len(notes.tracks)))
    for i, j in matched:
        shared[names.index(truth.parts[i]), notes.track[j]] += 1
    paired = shared[scipy.optimize.linear_sum_assignment(-shared)].sum()
    half = (len(truth.onset) + len(notes)) / 2.0
    return PartScores(
        len(pairs(lag, _TOLERANCE_S / 2.0)) / half,
        len(matched) / half,
        right / half,
        float(paired) / half,
        float(shared.max(axis=0).sum()) / max(len(matched), 1),
        confusion,
    )


def listed_families(audio: Path) -> set[str] | None:
    """The pitched families that play, by the list of a multitrack's stems; None without a list."""
    path = audio.with_name(f"{audio.name.split('.', maxsplit=1)[0]}.instruments.json")
    if not path.exists():
        return None
    names = json.loads(path.read_text())["stem_instruments"].values()
    classes = {MULTITRACK_CLASSES.get(name, name) for name in names}
    return {family_of(name) for name in classes} - {"drums"}


def presence_scores(
    pairs: Sequence[tuple[set[str], set[str]]], families: Sequence[str]
) -> tuple[float, float]:
    """Precision and recall of (listed, found) families of recordings, of these families only."""
    listed, found = (
        {(number, name) for number, pair in enumerate(pairs) for name in pair[side] & set(families)}
        for side in (0, 1)
    )
    right = len(listed & found)
    return right / max(len(found), 1), right / max(len(listed), 1)


def _confusion_table(counts: Mapping[tuple[str, str], int]) -> str:
    """A row for each true family: how many of its notes are given to each."""
    names = [name for name in FAMILIES if any(name in pair for pair in counts)]
    rows = []
    for true in names:
        row = [counts.get((true, given), 0) for given in names]
        share = counts.get((true, true), 0) / max(sum(row), 1)
        rows.append((true, *(str(count) for count in row), f"{share:.2f}"))
    return text_table(("true, given to", *names, "right"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("recordings", nargs="+", type=Path, help="files, or folders of them")
    parser.add_argument("--seconds", type=float, help="only so much of the start of each")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    load = partial(load_transcriber, device="cpu", n_threads=arguments.threads)
    transcriber = PlannedTranscriber(load)
    rows, all_scores = [], []
    n_notes = n_largest = 0
    present: list[tuple[set[str], set[str]]] = []
    for path in find_recordings(arguments.recordings):
        end = arguments.seconds
        notes = transcriber.transcribe_file(path, end=end).transcription.notes
        pitched = notes.take(~np.array([t.is_drums for t in notes.tracks])[notes.track])
        counts = np.bincount(notes.track, minlength=len(notes.tracks)).tolist()
        on_largest = int(max(np.bincount(pitched.track))) if len(pitched) else 0
        largest = on_largest / max(len(pitched), 1)
        n_notes, n_largest = n_notes + len(pitched), n_largest + on_largest
        shown = ("",) * len(_SCORES)
        truth = path.with_name(f"{path.stem}.notes.csv")
        if truth.exists() and len((known := read_truth(truth, end)).onset):
            all_scores.append(part_scores(known, pitched))
            shown = _shown(all_scores[-1:])
        told = ", ".join(
            f"{track.name} {count}"
            for track, count in zip(notes.tracks, counts, strict=True)
            if count
        )
        listed = listed_families(path)
        if listed is not None:
            heard = {family_of_track(t) for t, n in zip(notes.tracks, counts, strict=True) if n}
            present.append((listed, heard - {"drums"}))
        rows.append((path.stem, str(len(pitched)), *shown, f"{largest:.2f}", told))
        print("\t".join(rows[-1]), flush=True)
    if len(all_scores) > 1:
        rows.append(("mean", "", *_shown(all_scores), "", ""))
    print()
    print(text_table(_COLUMNS, rows))
    print(
        f"\non the largest track of their recording: {n_largest / max(n_notes, 1):.3f} of {n_notes}"
    )
    for families in (("bass", "voice"), FAMILIES) if present else ():
        precision, recall = presence_scores(present, families)
        print(f"\ntracks of {', '.join(families)}: precision {precision:.2f}, recall {recall:.2f}")
    print()
    print(_confusion_table(sum((Counter(s.confusion) for s in all_scores), Counter())))


def _shown(scores: Sequence[PartScores]) -> tuple[str, ...]:
    """The mean of each score."""
    return tuple(f"{np.mean([getattr(of_one, name) for of_one in scores]):.3f}" for name in _SCORES)


if __name__ == "__main__":
    main()
