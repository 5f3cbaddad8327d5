"""The lane of drum hits beneath the notes: a row for each drum."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from amtstudio.symbolic import NO_NOTES, NoteTable, TrackKind
from amtstudio.symbolic.drums import KIT
from amtstudio.ui.document import Document
from amtstudio.ui.drum_rows import drum_rows
from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.drum_axis import SMALLEST_TEXT_PX, DrumAxis, DrumRowsItem
from amtstudio.ui.roll.drum_item import DrumItem
from amtstudio.ui.roll.gestures import NoteGestures
from amtstudio.ui.roll.hover import Hover, activations_at
from amtstudio.ui.roll.note_colours import ColourBy
from amtstudio.ui.roll.note_planes import DrumPlane
from amtstudio.ui.roll.pyramid_item import ActivationItem
from amtstudio.ui.roll.roll_view_box import RollViewBox
from amtstudio.ui.roll.selection_item import SelectionItem
from amtstudio.ui.roll.time_range_item import TimeRangeItem
from amtstudio.ui.theme import Theme
from amtstudio.ui.time_selection import TimeSelection

_ROW_PX = 13.0
_LEAST_ROW_PX = 4.0  # in which a hit can be seen, and caught with the mouse
_ROW_ALONE_PX = 22.0  # where there are no other notes
_HIGHEST_ROW = 128.0


class DrumLane(QObject):
    """Shows the drum hits of a document where there are, or may be, some.

    Attributes
    ----------
    box : RollViewBox
        Seconds across; a row is 1 high, the lowest is centred on 0.
    hits, candidates : DrumItem
    activations : ActivationItem
    selection : SelectionItem
        The rubber band, and hits on their way.
    plane : DrumPlane
    """

    name = "drums"
    height_changed = Signal()

    def __init__(self, selection: TimeSelection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.axis = DrumAxis()
        self.box = RollViewBox(moves_pitch=False)
        self.hits = DrumItem()
        self.candidates = DrumItem(hollow=True)
        self.activations = ActivationItem(-0.5, len(KIT) - 0.5)
        self.selection = SelectionItem(-0.5, _HIGHEST_ROW)
        self.plane = DrumPlane(lambda: self.hits.mark_width)
        self._lines = DrumRowsItem(_HIGHEST_ROW)
        self._band = TimeRangeItem(selection, -0.5, _HIGHEST_ROW)
        for item in (
            self._lines,
            self._band,
            self.candidates,
            self.hits,
            self.activations,
            self.selection,
        ):
            self.box.addItem(item, ignoreBounds=True)
        self._document: Document | None = None
        self._hits = self._candidate_hits = NO_NOTES
        self.is_wanted = True
        self._is_alone = False
        self._is_expected = False
        self._set_rows(())

    # -- document ---------------------------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.notes_changed.disconnect(self.refresh)
            self._document.candidates_changed.disconnect(self.refresh)
        self._document = document
        if document is not None:
            document.notes_changed.connect(self.refresh)
            document.candidates_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """The notes, the candidates or the activations have changed."""
        document = self._document
        notes, candidates = NO_NOTES, NO_NOTES
        if document is not None:
            notes, candidates = document.visible_notes, document.visible_candidates
        self._hits = notes.of_kind(TrackKind.DRUMS)
        self._candidate_hits = candidates.of_kind(TrackKind.DRUMS)
        self._is_alone = len(notes) == len(self._hits)
        self._set_rows((self._hits, self._candidate_hits))
        self.height_changed.emit()

    def _set_rows(self, tables: tuple[NoteTable, ...]) -> None:
        rows = drum_rows(tables)
        if rows != self.plane.rows:
            self.plane.rows = rows
            self.axis.set_rows(rows)
            self.box.setYRange(-0.5, len(rows) - 0.5, padding=0.0)
        self._lines.set_rows(len(rows), self.box.duration)
        document = self._document
        colours = {} if document is None else document.track_colours()
        self.hits.set_notes(self._hits, rows, colours)
        self.candidates.set_notes(self._candidate_hits, rows)

    def set_duration(self, seconds: float) -> None:
        self.box.set_duration(seconds)
        self._lines.set_rows(len(self.plane.rows), seconds)

    # -- what is seen -----------------------------------------------------------------------------

    @property
    def has_drums(self) -> bool:
        """Whether there are, or may be, hits to show."""
        is_expected = self._is_expected and self._document is not None
        return is_expected or (self._document is not None and self._document.may_have_drums)

    def expect(self, expected: bool) -> None:
        """Whether there will be hits, whatever the document says by now."""
        self._is_expected = expected

    @property
    def least(self) -> float:
        """So many pixels that each row has its name."""
        is_shown = self.is_wanted and self.has_drums
        return float(SMALLEST_TEXT_PX * len(self.plane.rows)) if is_shown else 0.0

    def height(self, room: float) -> float:
        """As high as suits the rows, at most ``room`` pixels; none where that would be a smear."""
        if not (self.is_wanted and self.has_drums) or room < _LEAST_ROW_PX * len(self.plane.rows):
            return 0.0
        row_px = _ROW_ALONE_PX if self._is_alone else _ROW_PX
        return min(row_px * len(self.plane.rows), room)

    def gestures(self, editor: Editor) -> NoteGestures:
        gestures = NoteGestures(self.box, self.selection, editor, self.plane)
        gestures.shows_candidates = self.candidates.isVisible
        return gestures

    def set_theme(self, theme: Theme) -> None:
        parts = (self._lines, self._band, self.candidates, self.hits, self.selection, self.axis)
        for part in parts:
            part.set_theme(theme)

    def set_colour_by(self, colour_by: ColourBy) -> None:
        self.hits.set_colour_by(colour_by)

    def show_selected(self, ids: frozenset[int]) -> None:
        for item in (self.hits, self.candidates):
            item.set_selected(ids)

    # -- pointer ----------------------------------------------------------------------------------

    def hover_at(self, time: float, y: float) -> Hover:
        """The item of the lane at these coordinates."""
        assert self._document is not None
        start, end = self.box.viewRange()[0]
        per_px = float(end - start) / max(float(self.box.width()), 1.0)
        pitch, note, is_candidate = self.plane.pitch_at(y), None, False
        tables = [self._hits, *([self._candidate_hits] if self.candidates.isVisible() else [])]
        for number, table in enumerate(tables):
            index = self.plane.place_at(table, time, y, per_px)
            if index is not None:
                note, is_candidate = table[index], number > 0
                break
        heard = activations_at(self._document, time, pitch, TrackKind.DRUMS)
        return Hover(time, pitch, note, is_candidate, heard, TrackKind.DRUMS)

    def show_hover(self, hover: Hover | None) -> None:
        """Mark what is under the pointer, if it is here."""
        is_here = hover is not None and hover.kind is TrackKind.DRUMS
        note = hover.note if hover is not None and is_here else None
        is_candidate = hover is not None and hover.is_candidate
        self.axis.set_lit(hover.pitch if hover is not None and is_here else None)
        self.hits.set_highlighted(None if is_candidate else note)
        self.candidates.set_highlighted(note if is_candidate else None)
