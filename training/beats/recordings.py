"""Score beats on recordings beside their score and the notes that were aligned with it.

    python -m training.beats.recordings FOLDER [--model MODEL] [--transcribe] [--pieces N]

FOLDER holds <stem>.mid, a score whose quarters are its beats, and <stem>.aligned.csv, the times at
which its notes sound. The beats are those of the aligned notes or, with ``--transcribe``, of the
program's transcription of <stem>.ogg. F1 within 70 ms, the same with twice and half the tempo
allowed, and that by the beats of the time signature, if these are not quarters. Bars are not
scored: most of these MIDI files do not have them.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import mir_eval
import numpy as np
import numpy.typing as npt
import pretty_midi

from amtstudio.engine import BeatTracker, load_transcriber
from amtstudio.symbolic import NoteTable
from training.beats.pieces import written_beats
from training.text_table import text_table
from training.truth import read_aligned_score

Doubles = npt.NDArray[np.float64]


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    tracker = BeatTracker.load(options.model)
    transcriber = load_transcriber("piano", device="cpu") if options.transcribe else None
    rows, scores = [], []
    for table in sorted(options.folder.glob("*.aligned.csv"))[: options.pieces]:
        stem = table.name.removesuffix(".aligned.csv")
        heard = read_aligned_score(table)
        midi = options.folder / f"{stem}.mid"
        truth, signed = quarters(midi, heard), beats_of_meter(midi, heard)
        notes = heard
        if transcriber is not None:
            recording = options.folder / f"{stem}.ogg"
            notes = transcriber.transcribe_file(recording).transcription.notes
        found = tracker.track(notes)
        estimate = np.zeros(0) if found is None else found.tempo.beats
        inside = (estimate >= truth[0] - 0.1) & (estimate <= truth[-1] + 0.1)
        by_meter, _ = score(signed, estimate[inside])
        scores.append((*score(truth, estimate[inside]), by_meter))
        sure = 0.0 if found is None else found.certainty
        rows.append([stem, *(f"{value:.3f}" for value in scores[-1]), f"{sure:.2f}"])
    rows.append(["mean", *(f"{value:.3f}" for value in np.mean(scores, axis=0)), ""])
    heads = ["recording", "beats", "beats x 2, / 2", "by time signature", "certainty"]
    print(text_table(heads, rows))
    return 0


def quarters(midi: Path, heard: NoteTable) -> Doubles:
    """The times of a score's quarters, interpolated evenly between notes."""
    known, seconds = _aligned(pretty_midi.PrettyMIDI(str(midi)), heard)
    return np.interp(np.arange(np.ceil(known[0]), known[-1] + 1e-6), known, seconds)


def beats_of_meter(midi: Path, heard: NoteTable) -> Doubles:
    """The times of a score's beats: eighths in 3/8, halves in 2/2, three eighths in 6/8."""
    written = written_beats(midi.read_bytes())
    if written is None:
        return quarters(midi, heard)
    score = pretty_midi.PrettyMIDI(str(midi))
    places = np.array([score.time_to_tick(beat) / score.resolution for beat in written[0]])
    known, seconds = _aligned(score, heard)
    inside = (places >= known[0] - 1e-3) & (places <= known[-1] + 1e-3)
    times: Doubles = np.interp(places[inside], known, seconds)
    return times


def _aligned(score: pretty_midi.PrettyMIDI, heard: NoteTable) -> tuple[Doubles, Doubles]:
    """Positions in a score in quarters, and their times; each of shape (n_places,)."""
    written: dict[int, list[float]] = defaultdict(list)
    for part in score.instruments:
        for note in part.notes:
            written[note.pitch].append(score.time_to_tick(note.start) / score.resolution)
    places, times = [], []
    for pitch, at in written.items():
        onsets = np.sort(heard.onset[heard.pitch == pitch])
        if len(onsets) == len(at):  # else one does not know which is which
            places += sorted(at)
            times += onsets.tolist()
    known = np.unique(places)
    seconds = np.array([np.median(np.array(times)[np.array(places) == at]) for at in known])
    return known, np.maximum.accumulate(seconds)


def score(truth: Doubles, estimate: Doubles) -> tuple[float, float]:
    def f1(beats: Doubles) -> float:
        return float(mir_eval.beat.f_measure(*map(mir_eval.beat.trim_beats, (truth, beats))))

    between = np.sort(np.concatenate([estimate, estimate[:-1] + np.diff(estimate) / 2]))
    plain = f1(estimate)
    return plain, max(plain, f1(estimate[::2]), f1(estimate[1::2]), f1(between))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.beats.recordings")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="beats")
    parser.add_argument("--transcribe", action="store_true")
    parser.add_argument("--pieces", type=int)
    return parser


if __name__ == "__main__":
    sys.exit(main())
