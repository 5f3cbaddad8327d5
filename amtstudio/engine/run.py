"""One transcription under way: decoding, progress, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypedDict

from amtstudio.audio import FloatArray
from amtstudio.decoding import Activations, Decoder, DecoderSettings
from amtstudio.decoding.decoder import completed
from amtstudio.errors import Cancelled
from amtstudio.features import FrameGrid
from amtstudio.features.tuning import TuningEstimator
from amtstudio.symbolic import NO_NOTES, NoteTable, Transcription

OnProgress = Callable[[float, float | None], None]
OnNotes = Callable[[NoteTable], None]
OnWarning = Callable[[str], None]
IsCancelled = Callable[[], bool]


class FileOptions(TypedDict, total=False):
    """The options of every file transcription, as for ``Transcriber.transcribe_file``."""

    start: float
    end: float | None
    track: int | None
    settings: DecoderSettings | None
    on_progress: OnProgress | None
    on_notes: OnNotes | None
    is_cancelled: IsCancelled | None
    keep_activations: bool
    on_warning: OnWarning | None


@dataclass(frozen=True, slots=True)
class Result:
    """A transcription, and the activations it was decoded from where they were to be kept.

    They are in half precision, 22 KB a second at 32 ms to a frame, and decoding them with
    ``settings`` gives the notes ``decoded``; in the transcription these may be on tracks with other
    names, beside notes of other models. Where several models were joined, ``of_models`` has what
    each found by itself, and the other fields are those of the first.
    """

    transcription: Transcription
    activations: Activations | None = None
    settings: DecoderSettings | None = None
    heard_at_cents: float = 0.0  # what the notes' pitches, 0 cents of their bends, stand for
    decoded: NoteTable = NO_NOTES
    of_models: tuple[Result, ...] = ()

    @property
    def parts(self) -> tuple[Result, ...]:
        """What each model found by itself, of one or several."""
        return self.of_models or (self,)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The input: audio from ``first_frame`` of the grid, at the grid's rate."""

    blocks: Iterable[FloatArray]
    duration: float | None  # seconds, of the stretch; None: not known beforehand
    first_frame: int = 0
    file: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Callbacks:
    on_progress: OnProgress | None = None
    on_notes: OnNotes | None = None
    is_cancelled: IsCancelled | None = None
    on_warning: OnWarning | None = None

    def cancelled(self) -> bool:
        return self.is_cancelled is not None and self.is_cancelled()

    def warn(self, message: str) -> None:
        if self.on_warning is not None:
            self.on_warning(message)


class Run:
    """Takes activations as they arrive; reports notes and progress; ends in a transcription."""

    def __init__(
        self,
        grid: FrameGrid,
        stretch: Stretch,
        decoder: Decoder,
        settings: DecoderSettings,
        callbacks: Callbacks,
    ) -> None:
        self._settings = settings
        self._grid = grid
        self._stretch = stretch
        self._callbacks = callbacks
        self._decoder = decoder
        self._notes: list[NoteTable] = []
        self._n_samples = 0
        self._tuning = TuningEstimator(grid.sample_rate)

    def blocks(self) -> Iterator[FloatArray]:
        """The blocks of the stretch, counted, and none once the work is cancelled."""
        for block in self._stretch.blocks:
            if self._callbacks.cancelled():
                raise Cancelled
            self._n_samples += len(block)
            self._tuning.feed(block)
            yield block

    def take(self, chunk: Activations) -> Activations:
        """Decode activations that count from the start of the stretch; returns them in place."""
        done = self._grid.to_seconds(chunk.first_frame + chunk.n_frames)
        first_frame = chunk.first_frame + self._stretch.first_frame
        chunk = replace(chunk, grid=self._grid, first_frame=first_frame)
        self._add(self._decoder.feed(chunk))
        # The last frame reaches beyond the last sample.
        self.report_progress(min(done, self._n_samples / self._grid.sample_rate))
        return chunk

    def report_progress(self, done: float = 0.0) -> None:
        """``done`` in seconds. A header may announce less than there is: then the total grows."""
        if self._callbacks.on_progress is not None:
            total = self._stretch.duration
            self._callbacks.on_progress(done, None if total is None else max(total, done))

    def finish(self, model: str, profile: str | None = None) -> Transcription:
        self._add(self._decoder.finish())
        length = self._n_samples / self._grid.sample_rate
        if self._callbacks.on_progress is not None:
            self._callbacks.on_progress(length, length)
        notes = completed(NO_NOTES.joined(*self._notes), self._settings)
        return Transcription(
            notes=notes,
            # In silence and noise a network takes the pedal for down, as there is no evidence
            # otherwise.
            pedals=tuple(self._decoder.take_pedals()) if notes else (),
            duration=self._grid.to_seconds(self._stretch.first_frame) + length,
            file=self._stretch.file,
            model=model,
            profile=profile,
            tuning_cents=self._tuning.cents(),
            metadata=self._stretch.metadata,
        )

    def _add(self, notes: NoteTable) -> None:
        self._notes.append(notes)
        if notes and self._callbacks.on_notes is not None:
            self._callbacks.on_notes(notes)
