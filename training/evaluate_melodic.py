"""Score a model on recordings of any instrument: ``python -m training.evaluate_melodic --help``.

Folders are scored with the tolerances that suit their truth; where it has fractional pitches, so
have the estimates, and 50 cents decide.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from amtstudio.decoding import Activations, DecodingSettings
from amtstudio.engine import load_transcriber
from amtstudio.formats.checked_note import nearest_key_of
from amtstudio.scoring import score_notes
from amtstudio.symbolic import Note, NoteTable, Transcription
from training.melodic_hearing import HeardNote, notes_of
from training.text_table import text_table

if TYPE_CHECKING:
    import numpy.typing as npt

_AUDIO = (".flac", ".ogg", ".wav", ".mp3")
COLUMNS = ("F50", "P50", "R50", "F100", "aligned50", "aligned100", "F50+off", "octave")


@dataclass(frozen=True)
class FractionalNotes:
    """``intervals`` (n, 2) in seconds; ``pitches`` (n,) MIDI, fractional."""

    intervals: npt.NDArray[np.float64]
    pitches: npt.NDArray[np.float64]

    @property
    def are_whole(self) -> bool:
        return bool(np.all(self.pitches == np.round(self.pitches)))


def read_fractional(path: Path) -> FractionalNotes:
    """The notes of a ``.notes.csv``; those without a pitch or an end are left out."""
    with path.open(newline="") as file:
        rows = [
            (float(row["onset_s"]), float(row["offset_s"]), float(row["midi_pitch"]))
            for row in csv.DictReader(file)
            if row["midi_pitch"] and row["offset_s"]
        ]
    array = np.array(sorted(rows)).reshape(-1, 3)
    array[:, 1] = np.maximum(array[:, 1], array[:, 0] + 0.01)
    return FractionalNotes(array[:, :2], array[:, 2])


def score(reference: FractionalNotes, estimate: FractionalNotes) -> dict[str, float]:
    """The scores of ``amtstudio evaluate``; *aligned*: the median deviation of onsets taken off.

    ``octave``: of all estimated notes the share that is none of the reference's, but is one or two
    octaves away from one that begins within 100 ms and was not found.
    """
    found = score_notes(Transcription(_table(reference)), Transcription(_table(estimate)))
    return {
        "F50": found.note.f1,
        "P50": found.note.precision,
        "R50": found.note.recall,
        "F100": found.note_100ms.f1,
        "aligned50": found.note_aligned.f1,
        "aligned100": found.note_aligned_100ms.f1,
        "F50+off": found.note_offset.f1,
        "octave": found.octave_errors,
    }


def _table(notes: FractionalNotes) -> NoteTable:
    rows = zip(*notes.intervals.T.tolist(), notes.pitches.tolist(), strict=True)
    made = []
    for onset, offset, pitch in rows:
        key, bend = nearest_key_of(pitch)
        made.append(Note(onset, offset, key, bend=bend))
    return NoteTable.of(made)


def as_fractional(notes: Sequence[HeardNote], *, is_bent: bool) -> FractionalNotes:
    """Heard notes with their bends, or on their keys."""
    rows = [(n.note.onset, n.note.offset, n.pitch if is_bent else n.note.pitch) for n in notes]
    array = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return FractionalNotes(array[:, :2], array[:, 2])


def score_heard(
    heard: Activations, reference: FractionalNotes, settings: DecodingSettings
) -> dict[str, float]:
    """Scores of a recording; bends count where the truth has fractions of semitones."""
    estimate = as_fractional(notes_of(heard, settings), is_bent=not reference.are_whole)
    return score(reference, estimate)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate_melodic", description=__doc__
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path, nargs="+", help="audio with .notes.csv beside it")
    parser.add_argument("--onset", type=float, help="threshold; default: the model's")
    parser.add_argument("--frame", type=float)
    parser.add_argument("--not-in-tune", action="store_true", help="hear it as it is tuned")
    parser.add_argument("--limit", type=int, help="recordings of each folder")
    parser.add_argument("--pieces", action="store_true", help="a line for each recording, too")
    parser.add_argument("--report", type=Path, metavar="FILE.json")
    options = parser.parse_args(arguments)
    transcriber = load_transcriber(options.checkpoint, device="cpu")
    settings = transcriber.settings
    if not isinstance(settings, DecodingSettings):
        raise TypeError(f"{options.checkpoint} is not decoded to notes")
    if options.onset is not None:
        settings = replace(settings, onset_threshold=options.onset)
    if options.frame is not None:
        settings = replace(settings, frame_threshold=options.frame)
    lines: list[list[str]] = []
    means: dict[str, dict[str, float]] = {}
    pieces: list[dict[str, object]] = []
    for folder in options.folder:
        scores = {}
        started = time.perf_counter()
        audios = sorted(path for path in folder.iterdir() if path.suffix in _AUDIO)
        for audio in audios[: options.limit]:
            truth = audio.with_name(f"{audio.stem}.notes.csv")
            if truth.exists():
                heard = transcriber.transcribe_file(
                    audio, keep_activations=True, retune=not options.not_in_tune
                ).activations
                if heard is not None:
                    scores[audio.stem] = score_heard(heard, read_fractional(truth), settings)
        mean = {name: float(np.mean([s[name] for s in scores.values()])) for name in COLUMNS}
        # As ``training.publish`` takes them.
        means[folder.name] = {"f1": mean["F50"], "precision": mean["P50"], "recall": mean["R50"]}
        means[folder.name] |= mean
        pieces += [{"folder": folder.name, "audio": name, **s} for name, s in scores.items()]
        named = scores.items() if options.pieces else ()
        lines += [[name, *(f"{s[c]:.3f}" for c in COLUMNS)] for name, s in named]
        lines.append([f"{folder.name} ({len(scores)})", *(f"{mean[c]:.3f}" for c in COLUMNS)])
        print(f"{folder.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(text_table(["recordings", *COLUMNS], lines))
    if options.report:
        options.report.write_text(json.dumps({"mean": means, "pieces": pieces}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
