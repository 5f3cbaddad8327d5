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

import mir_eval
import numpy as np

from amtstudio.decoding import Activations, DecodingSettings
from amtstudio.engine import load_transcriber
from training.melodic_hearing import HeardNote, notes_of
from training.text_table import text_table

if TYPE_CHECKING:
    import numpy.typing as npt

_AUDIO = (".flac", ".ogg", ".wav", ".mp3")
COLUMNS = ("F50", "P50", "R50", "F100", "aligned50", "aligned100", "F50+off", "octave")
_OCTAVES = (12.0, -12.0, 24.0, -24.0)


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
    """mir_eval's note scores; *aligned*: the median deviation of the onsets taken off.

    ``octave``: of all estimated notes the share that is none of the reference's, but is one or two
    octaves away from one that begins within 50 ms.
    """
    scores = {}
    for name, tolerance in (("50", 0.05), ("100", 0.1)):
        p, r, f, _ = _matched(reference, estimate, tolerance, None)
        scores[f"F{name}"] = f
        if name == "50":
            scores["P50"], scores["R50"] = p, r
    scores["F50+off"] = _matched(reference, estimate, 0.05, 0.2)[2]
    shift = _lag(reference, estimate)
    moved = FractionalNotes(estimate.intervals - shift, estimate.pitches)
    scores["aligned50"] = _matched(reference, moved, 0.05, None)[2]
    scores["aligned100"] = _matched(reference, moved, 0.1, None)[2]
    scores["octave"] = octave_error_share(reference, estimate)
    return scores


def octave_error_share(reference: FractionalNotes, estimate: FractionalNotes) -> float:
    """Octave errors among all estimated notes, in [0, 1]."""
    if not len(estimate.pitches) or not len(reference.pitches):
        return 0.0
    pairs = _pairs(reference, estimate, 0.1)
    matched_refs, matched = {i for i, _ in pairs}, {j for _, j in pairs}
    errors = 0
    free = np.array([i for i in range(len(reference.pitches)) if i not in matched_refs], dtype=int)
    for index in range(len(estimate.pitches)):
        if index in matched:
            continue
        near = np.abs(reference.intervals[free, 0] - estimate.intervals[index, 0]) < 0.1
        apart = np.abs(estimate.pitches[index] - reference.pitches[free][near])
        errors += bool(np.any(np.abs(apart[:, None] - np.abs(_OCTAVES)) < 0.5))
    return errors / len(estimate.pitches)


def _hz(pitches: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    hz: npt.NDArray[np.float64] = 440.0 * 2.0 ** ((pitches - 69.0) / 12.0)
    return hz


def _matched(
    reference: FractionalNotes, estimate: FractionalNotes, tolerance: float, ratio: float | None
) -> tuple[float, float, float, float]:
    if not len(reference.pitches) or not len(estimate.pitches):
        return 0.0, 0.0, 0.0, 0.0
    found: tuple[float, float, float, float] = (
        mir_eval.transcription.precision_recall_f1_overlap(
            reference.intervals, _hz(reference.pitches), _positive(estimate.intervals),
            _hz(estimate.pitches), onset_tolerance=tolerance, offset_ratio=ratio,
        )
    )  # fmt: skip
    return found


def _positive(intervals: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    # An aligned onset may lie before the recording, which mir_eval refuses.
    positive: npt.NDArray[np.float64] = np.maximum(intervals, np.array([0.0, 1e-3]))
    return positive


def _pairs(
    reference: FractionalNotes, estimate: FractionalNotes, tolerance: float
) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = mir_eval.transcription.match_notes(
        reference.intervals, _hz(reference.pitches), _positive(estimate.intervals),
        _hz(estimate.pitches), onset_tolerance=tolerance, offset_ratio=None,
    )  # fmt: skip
    return pairs


def _lag(reference: FractionalNotes, estimate: FractionalNotes) -> float:
    if not len(reference.pitches) or not len(estimate.pitches):
        return 0.0
    pairs = _pairs(reference, estimate, 0.1)
    if not pairs:
        return 0.0
    return float(
        np.median([estimate.intervals[j, 0] - reference.intervals[i, 0] for i, j in pairs])
    )


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
