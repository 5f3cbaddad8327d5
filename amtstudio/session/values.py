"""The elements of a document: notes with an identity and a history, passages, and their limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from amtstudio.decoding import DecoderSettings
from amtstudio.symbolic import Note, NoteState, Transcription
from amtstudio.symbolic.limits import MAX_TIME

MIN_DURATION = 0.001  # seconds; a note of MIDI has to last at least a tick or two
MAX_ID = 1 << 53


@dataclass(frozen=True, slots=True)
class SessionNote:
    """A note of the document. Its ``id`` stays the same through every edit, undo and save."""

    id: int
    note: Note
    state: NoteState
    original: Note | None  # as the model found it; None for a note that the user added

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
    """A stretch whose notes the user accepted as they are, in seconds."""

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

    ``model`` names all models that transcribed the recording, for example "melodic+drums".
    ``asked_model`` is the one that was asked for, "auto" if the instruments were to choose it, None
    if that is not known: older projects do not say.
    ``settings`` decoded the notes of the first, ``others`` those of the others, by name. ``heard``
    gives, by model, the name under which the project keeps its activations; see ``heard_of``.

    ``pedals_edited`` means that the pedal presses are the user's: all of them, because single
    presses do not record who made them. ``beats_edited`` means the same for the beats.
    """

    model: str = ""
    profile: str | None = None
    file: str = ""
    duration: float = 0.0  # seconds
    tuning_cents: float | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    settings: DecoderSettings | None = None
    pedals_edited: bool = False
    beats_edited: bool = False
    others: Mapping[str, DecoderSettings] = field(default_factory=dict)
    heard: Mapping[str, str] = field(default_factory=dict)
    asked_model: str | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.duration <= MAX_TIME:
            raise ValueError(f"duration must be 0 to {MAX_TIME} seconds, got {self.duration}")

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models that transcribed the recording, at least one."""
        return models_in(self.model)

    def settings_of(self, model: str) -> DecoderSettings | None:
        """The settings that decoded the notes of one of the models; None: not known."""
        return self.settings if model == self.models[0] else self.others.get(model)

    def heard_of(self, model: str) -> str:
        """The name under which a project keeps the activations of one of the models, if it does."""
        return self.heard.get(model, former_name(model))

    @classmethod
    def of(cls, transcription: Transcription, settings: DecoderSettings | None) -> Source:
        """From a transcription, and the settings that decoded the first model's notes."""
        cents = transcription.tuning_cents
        return cls(
            model=transcription.model,
            profile=transcription.profile,
            file=transcription.file,
            duration=float(transcription.duration),
            tuning_cents=None if cents is None else float(cents),
            metadata=dict(transcription.metadata),
            settings=settings,
            asked_model=transcription.asked_model,
        )


def models_in(model: str) -> tuple[str, ...]:
    """The names of the models that the one name of a transcription joins."""
    return tuple(model.split("+"))


def former_name(model: str) -> str:
    """The name of a model's activations in projects from when only one set was kept."""
    return f"former:{model}"


def check_note(note: Note) -> None:
    """Raise ``ValueError`` for a note that no document may hold, though ``Note`` allows it."""
    if note.offset > MAX_TIME:
        raise ValueError(f"a note must end within {MAX_TIME} seconds, got {note.offset}")
    is_whole = isinstance(note.pitch, int) and isinstance(note.velocity, int)
    if not is_whole:
        raise ValueError(f"pitch and velocity must be whole, got {note.pitch}, {note.velocity}")
    note.track.name.encode()  # UnicodeEncodeError is a ValueError: the file could not keep it
