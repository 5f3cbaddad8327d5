"""A recording, its notes, and the models and players that they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from amtstudio import session
from amtstudio.decoding import DecoderSettings, DecodingSettings, Players
from amtstudio.symbolic import Note, NoteTable, Pedal, TempoMap, TrackKind, Transcription
from amtstudio.symbolic.instrument_tags import NO_TAGS, InstrumentTags, honoured
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.symbolic.note_filter import NoteFilter
from amtstudio.workbench.listening_models import ListeningModels
from amtstudio.workbench.model_parts import ModelPart
from amtstudio.workbench.pictured_recording import PicturedRecording
from amtstudio.workbench.transcribing import AUTO

if TYPE_CHECKING:
    from amtstudio.engine import Plan


class TranscribedRecording(PicturedRecording, session.ShownNotes, ListeningModels):
    """A recording with what was heard in it, before any project keeps that.

    Every change of its notes, models, beats and players is announced.

    Attributes
    ----------
    profile : str
        The personal profile that it is transcribed with; "": a model as it ships.
    model : str
        The model that was asked for, unless there is a profile; ``AUTO``: its instruments choose.
    instrument_profile : str, or None
        The one that its instruments are detected with; None: not chosen yet, or not known, because
        a project has kept the instruments.
    plan : Plan, or None
        The models that were chosen for it; None: not chosen by the program, or not yet.
    asked_instruments : tuple of str
        Those that the user asked for; none: those that are detected.
    tempo : TempoMap, or None
        The beats and bars, where they are known.
    instruments : InstrumentActivity, or None
        As the user's tags correct what was detected; None until they were looked for.
    instrument_tags : tuple of InstrumentTag
        What the user says of who plays.
    """

    def __init__(self, path: Path) -> None:
        PicturedRecording.__init__(self, path)
        session.ShownNotes.__init__(self)
        ListeningModels.__init__(self, DecodingSettings())
        self.profile = ""
        self.model = AUTO
        self.instrument_profile: str | None = None
        self.plan: Plan | None = None
        self.asked_instruments: tuple[str, ...] = ()
        self.tempo: TempoMap | None = None
        self.instruments: InstrumentActivity | None = None
        self.instrument_tags: InstrumentTags = NO_TAGS
        self._detected: InstrumentActivity | None = None
        self._transcription: Transcription | None = None

    @property
    def is_transcribed(self) -> bool:
        return self._transcription is not None

    @property
    def transcription(self) -> Transcription:
        """The current notes, with the engine's information about them."""
        base = self._transcription or Transcription(file=self.name, duration=self.duration)
        return replace(base, notes=self.notes, pedals=self.shown_pedals, tempo=self.tempo)

    @property
    def duration(self) -> float:
        """Seconds, as far as known; as the notes tell if the recording itself is missing."""
        known = super().duration
        if known == 0.0 and self._transcription is not None:
            return self._transcription.duration
        return known

    # -- the models that listened -----------------------------------------------------------------

    def set_foreground(self, part: ModelPart) -> None:
        if part is not self.foreground:
            super().set_foreground(part)
            self._announce("foreground")

    def set_settings(self, part: ModelPart, settings: DecoderSettings) -> None:
        if settings != part.settings:
            super().set_settings(part, settings)
            self._announce("settings")

    def expect(self, settings: DecoderSettings) -> None:
        super().expect(settings)
        self._announce("settings")

    @property
    def models(self) -> tuple[str, ...]:
        """Those that the notes come from, as far as they are named."""
        model = "" if self._transcription is None else self._transcription.model
        return session.models_in(model)

    @property
    def is_by_piano_model(self) -> bool:
        """Whether the notes come from a model that was made for pianos alone."""
        return not {"melodic", "drums"} & set(self.models)

    @property
    def may_have_pedal(self) -> bool:
        """Whether the pedal was pressed, or a model has listened, or will listen, for that."""
        models = self.models
        if self._transcription is None:
            models = ("piano",) if self.plan is None else self.plan.models
        return bool(self.pedals or set(models) - {"melodic", "drums"})

    @property
    def may_have_drums(self) -> bool:
        """Whether there are drum hits, or a model has listened for some."""
        if self.part_of(TrackKind.DRUMS) is not None:
            return True
        return "drums" in self.models or bool(self.drum_tracks)

    # -- its notes and beats ----------------------------------------------------------------------

    def set_filter(self, chosen: NoteFilter) -> None:
        if chosen != self.filter:
            super().set_filter(chosen)
            self._announce("filter")
            self._announce("notes")
            self._announce("candidates")

    def set_notes(self, notes: Iterable[Note], *, pedals: Sequence[Pedal] = ()) -> None:
        self.put(notes=NoteTable.of(notes).in_order())
        self.pedals = tuple(pedals)
        self._announce("notes")

    def set_candidates(self, notes: Iterable[Note]) -> None:
        self.put(candidates=NoteTable.of(notes).in_order())
        self._announce("candidates")

    def _set_tempo(self, tempo: TempoMap | None) -> None:
        if tempo != self.tempo:
            self.tempo = tempo
            self._announce("beats")

    # -- who plays --------------------------------------------------------------------------------

    @property
    def players(self) -> Players | None:
        """Confidence of each instrument in it; None if not known."""
        base = self._transcription
        return None if base is None else Players.from_metadata(base.metadata)

    def set_instruments(self, activity: InstrumentActivity | None) -> None:
        """Show who was detected, where the user does not say otherwise."""
        self._detected = activity
        self.instruments = None if activity is None else honoured(activity, self.instrument_tags)
        self._announce("instruments")

    def _set_tags(self, tags: InstrumentTags) -> None:
        if tags != self.instrument_tags:
            self.instrument_tags = tags
            self.set_instruments(self._detected)
