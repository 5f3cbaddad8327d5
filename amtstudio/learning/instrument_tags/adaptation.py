"""The instrument detector adapted to what the user says of who plays; see ``adapt_detector``."""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from amtstudio.audio import AudioSource
from amtstudio.errors import Cancelled, OptionError
from amtstudio.learning.control import RunControl
from amtstudio.learning.events import Done, Judged, Judging, Learning, Listening, Loading
from amtstudio.learning.instrument_tags import mixtures
from amtstudio.learning.instrument_tags.bags import (
    Stretch,
    split_stretches,
    stretches_of,
)
from amtstudio.learning.instrument_tags.gate import Told, judge, told_by
from amtstudio.learning.instrument_tags.heard import Detector, Heard, Indices, listen, named_by
from amtstudio.learning.instrument_tags.lesson import Lesson, Schedule, learn, part_of_the_way
from amtstudio.learning.recordings import check_usable
from amtstudio.learning.report import (
    Code,
    JudgedStep,
    Reason,
    RecordingUse,
    Report,
    StepName,
)
from amtstudio.learning.request import LEAST_TAGS, NO_CORRECTIONS, Request
from amtstudio.models import find_model, load_card, sha256_of
from amtstudio.models.card import INSTRUMENTS
from amtstudio.models.checkpoint import load_model
from amtstudio.models.instrument_attention import AttentionHead, InstrumentAttention
from amtstudio.profiles import LedgerEntry, Profile
from amtstudio.profiles.profile import Role
from amtstudio.profiles.weights import save_profile

N_REHEARSED, N_JUDGING = 96, 32  # mixtures
MIXTURE_S = 8.0
_REHEARSED_SEED, _JUDGING_SEED = 1, 2
_STEPS = ((StepName.WEIGHTS, 1.0), (StepName.HALF_WAY, 0.5))


def is_detector(model: str) -> bool:
    """Whether a model, by name or path, is an instrument detector. Raises ``CheckpointError``."""
    return load_card(find_model(model)).decoder == INSTRUMENTS


@dataclass(frozen=True, eq=False)
class _Recording:
    """One of the user's recordings: its name, its embeddings, and its tagged stretches."""

    name: str
    sha256: str
    source: str
    heard: Heard
    stretches: tuple[Stretch, ...]

    @property
    def tagged_s(self) -> float:
        """Seconds in which something was said."""
        spans = sorted(
            (each.tag.onset, min(each.tag.offset, self.heard.seconds)) for each in self.stretches
        )
        total = end = 0.0
        for onset, offset in spans:
            total += max(offset - max(onset, end), 0.0)
            end = max(end, offset)
        return total


def adapt_detector(request: Request, control: RunControl) -> Report:
    """Learn from tagged stretches of recordings, prove it, and keep the result as a profile.

    The network that embeds each second stays frozen; only the attention head is trained. A fourth
    of the tagged stretches is held out: none of these may get worse, and more of them must be
    right; and mixtures of instruments that the program plays itself must be classified as well as
    before. The same recordings and tags give the same result. It takes a minute or two, regardless
    of ``request.minutes``, and a stopped run starts over.

    Raises
    ------
    AmtStudioError
        If a recording cannot be read, the model cannot be loaded, there is a profile of this name
        already, or the disk is full.
    Cancelled
    """
    started = control.clock()
    if request.scores:
        raise OptionError(
            "the instrument detector does not learn from scores",
            hint="mark in a project which instruments are heard, and which are not",
        )
    path = find_model(request.model)
    model, card = load_model(path)
    assert isinstance(model, InstrumentAttention)
    detector = Detector(model, card)
    recordings = _load(detector, request, control)
    run = _Run(detector, recordings, control)
    report = run.refusal() or run.run()
    report = msgspec.structs.replace(report, seconds=round(control.clock() - started, 2))
    if run.best is not None:
        before = {name: value.clone() for name, value in model.state_dict().items()}
        model.head.load_state_dict(run.best.state_dict())
        profile = Profile(
            name=request.name,
            base=request.model,
            base_sha256=sha256_of(path),
            thresholds=dict(card.thresholds),
            created=time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
            report={**msgspec.to_builtins(report), "asked": {"minutes": request.minutes}},
            ledger=tuple(
                LedgerEntry(
                    entry.name,
                    entry.sha256,
                    round(entry.heard.seconds, 2),
                    run.role(entry),
                    round(entry.tagged_s, 2),
                    entry.source,
                )
                for entry in recordings
            ),
        )
        save_profile(profile, before, model.state_dict(), overwrite=request.overwrite)
    control.tell(Done(adopted=report.adopted))
    return report


