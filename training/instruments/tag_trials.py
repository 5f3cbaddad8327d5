"""How tags of half of some recordings improve the other half, through the whole program.

``python -m training.instruments.tag_trials FOLDER`` takes groups of recordings of one kind, and
with ``--rendered`` solos on instruments that are no class, so that every name is wrong. For one
half, a simulated user corrects the names shown for the whole recording: which of the named
instruments do not play, and which play that are not named. The detector learns from that with
``adapt_detector`` and its gate, and the names in the other half are counted; then the halves are
swapped, so that every recording is tested once.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import soundfile

from amtstudio.engine import InstrumentDetector
from amtstudio.learning.instrument_tags import mixtures
from amtstudio.learning.recording_conditions import SAMPLE_RATE, filter_sound, record
from amtstudio.learning.request import Corrections, Request
from amtstudio.learning.rooms import simulate_room
from amtstudio.learning.run import run
from amtstudio.learning.wording import sentences
from amtstudio.playback.synthesizer import render_transcription
from amtstudio.scoring.ranking import auroc
from amtstudio.symbolic import Note, NoteTable, Track, Transcription
from amtstudio.symbolic.instrument_tags import InstrumentTag
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.symbolic.limits import MAX_TIME
from training.instruments.evaluation import find_truths

RENDERED_S = 24.0
# Program of General MIDI and keys. What was tried while the learning was designed is not here.
RENDERED = {
    "bassoon": (70, 36, 70),
    "horn": (60, 42, 74),
    "pizzicato": (45, 45, 84),
    "strings": (48, 48, 84),
}


@dataclass(frozen=True)
class Take:
    """A recording and the classes that play in it; ``near`` count neither way."""

    path: Path
    present: tuple[str, ...]
    near: tuple[str, ...] = ()


@dataclass
class Counts:
    """Names that are right, wrong and missed; seconds in which somebody else is named; scores."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    strays: list[float] = field(default_factory=list)
    scores: list[np.ndarray] = field(default_factory=list)
    labels: list[np.ndarray] = field(default_factory=list)

    def add(self, take: Take, activity: InstrumentActivity) -> None:
        classes = np.array(activity.classes)
        known = ~np.isin(classes, take.near)
        plays = np.isin(classes, take.present)
        named = activity.is_named
        self.right += int((named & plays & known).sum())
        self.wrong += int((named & ~plays & known).sum())
        self.missed += int((~named & plays & known).sum())
        self.strays.append(float(activity.heard[:, ~plays & known].any(axis=1).mean()))
        self.scores.append(activity.track_scores[known])
        self.labels.append(plays[known])

    def line(self) -> str:
        total = 2 * self.right + self.wrong + self.missed
        f1 = f"{2 * self.right / total:.3f}" if self.right + self.missed else "-"
        labels = np.concatenate(self.labels)
        area = f"{auroc(np.concatenate(self.scores), labels):.3f}" if labels.any() else "-"
        stray = 100 * float(np.mean(self.strays))
        return (
            f"{self.right:>3} right {self.wrong:>3} wrong {self.missed:>3} missed,"
            f" F1 {f1:>5}, AUROC {area:>5}, stray seconds {stray:5.1f} %"
        )


def groups_in(folder: Path, *, most: int) -> dict[str, list[Take]]:
    """The recordings by kind, at most so many of each."""
    found: dict[str, list[Take]] = {}
    for name, suffix, present in (
        ("harmonica", "flac", ()),
        ("omaps", "ogg", ("piano",)),
        ("voice_ssvd", "ogg", ("voice",)),
    ):
        paths = sorted((folder / name).glob(f"*.{suffix}"))
        found[name] = [Take(path, present) for path in paths[:most]]
    # There may be another mix of a song, which would give the answer away.
    bands = [truth for truth in find_truths(folder) if truth.path.stem.endswith(".remix")]
    found["bands"] = [Take(truth.path, truth.present, truth.near) for truth in bands[:most]]
    return {name: takes for name, takes in found.items() if len(takes) > 1}


