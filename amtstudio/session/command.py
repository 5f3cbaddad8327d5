"""One undoable step: which rows were there before and which are there after."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from amtstudio.session.tables import (
    INSTRUMENT_TAGS,
    NOTE_FILTER,
    NOTES,
    PASSAGES,
    PEDALS,
    SCORE_CHOICES,
    SOURCE,
    STAFF_PLACES,
    TABLES,
    TEMPO,
    TRACKS,
    Table,
)
from amtstudio.session.track_list import NO_TRACKS, TrackList
from amtstudio.session.values import Passage, SessionNote, Source
from amtstudio.symbolic import (
    NO_CHOICES,
    NO_PLACES,
    NoteState,
    NoteTable,
    Pedal,
    ScoreChoices,
    StaffPlaces,
    TempoMap,
    Transcription,
)
from amtstudio.symbolic.instrument_tags import NO_TAGS, InstrumentTags
from amtstudio.symbolic.note_filter import NoteFilter

RowT = TypeVar("RowT")

SOUNDING = tuple(state for state in NoteState if state.sounds)


@dataclass(frozen=True, slots=True)
class Rows(Generic[RowT]):
    """Rows of one table that go, and that come; a row that comes with the key of one changes it."""

    removed: tuple[RowT, ...] = ()
    inserted: tuple[RowT, ...] = ()

    @classmethod
    def between(cls, old: Mapping[Hashable, RowT], new: Mapping[Hashable, RowT]) -> Rows[RowT]:
        """The changes that turn ``old`` into ``new``, both by their keys."""
        return cls(
            tuple(row for key, row in old.items() if key not in new or new[key] != row),
            tuple(row for key, row in new.items() if key not in old or old[key] != row),
        )

    def inverse(self) -> Rows[RowT]:
        return Rows(self.inserted, self.removed)

    def __bool__(self) -> bool:
        return bool(self.removed or self.inserted)


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changed, so that a view can redraw only that."""

    inserted: frozenset[int] = frozenset()  # ids of notes
    removed: frozenset[int] = frozenset()
    changed: frozenset[int] = frozenset()
    tables: frozenset[str] = frozenset()  # names of those that changed
    audio: bool = False  # the recording was found again, or its place changed

    @property
    def pedals(self) -> bool:
        return PEDALS.name in self.tables

    @property
    def passages(self) -> bool:
        return PASSAGES.name in self.tables

    @property
    def source(self) -> bool:
        """Whether model, settings or duration changed."""
        return SOURCE.name in self.tables

    @property
    def tracks(self) -> bool:
        """Whether names, colours, visibility or muting of tracks changed."""
        return TRACKS.name in self.tables

    @property
    def score_choices(self) -> bool:
        """Whether the key or a tuning in the score changed."""
        return SCORE_CHOICES.name in self.tables

    @property
    def instrument_tags(self) -> bool:
        return INSTRUMENT_TAGS.name in self.tables

    @classmethod
    def joined(cls, changes: Iterable[Change]) -> Change:
        """One change for several, as a view needs it that looks up what the ids stand for."""
        changes = tuple(changes)
        ids = [change.inserted | change.removed | change.changed for change in changes]
        return cls(
            changed=frozenset().union(*ids),
            tables=frozenset().union(*(change.tables for change in changes)),
            audio=any(change.audio for change in changes),
        )


@dataclass(frozen=True, slots=True)
class Command:
    """A step from one content to another, and thereby back.

    It holds the rows on both sides and not what the user did: the inverse is exact whatever the
    edit was, and a journal of commands can be replayed by programs that do not know the edit.
    """

    text: str  # for the menu: "Move 3 notes"
    rows: Mapping[str, Rows[Any]] = field(default_factory=dict)  # by the names of the tables

    @classmethod
    def of(cls, text: str, *changes: tuple[Table[Any], Rows[Any]]) -> Command:
        """A step with those of the changes that change anything."""
        return cls(text, {table.name: rows for table, rows in changes if rows})

    def of_table(self, table: Table[RowT]) -> Rows[RowT]:
        return self.rows.get(table.name, Rows())

    def inverse(self) -> Command:
        return Command(self.text, {name: rows.inverse() for name, rows in self.rows.items()})

    def change(self) -> Change:
        notes = self.of_table(NOTES)
        removed = {note.id for note in notes.removed}
        inserted = {note.id for note in notes.inserted}
        return Change(
            inserted=frozenset(inserted - removed),
            removed=frozenset(removed - inserted),
            changed=frozenset(removed & inserted),
            tables=frozenset(self.rows),
        )

    @property
    def n_rows(self) -> int:
        return sum(len(rows.removed) + len(rows.inserted) for rows in self.rows.values())

    @property
    def is_first_transcription(self) -> bool:
        """Whether it adds a transcription to a document that had none."""
        source = self.of_table(SOURCE)
        return source.removed == (Source(),) and not self.of_table(NOTES).removed

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return any(self.rows.values())


