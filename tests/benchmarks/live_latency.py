"""The latency and accuracy of live transcription, on recordings with truth.

    python tests/benchmarks/live_latency.py FOLDER [--seconds 40] [--pieces 4] [--at-once]
    python tests/benchmarks/live_latency.py FOLDER --model drums --only .drum

Plays the first seconds of each recording in FOLDER (audio beside ``<stem>.notes.csv``) to the real
program, in real time. The delay is ``emitted_s`` minus the true onset: of the first line about a
note that was confirmed in the end, and of the confirmed line. F1 is that of confirmed notes, onsets
within 50 ms, plain and aligned (see ``amtstudio.scoring``), beside that of the offline result on
the same audio. Bars: median delay 250 ms, p95 400 ms, F1 at most 4 points below; for drums a
median of 60 ms.

Drums are grouped as in the truth of MDB Drums: open and closed hi-hats as one class, likewise toms
and cymbals; a side stick is a snare.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from amtstudio.cli.pieces import find_pieces
from amtstudio.formats import read_csv, read_json
from amtstudio.scoring import PieceScores, score_notes
from amtstudio.scoring.matching import match_notes
from amtstudio.symbolic import Note, NoteTable, TrackKind, Transcription

TOLERANCE_S = 0.1
Line = dict[str, Any]  # as ``amtstudio listen --jsonl`` prints it
# Drums that the truth does not tell apart, to the number that it has for them.
SAME_DRUM = {46: 42, 51: 49, 43: 45, 47: 45, 50: 45, 37: 38}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--pieces", type=int, help="the first so many; default: all")
    parser.add_argument("--only", default="", help="recordings with this in their names")
    parser.add_argument("--model", default="piano")
    parser.add_argument(
        "--at-once",
        action="store_true",
        help="not in real time: the delays without the time that computing takes",
    )
    arguments = parser.parse_args()
    first, confirmed, live, offline = [], [], [], []
    pieces = [piece for piece in find_pieces(arguments.folder) if arguments.only in piece.name]
    for piece in pieces[: arguments.pieces]:
        lines, whole = listen(piece.audio, arguments)
        truth = notes_before(read_csv(piece.truth), arguments.seconds)
        heard = [line for line in lines if not line["provisional"]]
        estimate = Transcription(notes=NoteTable.of(note_of(line) for line in heard))
        delays = delays_of(lines, heard, truth)
        live.append(score_notes(truth, estimate))
        offline.append(score_notes(truth, notes_before(whole, arguments.seconds)))
        print(f"{piece.name}: {shown(*delays)}; {compared(live[-1:], offline[-1:])}", flush=True)
        first += delays[0]
        confirmed += delays[1]
    print(f"all: {shown(first, confirmed)}; {compared(live, offline)}")


def listen(audio: Path, arguments: argparse.Namespace) -> tuple[list[Line], Transcription]:
    """The lines of the live run, and the transcription of all of it."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "take.json"
        command = [sys.executable, "-m", "amtstudio", "listen", "--input", str(audio)]
        options = ["--seconds", str(arguments.seconds), "--jsonl", "-o", str(output)]
        options += ["--model", arguments.model]
        options += [] if arguments.at_once else ["--realtime"]
        run = subprocess.run([*command, *options], stdout=subprocess.PIPE, check=True)
        return [json.loads(line) for line in run.stdout.splitlines()], read_json(output)


def note_of(line: Line) -> Note:
    pitch: int = line["pitch"]
    pitch = SAME_DRUM.get(pitch, pitch) if "drum" in line else pitch
    return Note(line["onset_s"], line["onset_s"] + 0.1, pitch, line["velocity"])


def notes_before(transcription: Transcription, seconds: float) -> Transcription:
    notes = transcription.notes.take(transcription.notes.onset < seconds)
    hits = notes.of_kind(TrackKind.DRUMS)
    pitch = np.array([SAME_DRUM.get(pitch, pitch) for pitch in hits.pitch.tolist()], np.int64)
    notes = notes.of_kind(TrackKind.PITCHED).joined(replace(hits, pitch=pitch))
    return Transcription(notes=notes.in_order())


def delays_of(
    lines: list[Line], heard: list[Line], truth: Transcription
) -> tuple[list[float], list[float]]:
    """Seconds from the true onset to the first line, and to the confirmed line, of each note."""
    first: dict[int, float] = {}
    for line in lines:
        first.setdefault(line["id"], line["emitted_s"])
    heard = sorted(heard, key=note_of)
    estimate = NoteTable.of(note_of(line) for line in heard)
    pairs = match_notes(truth.notes, estimate, onset_tolerance=TOLERANCE_S)
    onsets = [truth.notes[index].onset for index, _ in pairs]
    lines_found = [heard[index] for _, index in pairs]
    return (
        [first[line["id"]] - onset for line, onset in zip(lines_found, onsets, strict=True)],
        [line["emitted_s"] - onset for line, onset in zip(lines_found, onsets, strict=True)],
    )


def shown(first: list[float], confirmed: list[float]) -> str:
    if not first:
        return "no note of the truth was heard"
    return ", ".join(
        f"{name} line median {1000 * np.median(delays):.0f} ms, "
        f"p95 {1000 * np.percentile(delays, 95):.0f} ms"
        for name, delays in (("first", first), ("confirmed", confirmed))
    )


def compared(live: list[PieceScores], offline: list[PieceScores]) -> str:
    parts = []
    for name in ("note", "note_aligned"):
        ours, theirs = (
            100 * float(np.mean([getattr(score, name).f1 for score in scores]))
            for scores in (live, offline)
        )
        parts.append(f"{name} F1 live {ours:.1f}, offline {theirs:.1f} ({ours - theirs:+.1f})")
    return ", ".join(parts)


if __name__ == "__main__":
    main()
