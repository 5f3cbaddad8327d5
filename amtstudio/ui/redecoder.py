"""Decodes the kept activations again when a threshold has moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from amtstudio.decoding import (
    Activations,
    DecoderSettings,
    candidates_beyond,
    decode,
    with_players,
)
from amtstudio.symbolic import NoteTable, Pedal
from amtstudio.ui.document import Document
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.workbench.model_parts import ModelPart
from amtstudio.workbench.transcribing import CANDIDATE_SHARE, Recalled, recall_kept


@dataclass(frozen=True, slots=True, eq=False)
class _Decoded:
    part: ModelPart
    activations: Activations
    settings: DecoderSettings
    notes: NoteTable
    pedals: list[Pedal]

    @property
    def is_of_now(self) -> bool:
        """Whether the model has not processed something else meanwhile."""
        return self.part.activations is self.activations


@dataclass(frozen=True, slots=True)
class _Low:
    """The notes at the low threshold, and the settings used to find them."""

    settings: DecoderSettings
    notes: NoteTable


@dataclass(slots=True)
class _Found:
    """The decoded notes of one model."""

    decoded: _Decoded | None = None  # the notes shown
    complete: _Decoded | None = None  # those whose candidates are shown as well
    low: _Low | None = None


class Redecoder(QObject):
    """Keeps the notes of a document in step with the thresholds of its models.

    One decoding of notes runs at a time; of the settings that came meanwhile only the last are
    decoded. Candidates follow the notes, as the eye is on the notes first: at once where what the
    low threshold finds is known, and else from a decoding that keeps no notes waiting.

    If undoing a transcription has restored notes, their activations are restored as well.
    """

    settled = Signal()

    def __init__(self, document: Document, pool: JobPool) -> None:
        super().__init__(document)
        self._document = document
        self._pool = pool
        self._job: Job | None = None
        self._low_job: Job | None = None
        self._recall_job: Job | None = None
        self._found: dict[ModelPart, _Found] = {}
        document.settings_changed.connect(self._start)
        document.activations_changed.connect(self._take_activations)
        document.recall_wanted.connect(self._recall)

    @property
    def is_settled(self) -> bool:
        return self._job is None and self._low_job is None and self._recall_job is None

    def _take_activations(self) -> None:
        self._found = {}
        self._start()

    def _found_of(self, part: ModelPart) -> _Found:
        return self._found.setdefault(part, _Found())

    def _start(self) -> None:
        part = next((part for part in self._document.parts if part.is_behind), None)
        activations = None if part is None else part.activations
        if self._job is not None or part is None or activations is None:
            return
        wanted, low = part.settings, self._found_of(part).low
        known = low if low is not None and low.settings == _lower(part) else None
        players = self._document.players

        def work(
            *,
            on_progress: Callable[[float, float | None], None],  # noqa: ARG001
            on_part: Callable[[object], None],
            is_cancelled: Callable[[], bool],  # noqa: ARG001 - it is over in a moment
        ) -> tuple[_Decoded, NoteTable | None]:
            notes, pedals = decode(activations, wanted)
            if players is not None:
                notes = with_players(notes, players)
            decoded = _Decoded(part, activations, wanted, notes, pedals)
            on_part(decoded)
            return decoded, None if known is None else candidates_beyond(known.notes, notes)

        self._job = Job(work)
        self._job.signals.part.connect(self._show_notes)
        self._job.signals.finished.connect(self._take_candidates)
        self._job.signals.failed.connect(self._give_up)
        self._job.signals.cancelled.connect(self._give_up)
        self._pool.start(self._job)

    def _show_notes(self, decoded: _Decoded) -> None:
        if decoded.is_of_now:
            self._found_of(decoded.part).decoded = decoded
            self._document.preview_notes(
                decoded.notes, decoded.pedals, decoded.settings, part=decoded.part
            )

    def _take_candidates(self, result: tuple[_Decoded, NoteTable | None]) -> None:
        decoded, candidates = result
        self._job = None
        if candidates is not None and decoded.is_of_now:
            self._found_of(decoded.part).complete = decoded
            self._document.preview_candidates(candidates, part=decoded.part)
        self._start()
        if self._job is None:
            self._start_low()
        self._tell_if_settled()

    def _give_up(self, *_: object) -> None:
        self._job = None
        self._tell_if_settled()

    def _start_low(self) -> None:
        """Find the candidates of the notes shown, once the thresholds have come to rest."""
        found = next((f for f in self._found.values() if f.decoded is not f.complete), None)
        decoded = None if found is None else found.decoded
        if self._low_job is not None or found is None or decoded is None or not decoded.is_of_now:
            return
        settings, low = _lower(decoded.part), found.low
        known = low if low is not None and low.settings == settings else None

        def work(**_callbacks: object) -> tuple[_Decoded, _Low, NoteTable]:
            low = known or _Low(settings, decode(decoded.activations, settings)[0])
            return decoded, low, candidates_beyond(low.notes, decoded.notes)

        self._low_job = Job(work)
        self._low_job.signals.finished.connect(self._take_low)
        self._low_job.signals.failed.connect(self._end_low)
        self._low_job.signals.cancelled.connect(self._end_low)
        self._pool.start(self._low_job)

    def _take_low(self, result: tuple[_Decoded, _Low, NoteTable]) -> None:
        decoded, low, candidates = result
        self._low_job = None
        if decoded.is_of_now:
            found = self._found_of(decoded.part)
            found.low = low
            if found.decoded is decoded:
                found.complete = decoded
                self._document.preview_candidates(candidates, part=decoded.part)
        if self._job is None:
            self._start_low()  # other notes came meanwhile
        self._tell_if_settled()

    def _end_low(self, *_: object) -> None:
        self._low_job = None
        self._tell_if_settled()

    def _recall(self) -> None:
        """Unpack what the project has kept of the notes that an undone step brought back."""
        project, suggest = self._document.project, self._document.suggest
        if self._recall_job is not None or project is None or suggest is None:
            return
        kept, source = project.activations, project.source

        def work(**_callbacks: object) -> Recalled | None:
            return recall_kept(kept, source, suggest)

        self._recall_job = Job(work)
        self._recall_job.signals.finished.connect(self._take_recalled)
        self._recall_job.signals.failed.connect(self._take_recalled)
        self._recall_job.signals.cancelled.connect(self._take_recalled)
        self._pool.start(self._recall_job)

    def _take_recalled(self, recalled: object = None) -> None:
        self._recall_job = None
        if isinstance(recalled, Recalled):
            self._document.recall(recalled)
            if self._document.wants_recall:  # of yet other notes
                self._recall()
        self._tell_if_settled()

    def _tell_if_settled(self) -> None:
        if self.is_settled:
            self.settled.emit()


def _lower(part: ModelPart) -> DecoderSettings:
    return part.settings.lowered(part.default_settings, CANDIDATE_SHARE)
