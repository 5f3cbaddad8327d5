"""A model that may come to be used: weights, thresholds, tuning; and what speaks for it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import torch

from amtstudio.decoding.velocity_curve import Curve, as_settings
from amtstudio.engine import Transcriber
from amtstudio.engine.run import IsCancelled
from amtstudio.features import FrameGrid
from amtstudio.learning.gate import Evidence
from amtstudio.learning.guard import hear_all, note_f1
from amtstudio.learning.hearing import hear
from amtstudio.learning.known import known_scores
from amtstudio.learning.label_free import agreement, label_free_scores
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.rehearsal import plays_piano_alone
from amtstudio.learning.replay import Excerpt
from amtstudio.models import ModelCard
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic import Note

SOFT_S = 0.1  # within which onsets are right that are blown, bowed or sung
JUDGED_S = 60.0  # of each recording: enough to compare two models, and quickly transcribed


@dataclass(frozen=True, slots=True)
class Candidate:
    """Attributes: ``grid`` is that of the model as it ships, for audio in tune."""

    model: TranscriptionModel
    card: ModelCard
    grid: FrameGrid
    device: str
    n_threads: int | None = None
    tuning_cents: float = 0.0

    @property
    def heard_grid(self) -> FrameGrid:
        """The grid of recordings of an instrument that is ``tuning_cents`` sharp."""
        return self.grid.retuned(self.tuning_cents)

    @property
    def onset_tolerance(self) -> float:
        """Seconds within which an onset is right: wider for what is blown, bowed or sung."""
        is_struck = plays_piano_alone(self.model) or self.model.plays_drums
        return 0.05 if is_struck else SOFT_S

    def transcriber(self, *, in_tune: bool = False) -> Transcriber:
        """The model ready for recordings at ``heard_grid``, or for audio in tune."""
        model = copy.copy(self.model)  # the grid is its own, the weights are shared
        model.grid = self.grid if in_tune else self.heard_grid
        return Transcriber(
            model, self.card, device=self.device, n_threads=self.n_threads, precision="auto"
        )

    def with_threshold(self, **thresholds: float) -> Candidate:
        card = replace(self.card, thresholds={**self.card.thresholds, **thresholds})
        return replace(self, card=card)

    def with_velocity_curve(self, curve: Curve) -> Candidate:
        """The same with this curve in the place of the one it has."""
        return self.with_threshold(**as_settings(curve))

    def earlier_by(self, seconds: float) -> Candidate:
        """The same with all onsets so much earlier than it writes them now."""
        shift = self.card.onset_shift_s - seconds
        return replace(self, card=replace(self.card, onset_shift_s=shift))

    def copied(self) -> Candidate:
        """The same with its own copy of the weights."""
        return replace(self, model=copy.deepcopy(self.model))

    @torch.no_grad()
    def towards(self, other: Candidate, way: float) -> Candidate:
        """A new candidate whose weights are between these (0) and the other's (1).

        Wortsman et al., "Robust Fine-Tuning of Zero-Shot Models", CVPR 2022.
        """
        between = self.copied()
        state, goal = between.model.state_dict(), other.model.state_dict()
        for name, value in state.items():
            if value.is_floating_point():
                value.lerp_(goal[name].to(value.device), way)
        return between


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that models are compared on.

    Attributes
    ----------
    guard : sequence of Excerpt
        Bundled pieces with truth.
    references : dict of tuple of Note
        By recording (its SHA-256) what the teacher is sure of, in seconds; empty: no teacher that
        is known to be better.
    own_kinds : sequence of str
        Kinds of excerpts that are like the user's recordings; empty: it is not known which, or all.
    usual : dict of float
        The thresholds of the model as it ships. A profile, and with it its thresholds, is for an
        instrument: on excerpts of other kinds only the weights are tested.
    """

    guard: Sequence[Excerpt]
    references: dict[str, tuple[Note, ...]]
    own_kinds: Sequence[str] = ()
    usual: Mapping[str, float] = field(default_factory=dict)

    def evidence(
        self,
        candidate: Candidate,
        recordings: Sequence[UserRecording],
        corrected: Sequence[UserRecording],
        *,
        is_cancelled: IsCancelled,
        is_apart: bool = True,
    ) -> Evidence:
        """Score a model; the recordings must be decoded at its ``heard_grid``.

        ``is_apart``: whether nothing is learned from the known passages of ``corrected``.
        """
        guard, kindred = self.guard_f1(candidate, is_cancelled=is_cancelled)
        transcriber = candidate.transcriber()
        rate = candidate.heard_grid.sample_rate
        tolerance = candidate.onset_tolerance
        known = known_scores(transcriber, corrected, is_cancelled, onset_tolerance=tolerance)
        judged = [(entry.audio[: round(JUDGED_S * rate)], rate) for entry in recordings]
        scores = label_free_scores(transcriber, judged, is_cancelled=is_cancelled)
        n_notes = scores.notes_per_second * sum(len(audio) / rate for audio, _ in judged)
        return Evidence(
            guard_f1=guard,
            kindred_f1=kindred,
            label_free=scores,
            teacher_agreement=self.teacher_agreement(candidate, recordings, is_cancelled),
            corrected_f1=known.f1,
            n_known=known.n_known,
            corrected_note=known.note,
            corrected_ends=known.with_ends,
            ends_note=known.ends_note,
            right_ends=known.ends,
            is_apart=is_apart,
            corrected_loudness=known.loudness,
            judging_note=1.0 / max(n_notes, 1.0),
            is_struck=plays_piano_alone(candidate.model),
        )

    def guard_f1(
        self, candidate: Candidate, *, is_cancelled: IsCancelled | None = None
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Note F1 on each piece of the guard set, and on each that is of ``own_kinds``.

        Where none of them is known to be like the recordings, all are heard with the candidate's
        own thresholds.
        """
        card = replace(candidate.card, thresholds=dict(self.usual))
        usual = replace(candidate, card=card).transcriber(in_tune=True)
        own = candidate.transcriber(in_tune=True)

        def scores(transcriber: Transcriber, pieces: Sequence[Excerpt]) -> tuple[float, ...]:
            return note_f1(hear_all(transcriber, pieces, is_cancelled=is_cancelled), pieces)

        if not self.own_kinds:
            return scores(own, self.guard), ()
        kindred = [entry for entry in self.guard if entry.kind in self.own_kinds]
        others = [entry for entry in self.guard if entry.kind not in self.own_kinds]
        return scores(usual, others), scores(own, kindred)

    def teacher_agreement(
        self,
        candidate: Candidate,
        recordings: Sequence[UserRecording],
        is_cancelled: IsCancelled,
    ) -> float | None:
        """Mean F1 against the teacher's notes; None: nothing to compare with."""
        transcriber = candidate.transcriber()
        scores = []
        for entry in recordings:
            reference = self.references.get(entry.sha256)
            if reference is not None:
                notes = hear(transcriber, entry.audio, is_cancelled=is_cancelled).notes()
                scores.append(agreement(notes, reference))
        return sum(scores) / len(scores) if scores else None
