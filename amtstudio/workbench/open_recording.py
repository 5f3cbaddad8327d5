"""The state of an open recording and of its notes, without a window."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from amtstudio import session
from amtstudio.audio import AudioInfo
from amtstudio.decoding import (
    DecoderSettings,
    DecodingSettings,
    Players,
    among_tracks_of,
    decode,
    with_players,
)
from amtstudio.decoding.players import INSTRUMENTS
from amtstudio.errors import AmtStudioError
from amtstudio.features.pitch_spectrogram import N_BINS
from amtstudio.symbolic import (
    NO_NOTES,
    NO_PLACES,
    Note,
    NoteTable,
    Pedal,
    TempoMap,
    TrackKind,
    Transcription,
)
from amtstudio.symbolic.instrument_tags import NO_TAGS, InstrumentTags, honoured
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.symbolic.note_filter import NoteFilter
from amtstudio.workbench.edits import DirectEdits, Edits
from amtstudio.workbench.growing import GrowingEnvelope, GrowingPyramid
from amtstudio.workbench.listening_models import ListeningModels
from amtstudio.workbench.model_parts import ModelPart
from amtstudio.workbench.recording_picture import HOP_LENGTH, SAMPLE_RATE, PicturePart
from amtstudio.workbench.transcribing import Recalled, Suggest, Transcribed

if TYPE_CHECKING:
    from amtstudio.engine import Plan

logger = logging.getLogger("amtstudio.workbench")

_MOST_RESTS = 5  # that candidates are waited for
_MANY_IDS = 2000  # changed at once: then it is quicker to begin again

What = Literal[
    "activations",
    "beats",
    "candidates",
    "filter",
    "foreground",
    "info",
    "instruments",
    "notes",
    "picture",
    "settings",  # of any of the models
]


class OpenRecording(session.ShownNotes, ListeningModels):
    """One recording with its picture, its activations and the notes decoded from them.

    Views read the attributes, also those of ``session.ShownNotes`` and ``ListeningModels``;
    changes are made by calling methods. A subclass that shows it overrides the methods of the last
    section: they announce every change, and wait until moved thresholds have come to rest.

    Attributes
    ----------
    path : Path
    start, end : float, and float or None
        The stretch that is transcribed, in seconds of the recording; None: to its end.
    info : AudioInfo, or None
        What the header tells; None until it was read.
    spectrogram : GrowingPyramid
        Columns ``seconds_per_frame`` apart, see ``PitchSpectrogram``.
    envelope : GrowingEnvelope
    profile : str
        The personal profile that it is transcribed by; "": the model as it ships.
    instrument_profile : str, or None
        That by which its instruments are detected; None: that is still to come, or is not known,
        as where a project kept them.
    tempo : TempoMap, or None
        The beats and bars, where they are known.
    instruments : InstrumentActivity, or None
        As the user's tags correct what was detected; None until they were looked for.
    instrument_tags : tuple of InstrumentTag
        What the user says of who plays.
    edits : Edits, or None
        The project that keeps the notes, once they are transcribed.
    """

    seconds_per_frame = HOP_LENGTH / SAMPLE_RATE

    def __init__(
        self,
        path: Path,
        *,
        settings: DecoderSettings | None = None,
        start: float = 0.0,
        end: float | None = None,
        suggest: Suggest | None = None,
    ) -> None:
        session.ShownNotes.__init__(self)
        ListeningModels.__init__(self, settings or DecodingSettings(), suggest)
        self.path = path
        self.start = start
        self.end = end
        self.info: AudioInfo | None = None
        self.spectrogram = GrowingPyramid(N_BINS)
        self.envelope = GrowingEnvelope(HOP_LENGTH, SAMPLE_RATE)
        self.profile = ""
        self.instrument_profile: str | None = None
        self.tempo: TempoMap | None = None
        self.instruments: InstrumentActivity | None = None
        self.instrument_tags: InstrumentTags = NO_TAGS
        self._detected: InstrumentActivity | None = None
        self.edits: Edits | None = None
        self.plan: Plan | None = None  # the models that were chosen for it
        self.picture_complete = False
        self._n_rests = 0
        self._last_kept: tuple[TrackKind | None, session.KeptNotes] | None = None
        self.asked_instruments: tuple[str, ...] = ()  # none: those detected
        self._transcription: Transcription | None = None
        self._duration_read = 0.0

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def title(self) -> str:
        """The name of its project, or else that of the recording."""
        project = self.project
        return self.name if project is None or project.is_recovery else project.path.name

    @property
    def is_unsaved(self) -> bool:
        """Whether it holds work that has not been saved by hand; it is kept all the same."""
        project = self.project
        if project is None:
            return False
        return project.has_decisions if project.is_recovery else project.has_changes

    @property
    def can_revert(self) -> bool:
        """Whether there is something saved that it differs from; no while a step is on its way."""
        if self.edits is None or self.edits.is_busy:
            return False
        project = self.edits.project
        return not project.is_recovery and project.has_changes

    # -- the models that listen -------------------------------------------------------------------

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

    # -- what is known of it ----------------------------------------------------------------------

    @property
    def duration(self) -> float:
        """Seconds, as far as known: what the header announces, or what was read already."""
        told = self.info.duration if self.info is not None else None
        if told is None and self._duration_read == 0.0 and self._transcription is not None:
            return self._transcription.duration  # the recording itself is missing
        if self.picture_complete or told is None:
            return self._duration_read
        return max(told, self._duration_read)

    @property
    def is_by_piano_model(self) -> bool:
        """Whether the notes come from a model that was made for pianos alone."""
        model = "" if self._transcription is None else self._transcription.model
        return not {"melodic", "drums"} & set(session.models_in(model))

    @property
    def may_have_pedal(self) -> bool:
        """Whether the pedal was pressed, or a model has listened, or will listen, for that."""
        if self._transcription is not None:
            models = self._transcription.model.split("+")
        else:
            models = ["piano"] if self.plan is None else list(self.plan.models)
        return bool(self.pedals or set(models) - {"melodic", "drums"})

    @property
    def may_have_drums(self) -> bool:
        """Whether there are drum hits, or a model has listened for some."""
        if self.part_of(TrackKind.DRUMS) is not None:
            return True
        model = "" if self._transcription is None else self._transcription.model
        return "drums" in session.models_in(model) or bool(self.drum_tracks)

    def set_filter(self, chosen: NoteFilter) -> None:
        if chosen != self.filter:
            super().set_filter(chosen)
            self._announce("filter")
            self._announce("notes")
            self._announce("candidates")

    @property
    def is_transcribed(self) -> bool:
        return self._transcription is not None

    @property
    def is_settled(self) -> bool:
        """Whether all that is shown is kept."""
        return not self._is_resting and (self.edits is None or not self.edits.is_busy)

    @property
    def transcription(self) -> Transcription:
        """The current notes, with the engine's information about them."""
        base = self._transcription or Transcription(file=self.name, duration=self.duration)
        places = NO_PLACES if self.project is None else self.project.staff_places
        return replace(
            base,
            notes=self.notes,
            pedals=self.shown_pedals,
            tempo=self.tempo,
            staff_places=places,
        )

    @property
    def players(self) -> Players | None:
        """Confidence of each instrument in it; None if not known."""
        base = self._transcription
        return None if base is None else Players.from_metadata(base.metadata)

    @property
    def heard_instruments(self) -> tuple[str, ...]:
        """The instruments that have notes, of those that can be requested."""
        notes = self.notes if self.edits is None else self.edits.project.content.sounding()
        named = {"drums" if track.is_drums else track.name for track in notes.playing()}
        return tuple(name for name in INSTRUMENTS if name in named)

    def can_part_among(self, instruments: Sequence[str]) -> bool:
        """Whether the existing activations suffice to say what these instruments play."""
        model = "" if self._transcription is None else self._transcription.model
        models = session.models_in(model)
        pitched = [name for name in instruments if name != "drums"]
        part = self._melodic
        return (
            self.can_edit
            and part is not None
            and part.activations is not None
            and pitched not in ([], ["piano"])
            and ("drums" not in instruments or "drums" in models)
        )

    @property
    def _melodic(self) -> ModelPart | None:
        return next((part for part in self.parts if part.model == "melodic"), None)

    def part_among(self, instruments: Sequence[str]) -> None:
        """Put the notes on tracks of these instruments, from the existing activations.

        ``can_part_among`` must say so. One step of undo; what the user decided stays.
        """
        self.settle()
        part = self._melodic
        assert self.edits is not None
        assert part is not None
        assert part.activations is not None
        activations, settings = part.activations, part.settings
        candidates = self.all_candidates  # also those that the filter leaves out
        players = Players.given([name for name in instruments if name != "drums"])
        within, text = self._within(), self._tr("Choose Instruments")

        def step(project: session.Document) -> None:
            notes, pedals = decode(activations, settings)
            notes = with_players(notes, players)
            if "drums" in instruments:
                notes = notes.joined(project.content.sounding().of_kind(TrackKind.DRUMS))
            base = project.transcription(())
            project.replace_transcription(
                replace(
                    base,
                    notes=notes,
                    pedals=tuple(pedals),
                    metadata=base.metadata | players.to_metadata(),
                ),
                candidates=list(among_tracks_of(candidates, notes)),
                settings={part.model: settings},
                within=within,
                text=text,
            )

        self.edits.take(step, n_notes=max(len(self.notes), _MANY_IDS))

    @property
    def is_part(self) -> bool:
        """Whether only a stretch of the recording is transcribed."""
        return self.start > 0.0 or self.end is not None

    @property
    def span(self) -> tuple[float, float]:
        """Begin and end, in seconds, of what is transcribed, as far as the length is known."""
        return self.start, self.duration if self.end is None else self.end

    def set_span(self, start: float, end: float | None) -> None:
        """Choose the stretch for the next transcription. Raises ``ValueError`` if it is none."""
        if not (start >= 0.0 and (end is None or start < end)):
            raise ValueError(f"need 0 <= start < end, got {start} and {end}")
        self.start, self.end = start, end
        self._announce("info")

    def set_info(self, info: AudioInfo) -> None:
        self.info = info
        self._announce("info")

    def add_picture(self, part: PicturePart) -> None:
        self.spectrogram.append(part.spectrogram)
        self.envelope.append(part.extremes)
        self._duration_read = part.duration
        self._announce("picture")

    def end_picture(self) -> None:
        self.picture_complete = True
        self._announce("info")

    def clear_notes(self) -> None:
        """Forget the transcription, before another one; what a project keeps stays until then."""
        if self.edits is not None:
            self.keep_preview()
        for part in self.parts:
            part.forget()
        if self.edits is None:
            self._transcription = None
            self._set_tempo(None)
            self.set_notes(())
            self.set_candidates(())
        self._announce("activations")

    def add_notes(self, notes: NoteTable) -> None:
        """Notes found during transcription; not in place of those of a project."""
        if self.edits is None:
            self.put(notes=self.all_notes.joined(notes).in_order())
            self._announce("notes")

    def set_notes(self, notes: Iterable[Note], *, pedals: Sequence[Pedal] = ()) -> None:
        self.put(notes=NoteTable.of(notes).in_order())
        self.pedals = tuple(pedals)
        self._announce("notes")

    def _set_tempo(self, tempo: TempoMap | None) -> None:
        if tempo != self.tempo:
            self.tempo = tempo
            self._announce("beats")

    def set_candidates(self, notes: Iterable[Note]) -> None:
        self.put(candidates=NoteTable.of(notes).in_order())
        self._announce("candidates")

    def finish(self, transcribed: Transcribed) -> None:
        """Take what the engine found."""
        if self.edits is not None:
            self.edits.wait()  # and is notified of what was done before
        self._transcription = transcribed.transcription
        self.plan = transcribed.plan
        if transcribed.heard:
            self.put_heard(transcribed.heard, is_as_expected=self.plan is None)
            self._announce("settings")
        self.drop_previews()
        if transcribed.project is not None:
            self.attach(transcribed.project)
        elif self.edits is not None:
            transcription = transcribed.transcription
            self._replace(
                transcription,
                transcribed.candidates,
                {heard.model: heard.settings for heard in transcribed.heard},
                notes=transcription.notes,
                pedals=transcription.pedals,
                kept={heard.model: heard.kept for heard in transcribed.heard},
            )
        else:
            transcription = transcribed.transcription
            self.set_notes(transcription.notes, pedals=transcription.pedals)
            self.set_candidates(transcribed.candidates)
            self._set_tempo(transcription.tempo)
        self._announce("activations")

    def set_instruments(self, activity: InstrumentActivity | None) -> None:
        """Show who was detected, where the user does not say otherwise."""
        self._detected = activity
        self.instruments = None if activity is None else honoured(activity, self.instrument_tags)
        self._announce("instruments")

    def _set_tags(self, tags: InstrumentTags) -> None:
        if tags != self.instrument_tags:
            self.instrument_tags = tags
            self.set_instruments(self._detected)

    def keep_instruments(self) -> None:
        """Let the project remember the instruments, so that detection need not run again.

        Not while it is at work: the instruments matter less than what is being written.
        """
        edits, activity = self.edits, self._detected
        if activity is None or edits is None or edits.is_busy or edits.is_read_only:
            return
        try:
            edits.project.set_instruments(activity)
        except AmtStudioError as error:
            logger.warning("the instruments of %s are not kept: %s", self.name, error)

    # -- the project ------------------------------------------------------------------------------

    def attach(self, project: session.Document) -> None:
        """Show the notes of a project, which keeps every edit from now on."""
        moved = {part: part.settings for part in self.parts if part.is_behind}
        self.edits = self._edits_of(project)
        self._show_all()
        if (players := self.players) is not None and players.is_given:
            drums = ("drums",) if "drums" in self.heard_instruments else ()
            self.asked_instruments = (*players.levels, *drums)
        for part, settings in moved.items():
            part.settings = settings
        self._announce_project(session.Change(audio=True))

    def recall(self, recalled: Recalled) -> None:
        """Use the activations kept in the project, so that thresholds can be moved again."""
        assert self.edits is not None
        if not self.put_recalled(recalled, self.edits.project.source):
            return  # there are other notes by now
        self.start, self.end = recalled.start, recalled.end
        self._announce("info")
        self._announce("settings")
        self._announce("activations")

    @property
    def project(self) -> session.Document | None:
        """The project, at rest: for looking something up, and for saving."""
        return None if self.edits is None else self.edits.project

    @property
    def has_recording(self) -> bool:
        """Whether there is a file, and not another one than the notes were made from."""
        return self.path.is_file() and not self.has_other_recording

    @property
    def has_other_recording(self) -> bool:
        """Whether the file that is there is not the one that the notes were made from."""
        return self.edits is not None and self.edits.has_other_recording

    @property
    def can_edit(self) -> bool:
        return self.edits is not None and not self.edits.is_read_only

    def settle(self) -> None:
        """Make sure that every note shown has its id, before the user takes hold of one."""
        self.keep_preview()
        if self.edits is not None:
            self.edits.wait()

    def preview_notes(
        self,
        notes: NoteTable,
        pedals: Sequence[Pedal],
        settings: DecoderSettings,
        *,
        part: ModelPart | None = None,
    ) -> None:
        """Show newly decoded notes at once; they are kept when the thresholds have come to rest.

        ``part`` is that of the model that found them; None: the one in front.
        """
        part = part or self.foreground
        part.decoded_settings = settings
        if self.edits is None:
            self.set_notes(
                notes.joined(_others(self.all_notes, part)),
                pedals=self.pedals if part.kind is TrackKind.DRUMS else pedals,
            )
            return
        kept = self.kept_in_preview(part.model) or self._kept(part.kind)
        found = session.Preview(part.model, part.kind, kept, settings, notes, tuple(pedals))
        self.preview(found)
        self._announce("notes")
        if not self.edits.is_read_only:
            self._n_rests = 0
            self._start_rest()

    def preview_candidates(self, notes: NoteTable, *, part: ModelPart | None = None) -> None:
        """Show the candidates that belong to previewed notes."""
        part = part or self.foreground
        if self.complete_preview(part.model, notes):
            self._announce("candidates")
        elif self.edits is None:
            self.set_candidates(notes.joined(_others(self.all_candidates, part)))

    def _end_rest(self) -> None:
        """Keep what is shown, once the candidates are there as well or have been waited for."""
        self._n_rests += 1
        if self.are_previews_complete or self._n_rests >= _MOST_RESTS:
            self.keep_preview()
        else:
            self._start_rest()

    def keep_preview(self) -> None:
        """Put what is shown of moved thresholds into the project."""
        self._stop_rest()
        if self.edits is None or self.edits.is_read_only:
            self.drop_previews()
        while (taken := self.take_preview()) is not None:
            assert self.edits is not None
            preview, candidates = taken
            self._replace(
                self.edits.project.transcription(()),
                candidates,
                {preview.model: preview.settings},
                notes=preview.notes,
                pedals=preview.pedals,
                kind=preview.kind,
                text=self._tr("Change Thresholds"),
            )

    def take_recording(self) -> None:
        """Go on with the recording that the project names now: it was missing before."""
        project = self.project
        path = None if project is None else project.audio_path
        if path is not None:
            self.path = path
            self._announce("info")
            self._announce_project(session.Change(audio=True))

    def close(self, *, keeps_untouched: bool = True) -> None:
        """Keep what is shown, and close the project.

        One without a name and without anything of the user's is removed, unless it is to be kept.
        """
        self.keep_preview()
        if self.edits is not None:
            self._announce_end()
            self.edits.close(keeps_untouched=keeps_untouched)

    def _replace(
        self,
        base: Transcription,
        candidates: NoteTable,
        settings: Mapping[str, DecoderSettings],
        *,
        notes: NoteTable,
        pedals: Sequence[Pedal],
        kind: TrackKind | None = None,
        text: str = "",
        kept: Mapping[str, session.KeptActivations] | None = None,
    ) -> None:
        assert self.edits is not None
        within = self._within()
        text = text or self._tr("Transcribe")

        def step(project: session.Document) -> None:
            # Many notes become objects here, beside the thread of the window.
            project.replace_transcription(
                replace(base, notes=notes, pedals=tuple(pedals)),
                candidates=candidates,
                settings=settings,
                within=within,
                kind=kind,
                text=text,
                activations=kept,
            )

        self.edits.take(step, n_notes=len(notes) + len(candidates) + 1)

    def _within(self) -> tuple[float, float] | None:
        return self.span if self.is_part else None

    def _kept(self, kind: TrackKind | None) -> session.KeptNotes:
        assert self.edits is not None
        # While moved thresholds are written, a slider need not wait: they change nothing of this.
        if self._last_kept is None or not self.edits.is_busy or self._last_kept[0] is not kind:
            content, within = self.edits.project.content, self._within()
            self._last_kept = kind, session.KeptNotes.of(content, within=within, kind=kind)
        return self._last_kept[1]

    def _show_change(self, change: session.Change) -> None:
        """Show a step of the project, unless the thresholds have moved on meanwhile."""
        assert self.edits is not None
        is_large = len(change.changed) > _MANY_IDS
        if self.has_previews:
            self.renew_previews(self.edits.project, self._kept)
        elif self.is_preview or change.source or change.tracks or is_large:
            self._show_all()
            if self.wants_recall:
                self._ask_for_recall()
        else:
            has_other_candidates = self.show_changed(self.edits.project, change.changed)
            self._announce("notes")
            if has_other_candidates:
                self._announce("candidates")
        self._set_tempo(self.edits.project.tempo)
        self._set_tags(self.edits.project.instrument_tags)
        self._announce_project(change)

    def _show_kept(self) -> None:
        """Show what the project holds where thresholds changed nothing, or were not written."""
        if self.is_preview and not self.has_previews:
            self._show_all()

    def _show_all(self) -> None:
        assert self.edits is not None
        project = self.edits.project
        self._transcription = project.transcription(())
        self.show_project(project)
        self._set_tempo(project.tempo)
        self._set_tags(project.instrument_tags)
        self.profile = project.source.profile or ""
        if self.put_source(project.source):
            self._announce("settings")
            self._announce("activations")
        self._announce("notes")
        self._announce("candidates")

    @property
    def wants_recall(self) -> bool:
        """Whether the project has kept activations that are not loaded.

        So it is after a transcription was undone, or began again and was cancelled.
        """
        if self.edits is None:
            return False
        kept = self.edits.project.activations
        return any(part.model in kept and part.activations is None for part in self.parts)

    # -- for a subclass that shows it -------------------------------------------------------------

    def _tr(self, text: str) -> str:
        """The name of a step in the user's language."""
        return text

    def _announce(self, what: What) -> None:
        """Announce that it has changed."""

    def _announce_project(self, change: session.Change) -> None:
        """Announce a change of the project on disk."""

    def _announce_end(self) -> None:
        """Announce that the project is about to be closed."""

    def _ask_for_recall(self) -> None:
        """Ask for the activations that the project has kept; see ``recall``."""

    def _edits_of(self, project: session.Document) -> Edits:
        """What takes steps on a project, and calls ``_show_change`` and ``_show_kept``."""
        return DirectEdits(project, changed=self._show_change, ended=self._show_kept)

    @property
    def _is_resting(self) -> bool:
        """Whether ``_end_rest`` is still to be called."""
        return False

    def _start_rest(self) -> None:
        """Call ``_end_rest`` once thresholds have not been moved for a while; here, at once."""
        self._end_rest()

    def _stop_rest(self) -> None:
        """Cancel that."""


def _others(notes: NoteTable, part: ModelPart) -> NoteTable:
    """The notes that another model found."""
    tracks = [track for track in notes.tracks if part.kind not in (None, track.kind)]
    return NO_NOTES.joined(*(notes.of_track(track) for track in tracks))
