"""Personal fine-tuning: cheap steps first, each judged, then the weights; see ``adapt``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from amtstudio.audio import FloatArray
from amtstudio.engine import choose_device
from amtstudio.engine.instrument_detector import InstrumentDetector
from amtstudio.engine.tuning import RETUNE_FROM_CENTS
from amtstudio.features.tuning import TuningEstimator
from amtstudio.learning.candidate import Bench, Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.gate import UNCHANGED, Evidence, judge
from amtstudio.learning.guard import guard_set
from amtstudio.learning.hearing import Heard, hear
from amtstudio.learning.kept import ledger_of, profile_of
from amtstudio.learning.label_free import LabelFreeScores, label_free_scores
from amtstudio.learning.label_tracks import (
    LabelTracks,
    load_tracks,
    save_tracks,
    with_corrections,
)
from amtstudio.learning.material import AdaptationMaterial, Labelled
from amtstudio.learning.recordings import NO_CORRECTIONS, UserRecording, load_recording
from amtstudio.learning.replay import Excerpt, ReplayClips, bundled_music, played
from amtstudio.learning.request import Report, Request
from amtstudio.learning.split import Split, split_recordings
from amtstudio.learning.suitability import foreign_instruments, objection_to
from amtstudio.learning.teacher_choice import MOVING_AVERAGE, choose_teacher
from amtstudio.learning.teachers import MovingAverageTeacher, Teacher
from amtstudio.learning.thresholds import (
    frame_share,
    matched_frame_threshold,
    retuned_onset_threshold,
)
from amtstudio.learning.trainer import StepReport, Trainer, TrainerSettings
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.profiles.weights import save_profile
from amtstudio.symbolic import Note

LEAST_CENTS = 6.0  # below, nobody hears it, and neither does the model
_TUNING_S = 240.0
_LOOK_S = (10.0, 30.0)  # of each recording, and of all together:
_LOOK_TOTAL_S = 150.0
_THRESHOLD_PIECES = 4

# Ones to zeros in music at 32 ms to a frame, from sparse to dense; onsets count once each.
PROPORTIONS = {"onset": (0.0005, 0.008), "frame": (0.008, 0.12)}


def adapt(request: Request, control: RunControl) -> Report:
    """Learn from recordings, prove it, and keep the result as a profile; or change nothing.

    It begins where the engine does, which hears pianos far out of tune in tune by itself. Then, in
    this order: what is left of the tuning, the weights, and thresholds anew. Each result is
    compared with what was there before it on a labelled guard set, on recordings that nothing was
    learned from, and on the passages that the user made right; only what passes is built upon. The
    base model is never changed, and a profile is written in one step at the end.

    A run whose folder holds a state goes on from there.

    Raises
    ------
    AmtStudioError
        If a recording cannot be read, the model or the teacher cannot be loaded, there is a
        profile of this name already, or the disk is full.
    Cancelled
    """
    return _Adaptation(request, control).run()


class _Adaptation:
    def __init__(self, request: Request, control: RunControl) -> None:
        self._request, self._control = request, control
        self._started = control.clock()
        self._minutes_used = 0.0
        self._steps: list[dict[str, Any]] = []
        self._base_path = find_model(request.model)
        model, card = load_transcription_model(self._base_path)
        self._base = Candidate(model, card, model.grid, request.device, request.n_threads)
        self._teacher: Teacher | None = None
        self._bench = Bench((), {})
        self._guard_f1: tuple[float, ...] = ()

    def run(self) -> Report:
        self._control.tell("loading", total=len(self._request.recordings))
        split = self._as_the_engine(split_recordings(self._load(self._base)))
        before = self._first_look(split)
        if isinstance(before, Report):
            return before
        best, best_evidence = self._tune(self._base, before, split)
        best, best_evidence = self._learn(best, best_evidence, split)
        adopted = best is not self._base
        reason = self._reason(split, adopted=adopted)
        report = self._report(split, before, best_evidence, best, adopted=adopted, reason=reason)
        if adopted:
            kept = profile_of(self._request, self._base_path, best, split, report)
            save_profile(
                kept,
                self._base.model.state_dict(),
                best.model.state_dict(),
                overwrite=self._request.overwrite,
            )
        self._control.tell("done", adopted=adopted, reason=reason)
        return report

    # -- what there is to learn from -------------------------------------------------------------

    def _load(self, candidate: Candidate) -> list[UserRecording]:
        loaded = []
        for number, path in enumerate(self._request.recordings):
            corrections = self._request.corrections.get(path, NO_CORRECTIONS)
            loaded.append(
                load_recording(
                    path,
                    candidate.heard_grid,
                    corrections,
                    dereverberates=candidate.model.dereverberates,
                )
            )
            self._control.tell("loading", done=number + 1, total=len(self._request.recordings))
        return loaded

    def _as_the_engine(self, split: Split) -> Split:
        """Begin where the user is without a profile: the engine hears far-off pianos in tune."""
        cents = _tuning_of(split.adapt)
        if cents is None or abs(cents) < RETUNE_FROM_CENTS:
            return split
        self._base = replace(self._base, tuning_cents=round(cents, 1))
        return self._split_again(split, self._base)

    def _first_look(self, split: Split) -> Evidence | Report:
        """What the base model is worth here; or, of no piano, the report that says so."""
        self._control.tell("listening")
        scores = self._look(self._base, split)
        objection = objection_to(scores) or self._foreign(split)
        if not objection and split.too_little and self._in_tune(split) is None:
            objection = f"{UNCHANGED} {_too_little(split)}"  # there is nothing to try
        elif objection:
            objection = f"{objection} {UNCHANGED}"
        if objection:
            self._control.tell("done", adopted=False, reason=objection)
            seen = Evidence((), scores)
            return self._report(split, seen, seen, self._base, adopted=False, reason=objection)
        self._bench = Bench(guard_set(), {})
        evidence = self._evidence(self._base, split)
        self._guard_f1 = evidence.guard_f1
        return evidence

    def _look(self, candidate: Candidate, split: Split) -> LabelFreeScores:
        rate = candidate.heard_grid.sample_rate
        judged = [(audio, rate) for audio in _beginnings(split, rate)]
        stop = self._control.is_cancelled
        return label_free_scores(candidate.transcriber(), judged, is_cancelled=stop)

    def _foreign(self, split: Split) -> str:
        """Why not, of another instrument: a guitar gives certain notes, too."""
        detector = InstrumentDetector.load(
            device=self._request.device, n_threads=self._request.n_threads
        )
        heard = _beginnings(split, self._base.heard_grid.sample_rate)
        named = foreign_instruments(heard, detector, is_cancelled=self._control.is_cancelled)
        if not named:
            return ""
        words = ", ".join(name.replace("_", " ") for name in named)
        return f"These recordings seem to be mostly of another instrument than a piano: {words}."

    # -- cheap steps -----------------------------------------------------------------------------

    def _tune(
        self, best: Candidate, evidence: Evidence, split: Split
    ) -> tuple[Candidate, Evidence]:
        self._control.tell("tuning")
        candidate = self._in_tune(split)
        if candidate is None:
            return best, evidence
        again = self._split_again(split, candidate)
        cents = candidate.tuning_cents
        return self._judged("tuning", candidate, evidence, again, best, cents=cents)

    def _in_tune(self, split: Split) -> Candidate | None:
        """The base model, hearing these recordings in tune; None where it does already."""
        if self._base.tuning_cents:
            return None
        cents = _tuning_of(split.adapt)
        if cents is None or abs(cents) < LEAST_CENTS:
            return None
        return replace(self._base, tuning_cents=round(cents, 1))

    def _split_again(self, split: Split, candidate: Candidate) -> Split:
        """The same recordings in the same roles, at the rate at which the candidate hears them."""
        by_hash = {entry.sha256: entry for entry in self._load(candidate)}

        def again(role: Sequence[UserRecording]) -> tuple[UserRecording, ...]:
            return tuple(by_hash[entry.sha256] for entry in role)

        return Split(again(split.adapt), again(split.tune), again(split.accept), split.too_little)

    # -- weights ---------------------------------------------------------------------------------

    def _learn(
        self, best: Candidate, evidence: Evidence, split: Split
    ) -> tuple[Candidate, Evidence]:
        if split.too_little:
            return best, evidence
        if best.tuning_cents != self._base.tuning_cents:
            split = self._split_again(split, best)
        choice = choose_teacher(self._request.teacher, best)
        self._teacher = choice
        tracks = self._labels(choice, split)
        if choice is not None and choice.is_better:
            references = {entry.sha256: tracks[entry.sha256].notes for entry in split.accept}
            self._bench = replace(self._bench, references=references)
            stop = self._control.is_cancelled
            agreed = self._bench.teacher_agreement(best, split.accept, stop)
            evidence = replace(evidence, teacher_agreement=agreed)
        student = best.copied()
        self._train(student, split, tracks)
        former = best
        # Half way there most of what was learned is kept, and little of what was known is lost.
        for name, way in (("weights, half way", 0.5), ("weights", 1.0)):
            candidate = self._with_new_thresholds(
                former.towards(student, way), former, split, tracks
            )
            best, evidence = self._judged(name, candidate, evidence, split, best)
        return best, evidence

    def _labels(self, teacher: Teacher | None, split: Split) -> dict[str, LabelTracks]:
        """What the teacher says of each recording, and the user in place of it."""
        if teacher is None:
            return {}
        # Recordings that judge are labelled only where agreeing with the teacher proves something.
        wanted = [
            entry
            for entry in split.everything
            if teacher.is_better or split.role(entry) != "accept"
        ]
        tracks = {}
        for number, entry in enumerate(wanted):
            self._control.tell("labelling", done=number, total=len(wanted))
            labels = self._label(teacher, entry)
            tracks[entry.sha256] = with_corrections(labels, entry.corrections, entry.grid)
        return tracks

    def _label(self, teacher: Teacher, entry: UserRecording) -> LabelTracks:
        """As the teacher says, or said in the run that is taken up again."""
        name = f"labels-{entry.sha256[:16]}-{entry.grid.sample_rate}.npz"
        path = self._control.folder / name
        if path.is_file():
            return load_tracks(path)
        labels = teacher.label(entry, is_cancelled=self._control.is_cancelled)
        save_tracks(path, labels)
        return labels

    def _train(self, student: Candidate, split: Split, tracks: Mapping[str, LabelTracks]) -> None:
        model = student.model
        replay = ReplayClips(
            bundled_music("replay"),
            grid=student.grid,
            margin=model.margin,
            n_frames=320,
            seed=5,
            dereverberates=model.dereverberates,
        )
        material = AdaptationMaterial(
            replay,
            [Labelled(entry, tracks.get(entry.sha256)) for entry in split.adapt],
            [Labelled(entry, tracks.get(entry.sha256)) for entry in split.tune],
            margin=model.margin,
        )
        device = choose_device(self._request.device)
        online = None
        if self._teacher is None:
            own = student.copied().model.to(device.torch_device)
            online = MovingAverageTeacher(own, PROPORTIONS)
        trainer = Trainer(
            model,
            device,
            material,
            TrainerSettings(minutes=self._request.minutes),
            self._control.folder,
            teacher=online,
            clock=self._control.clock,
        )
        trainer.train(is_cancelled=self._control.is_cancelled, on_step=self._tell_step)
        model.cpu()
        self._minutes_used = trainer.progress.wall_hours * 60

    def _tell_step(self, step: StepReport) -> None:
        self._control.tell(
            "learning",
            step=step.step,
            fraction=round(step.fraction, 4),
            minutes_left=round(self._request.minutes * (1 - step.fraction), 2),
            loss=round(step.loss, 5),
            check=None if step.check is None else round(step.check, 5),
            agreement=None if step.agreement is None else round(step.agreement, 4),
        )

    def _with_new_thresholds(
        self,
        student: Candidate,
        former: Candidate,
        split: Split,
        tracks: Mapping[str, LabelTracks],
    ) -> Candidate:
        self._control.tell("thresholds")
        music = bundled_music("replay")[:_THRESHOLD_PIECES]
        rehearsed = [played(piece, 900 + number) for number, piece in enumerate(music)]
        labelled = _with_truth(self._hear_excerpts(student, rehearsed), rehearsed)
        own = self._hear_recordings(student, split.tune)
        taught = [
            (heard, tracks[entry.sha256].notes)
            for heard, entry in zip(own, split.tune, strict=True)
            if entry.sha256 in tracks
        ]
        thresholds = student.card.thresholds
        onset = retuned_onset_threshold(labelled, taught, thresholds["onset"])
        share = frame_share(self._hear_recordings(former, split.tune), thresholds["frame"])
        frame = matched_frame_threshold(own, share, thresholds["frame"])
        return student.with_threshold(onset=onset, frame=frame)

    def _hear_excerpts(self, candidate: Candidate, excerpts: Sequence[Excerpt]) -> list[Heard]:
        transcriber = candidate.transcriber(in_tune=True)
        stop = self._control.is_cancelled
        return [hear(transcriber, entry.audio, is_cancelled=stop) for entry in excerpts]

    def _hear_recordings(
        self, candidate: Candidate, recordings: Sequence[UserRecording]
    ) -> list[Heard]:
        transcriber = candidate.transcriber()
        stop = self._control.is_cancelled
        return [hear(transcriber, entry.audio, is_cancelled=stop) for entry in recordings]

    # -- judging ---------------------------------------------------------------------------------

    def _evidence(self, candidate: Candidate, split: Split) -> Evidence:
        corrected = [entry for entry in split.everything if entry.passages]
        return self._bench.evidence(
            candidate,
            split.accept,
            corrected,
            is_cancelled=self._control.is_cancelled,
        )

    def _judged(
        self,
        step: str,
        candidate: Candidate,
        evidence: Evidence,
        split: Split,
        former: Candidate,
        **details: object,
    ) -> tuple[Candidate, Evidence]:
        """The candidate and what speaks for it, or the former one where the gate refuses."""
        self._control.tell("judging", step=step)
        after = self._evidence(candidate, split)
        # Against the guard set of the model as it ships: small falls must not add up.
        verdict = judge(replace(evidence, guard_f1=self._guard_f1), after)
        entry: dict[str, Any] = {
            "step": step,
            "adopted": verdict.adopted,
            "reasons": list(verdict.reasons),
            "before": evidence.to_dict(),
            "after": after.to_dict(),
            **details,
        }
        self._steps.append(entry)
        self._control.tell("judged", **entry)
        return (candidate, after) if verdict.adopted else (former, evidence)

    def _reason(self, split: Split, *, adopted: bool) -> str:
        """What was gained, or what spoke against it."""
        sentences = [] if adopted else [UNCHANGED]
        for step in self._steps:
            if step["adopted"] == adopted:
                sentences += [text for text in step["reasons"] if text not in sentences]
        if split.too_little:
            sentences.append(_too_little(split))
        return " ".join(sentences)

    # -- what is kept ----------------------------------------------------------------------------

    def _report(
        self,
        split: Split,
        before: Evidence,
        after: Evidence,
        best: Candidate,
        *,
        adopted: bool,
        reason: str,
    ) -> Report:
        return Report(
            adopted=adopted,
            reason=reason,
            minutes_used=round(self._minutes_used, 3),
            recordings={
                entry.recording: {"role": entry.role, "seconds": entry.seconds}
                for entry in ledger_of(split)
            },
            before=before.to_dict(),
            after=after.to_dict(),
            guard_set={
                "before": [round(value, 5) for value in before.guard_f1],
                "after": [round(value, 5) for value in after.guard_f1],
            },
            seconds=round(self._control.clock() - self._started, 2),
            steps=self._steps,
            teacher=self._teacher.name if self._teacher is not None else MOVING_AVERAGE,
            tuning_cents=best.tuning_cents,
        )


def _beginnings(split: Split, rate: int) -> list[FloatArray]:
    """Of each recording as much as it takes to know it."""
    everything = split.everything
    seconds = min(max(_LOOK_TOTAL_S / len(everything), _LOOK_S[0]), _LOOK_S[1])
    return [entry.audio[: round(seconds * rate)] for entry in everything]


def _too_little(split: Split) -> str:
    return f"The weights were left alone: {split.too_little}."


def _tuning_of(recordings: Sequence[UserRecording]) -> float | None:
    """Of all recordings together, each heard for up to four minutes; they are at 440 Hz's rate."""
    estimator = TuningEstimator(recordings[0].grid.sample_rate)
    for entry in recordings:
        estimator.feed(entry.audio[: round(_TUNING_S * entry.grid.sample_rate)])
    return estimator.cents()


def _with_truth(
    heard: Sequence[Heard], excerpts: Sequence[Excerpt]
) -> list[tuple[Heard, Sequence[Note]]]:
    return [(one, entry.truth.notes) for one, entry in zip(heard, excerpts, strict=True)]