def _load(detector: Detector, request: Request, control: RunControl) -> list[_Recording]:
    found: list[_Recording] = []
    total = len(request.recordings)
    control.tell(Loading(total=total))
    for path in request.recordings:
        known = request.corrections.get(path, NO_CORRECTIONS)
        with AudioSource(path) as file:
            stream = file.stream_mono(sample_rate=detector.sample_rate)
            heard = listen(detector, stream, is_cancelled=control.is_cancelled)
            sha256 = file.sha256
        check_usable(path, heard.seconds, sha256, known)
        activity = named_by(detector, detector.model.head, heard)
        stretches = stretches_of(len(found), heard, activity, known.instruments)
        source = str((known.project or path).absolute())
        found.append(_Recording(path.name, sha256, source, heard, tuple(stretches)))
        control.tell(Loading(done=len(found), total=total))
    return found


class _Run:
    """The steps of one run; ``best`` is the head that passed, or None."""

    def __init__(
        self, detector: Detector, recordings: Sequence[_Recording], control: RunControl
    ) -> None:
        self._detector, self._recordings, self._control = detector, recordings, control
        stretches = [each for entry in recordings for each in entry.stretches]
        self._n_stretches = len(stretches)
        self._teaching, self._kept_back = split_stretches(stretches)
        self.best: AttentionHead | None = None

    def role(self, recording: _Recording) -> Role:
        """What it is for: one whose tags are all kept back only judges."""
        place = self._recordings.index(recording)
        teaches = any(each.recording == place for each in self._teaching)
        judges = any(each.recording == place for each in self._kept_back)
        return "accept" if judges and not teaches else "adapt"

    def refusal(self) -> Report | None:
        """Too little was said to learn from it and to judge by it; else None."""
        if self._n_stretches >= LEAST_TAGS:
            return None
        reason = Reason(Code.FEW_TAGS, self._n_stretches, LEAST_TAGS)
        return self._report(None, None, (reason, Reason(Code.NOTHING_GAINED)), [])

    def run(self) -> Report:
        control, head = self._control, copy.deepcopy(self._detector.model.head).eval()
        control.tell(Listening())
        rehearsed = [heard for heard, _ in self._mixtures(_REHEARSED_SEED, N_REHEARSED)]
        judging = self._mixtures(_JUDGING_SEED, N_JUDGING)
        before = self._told(head, judging)
        schedule = Schedule()
        began = control.clock()

        def tell(step: int, loss: float) -> None:
            part = step / schedule.n_steps
            passed = control.clock() - began
            left = round(passed * (1.0 - part) / part / 60.0, 2)
            told = Learning(step=step, fraction=round(part, 4), minutes_left=left, loss=loss)
            control.tell(told)

        learned = learn(
            head,
            Lesson(
                [entry.heard for entry in self._recordings],
                self._teaching,
                self._untagged(),
                rehearsed,
            ),
            schedule,
            on_step=tell,
            is_cancelled=control.is_cancelled,
        )
        minutes = (control.clock() - began) / 60.0
        steps: list[JudgedStep] = []
        for name, way in _STEPS:
            control.tell(Judging(step=name))
            candidate = part_of_the_way(head, learned, way)
            after = self._told(candidate, judging)
            adopted, reasons = judge(before, after)
            steps.append(JudgedStep(name, adopted, reasons, before.to_dict(), after.to_dict()))
            control.tell(Judged(verdict=steps[-1]))
            if adopted:
                self.best = candidate
                return self._report(before, after, reasons, steps, minutes)
        reasons = tuple(dict.fromkeys(reason for step in steps for reason in step.reasons))
        unchanged = (Reason(Code.NOTHING_GAINED), *reasons)
        return self._report(before, before, unchanged, steps, minutes)

    def _mixtures(self, seed: int, count: int) -> list[tuple[Heard, tuple[str, ...]]]:
        found = []
        for index in range(count):
            if self._control.is_cancelled():
                raise Cancelled
            made = mixtures.make_mixture(seed, index, seconds=MIXTURE_S)
            found.append((listen(self._detector, [made.audio]), made.classes))
        return found

    def _untagged(self) -> list[tuple[int, Indices]]:
        """All seconds with sound but those that judge."""
        judging: dict[int, set[int]] = {}
        for each in self._kept_back:
            judging.setdefault(each.recording, set()).update(each.instances.tolist())
        found = []
        for place, entry in enumerate(self._recordings):
            sounding = entry.heard.sounding
            kept = sounding[[index not in judging.get(place, ()) for index in sounding.tolist()]]
            if len(kept):
                found.append((place, kept))
        return found

    def _told(self, head: AttentionHead, judging: list[tuple[Heard, tuple[str, ...]]]) -> Told:
        heard = [entry.heard for entry in self._recordings]
        return told_by(self._detector, head, heard, self._kept_back, judging)

    def _report(
        self,
        before: Told | None,
        after: Told | None,
        reasons: tuple[Reason, ...],
        steps: list[JudgedStep],
        minutes: float = 0.0,
    ) -> Report:
        return Report(
            adopted=self.best is not None,
            reasons=reasons,
            minutes_used=round(minutes, 3),
            recordings={
                entry.name: RecordingUse(self.role(entry), round(entry.heard.seconds, 2))
                for entry in self._recordings
            },
            before={} if before is None else before.to_dict(),
            after={} if after is None else after.to_dict(),
            guard_set={"before": [], "after": []},
            seconds=0.0,
            steps=steps,
        )
