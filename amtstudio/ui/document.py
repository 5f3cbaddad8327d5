"""The open recording: what is known of it, and word of every change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from amtstudio import session
from amtstudio.audio import AudioInfo
from amtstudio.decoding import (
    Activations,
    DecoderSettings,
    DecodingSettings,
    Players,
    candidates_beyond,
    decode,
    with_players,
)
from amtstudio.decoding.players import INSTRUMENTS
from amtstudio.features.pitch_spectrogram import N_BINS
from amtstudio.symbolic import (
    NO_NOTES,
    NO_PLACES,
    Note,
    NoteTable,
    Pedal,
    TempoMap,
    Track,
    TrackKind,
    Transcription,
)
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.symbolic.note_filter import NoteFilter
from amtstudio.ui.edit_session import EditSession
from amtstudio.ui.growing import GrowingEnvelope, GrowingPyramid
from amtstudio.ui.recording_picture import HOP_LENGTH, SAMPLE_RATE, PicturePart
from amtstudio.ui.shown_notes import shown_notes, updated
from amtstudio.ui.transcribing import Recalled, Transcribed

if TYPE_CHECKING:
    from amtstudio.engine import Plan

_REST_MS = 400  # after the last move of a threshold, before the notes are kept
_MANY_IDS = 2000  # changed at once: then it is quicker to begin again


class Document(QObject):
    """One recording with its picture, its activations and the notes decoded from them.

    Views read the attributes and listen to the signals; whoever changes something calls a method.

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
    settings : DecoderSettings
        Thresholds as the user has set them.
    profile : str
        The personal profile that it is transcribed by; "": the model as it ships.
    activations : Activations, or None
        Kept from the transcription; None until it is complete.
    pictures : dict of GrowingPyramid
        The activation of each head, to draw.
    notes, candidates : NoteTable
        Those that pass the filter. Candidates are notes that a lower threshold would find; they are
        on tracks as the model calls them, notes on those that are shown.
    filter : NoteFilter
        Range of keys and scale of what is shown, played and exported.
    pedals : tuple of Pedal
        As the project holds them.
    tracks : session.TrackList
        How the user wants the tracks.
    tempo : TempoMap, or None
        The beats and bars, where they are known.
    instruments : InstrumentActivity, or None
        None until they were looked for.
    edits : EditSession, or None
        The project that keeps the notes, once they are transcribed.
    decoded_settings : DecoderSettings, or None
        With which the notes shown were decoded; None if they were not, or from other activations.
    """

    info_changed = Signal()
    picture_changed = Signal()
    activations_changed = Signal()
    notes_changed = Signal()
    candidates_changed = Signal()
    beats_changed = Signal()
    settings_changed = Signal()
    filter_changed = Signal()
    instruments_changed = Signal()
    project_changed = Signal(object)  # session.Change: of the project as it is on the disk
    edit_failed = Signal(Exception)
    closing = Signal()  # the project is open for the last time

    seconds_per_frame = HOP_LENGTH / SAMPLE_RATE

    def __init__(
        self,
        path: Path,
        *,
        settings: DecoderSettings | None = None,
        start: float = 0.0,
        end: float | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self.start = start
        self.end = end
        self.info: AudioInfo | None = None
        self.spectrogram = GrowingPyramid(N_BINS)
        self.envelope = GrowingEnvelope(HOP_LENGTH, SAMPLE_RATE)
        self.default_settings: DecoderSettings = settings or DecodingSettings()
        self.settings = self.default_settings
        self.profile = ""
        self.activations: Activations | None = None
        self.pictures: dict[str, GrowingPyramid] = {}
        self._notes = self._candidates = _Shown(NO_NOTES, NO_NOTES)
        self.filter = NoteFilter()
        self.pedals: tuple[Pedal, ...] = ()
        self.tempo: TempoMap | None = None
        self.instruments: InstrumentActivity | None = None
        self.edits: EditSession | None = None
        self.decoded_settings: DecoderSettings | None = None
        self.plan: Plan | None = None  # the models that were chosen for it
        self.picture_complete = False
        self._preview: _Preview | None = None
        self._last_kept: session.KeptNotes | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.keep_preview)
        self.tracks = session.NO_TRACKS
        self.asked_instruments: tuple[str, ...] = ()  # none: those that are heard
        self._visible = self._audible = (NO_NOTES, self.tracks, NO_NOTES)
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
        """Whether it holds work of the user's and has no name yet; it is kept all the same."""
        project = self.project
        return project is not None and project.is_recovery and project.has_decisions

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
        return not {"melodic", "drums"} & set(model.split("+"))

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
        if self.activations is not None and self.activations.kind is TrackKind.DRUMS:
            return True
        model = "" if self._transcription is None else self._transcription.model
        if "drums" in model.split("+"):
            return True
        tables = (self._notes.all, self._candidates.all)
        return any(track.is_drums for table in tables for track in table.playing())

    @property
    def drum_track(self) -> Track:
        """Where a hit that the user adds belongs."""
        tracks = (*self._notes.all.playing(), *self._candidates.all.playing())
        return next((track for track in tracks if track.is_drums), Track.named("drums"))

    @property
    def notes(self) -> NoteTable:
        """Those that are shown, played and exported."""
        return self._notes.shown

    @property
    def candidates(self) -> NoteTable:
        return self._candidates.shown

    @property
    def n_hidden(self) -> int:
        """Notes that the range of keys and the scale leave out."""
        return len(self._notes.all) - len(self._notes.shown)

    def set_filter(self, chosen: NoteFilter) -> None:
        """Show, play and export only the notes that pass; the others stay in the project."""
        if chosen != self.filter:
            self.filter = chosen
            self._set(notes=self._notes.all, candidates=self._candidates.all)
            self.filter_changed.emit()
            self.notes_changed.emit()
            self.candidates_changed.emit()

    def shows(self, entry: session.SessionNote) -> bool:
        """Whether neither the filter nor a hidden track keeps a note of the project from view."""
        is_hidden = (
            entry.state.sounds and self.tracks.look(self.tracks.shown(entry.note.track)).is_hidden
        )  # candidates are on no track of the user's yet
        return not is_hidden and self.filter.takes(entry.note)

    def _set(self, *, notes: NoteTable | None = None, candidates: NoteTable | None = None) -> None:
        if notes is not None:
            self._notes = _Shown(notes, self.filter.filtered(notes))
        if candidates is not None:
            self._candidates = _Shown(candidates, self.filter.filtered(candidates))

    @property
    def is_transcribed(self) -> bool:
        return self._transcription is not None

    @property
    def is_settled(self) -> bool:
        """Whether all that is shown is kept."""
        return not self._rest.isActive() and (self.edits is None or not self.edits.is_busy)

    @property
    def transcription(self) -> Transcription:
        """The notes as they are now, with what the engine told about them."""
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
        """How surely each instrument is heard in it; None where nothing says so."""
        base = self._transcription
        return None if base is None else Players.from_metadata(base.metadata)

    @property
    def heard_instruments(self) -> tuple[str, ...]:
        """The instruments that have notes, of those that can be asked for."""
        notes = self.notes if self.edits is None else self.edits.project.content.sounding()
        named = {"drums" if track.is_drums else track.name for track in notes.playing()}
        return tuple(name for name in INSTRUMENTS if name in named)

    def can_part_among(self, instruments: Sequence[str]) -> bool:
        """Whether what was heard already tells what these instruments play."""
        model = "" if self._transcription is None else self._transcription.model
        models = model.split("+")
        pitched = [name for name in instruments if name != "drums"]
        return (
            self.can_edit
            and self.activations is not None
            and "melodic" in models
            and pitched not in ([], ["piano"])
            and ("drums" not in instruments or "drums" in models)
        )

    def part_among(self, instruments: Sequence[str]) -> None:
        """Put the notes on tracks of these instruments, from what was heard already.

        ``can_part_among`` must say so. One step of undo; what the user decided stays.
        """
        self.settle()
        assert self.edits is not None
        assert self.activations is not None
        activations, settings = self.activations, self.settings
        candidates = self._candidates.all  # also those that the filter leaves out
        players = Players.given([name for name in instruments if name != "drums"])
        within, text = self._within(), self.tr("Choose Instruments")

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
                candidates=candidates,
                settings=settings,
                within=within,
                text=text,
            )

        self.edits.take(step, n_notes=max(len(self.notes), _MANY_IDS))

    @property
    def shown_pedals(self) -> tuple[Pedal, ...]:
        """The presses of the pedal, on the tracks on which ``notes`` are."""
        return self.tracks.shown_pedals(self.pedals)

    @property
    def visible_notes(self) -> NoteTable:
        """Those of tracks that are not hidden."""
        notes, tracks, visible = self._visible
        if notes is not self.notes or tracks is not self.tracks:
            visible = self.tracks.visible(self.notes)
            self._visible = self.notes, self.tracks, visible
        return visible

    @property
    def audible_notes(self) -> NoteTable:
        """Those of tracks that are to be heard."""
        notes, tracks, audible = self._audible
        if notes is not self.notes or tracks is not self.tracks:
            audible = self.tracks.audible(self.notes)
            self._audible = self.notes, self.tracks, audible
        return audible

    @property
    def shown_tracks(self) -> tuple[Track, ...]:
        """Those of the notes, and those of the user's without any."""
        return self.tracks.tracks(self.notes)

    def track_colours(self) -> dict[Track, int]:
        """The place of the colour of each track among those of instruments."""
        return self.tracks.colours(self.notes)

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
        self.info_changed.emit()

    def set_info(self, info: AudioInfo) -> None:
        self.info = info
        self.info_changed.emit()

    def add_picture(self, part: PicturePart) -> None:
        self.spectrogram.append(part.spectrogram)
        self.envelope.append(part.extremes)
        self._duration_read = part.duration
        self.picture_changed.emit()

    def end_picture(self) -> None:
        self.picture_complete = True
        self.info_changed.emit()

    def clear_notes(self) -> None:
        """Forget the transcription, before another one; what a project keeps stays until then."""
        self.activations = None
        self.pictures = {}
        if self.edits is None:
            self._transcription = None
            self._set_tempo(None)
            self.set_notes(())
            self.set_candidates(())
        else:
            self.keep_preview()
        self.activations_changed.emit()

    def add_notes(self, notes: NoteTable) -> None:
        """Notes found while the transcription goes on; not in place of those of a project."""
        if self.edits is None:
            self._set(notes=self._notes.all.joined(notes).in_order())
            self.notes_changed.emit()

    def set_notes(self, notes: Iterable[Note], *, pedals: Sequence[Pedal] = ()) -> None:
        self._set(notes=NoteTable.of(notes).in_order())
        self.pedals = tuple(pedals)
        self.notes_changed.emit()

    def _set_tempo(self, tempo: TempoMap | None) -> None:
        if tempo != self.tempo:
            self.tempo = tempo
            self.beats_changed.emit()

    def set_candidates(self, notes: Iterable[Note]) -> None:
        self._set(candidates=NoteTable.of(notes).in_order())
        self.candidates_changed.emit()

    def finish(self, transcribed: Transcribed) -> None:
        """Take what the engine found."""
        self._transcription = transcribed.transcription
        self.plan = transcribed.plan
        if transcribed.suggested is not None:
            self._take_model(transcribed.suggested, transcribed.settings)
        self.activations = transcribed.activations
        self.pictures = transcribed.pictures
        self.decoded_settings = transcribed.settings
        self._preview = None
        if transcribed.project is not None:
            self.attach(transcribed.project)
        elif self.edits is not None:
            transcription = transcribed.transcription
            self._replace(
                transcription,
                transcribed.candidates,
                transcribed.settings,
                notes=transcription.notes,
                pedals=transcription.pedals,
                kept=transcribed.kept,
            )
        else:
            transcription = transcribed.transcription
            self.set_notes(transcription.notes, pedals=transcription.pedals)
            self.set_candidates(transcribed.candidates)
            self._set_tempo(transcription.tempo)
        self.activations_changed.emit()

    def _take_model(self, suggested: DecoderSettings, used: DecoderSettings | None) -> None:
        """The thresholds of the model that was chosen, where it is another than was expected."""
        if suggested.decoder == self.default_settings.decoder and self.plan is None:
            return
        self.default_settings = suggested
        if used is not None and used != self.settings:
            self.settings = used
            self.settings_changed.emit()

    def set_instruments(self, activity: InstrumentActivity | None) -> None:
        self.instruments = activity
        self.instruments_changed.emit()

    # -- the project ------------------------------------------------------------------------------

    def attach(self, project: session.Document) -> None:
        """Show the notes of a project, which keeps every edit from now on."""
        settings = self.settings
        self.edits = EditSession(project, self)
        self.edits.changed.connect(self._show_change)
        self.edits.failed.connect(self.edit_failed)
        self._show_all()
        if (players := self.players) is not None and players.is_given:
            drums = ("drums",) if "drums" in self.heard_instruments else ()
            self.asked_instruments = (*players.levels, *drums)
        if self.decoded_settings is not None and settings != self.settings:
            # A threshold was moved while the transcription went on: decoded again in a moment.
            self.settings = settings
        self.project_changed.emit(session.Change(audio=True))

    def recall(self, recalled: Recalled) -> None:
        """Take what the project has kept of what the model heard: its thresholds move again."""
        self.activations = recalled.activations
        self.pictures = recalled.pictures
        self.start, self.end = recalled.start, recalled.end
        # What is shown came of these, so that nothing is decoded before a threshold moves.
        self.decoded_settings = self.settings
        self.info_changed.emit()
        self.activations_changed.emit()

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
        self, notes: NoteTable, pedals: Sequence[Pedal], settings: DecoderSettings
    ) -> None:
        """Show newly decoded notes at once; they are kept when the thresholds have come to rest."""
        self.decoded_settings = settings
        if self.edits is None:
            self.set_notes(notes, pedals=pedals)
            return
        kept = self._preview.kept if self._preview is not None else self._kept()
        self._preview = _Preview(kept, settings, notes, tuple(pedals), None)
        self._set(notes=self.tracks.shown_notes(kept.merged(notes)))
        if not kept.pedals:
            self.pedals = tuple(pedals)
        self.notes_changed.emit()
        if not self.edits.is_read_only:
            self._rest.start()

    def preview_candidates(self, notes: NoteTable) -> None:
        if self._preview is None:
            if self.edits is None:
                self.set_candidates(notes)
            return
        self._preview = replace(self._preview, candidates=notes)
        self._set(candidates=self._preview.kept.merged(notes, candidates=True))
        self.candidates_changed.emit()

    def keep_preview(self) -> None:
        """Put what is shown of moved thresholds into the project."""
        self._rest.stop()
        preview, self._preview = self._preview, None
        if preview is None or self.edits is None or self.edits.is_read_only:
            return
        candidates = preview.candidates
        if candidates is None:  # not decoded yet: those of before that are not notes now
            candidates = candidates_beyond(self._candidates.all, preview.notes)
        base = self.edits.project.transcription(())
        self._replace(
            base,
            candidates,
            preview.settings,
            notes=preview.notes,
            pedals=preview.pedals,
            kind=None if self.activations is None else self.activations.kind,
            text=self.tr("Change Thresholds"),
        )

    def take_recording(self) -> None:
        """Go on with the recording that the project names now: it was missing before."""
        project = self.project
        path = None if project is None else project.audio_path
        if path is not None:
            self.path = path
            self.info_changed.emit()
            self.project_changed.emit(session.Change(audio=True))

    def close(self, *, keeps_untouched: bool = True) -> None:
        """Keep what is shown, and close the project.

        One that has no name and holds nothing of the user's goes, unless it is to be kept.
        """
        self.keep_preview()
        if self.edits is not None:
            self.closing.emit()
            self.edits.close(keeps_untouched=keeps_untouched)

    def _replace(
        self,
        base: Transcription,
        candidates: NoteTable,
        settings: DecoderSettings | None,
        *,
        notes: NoteTable,
        pedals: Sequence[Pedal],
        kind: TrackKind | None = None,
        text: str = "",
        kept: session.KeptActivations | None = None,
    ) -> None:
        assert self.edits is not None
        within = self._within()
        text = text or self.tr("Transcribe")

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

    def _kept(self) -> session.KeptNotes:
        assert self.edits is not None
        # While moved thresholds are written, a slider need not wait: they change nothing of this.
        if self._last_kept is None or not self.edits.is_busy:
            self._last_kept = session.KeptNotes.of(
                self.edits.project.content,
                within=self._within(),
                kind=None if self.activations is None else self.activations.kind,
            )
        return self._last_kept

    def _show_change(self, change: session.Change) -> None:
        """Show a step of the project, unless the thresholds have moved on meanwhile."""
        assert self.edits is not None
        if self._preview is not None:
            self._preview = replace(self._preview, kept=self._kept())
            self.tracks = self.edits.project.tracks
        elif change.source or change.tracks or len(change.changed) > _MANY_IDS:
            self._show_all()
        else:
            project, former = self.edits.project, self._candidates.all
            notes = updated(self._notes.all, project, change.changed, candidates=False)
            candidates = updated(former, project, change.changed, candidates=True)
            self._set(notes=notes, candidates=candidates)
            self.pedals = project.pedals
            self.notes_changed.emit()
            if candidates is not former:
                self.candidates_changed.emit()
        self._set_tempo(self.edits.project.tempo)
        self.project_changed.emit(change)

    def _show_all(self) -> None:
        assert self.edits is not None
        project = self.edits.project
        self._transcription = project.transcription(())
        self.tracks = project.tracks
        notes, candidates = shown_notes(project)
        self._set(notes=notes, candidates=candidates)
        self.pedals = project.pedals
        self._set_tempo(project.tempo)
        self.profile = project.source.profile or ""
        settings = project.source.settings
        if settings is not None and settings != self.settings:
            self.settings = settings
            if self.decoded_settings is not None:
                self.decoded_settings = settings  # a moved threshold was undone
            self.settings_changed.emit()
        self.notes_changed.emit()
        self.candidates_changed.emit()

    def change_settings(self, **changes: float) -> None:
        """Set thresholds by their names in the settings of the decoder.

        Raises ``ValueError`` if one is out of range, ``KeyError`` if there is none of that name.
        """
        self._set_settings(self.settings.changed(changes))

    def prefer(self, values: Mapping[str, float], *, to_default: bool = False) -> None:
        """Set those of the values that this model knows; ``to_default``: all others as it says."""
        settings = self.default_settings if to_default else self.settings
        known = {entry.name for entry in settings.adjustable()}
        wanted = {name: value for name, value in values.items() if name in known}
        self._set_settings(settings.changed(wanted))

    def reset_settings(self) -> None:
        """Set what the user may move to what the model suggests."""
        default = self.default_settings
        self.prefer({entry.name: default.value(entry.name) for entry in default.adjustable()})

    def _set_settings(self, settings: DecoderSettings) -> None:
        if settings != self.settings:
            self.settings = settings
            self.settings_changed.emit()


class _Shown(NamedTuple):
    """Notes, and those of them that pass the filter."""

    all: NoteTable
    shown: NoteTable


@dataclass(frozen=True, slots=True)
class _Preview:
    """What thresholds that still move have found, before the project knows of it."""

    kept: session.KeptNotes
    settings: DecoderSettings
    notes: NoteTable
    pedals: tuple[Pedal, ...]
    candidates: NoteTable | None  # None: not decoded yet
