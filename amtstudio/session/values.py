"""What a document is made of: notes with an identity and a history, passages, and their limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from amtstudio.decoding import DecoderSettings
from amtstudio.symbolic import Note, Transcription

MIN_DURATION = 0.001  # seconds; a note of MIDI has to last at least a tick or two
MAX_TIME = 7 * 24 * 3600.0  # seconds; beyond any recording, and ticks stay within 32 bits
MAX_ID = 1 << 53


class NoteState(StrEnum):
    """Who says that a note is there."""

    MODEL = "model"  # the model, and the user has said nothing
    CANDIDATE = "candidate"  # the model, but below the threshold
    ACCEPTED = "accepted"  # the model, and the user agreed
    EDITED = "edited"  # the model, and the user corrected it
    ADDED = "added"  # the user alone
    REJECTED = "rejected"  # the model, and the user said it is wrong

    @property
    def sounds(self) -> bool:
        """Whether a note in this state belongs to the transcription."""
        return self is not NoteState.CANDIDATE and self is not NoteState.REJECTED

    @property
    def is_users(self) -> bool:
        """Whether the user has decided on the note."""
        return self is not NoteState.MODEL and self is not NoteState.CANDIDATE


@dataclass(frozen=True, slots=True)
class SessionNote:
    """A note of the document. Its ``id`` stays the same through every edit, undo and save."""

    id: int
    note: Note
    state: NoteState
    original: Note | None  # as the model heard it; None for a note that the user added

    def __post_init__(self) -> None:
        if not 1 <= self.id <= MAX_ID:
            raise ValueError(f"id must be 1 to {MAX_ID}, got {self.id}")
        check_note(self.note)
        if self.original is not None:
            if self.original is not self.note:
                check_note(self.original)
        elif self.state is not NoteState.ADDED:
            raise ValueError(f"a note in the state {self.state} must have an original")


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A stretch of which the user said that its notes are right as they are, in seconds."""

    onset: float
    offset: float
    model: str = ""  # whose transcription it was
    accepted_at: str = ""  # ISO 8601, UTC

    def __post_init__(self) -> None:
        if not 0.0 <= self.onset < self.offset <= MAX_TIME:
            raise ValueError(f"need 0 <= onset < offset, got {self.onset} and {self.offset}")

    def holds(self, time: float) -> bool:
        return self.onset <= time < self.offset


@dataclass(frozen=True, slots=True)
class Source:
    """Where the notes come from: the fields of a ``Transcription`` that are no notes.

    ``pedals_edited`` tells that the presses of the pedal are the user's: all of them, as one
    does not say of a single press who made it.
    """

    model: str = ""
    profile: str | None = None
    file: str = ""
    duration: float = 0.0  # seconds
    tuning_cents: float | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    settings: DecoderSettings | None = None  # that decoded the notes
    pedals_edited: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.duration <= MAX_TIME:
            raise ValueError(f"duration must be 0 to {MAX_TIME} seconds, got {self.duration}")

    @classmethod
    def of(cls, transcription: Transcription, settings: DecoderSettings | None) -> Source:
        cents = transcription.tuning_cents
        return cls(
            model=transcription.model,
            profile=transcription.profile,
            file=transcription.file,
            duration=float(transcription.duration),
            tuning_cents=None if cents is None else float(cents),
            metadata=dict(transcription.metadata),
            settings=settings,
        )


def plain_note(note: Note) -> Note:
    """The same note with Python's own numbers: what a decoder makes may hold those of NumPy."""
    if (
        type(note.onset) is type(note.offset) is type(note.confidence) is float
        and type(note.pitch) is type(note.velocity) is int
        and type(note.instrument) is str
    ):
        return note
    return Note(
        float(note.onset),
        float(note.offset),
        int(note.pitch),
        int(note.velocity),
        float(note.confidence),
        str(note.instrument),
    )


def check_note(note: Note) -> None:
    """Raise ``ValueError`` for a note that no document may hold, though ``Note`` allows it."""
    if note.offset > MAX_TIME:
        raise ValueError(f"a note must end within {MAX_TIME} seconds, got {note.offset}")
    is_whole = isinstance(note.pitch, int) and isinstance(note.velocity, int)
    if not is_whole:
        raise ValueError(f"pitch and velocity must be whole, got {note.pitch}, {note.velocity}")
    note.instrument.encode()  # UnicodeEncodeError is a ValueError: the file could not keep it
