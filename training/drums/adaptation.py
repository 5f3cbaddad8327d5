"""The gain of personal fine-tuning on a drummer's own recordings: see ``--help``.

``stems FOLDER OUTPUT``: recordings with truth by class, of which a minute is corrected; scored on
the rest. ``kits BANK OUTPUT``: the same on held-out kits, with held-out drumming, whose truth has
all ten drums. ``suitability FOLDER...``: the scores by which recordings are accepted for learning.

The truth makes corrections as a user would: correct hits keep their times, wrong ones are removed,
and missed ones are added. F1 are macro means over the classes that occur, of hits within 50 ms,
pooled over all recordings. Minutes are CPU minutes.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import msgspec
import numpy as np
import soundfile
import torch

from amtstudio.audio import read_mono
from amtstudio.decoding.drum_decoder import DRUM_TRACK, LENGTH_S
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.hearing import Heard, hear
from amtstudio.learning.label_free import label_free_scores
from amtstudio.learning.request import Corrections, Passage, Request
from amtstudio.learning.run import run
from amtstudio.learning.wording import sentences
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.profiles.weights import load_profiled_model
from amtstudio.symbolic import Note
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS
from training.adaptation_benchmark import CoreTimeControl
from training.datasets.piece import audio_files
from training.documented_parser import documented_parser
from training.drums.bank import load_drum_bank
from training.drums.clips import LEAD_S, DrumClipMaker, KitChooser, drums_of
from training.drums.evaluation import CLASSES, WINDOW_S, Counts, compare, find_recordings
from training.drums.patterns import Patterns, read_groove
from training.drums.recording import Recorder
from training.text_table import text_table

PROFILE = "drums benchmark"
_TAKES, _TAKE_S = 6, 30.0  # rendered for each kit
_LOOK_FRAMES = 5
Classes = Mapping[str, Sequence[str]]  # of the truth: which of the ten drums each may be
TEN: Classes = {drum: (drum,) for drum in DRUMS}


@dataclass(frozen=True)
class Take:
    """A recording and the times of its hits by class."""

    path: Path
    times: Mapping[str, Sequence[float]]
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """One run; F1 in [0, 1] by class and, under ``macro``, their mean."""

    name: str
    corrected_s: float
    adopted: bool
    reason: str
    before: Mapping[str, float]
    after: Mapping[str, float]
    steps: Sequence[object]


def stems(folder: Path) -> list[Take]:
    """The drum stems among recordings with truth by class."""
    return [
        Take(entry.path, entry.times, soundfile.info(entry.path).duration)
        for entry in find_recordings(folder)
        if entry.kind == "drum"
    ]


def rendered(
    kit: str, bank: Path, groove: Path, output: Path, *, cache: Path, role: str
) -> list[Take]:
    """Takes of one drummer on one kit in one room, drumming that was held out."""
    drums = load_drum_bank(bank)
    chooser = KitChooser(drums, (role,), mixed_share=0.0, is_varied=False)
    recorder = Recorder(seed=17, coded_share=0.0)
    music = Patterns(read_groove(groove, "test", cache=cache), real_share=1.0, random_share=0.0)
    model, _ = load_transcription_model(find_model("drums"))
    maker = DrumClipMaker(
        drums, chooser, music, recorder, None, model.grid, model.margin, percussion_share=0.0
    )
    played = chooser.draw(np.random.default_rng(1), kit=kit)
    rate = model.grid.sample_rate
    takes = []
    for number in range(_TAKES):
        rng = np.random.default_rng([23, number])
        total = LEAD_S + _TAKE_S
        hits = music.draw(total, rng)
        dry, send = maker.play(hits, played, round(total * rate), rng)
        room = np.random.default_rng(3)  # the same room and microphones for all of them
        audio = recorder.master(recorder.drums(dry, send, room), room)[round(LEAD_S * rate) :]
        path = output / f"{kit.replace(':', '_')}_{number}.flac"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, np.clip(audio, -1.0, 1.0), rate)
        truth = drums_of(hits, LEAD_S, _TAKE_S)
        times = {
            drum: truth[truth[:, 1] == column, 0].tolist() for column, drum in enumerate(DRUMS)
        }
        takes.append(Take(path, times, _TAKE_S))
    return takes


# -- what a user would correct --------------------------------------------------------------------


def corrected(take: Take, heard: Heard, end: float, classes: Classes) -> Passage:
    """The beginning of a take with all of its hits, as the editor would hold them."""
    notes = list(heard.notes())
    kept: list[Note] = []
    for name, drums in classes.items():
        keys = {GENERAL_MIDI_KEYS[drum] for drum in drums}
        own = [note for note in notes if note.pitch in keys and note.onset < end]
        truth = [time for time in take.times[name] if time < end]
        pairs = mir_eval.util.match_events(
            np.sort(truth), np.sort([note.onset for note in own]), WINDOW_S
        ) if truth and own else []  # fmt: skip
        ordered = sorted(own, key=lambda note: note.onset)
        matched = {int(ref): ordered[int(est)] for ref, est in pairs}
        for number, time in enumerate(sorted(truth)):
            kept.append(matched.get(number) or _put_in(time, drums, heard))
    return Passage(0.0, end, tuple(sorted(kept)))


def _put_in(time: float, drums: Sequence[str], heard: Heard) -> Note:
    """A missed hit: of the drums of its class, the one detected most often."""
    onset = heard.activations["onset"]
    frame = heard.activations.grid.to_frame(time)
    near = onset[max(frame - _LOOK_FRAMES, 0) : frame + _LOOK_FRAMES + 1]
    columns = [DRUMS.index(drum) for drum in drums]
    drum = drums[int(near[:, columns].max(axis=0).argmax())] if len(near) else drums[0]
    return Note(time, time + LENGTH_S, GENERAL_MIDI_KEYS[drum], 80, track=DRUM_TRACK)


def spans(takes: Sequence[Take], seconds: float) -> dict[Path, float]:
    """Of each take how much of its beginning is corrected: the same share of all."""
    share = min(seconds / sum(take.seconds for take in takes), 1.0)
    return {take.path: share * take.seconds for take in takes}


# -- one run --------------------------------------------------------------------------------------


def score(
    candidate: Candidate, takes: Sequence[Take], begins: Mapping[Path, float], classes: Classes
) -> dict[str, float]:
    """F1 by class of what comes after ``begins``, and their mean."""
    counts = {name: Counts() for name in classes}
    transcriber = candidate.transcriber()
    for take in takes:
        audio = read_mono(take.path, sample_rate=candidate.grid.sample_rate)
        notes = list(hear(transcriber, audio).notes())
        begin = begins.get(take.path, 0.0)
        for name, drums in classes.items():
            keys = {GENERAL_MIDI_KEYS[drum] for drum in drums}
            truth = [time for time in take.times[name] if time >= begin]
            times = [note.onset for note in notes if note.pitch in keys and note.onset >= begin]
            counts[name].add(compare(truth, times))
    scores = {name: count.f1 for name, count in counts.items() if count.reference}
    scores["macro"] = float(np.mean(list(scores.values())))
    return {name: round(value, 4) for name, value in scores.items()}


def run_one(
    name: str, takes: Sequence[Take], seconds: float, classes: Classes, options: argparse.Namespace
) -> Outcome:
    """Adapt to takes of which ``seconds`` are corrected, and score the rest."""
    model, card = load_transcription_model(find_model("drums"))
    base = Candidate(model, card, model.grid, "cpu", 1)
    begins = spans(takes, seconds)
    corrections = {}
    for take in takes if seconds else ():
        heard = hear(base.transcriber(), read_mono(take.path, sample_rate=model.grid.sample_rate))
        corrections[take.path] = Corrections((corrected(take, heard, begins[take.path], classes),))
    # What is scored is the same with and without corrections.
    begins = spans(takes, max(options.corrected))
    request = Request(
        name=PROFILE,
        recordings=tuple(take.path for take in takes),
        minutes=options.minutes,
        model="drums",
        device="cpu",
        teacher=options.teacher,
        overwrite=True,
        corrections=corrections,
    )
    report = run(request, control=CoreTimeControl)
    before = after = score(base, takes, begins, classes)
    if report.adopted:
        adapted, own, _ = load_profiled_model(PROFILE)
        after = score(Candidate(adapted, own, adapted.grid, "cpu", 1), takes, begins, classes)
    return Outcome(
        name,
        seconds,
        report.adopted,
        sentences(report.reasons),
        before,
        after,
        msgspec.to_builtins(report.steps),
    )


def table(outcomes: Sequence[Outcome]) -> str:
    """Before, after and the gain of each class, a line for each run."""
    names = [name for name in outcomes[0].before if any(name in o.before for o in outcomes)]
    rows = [
        [
            outcome.name,
            f"{outcome.corrected_s:.0f}",
            "yes" if outcome.adopted else "no",
            *(_change(outcome, name) for name in names),
        ]
        for outcome in outcomes
    ]
    return text_table(["recordings", "corrected s", "adopted", *names], rows)


def _change(outcome: Outcome, name: str) -> str:
    if name not in outcome.before:
        return "-"
    before, after = 100 * outcome.before[name], 100 * outcome.after[name]
    return f"{before:.1f} {after - before:+.1f}"


def suitability(folders: Sequence[Path], seconds: float) -> str:
    """Label-free scores of the beginning of each recording."""
    model, card = load_transcription_model(find_model("drums"))
    transcriber = Candidate(model, card, model.grid, "cpu", 1).transcriber()
    rows = []
    for path in (path for folder in folders for path in audio_files(folder)):
        audio = read_mono(path, sample_rate=model.grid.sample_rate, end=seconds)
        found = label_free_scores(transcriber, [(audio, model.grid.sample_rate)])
        rows.append(
            [path.name, *(f"{value:.2f}" for value in
            (found.notes_per_second, found.confidence, found.agreement))]
        )  # fmt: skip
    return text_table(["recording", "hits a second", "confidence", "agreement"], rows)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(1)
    if options.what == "suitability":
        print(suitability(options.paths, options.seconds))
        return
    source, output = options.paths
    # Profiles of the user's own are not touched.
    os.environ["AMTSTUDIO_DATA_DIR"] = str(output / "data")
    sets: Iterator[tuple[str, list[Take], Classes]]
    if options.what == "stems":
        sets = iter([(source.name, stems(source), CLASSES)])
    else:
        if options.groove is None or options.cache is None:
            raise SystemExit("kits need --groove and --cache")
        chooser = KitChooser(load_drum_bank(source), (options.role,), mixed_share=0.0)
        names = [name for name in chooser.kits() if name.split(":")[-1] in (name, "0")]
        sets = (
            (
                kit,
                rendered(
                    kit, source, options.groove, output, cache=options.cache, role=options.role
                ),
                TEN,
            )
            for kit in names[: options.count]
        )
    outcomes = []
    for name, takes, classes in sets:
        for seconds in options.corrected:
            outcomes.append(run_one(name, takes, seconds, classes, options))
            print(table(outcomes[-1:]), outcomes[-1].reason, sep="\n", flush=True)
            rows = [msgspec.to_builtins(outcome) for outcome in outcomes]
            (output / "outcomes.json").write_text(json.dumps(rows, indent=1))


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.drums.adaptation", __doc__)
    parser.add_argument("what", choices=("stems", "kits", "suitability"))
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH")
    parser.add_argument("--corrected", nargs="+", type=float, default=[60.0, 0.0], metavar="S")
    parser.add_argument("--minutes", type=float, default=2.0, help="of training, each")
    parser.add_argument("--teacher", default="auto")
    parser.add_argument("--groove", type=Path, help="groove.tar.xz")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--role", choices=("tune", "test"), default="tune")
    parser.add_argument("--count", type=int, default=2, help="kits")
    parser.add_argument("--seconds", type=float, default=30.0, help="for suitability, of each")
    return parser


if __name__ == "__main__":
    main()
