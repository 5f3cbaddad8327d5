"""Decodes the kept activations again when a threshold has moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from amtstudio.decoding import Activations, DecodingSettings, decode
from amtstudio.symbolic import Note, Pedal
from amtstudio.ui.document import Document
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.note_arrays import candidates_beyond
from amtstudio.ui.transcribing import low_settings


@dataclass(frozen=True, slots=True)
class _Decoded:
    settings: DecodingSettings
    notes: list[Note]
    pedals: list[Pedal]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the low threshold finds, and the settings by which it was found."""

    settings: DecodingSettings
    notes: list[Note]
    candidates: list[Note]


class Redecoder(QObject):
    """Keeps the notes of a document in step with its settings.

    One decoding runs at a time; of the settings that came meanwhile only the last are decoded.
    Candidates follow the notes, as the eye is on the notes first.
    """

    settled = Signal()

    def __init__(self, document: Document, pool: JobPool) -> None:
        super().__init__(document)
        self._document = document
        self._pool = pool
        self._job: Job | None = None
        self._found: _Found | None = None
        self._source: Activations | None = None  # from which the notes shown came
        document.settings_changed.connect(self._start)
        document.activations_changed.connect(self._take_activations)

    @property
    def is_settled(self) -> bool:
        return self._job is None

    def _take_activations(self) -> None:
        self._found = None
        self._start()

    def _start(self) -> None:
        activations = self._document.activations
        if self._job is not None or activations is None:
            return
        self._source = activations
        wanted = self._document.settings
        if wanted == self._document.decoded_settings:
            return
        low = low_settings(wanted, self._document.default_settings)
        found = self._found if self._found is not None and self._found.settings == low else None

        def work(
            *,
            on_progress: Callable[[float, float | None], None],  # noqa: ARG001
            on_part: Callable[[object], None],
            is_cancelled: Callable[[], bool],  # noqa: ARG001 - it is over in a moment
        ) -> _Found:
            notes, pedals = decode(activations, wanted)
            on_part(_Decoded(wanted, notes, pedals))
            low_notes = found.notes if found is not None else decode(activations, low)[0]
            return _Found(low, low_notes, candidates_beyond(low_notes, notes))

        self._job = Job(work)
        self._job.signals.part.connect(self._show_notes)
        self._job.signals.finished.connect(self._show_candidates)
        self._job.signals.failed.connect(self._end)
        self._job.signals.cancelled.connect(self._end)
        self._pool.start(self._job)

    def _show_notes(self, decoded: _Decoded) -> None:
        if self._document.activations is self._source:
            self._document.preview_notes(decoded.notes, decoded.pedals, decoded.settings)

    def _show_candidates(self, found: _Found) -> None:
        if self._document.activations is self._source:
            self._found = found
            self._document.preview_candidates(found.candidates)
        self._end()

    def _end(self, *_: object) -> None:
        self._job = None
        decoded = self._document.decoded_settings
        if self._document.activations is not self._source or (
            decoded is not None and decoded != self._document.settings
        ):
            self._start()
        if self._job is None:
            self.settled.emit()
