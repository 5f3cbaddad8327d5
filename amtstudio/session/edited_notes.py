"""Notes that are edited step by step, each step on the disk before it counts, and undone."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Concatenate, ParamSpec

from amtstudio.decoding import DecoderSettings
from amtstudio.errors import ProjectError, ProjectReadOnlyError
from amtstudio.session import edits, tag_edits, track_edits
from amtstudio.session.command import Change, Command, Content
from amtstudio.session.connection import MAX_PROJECT_BYTES
from amtstudio.session.doubtful import next_doubtful
from amtstudio.session.kept_activations import KeptActivations
from amtstudio.session.labels import Labels, labels_of
from amtstudio.session.loading import Saved, Step
from amtstudio.session.replacing import Replaced, replace_transcription, what_is_replaced
from amtstudio.session.store import ProjectStore
from amtstudio.session.tables import TABLES
from amtstudio.session.track_list import TrackList
from amtstudio.session.values import Passage, SessionNote, Source, models_in
from amtstudio.symbolic import (
    Note,
    Pedal,
    ScoreChoices,
    StaffPlaces,
    TempoMap,
    TrackKind,
    Transcription,
)
from amtstudio.symbolic.instrument_tags import InstrumentTags
from amtstudio.symbolic.note_filter import NoteFilter

logger = logging.getLogger("amtstudio.session")

MAX_STEPS = 1000  # of undo
MAX_HEARD_BYTES = MAX_PROJECT_BYTES // 2  # of activations; the notes need room as well
MAX_HISTORY = 32_000_000  # characters in the file; replacing a transcription takes one million

Observer = Callable[[Change], None]
Arguments = ParamSpec("Arguments")


def _edit(
    make: Callable[Concatenate[Content, Arguments], Command],
) -> Callable[Concatenate[EditedNotes, Arguments], Change]:
    """The method that takes the step which an edit makes."""

    @functools.wraps(make)
    def edit(self: EditedNotes, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Change:
        return self.perform(make(self.content, *args, **kwargs))

    return edit


class EditedNotes:
    """The part of a document that holds notes, edits and undoes; see ``Document``."""

    def __init__(
        self, saved: Saved, *, path: Path, store: ProjectStore | None, read_only_reason: str = ""
    ) -> None:
        self._saved = saved
        self._path = path
        self._store = store
        self._read_only_reason = read_only_reason
        self._observers: list[Observer] = []
        self._mark_saved()

    # -- what it holds

    @property
    def content(self) -> Content:
        """To be read only; edit through the methods."""
        return self._saved.content

    @property
    def notes(self) -> Mapping[int, SessionNote]:
        """All notes by id: those that sound, candidates, and rejected ones (see ``state``)."""
        return MappingProxyType(self._saved.content.notes)

    @property
    def pedals(self) -> tuple[Pedal, ...]:
        return self._saved.content.pedals

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The accepted passages, sorted and apart from each other."""
        return self._saved.content.passages

    @property
    def tracks(self) -> TrackList:
        """The user's settings for the tracks."""
        return self._saved.content.tracks

    @property
    def tempo(self) -> TempoMap | None:
        """The beats and bars; None: they are not known."""
        return self._saved.content.tempo

    @property
    def staff_places(self) -> StaffPlaces:
        """Hands and voices as the user wants them in the score, by the ids of the notes."""
        return self._saved.content.staff_places

    @property
    def score_choices(self) -> ScoreChoices:
        """What the user says of the key and the tunings in the score."""
        return self._saved.content.score_choices

    @property
    def instrument_tags(self) -> InstrumentTags:
        """The user's instrument tags, sorted."""
        return self._saved.content.instrument_tags

    @property
    def note_filter(self) -> NoteFilter:
        """Which notes the user wants to see, hear and export."""
        return self._saved.content.note_filter

    @property
    def source(self) -> Source:
        """Model, settings and duration of the transcription."""
        return self._saved.content.source

    def transcription(self, ids: Iterable[int] | None = None) -> Transcription:
        """The notes to play and export: those that sound, or those of ``ids`` that do."""
        return self._saved.content.transcription(ids)

    @property
    def has_decisions(self) -> bool:
        """Whether the user has said anything about the music, which the model could not say."""
        return self._saved.has_decisions

    def labels(self) -> Labels:
        """The labels from the user's decisions."""
        return labels_of(self._saved.content, self._saved.audio)

    def next_doubtful(
        self,
        after: float | SessionNote,
        *,
        backwards: bool = False,
        kind: TrackKind | None = None,
    ) -> SessionNote | None:
        """See ``session.doubtful.next_doubtful``."""
        return next_doubtful(self._saved.content, after, backwards=backwards, kind=kind)

    # -- steps

    def perform(
        self, command: Command, *, activations: Iterable[KeptActivations] | None = None
    ) -> Change:
        """Take a step, which can then be undone. An empty one leaves no trace.

        ``activations``, from which the new notes come, are kept with it, and those of the notes
        from which it starts, so that undoing finds them; all others go.
        """
        store = self._writable()
        kept_sets = None if activations is None else self._kept_beside(activations)
        if not command:
            if kept_sets is not None:
                store.set_activations(kept_sets)
                self._saved.activations = kept_sets
            return Change()
        history, seq = self._saved.history, self._saved.position + 1
        kept = [step for step in history if step.seq < seq]
        step = Step(seq, command.text, _size(command))
        kept = _bounded([*kept, step])
        self._saved.content.check(command)
        is_first = command.is_first_transcription and not self._saved.content.notes
        store.add_step(command, self._saved.content, step, kept[0].seq, kept_sets)
        if kept_sets is not None:
            self._saved.activations = kept_sets
        self._saved.content.apply(command)
        self._saved.history, self._saved.position = kept, seq
        if is_first:
            self._saved.first_transcription = seq
            self._mark_saved()  # the first transcription is not a change by the user
        return self._tell(command.change())

    def _kept_beside(self, new: Iterable[KeptActivations]) -> dict[str, KeptActivations]:
        """The new sets by their names, and those from which the notes of now come.

        Only as many as leave room in the file, the new ones first.
        """
        source = self.source
        sets = {kept.name: kept for kept in new if kept.rows}
        for model in source.models:
            name = source.heard_of(model)
            if name in self._saved.activations:
                sets.setdefault(name, self._saved.activations[name])
        n_bytes, fitting = 0, {}
        for name, kept in sets.items():
            if n_bytes + kept.n_bytes <= MAX_HEARD_BYTES:
                n_bytes += kept.n_bytes
                fitting[name] = kept
        return fitting

    @property
    def undo_text(self) -> str | None:
        """The step that would be undone ("Move 3 notes"), or None.

        The first transcription cannot be undone: there is only an empty document before it.
        """
        step = self._step_to_undo()
        return None if step is None else step.text

    @property
    def redo_text(self) -> str | None:
        step = self._step(self._saved.position + 1)
        return None if step is None else step.text

    @property
    def undo_size(self) -> int:
        """About how many characters of the file undoing reads: it takes 1 s for a million."""
        step = self._step_to_undo()
        return 0 if step is None else step.size

    @property
    def redo_size(self) -> int:
        step = self._step(self._saved.position + 1)
        return 0 if step is None else step.size

    def undo(self) -> Change:
        """Take the last step back; does nothing if there is none that can be undone."""
        if self._step_to_undo() is None:
            self._writable()
            return Change()
        return self._travel(self._saved.position, self._saved.position - 1)

    def redo(self) -> Change:
        return self._travel(self._saved.position + 1, self._saved.position + 1)

    # -- what was saved

    @property
    def has_changes(self) -> bool:
        """Whether it is another than when it was last saved by the user, or opened.

        Changes are in the file all the same.
        """
        position, step, _ = self._last_saved
        return self._saved.position != position or self._step(position) is not step

    def revert(self) -> Change:
        """Go back to what it was when it was last saved or opened, as one step to be undone.

        Raises as ``perform``.
        """
        now, (_, _, saved) = self._saved.content, self._last_saved
        tables = TABLES.values()
        rows = [(table, now.change_to(table, saved.rows(table).values())) for table in tables]
        change = self.perform(Command.of("Revert to Saved", *rows))
        self._mark_saved()
        return change

    def _mark_saved(self) -> None:
        position = self._saved.position
        self._last_saved = position, self._step(position), self._saved.content.copy()

    def _travel(self, seq: int, position: int) -> Change:
        store, step = self._writable(), self._step(seq)
        if step is None:
            return Change()
        command = store.command(step)
        if position < seq:
            command = command.inverse()
        try:
            self._saved.content.check(command)
        except ValueError as error:
            raise ProjectError("The history of edits does not match the notes") from error
        store.take_step(command, self._saved.content, position)
        self._saved.content.apply(command)
        self._saved.position = position
        return self._tell(command.change())

    def _step_to_undo(self) -> Step | None:
        seq = self._saved.position
        return None if seq == self._saved.first_transcription else self._step(seq)

    def _step(self, seq: int) -> Step | None:
        history = self._saved.history
        if not history or self._store is None:
            return None
        index = seq - history[0].seq
        return history[index] if 0 <= index < len(history) else None

    # -- edits

    def replace_transcription(
        self,
        transcription: Transcription,
        *,
        candidates: Sequence[Note] = (),
        settings: DecoderSettings | Mapping[str, DecoderSettings] | None = None,
        within: tuple[float, float] | None = None,
        keep_corrections: bool = True,
        kind: TrackKind | None = None,
        text: str = "Transcribe",
        activations: KeptActivations | Mapping[str, KeptActivations] | None = None,
    ) -> Change:
        """See ``session.replacing.replace_transcription``.

        ``activations`` are what the notes were decoded from, by model name, or those of the first
        model only. None: if the models are the same as before, the notes come from their previous
        activations.
        """
        sets = activations
        if isinstance(sets, KeptActivations):
            sets = {models_in(transcription.model)[0]: sets}
        heard = None
        if sets is not None:
            heard = {model: kept.name for model, kept in sets.items() if kept.rows}
        return self.perform(
            replace_transcription(
                self.content,
                transcription,
                candidates=candidates,
                settings=settings,
                within=within,
                keep_corrections=keep_corrections,
                kind=kind,
                heard=heard,
                text=text,
            ),
            activations=None if sets is None else sets.values(),
        )

    def what_is_replaced(self, within: tuple[float, float] | None = None) -> Replaced:
        """What another transcription would replace, and which of the user's edits it would keep."""
        return what_is_replaced(self.content, within)

    move = _edit(edits.move_notes)
    move_each = _edit(edits.move_each)
    resize = _edit(edits.resize_notes)
    shift_octave = _edit(edits.shift_octave)
    set_velocity = _edit(edits.set_velocity)
    set_velocities = _edit(edits.set_velocities)
    change_velocity = _edit(edits.change_velocity)
    flatten_bends = _edit(edits.flatten_bends)
    shift_bends = _edit(edits.shift_bends)
    scale_bends = _edit(edits.scale_bends)
    set_bend = _edit(edits.set_bend)
    delete = _edit(edits.delete_notes)
    split = _edit(edits.split_notes)
    merge = _edit(edits.merge_notes)
    accept = _edit(edits.accept_notes)
    reject = _edit(edits.reject_notes)
    accept_passage = _edit(edits.accept_passage)
    withdraw_passage = _edit(edits.withdraw_passage)
    add_pedal = _edit(edits.add_pedal)
    change_pedal = _edit(edits.change_pedal)
    delete_pedals = _edit(edits.delete_pedals)
    rename_track = _edit(track_edits.rename_track)
    set_program = _edit(track_edits.set_program)
    merge_tracks = _edit(track_edits.merge_tracks)
    set_track_colour = _edit(track_edits.set_track_colour)
    mute_track = _edit(track_edits.mute_track)
    solo_track = _edit(track_edits.solo_track)
    hide_track = _edit(track_edits.hide_track)
    add_track = _edit(track_edits.add_track)
    delete_track = _edit(track_edits.delete_track)
    move_to_track = _edit(track_edits.move_to_track)
    set_beats = _edit(edits.set_beats)
    place_in_score = _edit(edits.place_in_score)
    set_note_filter = _edit(edits.set_note_filter)
    set_score_choices = _edit(edits.set_score_choices)
    tag_instrument = _edit(tag_edits.tag_instrument)
    withdraw_instrument_tags = _edit(tag_edits.withdraw_instrument_tags)

    def add(self, note: Note) -> int:
        """Add a note; returns its id."""
        (key,) = self.perform(edits.add_note(self.content, note)).inserted
        return key

    # -- observers

    def subscribe(self, observer: Observer) -> Callable[[], None]:
        """Call ``observer(change)`` after every change; returns what ends that.

        An observer must not edit: the others would be notified of that edit first.
        """
        self._observers.append(observer)

        def unsubscribe() -> None:
            with contextlib.suppress(ValueError):
                self._observers.remove(observer)

        return unsubscribe

    def _tell(self, change: Change) -> Change:
        for observer in tuple(self._observers):
            try:
                observer(change)
            except Exception:
                # The change is made and on the disk: an error here must not look as if it failed,
                # nor keep the others from being notified.
                logger.exception("an observer of the document failed")
        return change

    def _writable(self) -> ProjectStore:
        if self._store is None:
            raise ProjectReadOnlyError(
                f"{self._path.name} is open for reading only", hint=self._read_only_reason
            )
        return self._store


def _size(command: Command) -> int:
    """About how many characters the command takes in the file."""
    return 100 * (1 + command.n_rows)


def _bounded(history: list[Step]) -> list[Step]:
    """The latest steps that may be kept; the last one whatever its size."""
    history = history[-MAX_STEPS:]
    total = sum(step.size for step in history)
    while total > MAX_HISTORY and len(history) > 1:
        total -= history.pop(0).size
    return history