def rendered_groups(folder: Path, *, n_takes: int) -> dict[str, list[Take]]:
    """Solos on instruments that play transcriptions, each group in one room; none is a class."""
    found: dict[str, list[Take]] = {}
    for name, (program, lowest, highest) in RENDERED.items():
        room = simulate_room(np.random.default_rng([program, 1]))
        found[name] = []
        for index in range(n_takes):
            rng = np.random.default_rng([program, index, 2])
            track, time = Track(name, program), 0.1
            notes: list[Note] = []
            pitch = float(rng.uniform(lowest, highest))
            beat = rng.uniform(0.2, 0.5)
            while time < RENDERED_S - 0.5:
                pitch = float(np.clip(pitch + rng.normal(0.0, 3.5), lowest, highest))
                length = beat * float(rng.choice((1, 1, 2, 4)))
                velocity = int(rng.integers(55, 110))
                notes.append(Note(time, time + 0.9 * length, round(pitch), velocity, track=track))
                time += length
            played = render_transcription(
                Transcription(NoteTable.of(notes), duration=RENDERED_S), SAMPLE_RATE
            )
            sound = record(filter_sound(played, room, np.random.default_rng([program, 3])), rng)
            path = folder / f"{name} {index}.wav"
            soundfile.write(path, np.clip(sound, -1.0, 1.0), SAMPLE_RATE)
            found[name].append(Take(path, ()))
    return found


def tags_of(take: Take, activity: InstrumentActivity) -> tuple[InstrumentTag, ...]:
    """The tags of somebody who looks at the names and knows who plays."""
    found = []
    for name, is_named in zip(activity.classes, activity.is_named.tolist(), strict=True):
        if name not in take.near and is_named != (name in take.present):
            found.append(InstrumentTag(0.0, MAX_TIME, name, not is_named))
    return tuple(found)


def trial(takes: Sequence[Take], shipped: InstrumentDetector, name: str) -> None:
    activities = {take.path: shipped.detect_file(take.path) for take in takes}
    before, after = Counts(), Counts()
    n_adopted = 0
    for half in (0, 1):
        taught, tested = takes[half::2], takes[1 - half :: 2]
        tags = {take.path: tags_of(take, activities[take.path]) for take in taught}
        request = Request(
            name="trial",
            recordings=tuple(take.path for take in taught),
            model="instruments",
            device="cpu",
            overwrite=True,
            corrections={path: Corrections(instruments=each) for path, each in tags.items()},
        )
        report = run(request)
        n_adopted += report.adopted
        n_tags = sum(map(len, tags.values()))
        print(f"  half {half + 1}: {n_tags} tags of {len(taught)}; {sentences(report.reasons)}")
        detector = shipped
        if report.adopted:
            detector = InstrumentDetector.load(profile="trial", device="cpu")
        for take in tested:
            before.add(take, activities[take.path])
            after.add(
                take, detector.detect_file(take.path) if report.adopted else activities[take.path]
            )
    print(f"{name}: {len(takes)} takes, {n_adopted} of 2 adopted")
    print(f"  before {before.line()}")
    print(f"  after  {after.line()}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="with harmonica, omaps, voice_ssvd, drums_band")
    parser.add_argument("--most", type=int, default=12, help="recordings of a kind")
    parser.add_argument("--only", nargs="*", help="kinds")
    parser.add_argument("--rendered", action="store_true", help="solos of no class, rendered")
    options = parser.parse_args(arguments)
    # The same in every run: rendered once, in this process alone, instead of for each of them.
    mixtures.make_mixture = cache(mixtures.make_mixture)
    shipped = InstrumentDetector.load(device="cpu")
    with tempfile.TemporaryDirectory() as data:
        os.environ["AMTSTUDIO_DATA_DIR"] = data
        groups = groups_in(options.folder, most=options.most)
        if options.rendered:
            groups = rendered_groups(Path(data), n_takes=8)
        for name, takes in groups.items():
            if not options.only or name in options.only:
                trial(takes, shipped, name)


if __name__ == "__main__":
    main()
