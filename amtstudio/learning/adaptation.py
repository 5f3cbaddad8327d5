"""Personal fine-tuning: cheap steps first, each judged, then the weights; see ``adapt``."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from amtstudio.audio import FloatArray
from amtstudio.engine.instrument_detector import InstrumentDetector
from amtstudio.engine.tuning import RETUNE_FROM_CENTS
from amtstudio.errors import CheckpointError
from amtstudio.features.tuning import TuningEstimator
from amtstudio.learning.calibration import calibrate
from amtstudio.learning.candidate import Bench, Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.events import Done, Judged, Judging, Listening, Loading, Tuning
from amtstudio.learning.gate import Evidence, judge
from amtstudio.learning.guard import guard_set
from amtstudio.learning.keyboard_labels import with_keyboards
from amtstudio.learning.label_free import label_free_scores
from amtstudio.learning.lesson import Lesson, learn, part_of_the_way
from amtstudio.learning.recordings import UserRecording, load_recording
from amtstudio.learning.rehearsal import (
    guard_of_drums,
    guard_of_instruments,
    nearest_kinds,
    plays_piano_alone,
)
from amtstudio.learning.replay import Excerpt
from amtstudio.learning.report import (
    Calibrated,
    Code,
    JudgedStep,
    Reason,
    RecordingUse,
    Report,
    ScoreFit,
    StepName,
)
from amtstudio.learning.request import NO_CORRECTIONS, Request
from amtstudio.learning.scored import with_scores
from amtstudio.learning.split import Split, split_recordings
from amtstudio.learning.suitability import (
    mostly_foreign,
    objection_to,
    suitability_of,
)
from amtstudio.learning.teacher_choice import MOVING_AVERAGE
from amtstudio.models import find_model, sha256_of
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.profiles import LedgerEntry, Profile
from amtstudio.profiles.fitting import heard_instruments
from amtstudio.profiles.weights import save_profile
from amtstudio.symbolic.instruments import InstrumentActivity

LEAST_CENTS = 6.0  # smaller deviations are inaudible, also to the model
_TUNING_S = 240.0
_LOOK_S = (10.0, 30.0)  # of each recording, and of all together:
_LOOK_TOTAL_S = 150.0


@dataclass(frozen=True, slots=True)
class Step:
    """A change to try; ``make`` gives the candidate from the best so far, or None: nothing."""

    name: StepName
    make: Callable[[Candidate], Candidate | None]


def adapt(request: Request, control: RunControl) -> Report:
    """Learn from recordings, prove it, and keep the result as a profile; or change nothing.

    It starts like the engine, which retunes pianos that are far out of tune. Then come, in this
    order: the remaining deviation of the tuning, and the weights, fully and partly learned, each
    with its own thresholds. Each result is compared with its predecessor on a labelled guard set,
    on recordings that were not learned from, and on the passages that the user corrected; only what
    passes is built upon. Finally, whether or not anything was learned, timing, loudness and lengths
    are calibrated on known notes (``calibrate``). The base model is never changed, and a profile is
    written in one step at the end.

    A run whose folder holds a state continues from there.

    Raises
    ------
    AmtStudioError
        If a recording cannot be read, the model or the teacher cannot be loaded, there is a
        profile of this name already, or the disk is full.
    Cancelled
    """
    base_path = find_model(request.model)
    model, card = load_transcription_model(base_path)
    heads = {head.name for head in model.heads}
    told = {"onset"} if model.plays_drums else {"onset", "frame"}
    if not (model.is_augmentable and told <= heads):
        raise CheckpointError(
            f"the model {request.model} cannot learn from recordings", hint="choose another model"
        )
    base = Candidate(model, card, model.grid, request.device, request.n_threads)
    if model.plays_drums and request.scores:
        raise CheckpointError(
            "drums cannot be learned from scores", hint="correct the hits in the drum lane instead"
        )
    loaded = _load(base, request, control)
    heard_along: dict[str, ScoreFit] = {}
    if not model.plays_drums:
        loaded, heard_along = with_keyboards(loaded, base, control)
    recordings, fits = with_scores(loaded, request.scores, base, control)
    split = split_recordings(recordings)
    cents = None if model.plays_drums else _tuning_of(split)
    if cents is not None and abs(cents) >= RETUNE_FROM_CENTS:
        # As without a profile: the engine retunes a piano that is far out of tune.
        base = replace(base, tuning_cents=round(cents, 1))
        split = split.at(base.heard_grid)
        cents = None
    run = _Adaptation(request, control, base, split, cents)
    run.fits = {**heard_along, **fits}
    report = run.refusal() or run.run()
    if report.adopted:
        kept = _profile_of(request, base_path, run, split, report)
        states = model.state_dict(), run.best.model.state_dict()
        save_profile(kept, *states, overwrite=request.overwrite)
    control.tell(Done(adopted=report.adopted))
    return report


class _Adaptation:
    """The steps of one run and the gate between them; ``best`` is what passed so far."""

    def __init__(
        self,
        request: Request,
        control: RunControl,
        base: Candidate,
        split: Split,
        cents: float | None,
    ) -> None:
        self._request, self._control = request, control
        self.base, self._split = base, split
        self._splits = {base.heard_grid: split}
        self._started = control.clock()
        self._judged: list[JudgedStep] = []
        self._lesson: Lesson | None = None
        self.instruments: tuple[str, ...] = ()
        self.fits: dict[str, ScoreFit] = {}
        self._calibrations: tuple[Calibrated, ...] = ()
        self._cents = cents if cents is not None and abs(cents) >= LEAST_CENTS else None
        self.best = base

    def refusal(self) -> Report | None:
        """Why nothing is tried: it is not a piano, or there is nothing to try; else None."""
        self._control.tell(Listening())
        split, rate = self._split, self.base.heard_grid.sample_rate
        beginnings = _beginnings(split, rate)
        stop = self._control.is_cancelled
        scores = label_free_scores(
            self.base.transcriber(), [(audio, rate) for audio in beginnings], is_cancelled=stop
        )
        suits = suitability_of(self.base.model)
        objection = objection_to(scores, suits)
        if objection is None:
            activities = self._activities(beginnings)
            self.instruments = heard_instruments(activities)
            if named := mostly_foreign(activities, suits):
                objection = Reason(Code.OTHER_INSTRUMENT, names=named)
        unchanged = Reason(Code.NOTHING_GAINED)
        seen = Evidence((), scores)
        if objection is not None:
            return self._report(seen, seen, (objection, unchanged))
        if split.too_little and self._cents is None:
            self._calibrate()
            return self._report(seen, seen, self._reasons())
        return None

    def run(self) -> Report:
        bench = bench_for(self.base, self.instruments)
        first = evidence = self._evidence(bench, self.best)
        self._control.tell(Tuning())
        for step in self._steps():
            candidate = step.make(self.best)
            if candidate is None:
                continue
            self._control.tell(Judging(step=step.name))
            if self._lesson is not None and self._lesson.references and not bench.references:
                # From now on there is a teacher to agree with.
                bench = replace(bench, references=self._lesson.references)
                accept = self._heard_by(self.best).accept
                agreed = bench.teacher_agreement(self.best, accept, self._stop)
                evidence = replace(evidence, teacher_agreement=agreed)
            after = self._evidence(bench, candidate)
            verdict = judge(evidence, after, first=first)
            judged = JudgedStep(
                step.name,
                verdict.adopted,
                verdict.reasons,
                evidence.to_dict(),
                after.to_dict(),
                candidate.tuning_cents if step.name is StepName.TUNING else None,
            )
            self._judged.append(judged)
            self._control.tell(Judged(verdict=judged))
            if verdict.adopted:
                self.best, evidence = candidate, after
        self._calibrate()
        return self._report(first, evidence, self._reasons())

    def _steps(self) -> list[Step]:
        """The steps to try, in order."""
        steps = [Step(StepName.TUNING, self._in_tune)]
        if not self._split.too_little:
            # All of it, and less only where that is better or all is too much: between two parts
            # of the way known notes can seldom tell, and other recordings gain most from all.
            steps += [
                Step(StepName.WEIGHTS, partial(self._learned, way=1.0)),
                Step(StepName.THREE_QUARTERS, partial(self._learned, way=0.75)),
                Step(StepName.HALF_WAY, partial(self._learned, way=0.5)),
            ]
        return steps

    def _in_tune(self, best: Candidate) -> Candidate | None:
        """The model, reading these recordings in tune; None if they already are."""
        return None if self._cents is None else replace(best, tuning_cents=round(self._cents, 1))

    def _learned(self, best: Candidate, way: float) -> Candidate:
        if self._lesson is None:
            split = self._heard_by(best)
            self._lesson = learn(
                best, split, self._request, self._control, instruments=self.instruments
            )
        return part_of_the_way(self._lesson, way, self._control)

    def _calibrate(self) -> None:
        """Calibrate timing, loudness and lengths on known notes, if there are any."""
        split = self._heard_by(self.best)
        self.best, self._calibrations = calibrate(self.best, split, self._control)

    def _heard_by(self, candidate: Candidate) -> Split:
        """The recordings at the sample rate at which the candidate reads them."""
        grid = candidate.heard_grid
        if grid not in self._splits:
            self._splits[grid] = self._split.at(grid)
        return self._splits[grid]

    @property
    def _stop(self) -> Callable[[], bool]:
        return self._control.is_cancelled

    def _activities(self, beginnings: list[FloatArray]) -> list[InstrumentActivity]:
        """Who plays: a piano model is confident about the notes of a guitar, too."""
        detector = InstrumentDetector.load(
            device=self._request.device, n_threads=self._request.n_threads
        )
        return [detector.detect_blocks([audio], is_cancelled=self._stop) for audio in beginnings]

    def _evidence(self, bench: Bench, candidate: Candidate) -> Evidence:
        split = self._heard_by(candidate)
        return bench.evidence(
            candidate,
            split.accept,
            split.judging_passages,
            is_cancelled=self._stop,
            is_apart=split.judges_apart,
        )

    def _reasons(self) -> tuple[Reason, ...]:
        """The gains, or the objections, each once."""
        learned = any(step.adopted for step in self._judged)
        gained = [entry.reason for entry in self._calibrations if entry.adopted]
        found = []
        if not learned:
            found = [Reason(Code.NOTES_UNCHANGED if gained else Code.NOTHING_GAINED)]
        for step in self._judged:
            if step.adopted == learned:
                found += [reason for reason in step.reasons if reason not in found]
        found += gained
        if self._split.too_little:
            found.append(self._split.too_little)
        return tuple(found)

    def _report(self, before: Evidence, after: Evidence, reasons: tuple[Reason, ...]) -> Report:
        lesson = self._lesson
        return Report(
            adopted=self.best is not self.base,
            reasons=reasons,
            minutes_used=0.0 if lesson is None else round(lesson.minutes, 3),
            recordings={
                entry.recording: RecordingUse(entry.role, entry.seconds)
                for entry in _ledger_of(self._split)
            },
            before=before.to_dict(),
            after=after.to_dict(),
            guard_set={
                "before": [round(value, 5) for value in before.guard_f1],
                "after": [round(value, 5) for value in after.guard_f1],
            },
            seconds=round(self._control.clock() - self._started, 2),
            steps=self._judged,
            teacher=lesson.teacher.name if lesson and lesson.teacher else MOVING_AVERAGE,
            tuning_cents=self.best.tuning_cents,
            scores=self.fits,
            instruments=self.instruments,
            calibrations=self._calibrations,
        )


def _load(base: Candidate, request: Request, control: RunControl) -> list[UserRecording]:
    loaded: list[UserRecording] = []
    total = len(request.recordings)
    control.tell(Loading(total=total))
    for path in request.recordings:
        known = request.corrections.get(path, NO_CORRECTIONS).only(drums=base.model.plays_drums)
        loaded.append(
            load_recording(path, base.grid, known, dereverberates=base.model.dereverberates)
        )
        control.tell(Loading(done=len(loaded), total=total))
    return loaded


def bench_for(base: Candidate, instruments: Sequence[str]) -> Bench:
    """What candidates are compared on; ``instruments``: classes of the detector that are heard."""
    has_kinds = not (base.model.plays_drums or plays_piano_alone(base.model))
    own = nearest_kinds(instruments) if has_kinds else ()
    return Bench(guard_of(base.model), {}, own, base.card.thresholds)


def guard_of(model: TranscriptionModel) -> list[Excerpt]:
    """Music with its truth on which a model must not get worse: what it was made for."""
    if model.plays_drums:
        return guard_of_drums(model.grid.sample_rate)
    return guard_set() if plays_piano_alone(model) else guard_of_instruments()


def _beginnings(split: Split, rate: int) -> list[FloatArray]:
    """Of each recording as much as it takes to know it."""
    everything = split.everything
    seconds = min(max(_LOOK_TOTAL_S / len(everything), _LOOK_S[0]), _LOOK_S[1])
    return [entry.audio[: round(seconds * rate)] for entry in everything]


def _tuning_of(split: Split) -> float | None:
    """Of the recordings learned from, up to four minutes each, at the rate for 440 Hz."""
    estimator = TuningEstimator(split.adapt[0].grid.sample_rate)
    for entry in split.adapt:
        estimator.feed(entry.audio[: round(_TUNING_S * entry.grid.sample_rate)])
    return estimator.cents()


def _profile_of(
    request: Request, base_path: Path, run: _Adaptation, split: Split, report: Report
) -> Profile:
    """The profile of the candidate that was adopted."""
    best = run.best
    asked: dict[str, object] = {"minutes": request.minutes, "teacher": request.teacher}
    if request.trust is not None:
        asked["trust"] = msgspec.to_builtins(request.trust)
    return Profile(
        name=request.name,
        base=request.model,
        base_sha256=sha256_of(base_path),
        thresholds=dict(best.card.thresholds),
        tuning_cents=best.tuning_cents,
        instruments=run.instruments,
        onset_shift_s=round(best.card.onset_shift_s - run.base.card.onset_shift_s, 4),
        created=time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
        # With the request, to make it again when a recording is forgotten.
        report={
            **msgspec.to_builtins(report),
            "asked": asked,
        },
        ledger=tuple(_ledger_of(split)),
    )


def _ledger_of(split: Split) -> list[LedgerEntry]:
    """Each recording and what it was for."""
    return [
        LedgerEntry(
            entry.name,
            entry.sha256,
            round(entry.seconds, 2),
            split.role(entry),
            entry.corrected_s,
            entry.source,
        )
        for entry in split.everything
    ]
