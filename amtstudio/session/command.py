"""One undoable step: what was there before and what is there after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from amtstudio.session.values import Passage, SessionNote, Source
from amtstudio.symbolic import Pedal, Transcription

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Swap(Generic[T]):
    """A value replaced by another."""

    old: T
    new: T

    def inverse(self) -> Swap[T]:
        return Swap(self.new, self.old)


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changed, so that a view can redraw only that."""

    inserted: frozenset[int] = frozenset()  # ids of notes
    removed: frozenset[int] = frozenset()
    changed: frozenset[int] = frozenset()
    pedals: bool = False
    passages: bool = False
    source: bool = False  # model, settings, duration
    audio: bool = False  # the recording was found again, or its place changed


@dataclass(frozen=True, slots=True)
class Command:
    """A step from one content to another, and thereby back.

    It holds the values on both sides and not what the user did: the inverse is exact whatever the
    edit was, and a journal of commands can be replayed by programs that do not know the edit.
    """

    text: str  # for the menu: "Move 3 notes"
    removed: tuple[SessionNote, ...] = ()
    inserted: tuple[SessionNote, ...] = ()  # with the id of a removed one: that note changed
    pedals: Swap[tuple[Pedal, ...]] | None = None
    passages: Swap[tuple[Passage, ...]] | None = None
    source: Swap[Source] | None = None

    def inverse(self) -> Command:
        return Command(
            self.text,
            removed=self.inserted,
            inserted=self.removed,
            pedals=self.pedals and self.pedals.inverse(),
            passages=self.passages and self.passages.inverse(),
            source=self.source and self.source.inverse(),
        )

    def change(self) -> Change:
        removed = {note.id for note in self.removed}
        inserted = {note.id for note in self.inserted}
        return Change(
            inserted=frozenset(inserted - removed),
            removed=frozenset(removed - inserted),
            changed=frozenset(removed & inserted),
            pedals=self.pedals is not None,
            passages=self.passages is not None,
            source=self.source is not None,
        )

    @property
    def is_first_transcription(self) -> bool:
        """Whether it says what the model heard in a document where nothing was transcribed yet."""
        return self.source is not None and self.source.old == Source() and not self.removed

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return bool(self.removed or self.inserted or self.pedals or self.passages or self.source)


@dataclass(slots=True)
class Content:
    """The notes, pedals and passages of a document as they are now."""

    notes: dict[int, SessionNote] = field(default_factory=dict)
    pedals: tuple[Pedal, ...] = ()
    passages: tuple[Passage, ...] = ()  # sorted, apart from each other
    source: Source = field(default_factory=Source)
    next_id: int = 1

    def apply(self, command: Command) -> None:
        """Take the step. Raises ``ValueError``, and changes nothing, where it starts elsewhere."""
        self.check(command)
        for note in command.removed:
            del self.notes[note.id]
        for note in command.inserted:
            self.notes[note.id] = note
            self.next_id = max(self.next_id, note.id + 1)
        if command.pedals is not None:
            self.pedals = command.pedals.new
        if command.passages is not None:
            self.passages = command.passages.new
        if command.source is not None:
            self.source = command.source.new

    def check(self, command: Command) -> None:
        """Raise ``ValueError`` unless the step starts from this content."""
        removed = {note.id: note for note in command.removed}
        fits = all(self.notes.get(key) == note for key, note in removed.items())
        inserted = {note.id for note in command.inserted}
        fits &= len(inserted) == len(command.inserted)
        fits &= all(key in removed or key not in self.notes for key in inserted)
        swaps = (
            (command.pedals, self.pedals),
            (command.passages, self.passages),
            (command.source, self.source),
        )
        fits &= all(swap is None or swap.old == now for swap, now in swaps)
        if not fits:
            raise ValueError(f"the step {command.text!r} does not start from this content")

    def transcription(self, ids: Iterable[int] | None = None) -> Transcription:
        """The notes that sound, or those of ``ids`` that do, as the formats write them."""
        chosen = self.notes.values() if ids is None else [self.notes[key] for key in ids]
        return Transcription(
            notes=tuple(entry.note for entry in chosen if entry.state.sounds),
            pedals=self.pedals,
            duration=self.source.duration,
            file=self.source.file,
            model=self.source.model,
            profile=self.source.profile,
            tuning_cents=self.source.tuning_cents,
            metadata=dict(self.source.metadata),
        )
