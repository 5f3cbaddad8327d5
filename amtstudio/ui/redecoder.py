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
from amtstudio.errors import EditError
from amtstudio.symbolic import NoteTable, Pedal
from amtstudio.ui.document import Document
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.transcribing import CANDIDATE_SHARE


@dataclass(frozen=True, slots=True)
class _Decoded:
    settings: DecoderSettings
    notes: NoteTable
    pedals: list[Pedal]


@dataclass(frozen=True, slots=True)
class _Low:
    """What the low threshold finds, and the settings by which it was found."""

    settings: DecoderSettings
    notes: NoteTable


class Redecoder(QObject):
    """Keeps the notes of a document in step with its settings.

    One decoding of notes runs at a time; of the settings that came meanwhile only the last are
    decoded. Candidates follow the notes, as the eye is on the notes first: at once where what the
    low threshold finds is known, and else from a decoding that keeps no notes waiting.
    """

    settled = Signal()

    def __init__(self, document: Document, pool: JobPool) -> None:
        super().__init__(document)
        self._document = document
        self._pool = pool
        self._job: Job | None = None
        self._low_job: Job | None = None
        self._low: _Low | None = None
        self._decoded: _Decoded | None = None  # the notes shown
        self._source: Activations | None = None  # from which they came
        document.settings_changed.connect(self._start)
        document.activations_changed.connect(self._take_activations)

    @property
    def is_settled(self) -> bool:
        return self._job is None and self._low_job is None

    def _take_activations(self) -> None:
        self._low = self._decoded = None
        self._start()

    def _start(self) -> None:
        activations = self._document.activations
        if self._job is not None or activations is None:
            return
        wanted = self._document.settings
        if wanted == self._document.decoded_settings:
            return
        if wanted.decoder != activations.decoder:  # its transcription was undone
            self._document.edit_failed.emit(
                EditError(
                    self.tr("These notes are of another model than the one that listened last"),
                    hint=self.tr("transcribe again to move their thresholds"),
                )
            )
            return
        self._source = activations
        known = self._low if self._low is not None and self._low.settings == self._lower() else None
        players = self._document.players

        def work(
            *,
            on_progress: Callable[[float, float | None], None],  # noqa: ARG001
            on_part: Callable[[object], None],
            is_cancelled: Callable[[], bool],  # noqa: ARG001 - it is over in a moment
        ) -> NoteTable | None:
            notes, pedals = decode(activations, wanted)
            if players is not None:
                notes = with_players(notes, players)
            on_part(_Decoded(wanted, notes, pedals))
            return None if known is None else candidates_beyond(known.notes, notes)

        self._job = Job(work)
        self._job.signals.part.connect(self._show_notes)
        self._job.signals.finished.connect(self._take_candidates)
        self._job.signals.failed.connect(self._give_up)
        self._job.signals.cancelled.connect(self._give_up)
        self._pool.start(self._job)

    def _lower(self) -> DecoderSettings:
        return self._document.settings.lowered(self._document.default_settings, CANDIDATE_SHARE)

    def _show_notes(self, decoded: _Decoded) -> None:
        if self._document.activations is self._source:
            self._decoded = decoded
            self._document.preview_notes(decoded.notes, decoded.pedals, decoded.settings)

    def _take_candidates(self, candidates: NoteTable | None) -> None:
        if candidates is not None and self._document.activations is self._source:
            self._document.preview_candidates(candidates)
        self._end(is_waiting=candidates is None)

    def _give_up(self, *_: object) -> None:
        self._job = None
        self._tell_if_settled()

    def _end(self, *, is_waiting: bool) -> None:
        self._job = None
        decoded = self._document.decoded_settings
        if self._document.activations is not self._source or (
            decoded is not None and decoded != self._document.settings
        ):
            self._start()
        elif is_waiting:
            self._start_low()
        self._tell_if_settled()

    def _start_low(self) -> None:
        """Find the candidates of the notes shown, once the thresholds have come to rest."""
        activations, decoded, settings = self._source, self._decoded, self._lower()
        if self._low_job is not None or activations is None or decoded is None:
            return
        known = self._low if self._low is not None and self._low.settings == settings else None

        def work(**_callbacks: object) -> tuple[Activations, _Decoded, _Low, NoteTable]:
            low = known or _Low(settings, decode(activations, settings)[0])
            return activations, decoded, low, candidates_beyond(low.notes, decoded.notes)

        self._low_job = Job(work)
        self._low_job.signals.finished.connect(self._take_low)
        self._low_job.signals.failed.connect(self._end_low)
        self._low_job.signals.cancelled.connect(self._end_low)
        self._pool.start(self._low_job)

    def _take_low(self, found: tuple[Activations, _Decoded, _Low, NoteTable]) -> None:
        activations, decoded, low, candidates = found
        if self._document.activations is activations:
            self._low = low
            if self._decoded is decoded:
                self._document.preview_candidates(candidates)
        self._low_job = None
        if self._job is None and self._decoded is not decoded:
            self._start_low()  # other notes came meanwhile
        self._tell_if_settled()

    def _end_low(self, *_: object) -> None:
        self._low_job = None
        self._tell_if_settled()

    def _tell_if_settled(self) -> None:
        if self.is_settled:
            self.settled.emit()
