"""An open recording without a window: its transcription, its instruments, its thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from amtstudio import session
from amtstudio.decoding import DecoderSettings, Players, among_tracks_of, decode, with_players
from amtstudio.symbolic import NO_NOTES, NoteTable, Pedal, TrackKind
from amtstudio.workbench.kept_recording import MANY_IDS, KeptRecording, given_by
from amtstudio.workbench.model_parts import ModelPart
from amtstudio.workbench.transcribing import AUTO, Transcribed

_MOST_RESTS = 5  # that candidates are waited for


class OpenRecording(KeptRecording):
    """One recording with its picture, its activations and the notes decoded from them.

    Views read the attributes, also those of the classes that it extends; changes are made by
    calling methods. A subclass that shows it overrides the methods of the last section of each
    class: they announce every change, and wait until moved thresholds have come to rest.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._n_rests = 0

    @property
    def is_settled(self) -> bool:
        """Whether all that is shown is kept."""
        return not self._is_resting and (self.edits is None or not self.edits.is_busy)

    def settle(self) -> None:
        """Make sure that every note shown has its id, before the user takes hold of one."""
        self.keep_preview()
        if self.edits is not None:
            self.edits.wait()

    def close(self, *, keeps_untouched: bool = True) -> None:
        """Keep what is shown, and close the project.

        One without a name and without anything of the user's is removed, unless it is to be kept.
        """
        self.keep_preview()
        if self.edits is not None:
            self._announce_end()
            self.edits.close(keeps_untouched=keeps_untouched)

    # -- transcribing ------------------------------------------------------------------------------

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

    def finish(self, transcribed: Transcribed) -> None:
        """Take what the engine found."""
        if self.edits is not None:
            self.edits.wait()  # and is notified of what was done before
        self._transcription = transcribed.transcription
        self._given = given_by(self.players)  # and what was asked for stays
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

    # -- choosing instruments ----------------------------------------------------------------------

    def can_part_among(self, instruments: Sequence[str]) -> bool:
        """Whether the existing activations suffice to say what these instruments play."""
        pitched = [name for name in instruments if name != "drums"]
        part = self._melodic
        return (
            self.can_edit
            and part is not None
            and part.activations is not None
            and pitched not in ([], ["piano"])
            and ("drums" not in instruments or "drums" in self.models)
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
                    asked_model=AUTO,
                ),
                candidates=list(among_tracks_of(candidates, notes)),
                settings={part.model: settings},
                within=within,
                text=text,
            )

        self.edits.take(step, n_notes=max(len(self.notes), MANY_IDS))

    # -- moving thresholds -------------------------------------------------------------------------

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

    # -- for a subclass that shows it --------------------------------------------------------------

    def _announce_end(self) -> None:
        """Announce that the project is about to be closed."""

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
