"""The notes of a recording as they are shown: on the user's tracks, filtered, and before a rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from amtstudio.decoding import DecoderSettings, candidates_beyond
from amtstudio.session.command import SOUNDING
from amtstudio.session.edited_notes import EditedNotes
from amtstudio.session.replacing import KeptNotes
from amtstudio.session.track_list import NO_TRACKS
from amtstudio.session.values import SessionNote
from amtstudio.symbolic import NO_NOTES, NoteState, NoteTable, Pedal, Track, TrackKind
from amtstudio.symbolic.note_filter import NoteFilter


@dataclass(frozen=True, slots=True)
class Preview:
    """What a model's thresholds find while they are being moved, before the project is changed.

    ``kind`` is that of its notes; None: all are. ``kept`` stays whatever the thresholds find.
    """

    model: str
    kind: TrackKind | None
    kept: KeptNotes
    settings: DecoderSettings
    notes: NoteTable
    pedals: tuple[Pedal, ...]
    candidates: NoteTable | None = None  # None: not decoded yet


class ShownNotes:
    """Which notes of a recording are shown, played and exported.

    They are those of a project or, before there is one, those that were found. While thresholds
    move, what they find stands in the place of what the project keeps: a preview for each model.

    Attributes
    ----------
    notes, candidates : NoteTable
        Those that pass the filter. Candidates are notes that a lower threshold would find; they are
        on tracks as the model calls them, notes on those that are shown.
    all_notes, all_candidates : NoteTable
        Also those that the filter leaves out.
    filter : NoteFilter
        Range of keys and scale of what is shown, played and exported.
    pedals : tuple of Pedal
        As the project holds them.
    tracks : TrackList
        How the user wants the tracks.
    is_preview : bool
        Whether notes are shown that have no ids, as the project does not know them.
    """

    def __init__(self) -> None:
        self.notes = self.candidates = self.all_notes = self.all_candidates = NO_NOTES
        self.filter = NoteFilter()
        self.pedals: tuple[Pedal, ...] = ()
        self.tracks = NO_TRACKS
        self.is_preview = False
        self._previews: dict[str, Preview] = {}  # by model
        self._visible = self._audible = (NO_NOTES, self.tracks, NO_NOTES)
        self._visible_candidates = (NO_NOTES, self.tracks, NO_NOTES)

    # -- what is shown ----------------------------------------------------------------------------

    def put(self, *, notes: NoteTable | None = None, candidates: NoteTable | None = None) -> None:
        """Show these, as far as they pass the filter."""
        if notes is not None:
            self.all_notes, self.notes = notes, self.filter.filtered(notes)
        if candidates is not None:
            self.all_candidates, self.candidates = candidates, self.filter.filtered(candidates)

    def set_filter(self, chosen: NoteFilter) -> None:
        """Show, play and export only the notes that pass; the others stay in the project."""
        self.filter = chosen
        self.put(notes=self.all_notes, candidates=self.all_candidates)

    def show_project(self, project: EditedNotes) -> None:
        """Show the content of a project, in place of all else."""
        self.is_preview = False
        self.tracks, self.pedals = project.tracks, project.pedals
        self.filter = project.note_filter
        table = project.content.table()
        sounding, candidates = table.has_state(*SOUNDING), table.has_state(NoteState.CANDIDATE)
        self.put(
            notes=project.tracks.shown_notes(table.take(sounding)),
            candidates=table.take(candidates),
        )

    def show_changed(self, project: EditedNotes, ids: Iterable[int]) -> bool:
        """Update after notes with these ids changed; return whether candidates changed."""
        self.pedals = project.pedals
        keys = list(ids)
        table = project.content.table(keys)
        # Candidates may come back to the project, on tracks as the model calls them.
        notes = project.tracks.shown_notes(table.take(table.has_state(*SOUNDING)))
        candidates = table.take(table.has_state(NoteState.CANDIDATE))
        former = self.all_candidates
        self.put(
            notes=_exchanged(self.all_notes, keys, notes),
            candidates=_exchanged(former, keys, candidates),
        )
        return self.all_candidates is not former

    def shows(self, entry: SessionNote) -> bool:
        """Whether neither the filter nor a hidden track keeps a note of the project from view."""
        is_hidden = self.tracks.look(self.tracks.shown(entry.note.track)).is_hidden
        return not is_hidden and self.filter.takes(entry.note)

    @property
    def n_hidden(self) -> int:
        """Notes that the range of keys and the scale leave out."""
        return len(self.all_notes) - len(self.notes)

    @property
    def drum_tracks(self) -> tuple[Track, ...]:
        """Those that hold drum hits, or candidates for some."""
        tracks = (*self.all_notes.playing(), *self.all_candidates.playing())
        return tuple(track for track in tracks if track.is_drums)

    @property
    def visible_notes(self) -> NoteTable:
        """Those of tracks that are not hidden."""
        notes, tracks, visible = self._visible
        if notes is not self.notes or tracks is not self.tracks:
            visible = self.tracks.visible(self.notes)
            self._visible = self.notes, self.tracks, visible
        return visible

    @property
    def visible_candidates(self) -> NoteTable:
        """Those that would be on tracks that are not hidden."""
        candidates, tracks, visible = self._visible_candidates
        if candidates is not self.candidates or tracks is not self.tracks:
            visible = self.tracks.visible_as_held(self.candidates)
            self._visible_candidates = self.candidates, self.tracks, visible
        return visible

    @property
    def audible_notes(self) -> NoteTable:
        """Those of audible tracks."""
        notes, tracks, audible = self._audible
        if notes is not self.notes or tracks is not self.tracks:
            audible = self.tracks.audible(self.notes)
            self._audible = self.notes, self.tracks, audible
        return audible

    @property
    def shown_pedals(self) -> tuple[Pedal, ...]:
        """The presses of the pedal, on the tracks on which ``notes`` are."""
        return self.tracks.shown_pedals(self.pedals)

    @property
    def shown_tracks(self) -> tuple[Track, ...]:
        """Those of the notes, and those of the user's without any."""
        return self.tracks.tracks(self.notes)

    def track_colours(self) -> dict[Track, int]:
        """The place of the colour of each track among those of instruments."""
        return self.tracks.colours(self.notes)

    # -- while thresholds move --------------------------------------------------------------------

    @property
    def has_previews(self) -> bool:
        return bool(self._previews)

    @property
    def are_previews_complete(self) -> bool:
        """Whether their candidates are there as well."""
        return all(preview.candidates is not None for preview in self._previews.values())

    def kept_in_preview(self, model: str) -> KeptNotes | None:
        """The notes that stay whatever a model's thresholds find; None: thresholds are fixed."""
        preview = self._previews.get(model)
        return None if preview is None else preview.kept

    def preview(self, preview: Preview) -> None:
        """Show what moved thresholds have found, beside what is kept."""
        self._previews[preview.model] = preview
        self.is_preview = True
        self.put(notes=self.tracks.shown_notes(self._previewed(candidates=False)))
        if not preview.kept.pedals:
            self.pedals = preview.pedals

    def complete_preview(self, model: str, candidates: NoteTable) -> bool:
        """Show the candidates that belong to previewed notes; returns whether there are any."""
        if model not in self._previews:
            return False
        self._previews[model] = replace(self._previews[model], candidates=candidates)
        self.put(candidates=self._previewed(candidates=True))
        return True

    def renew_previews(
        self, project: EditedNotes, kept: Callable[[TrackKind | None], KeptNotes]
    ) -> None:
        """The project has changed meanwhile: other notes of a kind may stay."""
        self.tracks = project.tracks
        for model, preview in self._previews.items():
            self._previews[model] = replace(preview, kept=kept(preview.kind))

    def take_preview(self) -> tuple[Preview, NoteTable] | None:
        """The first preview, which ends, with its candidates.

        Where they are not decoded yet: those of before that are not notes now.
        """
        if not self._previews:
            return None
        preview = self._previews.pop(next(iter(self._previews)))
        if preview.candidates is not None:
            return preview, preview.candidates
        former = _of_kind(self.all_candidates, preview.kind)
        return preview, candidates_beyond(former, preview.notes)

    def drop_previews(self) -> None:
        self._previews.clear()

    def _previewed(self, *, candidates: bool) -> NoteTable:
        """Notes, or candidates, as the project will have them."""
        tables = []
        for preview in self._previews.values():
            found = preview.candidates if candidates else preview.notes
            if found is None:  # not decoded yet: those of before
                found = _of_kind(self.all_candidates, preview.kind)
            merged = preview.kept.merged(found, candidates=candidates)
            is_alone = len(self._previews) == 1
            tables.append(merged if is_alone else _of_kind(merged, preview.kind))
        return tables[0] if len(tables) == 1 else NO_NOTES.joined(*tables).in_order()


def _exchanged(notes: NoteTable, ids: list[int], new: NoteTable) -> NoteTable:
    """With these in place of those with the ids; the same table if nothing is exchanged."""
    touched = notes.places_of(ids)
    if not len(touched) and not len(new):
        return notes
    return notes.without(touched).joined(new).in_order()


def _of_kind(notes: NoteTable, kind: TrackKind | None) -> NoteTable:
    return notes if kind is None else notes.of_kind(kind)
