"""The user's edits of the notes: each becomes one step of the project."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Concatenate, ParamSpec

import numpy as np
from PySide6.QtCore import QObject, Signal

from amtstudio import session
from amtstudio.errors import EditError
from amtstudio.session import Document as Project
from amtstudio.session import NoteState, SessionNote
from amtstudio.symbolic import PIANO, Note, Pedal, Track, TrackKind
from amtstudio.symbolic.heads import PIANO_KEYS
from amtstudio.symbolic.snapping import BeatGrid
from amtstudio.ui.document import Document
from amtstudio.ui.drum_rows import Rows, drum_rows, note_name
from amtstudio.ui.note_selection import NoteSelection
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.time_selection import TimeSelection
from amtstudio.ui.translation import translated_message

LOWEST_PITCH, HIGHEST_PITCH = PIANO_KEYS.lowest, PIANO_KEYS.highest  # those that are shown
P = ParamSpec("P")
NEW_NOTE_S = 0.25
NUDGE_S = 0.01
VELOCITY_STEP = 5
BEND_STEP_CENTS = 10.0
BEND_FACTOR = 1.25
NEW_HIT_S = 0.1  # how long a drum rings is unknown
_NEW_VELOCITY = 80


class Editor(QObject):
    """Edits the document that is shown.

    An edit that the notes do not allow is ``said``; other failures come from the document itself.
    """

    said = Signal(str)
    failed = Signal(Exception)
    revealed = Signal(float, float)  # onset and offset of what should come into view
    state_changed = Signal()  # what can be undone, or edited at all

    def __init__(self, time_selection: TimeSelection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selection = NoteSelection(self)
        self.selection.changed.connect(self._turn_to_selected)
        self.time_selection = time_selection
        self.pedal: Pedal | None = None  # the press that is selected
        self.track: Track | None = None  # on which new notes come, as it is shown
        self.snap_parts: tuple[int, ...] | None = None  # of a beat, to which edits are drawn
        self._document: Document | None = None
        self._after: SessionNote | None = None  # the doubtful note that was shown last

    @property
    def document(self) -> Document | None:
        return self._document

    @property
    def can_edit(self) -> bool:
        return self._document is not None and self._document.can_edit

    @property
    def grid(self) -> BeatGrid | None:
        """Lines that edits are drawn to; None where that is switched off, or there are no beats."""
        tempo = None if self._document is None else self._document.tempo
        if self.snap_parts is None or tempo is None:
            return None
        return BeatGrid(tempo, self.snap_parts)

    @property
    def undo_text(self) -> str | None:
        edits = None if self._document is None else self._document.edits
        return None if edits is None or edits.is_busy else edits.project.undo_text

    @property
    def redo_text(self) -> str | None:
        edits = None if self._document is None else self._document.edits
        return None if edits is None or edits.is_busy else edits.project.redo_text

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.project_changed.disconnect(self._follow)
            self._document.edit_failed.disconnect(self._take_failure)
            self._document.filter_changed.disconnect(self._let_go_of_hidden)
        self._document = document
        self._after = None
        self.select_pedal(None)
        self.selection.clear()
        if document is not None:
            document.project_changed.connect(self._follow)
            document.edit_failed.connect(self._take_failure)
            document.filter_changed.connect(self._let_go_of_hidden)
        self.state_changed.emit()

    # -- selecting --------------------------------------------------------------------------------

    def select_all(self) -> None:
        """All notes that sound; within the marked time, if there is any."""
        if self._document is None:
            return
        self._document.settle()
        notes = self._document.visible_notes
        begin, end = self.time_selection.range or (0.0, float("inf"))
        inside = (notes.onset >= begin) & (notes.onset < end)
        self.selection.set(notes.id[inside].tolist())

    def select_none(self) -> None:
        """Nothing: first of the notes, then of time."""
        if len(self.selection) or self.pedal is not None:
            self.selection.clear()
            self.select_pedal(None)
        else:
            self.time_selection.clear()

    def select_pedal(self, pedal: Pedal | None) -> None:
        if pedal != self.pedal:
            self.pedal = pedal
            self.state_changed.emit()

    def mark_selected(self) -> None:
        """Mark the time from the first of the selected notes to the last."""
        notes = [entry.note for entry in self.selected_entries()]
        if notes:
            self.time_selection.set(
                min(note.onset for note in notes), max(note.offset for note in notes)
            )

    def _turn_to_selected(self) -> None:
        """Where several models have listened, bring that forward whose notes are selected."""
        document = self._document
        if document is None or len(document.parts) < 2 or not len(self.selection):
            return
        kinds = {
            track.kind
            for notes in (document.notes, document.candidates)
            for track in notes.take(notes.places_of(self.selection.ids)).playing()
        }
        if len(kinds) == 1:
            document.bring_forward(kinds.pop())

    def selected_entries(self) -> list[SessionNote]:
        """The selected notes as they are now."""
        project = self._project()
        if project is None:
            return []
        entries = (project.notes.get(key) for key in self.selection.ids)
        return [e for e in entries if e is not None and not e.state.is_gone]

    # -- notes ------------------------------------------------------------------------------------

    def add_note(
        self,
        pitch: int,
        onset: float,
        offset: float | None = None,
        *,
        kind: TrackKind = TrackKind.PITCHED,
    ) -> None:
        """Add a note and select it; without an offset, of the usual length.

        Without one it begins and ends on lines of the grid, where edits are drawn to it.
        """
        onset = max(onset, 0.0)
        if offset is None and (grid := self.grid) is not None:
            onset = grid.nearest(onset)
            offset = grid.after(onset)
        track = self._track_of_new(kind)
        if kind is TrackKind.DRUMS:
            offset = onset + NEW_HIT_S
        elif offset is None:
            offset = onset + NEW_NOTE_S
        velocities = [entry.note.velocity for entry in self.selected_entries()]
        velocity = velocities[-1] if velocities else _NEW_VELOCITY
        added: list[int] = []
        try:
            note = Note(onset, offset, pitch, velocity, track=track)
        except ValueError:
            self.said.emit(self.tr("A note needs a pitch from C-1 to G9 and a length."))
            return
        if self._take(lambda project: added.append(project.add(note))):
            self.selection.set(added)

    def _track_of_new(self, kind: TrackKind) -> Track:
        """The track of a new note: that of the selection, the chosen one, or the fullest."""
        project = self._project()
        if project is None or self._document is None:
            return PIANO
        if kind is TrackKind.DRUMS:
            return project.tracks.held_for(
                next(iter(self._document.drum_tracks), Track.named("drums"))
            )
        held = [entry.note.track for entry in self.selected_entries()]
        if held and not held[-1].is_drums:
            return held[-1]
        notes = project.content.sounding()
        shown = project.tracks.tracks(notes)
        if self.track is not None and self.track in shown and not self.track.is_drums:
            return project.tracks.held_for(self.track)
        counts = np.bincount(notes.track, minlength=len(notes.tracks))
        counts[[track.is_drums for track in notes.tracks]] = 0
        return notes.tracks[int(np.argmax(counts))] if counts.any() else PIANO

    def add_note_at_marked_time(self, pitch: int, *, kind: TrackKind = TrackKind.PITCHED) -> None:
        if self.time_selection.range is None:
            self.said.emit(self.tr("Mark the time of the note first, along the ruler."))
        else:
            self.add_note(pitch, *self.time_selection.range, kind=kind)

    def delete(self) -> None:
        """The selected notes, or the selected press of the pedal."""
        entries = self.selected_entries()
        if not entries and self.pedal is not None:
            pedal = self.pedal
            if self.take(Project.delete_pedals, [pedal]):
                self.select_pedal(None)
            return
        only_candidates = all(entry.state is NoteState.CANDIDATE for entry in entries)
        self.change(Project.reject if only_candidates else Project.delete)

    def move(self, *, seconds: float = 0.0, steps: int = 0, kind: TrackKind | None = None) -> None:
        """Move the selected notes as far as all of them can go.

        ``steps`` are semitones of notes and rows of drum hits, and move those of one kind alone;
        by default the notes, and hits where nothing else is selected.
        """
        entries = self.selected_entries()
        project = self._project()
        if project is None or not entries:
            return
        kind = self.moved_kind(entries) if kind is None else kind
        seconds, steps = self.limited(entries, seconds, steps, kind)
        if seconds or steps:
            pitches = {entry.id: entry.note.pitch for entry in entries}
            pitches |= self.moved_pitches(entries, steps, kind)
            self._take(
                lambda project: project.move_each(pitches, seconds=seconds), n_notes=len(pitches)
            )

    def nudge(self, direction: int) -> None:
        """Move the selected notes a little earlier (-1) or later (1), the first to a line."""
        entries = self.selected_entries()
        if not entries:
            self._say_nothing_selected()
            return
        self.move(seconds=self._nudged_by(min(e.note.onset for e in entries), direction))

    def stretch(self, direction: int) -> None:
        """Make the selected notes a little shorter (-1) or longer (1), the first to a line."""
        entries = self.selected_entries()
        if not entries:
            self._say_nothing_selected()
            return
        last = min(entries, key=_onset).note.offset
        self.change(Project.resize, offset_by=self._nudged_by(last, direction))

    def _nudged_by(self, second: float, direction: int) -> float:
        grid = self.grid
        if grid is None:
            return direction * NUDGE_S
        return (grid.before(second) if direction < 0 else grid.after(second)) - second

    def moved_kind(self, entries: Sequence[SessionNote]) -> TrackKind:
        """Of which of these notes a step up or down is a matter."""
        only_hits = all(entry.note.track.is_drums for entry in entries)
        return TrackKind.DRUMS if only_hits else TrackKind.PITCHED

    def limited(
        self, entries: Sequence[SessionNote], seconds: float, steps: int, kind: TrackKind
    ) -> tuple[float, int]:
        """How far these notes can move together, those of each kind on its keys or rows."""
        project = self._project()
        if project is None or not entries:
            return 0.0, 0
        ids = [entry.id for entry in entries]
        seconds, _ = session.limit_move(project.content, ids, seconds=seconds)
        places = [entry.note.pitch for entry in entries if entry.note.track.kind is kind]
        if not places:
            return seconds, 0
        first, last = LOWEST_PITCH, HIGHEST_PITCH
        if kind is TrackKind.DRUMS:
            rows = self._rows()
            first, last = 0, len(rows) - 1
            places = [rows.index(pitch) for pitch in places]
        # Notes already beyond may stay there.
        steps = max(steps, min(first - min(places), 0))
        return seconds, min(steps, max(last - max(places), 0))

    def moved_pitches(
        self, entries: Sequence[SessionNote], steps: int, kind: TrackKind
    ) -> dict[int, int]:
        """The pitches of those of a kind, by their ids, so many keys or rows further up."""
        of_kind = [entry for entry in entries if entry.note.track.kind is kind]
        if kind is TrackKind.PITCHED:
            return {entry.id: entry.note.pitch + steps for entry in of_kind}
        rows = self._rows()
        return {entry.id: rows[rows.index(entry.note.pitch) + steps] for entry in of_kind}

    def _rows(self) -> Rows:
        document = self._document
        return drum_rows(() if document is None else (document.notes, document.candidates))

    def shift_octave(self, octaves: int) -> None:
        ids = [entry.id for entry in self.selected_entries() if not entry.note.track.is_drums]
        if ids:
            self._take(lambda project: project.shift_octave(ids, octaves), n_notes=len(ids))
        elif len(self.selection):
            self.said.emit(
                self.tr("Drums have no octaves: Up and Down move a hit to another drum.")
            )
        else:
            self._say_nothing_selected()

    def split(self, time: float | None = None) -> None:
        """Cut the selected notes at a time; by default in the middle of the first of them.

        All halves are selected then, so that merging takes it back.
        """
        entries = self.selected_entries()
        if not entries:
            self._say_nothing_selected()
            return
        if time is None or not any(e.note.onset < time < e.note.offset for e in entries):
            first = min(entries, key=lambda entry: entry.note).note
            time = (first.onset + first.offset) / 2.0
        project = self._project()
        known = frozenset() if project is None else frozenset(project.notes)
        self.change(Project.split, time)
        project = self._project()
        if project is not None:
            self.selection.add(key for key in project.notes if key not in known)

    def set_cells(self, key: int, **changes: float) -> bool:
        """Change one note by the fields of ``Note``; whether that was possible."""
        project = self._project()
        entry = None if project is None else project.notes.get(key)
        if entry is None:
            return False
        note = entry.note
        if "velocity" in changes:
            return self.take(Project.set_velocity, [key], int(changes["velocity"]))
        if "pitch" in changes:
            return self.take(Project.move, [key], semitones=int(changes["pitch"]) - note.pitch)
        if "onset" in changes:
            return self.take(Project.resize, [key], onset_by=changes["onset"] - note.onset)
        return self.take(Project.resize, [key], offset_by=changes["offset"] - note.offset)

    # -- tracks -----------------------------------------------------------------------------------

    def move_to_new_track(self) -> None:
        """Move the selected notes to a track of their own."""
        entries = self.selected_entries()
        project = self._project()
        if project is None or not entries:
            self._say_nothing_selected()
            return
        like = project.tracks.shown(entries[0].note.track)
        self.change(Project.move_to_track, replace(like, name=self._free_name(like.name)))

    def add_track(self) -> Track | None:
        """A new track without notes; None where that is not possible."""
        track = Track(self._free_name(self.tr("track")))
        return track if self.take(Project.add_track, track) else None

    def _free_name(self, name: str) -> str:
        """``name`` with the first number that no track has yet."""
        shown = () if self._document is None else self._document.shown_tracks
        names = {track.name for track in shown}
        return next(f"{name} {n}" for n in itertools.count(2) if f"{name} {n}" not in names)

    def delete_track(self, track: Track) -> None:
        """Delete a track with its notes and candidates."""
        document, n_notes = self._document, 0
        if document is not None:
            candidates = document.tracks.shown_notes(document.candidates)
            n_notes = len(document.notes.of_track(track)) + len(candidates.of_track(track))
        self._take(lambda project: project.delete_track(track), n_notes=n_notes + 1)

    def select_track(self, track: Track) -> None:
        """Select all notes of a track."""
        if self._document is not None:
            self._document.settle()
            self.selection.set(self._document.notes.of_track(track).id.tolist())

    # -- reviewing --------------------------------------------------------------------------------

    def next_doubtful(self, *, backwards: bool = False, now: float = 0.0) -> None:
        """Select the doubtful note after the selected one, or after ``now``, seconds.

        Where several models have listened, of the notes of that in front.
        """
        project = self._project()
        if project is None or self._document is None:
            return
        entries = self.selected_entries()
        after: float | SessionNote = now
        if len(entries) == 1:
            after = entries[0]
        elif self._after is not None:
            after = self._after
        kind = self._document.reviewed_kind
        found = project.next_doubtful(after, backwards=backwards, kind=kind)
        while found is not None and not self._document.shows(found):  # past what is hidden
            found = project.next_doubtful(found, backwards=backwards, kind=kind)
        if found is None:
            self.said.emit(self._no_doubtful(kind, backwards=backwards))
            return
        self._after = found
        self.selection.set([found.id])
        self.revealed.emit(found.note.onset, found.note.offset)
        if found.state is NoteState.CANDIDATE:
            what = self.tr("Candidate")
        else:
            what = self.tr("Hit") if found.note.track.is_drums else self.tr("Note")
        self.said.emit(
            self.tr(
                "{kind} {pitch} at {time}, {sure} % sure. Y: keep it, Delete: remove it"
            ).format(
                kind=what,
                pitch=note_name(found.note),
                time=clock(found.note.onset, 1),
                sure=round(100 * found.note.confidence),
            )
        )

    def _no_doubtful(self, kind: TrackKind | None, *, backwards: bool) -> str:
        if kind is TrackKind.DRUMS:
            before = self.tr("No doubtful drum hit before this one.")
            after = self.tr("No doubtful drum hit after this one.")
        else:
            before = self.tr("No doubtful note before this one.")
            after = self.tr("No doubtful note after this one.")
        return before if backwards else after

    def accept_passage(self) -> None:
        """Say that in the marked time all notes are right, and none is missing."""
        marked = self.time_selection.range
        if marked is None:
            self.said.emit(self.tr("Mark the time of the passage first, along the ruler."))
        elif self.take(Project.accept_passage, *marked):
            self.said.emit(
                self.tr("Accepted {begin} to {end}.").format(
                    begin=clock(marked[0], 1), end=clock(marked[1], 1)
                )
            )

    def withdraw_passage(self) -> None:
        marked = self.time_selection.range
        if marked is None:
            self.said.emit(self.tr("Mark the time of the passage first, along the ruler."))
        else:
            self.take(Project.withdraw_passage, *marked)

    # -- pedal ------------------------------------------------------------------------------------

    def add_pedal(self, onset: float, offset: float) -> None:
        self.take(Project.add_pedal, Pedal(max(onset, 0.0), offset))

    def change_pedal(self, pedal: Pedal, onset: float, offset: float) -> None:
        if (onset, offset) == (pedal.onset, pedal.offset):
            return
        if self.take(Project.change_pedal, pedal, onset=onset, offset=offset):
            middle = (onset + offset) / 2.0
            pedals = [] if self._document is None else self._document.pedals
            self.select_pedal(next((p for p in pedals if p.onset <= middle <= p.offset), None))

    # -- history ----------------------------------------------------------------------------------

    def undo(self) -> None:
        if self._document is not None and self._document.edits is not None and self.can_edit:
            self._document.settle()
            self._document.edits.undo()

    def redo(self) -> None:
        if self._document is not None and self._document.edits is not None and self.can_edit:
            self._document.settle()
            self._document.edits.redo()

    # -- how --------------------------------------------------------------------------------------

    def _project(self) -> Project | None:
        if self._document is None or self._document.edits is None:
            return None
        self._document.settle()
        return self._document.edits.project

    def change(
        self,
        edit: Callable[Concatenate[Project, Sequence[int], P], object],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Do this edit of the project to the selected notes: ``change(Project.split, 1.5)``."""
        ids = [entry.id for entry in self.selected_entries()]
        if ids:
            self._take(lambda project: edit(project, ids, *args, **kwargs), n_notes=len(ids))
        else:
            self._say_nothing_selected()

    def take(
        self, edit: Callable[Concatenate[Project, P], object], /, *args: P.args, **kwargs: P.kwargs
    ) -> bool:
        """Do this edit of the project to what is named; whether it was possible."""
        return self._take(lambda project: edit(project, *args, **kwargs))

    def _take(self, step: Callable[[Project], object], *, n_notes: int = 1) -> bool:
        if self._document is None or self._document.edits is None:
            self.said.emit(self.tr("The notes can be edited once they are transcribed."))
            return False
        if self._document.edits.is_read_only:
            self.said.emit(self.tr("This project is open for reading only."))
            return False
        self._document.settle()
        return self._document.edits.take(step, n_notes=n_notes)

    def _follow(self, change: session.Change) -> None:
        """Let go of what no longer exists. What was split or undone stays selected."""
        project = self._document.edits.project if self._document and self._document.edits else None
        if project is None:
            return
        gone = [
            key
            for key in self.selection.ids & change.changed
            if key not in project.notes or project.notes[key].state.is_gone
        ]
        if gone:
            self.selection.set(self.selection.ids.difference(gone))
        if change.tracks:
            self._let_go_of_hidden()
        if self.pedal is not None and self.pedal not in project.pedals:
            self.select_pedal(None)
        self.state_changed.emit()

    def _let_go_of_hidden(self) -> None:
        """Keep the next edit from notes that have just gone out of sight."""
        document = self._document
        if document is not None and len(self.selection):
            entries = self.selected_entries()
            self.selection.set(entry.id for entry in entries if document.shows(entry))

    def _take_failure(self, error: Exception) -> None:
        if isinstance(error, EditError):
            parts = [translated_message(part) for part in (error.cause, error.hint) if part]
            self.said.emit(" ".join(f"{part[:1].upper()}{part[1:]}." for part in parts))
        else:
            self.failed.emit(error)

    def _say_nothing_selected(self) -> None:
        self.said.emit(self.tr("Select notes first."))


def _onset(entry: SessionNote) -> float:
    return entry.note.onset
