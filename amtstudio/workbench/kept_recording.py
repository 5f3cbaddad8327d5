"""A recording whose notes a project keeps: its steps are shown, and what is found is kept."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from amtstudio import session
from amtstudio.decoding import DecoderSettings, Players
from amtstudio.decoding.players import INSTRUMENTS
from amtstudio.errors import AmtStudioError
from amtstudio.symbolic import NO_PLACES, NoteTable, Pedal, TrackKind, Transcription
from amtstudio.symbolic.note_filter import NoteFilter
from amtstudio.workbench.edits import DirectEdits, Edits
from amtstudio.workbench.transcribed_recording import TranscribedRecording
from amtstudio.workbench.transcribing import Recalled

logger = logging.getLogger("amtstudio.workbench")

MANY_IDS = 2000  # changed at once: then it is quicker to begin again


def given_by(players: Players | None) -> tuple[str, ...]:
    """The instruments that the user has named, if any."""
    return tuple(players.levels) if players is not None and players.is_given else ()


class KeptRecording(TranscribedRecording):
    """A recording that shows what its project holds, after every step of that.

    Attributes
    ----------
    edits : Edits, or None
        The project that keeps the notes, once they are transcribed.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.edits: Edits | None = None
        self._last_kept: tuple[TrackKind | None, session.KeptNotes] | None = None
        self._given: tuple[str, ...] = ()  # by the user: the players of the notes that are shown

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
        """Whether something saved differs from it; false while a step is on its way."""
        if self.edits is None or self.edits.is_busy:
            return False
        project = self.edits.project
        return not project.is_recovery and project.has_changes

    @property
    def transcription(self) -> Transcription:
        """The current notes, with the engine's information about them."""
        base, project = super().transcription, self.project
        if project is None:
            return replace(base, staff_places=NO_PLACES)
        return replace(base, staff_places=project.staff_places, score_choices=project.score_choices)

    @property
    def heard_instruments(self) -> tuple[str, ...]:
        """The instruments that have notes, of those that can be requested."""
        notes = self.notes if self.edits is None else self.edits.project.content.sounding()
        named = {"drums" if track.is_drums else track.name for track in notes.playing()}
        return tuple(name for name in INSTRUMENTS if name in named)

    @property
    def expected_instruments(self) -> tuple[str, ...]:
        """As ``heard_instruments``; before there are notes, those that the detector names."""
        if (heard := self.heard_instruments) or self.instruments is None:
            return heard
        named = {"drums" if name == "cymbals" else name for name in self.instruments.named()}
        return tuple(name for name in INSTRUMENTS if name in named)

    # -- opening it --------------------------------------------------------------------------------

    def attach(self, project: session.Document) -> None:
        """Show the notes of a project, which keeps every edit from now on."""
        moved = {part: part.settings for part in self.parts if part.is_behind}
        chosen = self.filter  # perhaps before there was anything to keep it
        self.edits = self._edits_of(project)
        self._show_all()
        if self.filter.takes_all:
            self.set_filter(chosen)
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
    def wants_recall(self) -> bool:
        """Whether the project has kept activations that are not loaded.

        So it is after a transcription was undone, or began again and was cancelled.
        """
        if self.edits is None:
            return False
        kept = self.edits.project.activations
        return any(part.model in kept and part.activations is None for part in self.parts)

    def take_recording(self) -> None:
        """Go on with the recording that the project names now: it was missing before."""
        project = self.project
        path = None if project is None else project.audio_path
        if path is not None:
            self.path = path
            self._announce("info")
            self._announce_project(session.Change(audio=True))

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

    # -- steps on the project ----------------------------------------------------------------------

    def set_filter(self, chosen: NoteFilter) -> None:
        """Show this at once; the project keeps it, as a step that can be undone."""
        if chosen == self.filter:
            return
        super().set_filter(chosen)
        if self.edits is not None and not self.edits.is_read_only:
            self.edits.take(lambda project: project.set_note_filter(chosen))

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
        is_large = len(change.changed) > MANY_IDS
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
        super().set_filter(self.edits.project.note_filter)
        self._announce_project(change)

    def _show_kept(self) -> None:
        """Show what the project holds where thresholds changed nothing, or were not written."""
        if self.is_preview and not self.has_previews:
            self._show_all()

    def _show_all(self) -> None:
        assert self.edits is not None
        project = self.edits.project
        self._transcription = project.transcription(())
        self._follow_asked()
        former = self.filter
        self.show_project(project)
        if self.filter != former:
            self._announce("filter")
        self._set_tempo(project.tempo)
        self._set_tags(project.instrument_tags)
        self.profile = project.source.profile or ""
        self.model = project.source.asked_model or self.model
        if self.put_source(project.source):
            self._announce("settings")
            self._announce("activations")
        self._announce("notes")
        self._announce("candidates")

    def _follow_asked(self) -> None:
        """Undoing a choice of instruments undoes it for the next transcription as well."""
        given = given_by(self.players)
        if given != self._given:
            self._given = given
            drums = ("drums",) if given and "drums" in self.heard_instruments else ()
            self.asked_instruments = (*given, *drums)

    # -- for a subclass that shows it --------------------------------------------------------------

    def _tr(self, text: str) -> str:
        """The name of a step in the user's language."""
        return text

    def _announce_project(self, change: session.Change) -> None:
        """Announce a change of the project on disk."""

    def _ask_for_recall(self) -> None:
        """Ask for the activations that the project has kept; see ``recall``."""

    def _edits_of(self, project: session.Document) -> Edits:
        """What takes steps on a project, and calls ``_show_change`` and ``_show_kept``."""
        return DirectEdits(project, changed=self._show_change, ended=self._show_kept)