class Content:
    """The current content of a document: the rows of each table, by their keys.

    Attributes
    ----------
    next_id : int
        The id of the next note.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[Hashable, Any]] = {}
        self.next_id = 1
        self._table: NoteTable | None = None
        self.set_rows(SOURCE, [Source()])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Content):
            return NotImplemented
        return self.next_id == other.next_id and all(
            self.rows(table) == other.rows(table) for table in TABLES.values()
        )

    __hash__ = None  # type: ignore[assignment]  # it changes

    def rows(self, table: Table[RowT]) -> dict[Hashable, RowT]:
        """The rows of a table by their keys; to be read only."""
        return self._rows.setdefault(table.name, {})

    def set_rows(self, table: Table[RowT], rows: Iterable[RowT]) -> None:
        """Fill a table while it is being read."""
        self._rows[table.name] = {table.key(row): row for row in rows}
        self._table = None

    @property
    def notes(self) -> dict[int, SessionNote]:
        return self._rows.setdefault(NOTES.name, {})  # type: ignore[return-value]

    @property
    def pedals(self) -> tuple[Pedal, ...]:
        return tuple(sorted(self.rows(PEDALS).values()))

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Sorted, and apart from each other."""
        return tuple(sorted(self.rows(PASSAGES).values()))

    @property
    def source(self) -> Source:
        (source,) = self.rows(SOURCE).values()
        return source

    @property
    def tempo(self) -> TempoMap | None:
        return next(iter(self.rows(TEMPO).values()), None)

    @property
    def tracks(self) -> TrackList:
        """The user's settings for the tracks."""
        return next(iter(self.rows(TRACKS).values()), NO_TRACKS)

    @property
    def staff_places(self) -> StaffPlaces:
        """Hands and voices as the user wants them in the score."""
        return next(iter(self.rows(STAFF_PLACES).values()), NO_PLACES)

    @property
    def instrument_tags(self) -> InstrumentTags:
        """The user's instrument tags: sorted, and without overlaps within an instrument."""
        return next(iter(self.rows(INSTRUMENT_TAGS).values()), NO_TAGS)

    @property
    def note_filter(self) -> NoteFilter:
        """Which notes the user wants to see, hear and export."""
        return next(iter(self.rows(NOTE_FILTER).values()), NoteFilter())

    @property
    def score_choices(self) -> ScoreChoices:
        """What the user says of the key and the tunings in the score."""
        return next(iter(self.rows(SCORE_CHOICES).values()), NO_CHOICES)

    def apply(self, command: Command) -> None:
        """Take the step. Raises ``ValueError``, and changes nothing, where it starts elsewhere."""
        self.check(command)
        for name, change in command.rows.items():
            table, rows = TABLES[name], self._rows.setdefault(name, {})
            for row in change.removed:
                del rows[table.key(row)]
            for row in change.inserted:
                rows[table.key(row)] = row
        if NOTES.name in command.rows:
            self._table = None
        inserted = command.of_table(NOTES).inserted
        self.next_id = max([self.next_id, *(note.id + 1 for note in inserted)])

    def copy(self) -> Content:
        """The same rows, as they are now."""
        copy = Content()
        copy._rows = {name: dict(rows) for name, rows in self._rows.items()}
        copy.next_id = self.next_id
        return copy

    def change_to(self, table: Table[RowT], rows: Iterable[RowT]) -> Rows[RowT]:
        """The changes that make a table hold these rows."""
        return Rows.between(self.rows(table), {table.key(row): row for row in rows})

    def after(self, table: Table[RowT], change: Rows[RowT]) -> list[RowT]:
        """The rows of a table as they will be after a change that starts from this content."""
        gone = {table.key(row) for row in change.removed}
        kept = [row for key, row in self.rows(table).items() if key not in gone]
        return [*kept, *change.inserted]

    def check(self, command: Command) -> None:
        """Raise ``ValueError`` unless the step starts from this content."""
        if not all(self._fits(TABLES[name], rows) for name, rows in command.rows.items()):
            raise ValueError(f"the step {command.text!r} does not start from this content")

    def _fits(self, table: Table[RowT], change: Rows[RowT]) -> bool:
        now = self.rows(table)
        removed = {table.key(row): row for row in change.removed}
        inserted = {table.key(row) for row in change.inserted}
        return (
            all(key in now and now[key] == row for key, row in removed.items())
            and len(removed) == len(change.removed)
            and len(inserted) == len(change.inserted)
            and all(key in removed or key not in now for key in inserted)
        )

    def table(self, ids: Iterable[int] | None = None) -> NoteTable:
        """All notes, or those of ``ids`` that there are, with their ids and states; in order."""
        if ids is not None:
            return _table_of([self.notes[key] for key in ids if key in self.notes])
        if self._table is None:
            self._table = _table_of(list(self.notes.values()))
        return self._table

    def sounding(self, ids: Iterable[int] | None = None) -> NoteTable:
        """The notes that sound, or those of ``ids`` that do, on tracks as models call them."""
        notes = self.table(ids)
        return notes.take(notes.has_state(*SOUNDING))

    def transcription(self, ids: Iterable[int] | None = None) -> Transcription:
        """The notes that sound, or those of ``ids`` that do, as the formats write them."""
        tracks = self.tracks
        return Transcription(
            notes=tracks.shown_notes(self.sounding(ids)).in_order(),
            pedals=tuple(sorted(tracks.shown_pedals(self.pedals))),
            duration=self.source.duration,
            file=self.source.file,
            model=self.source.model,
            asked_model=self.source.asked_model,
            profile=self.source.profile,
            tuning_cents=self.source.tuning_cents,
            metadata=dict(self.source.metadata),
            tempo=self.tempo,
            staff_places=self.staff_places,
            score_choices=self.score_choices,
        )


def _table_of(entries: Sequence[SessionNote]) -> NoteTable:
    return NoteTable.of(
        (entry.note for entry in entries),
        ids=[entry.id for entry in entries],
        states=[entry.state for entry in entries],
    ).in_order()
