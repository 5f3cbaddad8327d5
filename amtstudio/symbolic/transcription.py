"""The value passed between layers: the music of one recording and where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from amtstudio.symbolic.note_table import NO_NOTES, NoteTable
from amtstudio.symbolic.notes import Note, Pedal
from amtstudio.symbolic.score_choices import NO_CHOICES, ScoreChoices
from amtstudio.symbolic.staff_places import NO_PLACES, StaffPlaces
from amtstudio.symbolic.tempo import TempoMap
from amtstudio.symbolic.tracks import Track


@dataclass(frozen=True, slots=True)
class Transcription:
    """The notes, pedal and tempo of one recording, sorted by onset, and where they came from.

    Score and provenance are one value: writing, playing or keeping the music needs both, and a file
    of notes without a recording merely leaves the latter empty. The notes may be given as any
    iterable of ``Note``.

    ``duration`` is that of the audio in seconds, and may be longer or, where a key is held into
    the cut, a little shorter than the last offset. ``asked_model`` is the model that was asked for,
    "auto" if the instruments were to choose it, and None if that is not known.
    """

    notes: NoteTable = NO_NOTES
    pedals: tuple[Pedal, ...] = ()
    duration: float = 0.0  # seconds
    file: str = ""  # name of the recording
    model: str = ""
    asked_model: str | None = None
    profile: str | None = None
    tuning_cents: float | None = None  # of the instrument against A4 = 440 Hz; None: not measured
    metadata: dict[str, str] = field(default_factory=dict)  # title, artist and other tags
    tempo: TempoMap | None = None  # None: times are seconds and nothing else
    staff_places: StaffPlaces = field(default_factory=lambda: NO_PLACES)  # wanted in the score
    score_choices: ScoreChoices = NO_CHOICES

    def __post_init__(self) -> None:
        notes: Iterable[Note] = self.notes
        object.__setattr__(self, "notes", NoteTable.of(notes).in_order())
        object.__setattr__(self, "pedals", tuple(sorted(self.pedals)))
        if self.duration < 0.0:
            raise ValueError(f"duration must not be negative, got {self.duration}")

    @property
    def title(self) -> str:
        """The title of the piece from its tags, else the name of the recording; may be empty."""
        return self.metadata.get("title") or PurePath(self.file).stem

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Those that play, in the order of their first note; then those of the pedal alone."""
        of_pedals = (pedal.track for pedal in self.pedals)
        return tuple(dict.fromkeys((*self.notes.playing(), *of_pedals)))

    def of_track(self, track: Track) -> Transcription:
        """The same with no other track's notes and presses of the pedal."""
        pedals = tuple(pedal for pedal in self.pedals if pedal.track == track)
        return replace(self, notes=self.notes.of_track(track), pedals=pedals)
