"""What known notes of some recordings teach a model about others of the same instrument.

``python -m training.corrected_trials FOLDER RUN [--model melodic] [--corrected S] [--steps N]``

The training of a profile alone, with neither teacher nor gate: the first seconds of some recordings
with their truth, and as many clips to rehearse. Scores the others before, half way and after, at
the shipped thresholds, and then at the onset threshold that finds as many notes as before; beside
it, the guard set.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from amtstudio.audio import read_mono
from amtstudio.engine import choose_device
from amtstudio.formats import read_transcription
from amtstudio.learning.adaptation import guard_of
from amtstudio.learning.altered_views import AS_RECORDED, AS_SOUND
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.guard import hear_all, note_f1
from amtstudio.learning.hearing import Heard, hear
from amtstudio.learning.label_tracks import LabelTracks, with_corrections
from amtstudio.learning.material import AdaptationMaterial, Labelled
from amtstudio.learning.recordings import load_recording
from amtstudio.learning.rehearsal import clips_for
from amtstudio.learning.request import Corrections, Passage
from amtstudio.learning.thresholds import matched_onset_threshold
from amtstudio.learning.trainer import Trainer, TrainerSettings
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.scoring import mean_scores, score_notes
from amtstudio.symbolic import Transcription
from amtstudio.symbolic.heads import PIANO_KEYS
from training.adaptation_conditions import Recording, notes_between, recorded
from training.documented_parser import documented_parser

_MOST_S = 20.0  # of each recording


def corrected_recordings(
    recordings: Sequence[Recording], base: Candidate, seconds: float
) -> Iterator[Labelled]:
    """The first recordings, with nothing known but the notes of their first seconds."""
    left = seconds
    for recording in recordings:
        if left <= 0.0:
            return
        end = min(left, recording.seconds, _MOST_S)
        notes = tuple(notes_between(read_transcription(recording.truth), 0.0, end))
        known = Corrections((Passage(0.0, end, notes),))
        entry = load_recording(
            recording.audio, base.grid, known, dereverberates=base.model.dereverberates
        )
        nothing = np.full((len(entry.level), len(PIANO_KEYS)), np.nan, dtype=np.float16)
        tracks = LabelTracks({"onset": nothing}, ())
        yield Labelled(entry, with_corrections(tracks, known, entry.grid))
        left -= end


def score(
    candidate: Candidate, recordings: Sequence[Recording], name: str, n_notes: int | None = None
) -> int:
    """Print the scores of a model, and return how many notes it finds.

    ``n_notes``: how many the former model found; None: it is the former model.
    """
    transcriber = candidate.transcriber()
    heard = [
        hear(transcriber, read_mono(entry.audio, sample_rate=candidate.grid.sample_rate))
        for entry in recordings
    ]
    guard = guard_of(candidate.model)
    f1 = note_f1(hear_all(candidate.transcriber(in_tune=True), guard), guard)
    shipped = candidate.card.thresholds["onset"]
    thresholds = [shipped]
    if n_notes is not None:
        thresholds.append(matched_onset_threshold([], heard, n_notes, shipped))
    parts = [_figures(heard, recordings, threshold) for threshold in thresholds]
    print(name.ljust(10), *parts, f"guard set {100 * float(np.mean(f1)):.1f}", sep="  ", flush=True)
    return sum(len(entry.notes()) for entry in heard)


def _figures(heard: Sequence[Heard], recordings: Sequence[Recording], threshold: float) -> str:
    mean = mean_scores(
        [
            score_notes(
                read_transcription(recording.truth), Transcription(entry.notes(onset=threshold))
            )
            for entry, recording in zip(heard, recordings, strict=True)
        ]
    )
    figures = (mean.note.f1, mean.note_aligned.f1, mean.note_100ms.f1, mean.note_offset.f1)
    return f"at {threshold:.2f}: " + " ".join(f"{100 * value:5.1f}" for value in figures)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    options.run.mkdir(parents=True, exist_ok=True)
    folder = options.run / "recordings"
    condition = recorded(
        options.folder, folder, shift="in-tune", minutes=options.minutes, seed=options.draw
    )
    model, card = load_transcription_model(find_model(options.model))
    base = Candidate(model, card, model.grid, "cpu", 1)
    print("           50 ms, aligned, 100 ms, with offsets")
    n_notes = score(base, condition.test, "before")
    student = base.copied()
    material = AdaptationMaterial(
        clips_for(
            model, options.instruments, grid=base.grid, n_frames=options.frames, seed=options.seed
        ),
        list(corrected_recordings(condition.adapt, base, options.corrected)),
        [],
        margin=model.margin,
        n_frames=options.frames,
        clips=options.clips,
        seed=options.seed,
        alteration=AS_SOUND if options.altered else AS_RECORDED,
    )
    settings = TrainerSettings(
        minutes=1e4,
        max_steps=options.steps,
        average_decay=0.95,
        learning_rate=options.learning_rate,
        share=options.share,
        truth_share=options.truth_share,
        warmup_steps=5,
        check_every=10**6,
        adversarial_weight=options.adversarial,
    )
    former = base.copied().model
    trainer = Trainer(
        student.model, choose_device("cpu"), material, settings, options.run, former=former
    )
    trainer.train(is_cancelled=lambda: False)
    for way in (0.5, 1.0):
        score(base.towards(student, way), condition.test, f"{100 * way:.0f} %", n_notes)


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.corrected_trials", __doc__)
    parser.add_argument("folder", type=Path, help="recordings of one instrument, with truth")
    parser.add_argument("run", type=Path, help="folder for what it writes; a new one each time")
    parser.add_argument("--model", default="melodic")
    parser.add_argument("--minutes", type=float, default=1.2, help="of recordings not tested on")
    parser.add_argument("--corrected", type=float, default=60.0, metavar="S")
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--learning-rate", type=float, default=3e-4)
    parser.add_argument("--share", type=float, default=0.4, help="of the loss, of known notes")
    parser.add_argument(
        "--truth-share",
        type=float,
        default=0.5,
        help="of the targets of rehearsed clips; the rest is what the model said of them",
    )
    parser.add_argument("--clips", type=int, default=2, help="of each kind in a batch")
    parser.add_argument("--frames", type=int, default=160, help="of a clip")
    parser.add_argument("--instruments", nargs="*", default=["saxophone", "trumpet"])
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--draw", type=int, default=31, help="of the recordings to learn from")
    parser.add_argument("--altered", action="store_true", help="as sound, see ADAPTATION.md")
    parser.add_argument(
        "--adversarial", type=float, default=0.0, help="weight of virtual adversarial training"
    )
    return parser


if __name__ == "__main__":
    main()
