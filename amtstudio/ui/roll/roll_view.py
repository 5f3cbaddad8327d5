"""The main view: spectrogram, activations and notes on one time axis, keyboard and pedal."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from amtstudio.symbolic import NO_NOTES, TrackKind
from amtstudio.symbolic.heads import PIANO_KEYS
from amtstudio.ui.document import Document
from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.axes import KeyboardAxis, LaneLabel, TimeAxis
from amtstudio.ui.roll.beat_item import BeatItem
from amtstudio.ui.roll.contour_item import ContourItem
from amtstudio.ui.roll.drum_lane import DrumLane
from amtstudio.ui.roll.hover import Hover, activations_at
from amtstudio.ui.roll.lane import Lane
from amtstudio.ui.roll.note_colours import ColourBy
from amtstudio.ui.roll.note_item import NoteItem
from amtstudio.ui.roll.passage_item import PassageItem
from amtstudio.ui.roll.pedal_lane import PedalLane
from amtstudio.ui.roll.play_cursor import PlayCursor
from amtstudio.ui.roll.pyramid_item import (
    HIGHEST_EDGE,
    LOWEST_EDGE,
    ActivationItem,
    SpectrogramItem,
)
from amtstudio.ui.roll.roll_editing import RollEditing
from amtstudio.ui.roll.roll_view_box import RollViewBox
from amtstudio.ui.roll.selection_item import SelectionItem
from amtstudio.ui.roll.span_shade import SpanShade
from amtstudio.ui.roll.time_range_item import TimeRangeItem
from amtstudio.ui.roll.velocity_lane import VelocityLane
from amtstudio.ui.theme import Theme, theme_of
from amtstudio.ui.time_selection import TimeSelection

_FIRST_VIEW_S = 30.0
_RULER_ROW = 50  # of the layout; rows that are empty take no room
_EDGES = 4  # of the plots, together
_GRAB_PX = 3.0  # how near the pointer has to be to a short note


class RollView(pg.GraphicsLayoutWidget):
    """Shows a document; moved by wheel, drag and the methods here."""

    range_changed = Signal(float, float)  # start and end of the view, seconds
    hovered = Signal(object)  # Hover or None
    ruler_clicked = Signal(float)  # seconds
    menu_wanted = Signal(QPointF, QPoint)  # a place of the scene, and the same on the screen
    lane_wanted = Signal(str)  # by its name: the item to show is in it
    beat_moved = Signal(int, float)  # index of the beat, and the second it was dragged to

    def __init__(
        self, time_selection: TimeSelection | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.time_selection = time_selection or TimeSelection(self)
        self._document: Document | None = None
        self._shows_bars = True
        self._follow_start = True  # until the user has moved the view
        self._octaves: list[pg.InfiniteLine] = []
        self.spectrogram = SpectrogramItem()
        self.span_shade = SpanShade()
        self.beats = BeatItem()
        self.activations = ActivationItem()
        self.candidates = NoteItem(hollow=True)
        self.notes = NoteItem()
        self.contours = ContourItem()
        self.selected = SelectionItem()
        self.passages = PassageItem()
        self.editing: RollEditing | None = None
        self._pointer: tuple[float, float] | None = None  # time and pitch under the mouse
        self._pointer_kind = TrackKind.PITCHED
        self._keyed = self._keyed_candidates = NO_NOTES  # those on keys
        self._height_of_notes = 0.0  # pixels at least
        self.keyboard = KeyboardAxis()
        self._time_axis = TimeAxis(self.time_selection)
        self._time_axis.clicked.connect(self.ruler_clicked)
        self._time_axis.beat_moved.connect(self.beat_moved)
        self._band = TimeRangeItem(self.time_selection, LOWEST_EDGE, HIGHEST_EDGE)
        self.box, self._ruler = self._lay_out()
        self._add_items()
        self.lanes: dict[str, Lane] = {}
        self._lane_plots: dict[str, pg.PlotItem] = {}
        self.drums = DrumLane(self.time_selection, self)
        self.velocities = VelocityLane(self.time_selection, self)
        for lane in (self.drums, self.velocities, PedalLane(self.time_selection, self)):
            self.add_lane(lane)
        self.cursor_line = PlayCursor(self, self.box)
        self.box.sigXRangeChanged.connect(self._tell_range)
        self.scene().sigMouseMoved.connect(self._hover)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(self.tr("Notes over the spectrogram"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.apply_theme(theme_of(self.palette()))

    # -- document ---------------------------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.info_changed.disconnect(self._take_info)
            self._document.picture_changed.disconnect(self._take_picture)
            self._document.notes_changed.disconnect(self._take_notes)
            self._document.candidates_changed.disconnect(self._take_candidates)
            self._document.beats_changed.disconnect(self._take_beats)
            self._document.activations_changed.disconnect(self._take_activations)
            self._document.project_changed.disconnect(self._take_project)
        self._document = document
        for lane in self.lanes.values():
            lane.set_document(document)
        self._fit_lanes()
        if document is None:
            return
        document.info_changed.connect(self._take_info)
        document.picture_changed.connect(self._take_picture)
        document.notes_changed.connect(self._take_notes)
        document.candidates_changed.connect(self._take_candidates)
        document.beats_changed.connect(self._take_beats)
        document.activations_changed.connect(self._take_activations)
        document.project_changed.connect(self._take_project)
        self._follow_start = True
        self.spectrogram.set_pyramids([document.spectrogram], document.seconds_per_frame)
        self.spectrogram.fit_level()
        self._take_info()
        self._take_notes()
        self._take_candidates()
        self._take_beats()
        self._take_activations()
        self._take_project()
        self.show_start()

    # -- editing ----------------------------------------------------------------------------------

    def set_editor(self, editor: Editor) -> None:
        """Let mouse and keys edit the notes."""
        self.editing = RollEditing(self, editor, self)

    @property
    def pointer(self) -> tuple[float, float] | None:
        """Time and pitch under the mouse; None: it is elsewhere."""
        return self._pointer

    @property
    def pointer_kind(self) -> TrackKind:
        """Whether the pointer is among the notes or among the drum hits."""
        return self._pointer_kind

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and self.editing is not None and self.editing.wants_key(event):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if self.editing is None or not self.editing.take_key(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        if self._document is not None:
            self.menu_wanted.emit(self.mapToScene(event.pos()), event.globalPos())
        event.accept()

    def key_under(self, position: QPointF) -> int | None:
        """The id of the note at a place of the scene; None: there is none, or no editor."""
        for box, kind in ((self.box, TrackKind.PITCHED), (self.drums.box, TrackKind.DRUMS)):
            if box.isVisible() and box.sceneBoundingRect().contains(position):
                point = box.mapSceneToView(position)
                if self.editing is not None:
                    return self.editing.key_at(point.x(), point.y(), kind)
        return None

    # -- the part in view -------------------------------------------------------------------------

    def reveal(self, onset: float, offset: float) -> None:
        """Move the view so that this stretch is within it."""
        start, end = self.visible_range
        margin = 0.1 * (end - start)
        if onset >= start + margin and offset <= end - margin:
            return
        length = max(end - start, (offset - onset) * 1.5)
        begin = (onset + offset) / 2.0 - length / 2.0
        begin = min(max(begin, 0.0), max(self.box.duration - length, 0.0))
        self.show_range(begin, begin + length)

    def show_start(self) -> None:
        """The first half minute of what is transcribed, or all of it if it is shorter."""
        self.show_range(*self._first_view())
        self.box.setYRange(LOWEST_EDGE, HIGHEST_EDGE, padding=0.0)
        self._follow_start = True

    def _first_view(self) -> tuple[float, float]:
        begin, end = (0.0, 0.0) if self._document is None else self._document.span
        begin = min(begin, max(self.box.duration - 1.0, 0.0))
        end = end if end > begin else self.box.duration
        return begin, min(begin + _FIRST_VIEW_S, end, self.box.duration)

    def fit(self) -> None:
        """All of the recording, and all keys."""
        self.show_range(0.0, self.box.duration)
        self.box.setYRange(LOWEST_EDGE, HIGHEST_EDGE, padding=0.0)

    def show_range(self, start: float, end: float) -> None:
        self.box.setXRange(start, end, padding=0.0)

    @property
    def visible_range(self) -> tuple[float, float]:
        start, end = self.box.viewRange()[0]
        return start, end

    def apply_theme(self, theme: Theme) -> None:
        self.setBackground(theme.background)
        for part in (self.spectrogram, self.span_shade, self.beats, self._band, self.contours):
            part.set_theme(theme)
        for part in (self.notes, self.candidates, self.selected, self.passages):
            part.set_theme(theme)
        for axis in (self.keyboard, self._time_axis):
            axis.set_theme(theme)
        for lane in self.lanes.values():
            lane.set_theme(theme)
        for line in self._octaves:
            line.setPen(QPen(theme.line, 0))
        self.cursor_line.set_theme(theme)

    def drawForeground(self, painter: QPainter, _rect: QRectF) -> None:  # noqa: N802
        self.cursor_line.paint(painter)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "box"):
            self.apply_theme(theme_of(self.palette()))
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if hasattr(self, "box") and not self.closed:  # a closing view is already empty
            self._fit_lanes()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._pointer = None
        self._show_hover(None)
        super().leaveEvent(event)

    # -- layout -----------------------------------------------------------------------------------

    def _lay_out(self) -> tuple[RollViewBox, pg.GraphicsLayout]:
        """The notes above, the ruler below; lanes come between them."""
        layout = self.ci.layout
        layout.setSpacing(0)
        layout.setContentsMargins(0, 0, 0, 0)
        box = RollViewBox()
        main = self.addPlot(row=0, col=0, viewBox=box, axisItems={"left": self.keyboard})
        main.hideAxis("bottom")
        _strip(main)
        ruler = self.addLayout(row=_RULER_ROW, col=0)
        ruler.layout.setSpacing(0)
        ruler.layout.setContentsMargins(1, 0, 1, 0)  # as plots have
        ruler.addItem(LaneLabel(""), row=0, col=0)  # keeps the place of the axes above
        ruler.addItem(self._time_axis, row=0, col=1)
        ruler.layout.setColumnStretchFactor(1, 1)
        self._time_axis.linkToView(box)
        return box, ruler

    def add_lane(self, lane: Lane) -> None:
        """Put a lane below those that are there; it is the last to fold away."""
        plot = self.addPlot(
            row=1 + len(self.lanes), col=0, viewBox=lane.box, axisItems={"left": lane.axis}
        )
        plot.hideAxis("bottom")
        _strip(plot)
        lane.box.setXLink(self.box)
        self.lanes[lane.name] = lane
        self._lane_plots[lane.name] = plot
        lane.set_duration(self.box.duration)
        lane.set_theme(theme_of(self.palette()))
        lane.set_document(self._document)
        lane.height_changed.connect(self._fit_lanes)
        if self.editing is not None:
            self.editing.add_lane(lane)
        self._fit_lanes()

    def show_lane(self, name: str, wanted: bool) -> None:
        """Whether a lane is to be seen, where there is something in it and room for it."""
        self.lanes[name].is_wanted = wanted
        self._fit_lanes()

    def _add_items(self) -> None:
        self.box.addItem(self.spectrogram, ignoreBounds=True)
        self.box.addItem(self.span_shade, ignoreBounds=True)
        for pitch in range(24, 109, 12):
            line = pg.InfiniteLine(pos=pitch - 0.5, angle=0)
            self._octaves.append(line)
            self.box.addItem(line, ignoreBounds=True)
        self.box.addItem(self.beats, ignoreBounds=True)
        self.box.addItem(self._band, ignoreBounds=True)
        # The activations are strongest where the notes are: below them one would not see why.
        for item in (self.passages, self.candidates, self.notes, self.activations, self.selected):
            self.box.addItem(item, ignoreBounds=True)
        self.box.addItem(self.contours, ignoreBounds=True)

    def leave_to_notes(self, pixels: float) -> None:
        """The lanes below the notes fold away where these would be less high than this."""
        self._height_of_notes = pixels
        self._fit_lanes()

    def _fit_lanes(self) -> None:
        """Leave half of the view to the notes; lanes that do not fit are folded away."""
        ruler = self._time_axis.wanted_height
        _set_height(self._ruler, ruler)
        room = self.height() - max(self.height() / 2.0, self._height_of_notes) - ruler - _EDGES
        least = sum(lane.least for lane in self.lanes.values())
        for name, lane in reversed(self.lanes.items()):
            least -= lane.least
            height = lane.height(room - least)
            # Not the plot itself: one that is hidden as the program ends can bring Qt down.
            lane.box.setVisible(height > 0.0)
            lane.axis.setOpacity(float(height > 0.0))
            _set_height(self._lane_plots[name], height)
            room -= height

    def set_colour_by(self, colour_by: ColourBy) -> None:
        self.notes.set_colour_by(colour_by)
        self.drums.set_colour_by(colour_by)
        self.velocities.item.set_colour_by(colour_by)

    def show_candidates(self, wanted: bool) -> None:
        self.candidates.setVisible(wanted)
        self.drums.candidates.setVisible(wanted)

    def show_heads(self, heads: frozenset[str]) -> None:
        """Lay the activations of these heads over the picture."""
        self.activations.set_shown(heads)
        self.drums.activations.set_shown(heads)

    def set_overlay_opacity(self, opacity: float) -> None:
        self.activations.setOpacity(opacity)
        self.drums.activations.setOpacity(opacity)

    # -- changes of the document ------------------------------------------------------------------

    def _take_info(self) -> None:
        if self._document is None or self._document.duration <= 0.0:
            return
        self.span_shade.set_span(*self._document.span, self._document.duration)
        self.span_shade.setVisible(self._document.is_part)
        self._fit_lanes()
        follows = self._follow_start
        self._set_duration(self._document.duration)
        if follows:
            self.show_start()

    def _set_duration(self, seconds: float) -> None:
        self.box.set_duration(seconds)
        for lane in self.lanes.values():
            lane.set_duration(seconds)

    def _take_picture(self) -> None:
        document = self._document
        if document is None:
            return
        if document.duration != self.box.duration:
            self._take_info()
        self.spectrogram.prepareGeometryChange()
        self.spectrogram.refresh()
        self.spectrogram.fit_level()

    def _take_notes(self) -> None:
        document = self._document
        if document is not None:
            self._keyed = document.visible_notes.of_kind(TrackKind.PITCHED)
            self.notes.set_notes(self._keyed, document.track_colours())
            self.contours.set_notes(self._keyed)
            if self.editing is not None:
                self.editing.show_selected()
            self._show_hover(None)

    def _take_candidates(self) -> None:
        if self._document is not None:
            self._keyed_candidates = self._document.visible_candidates.of_kind(TrackKind.PITCHED)
            self.candidates.set_notes(self._keyed_candidates)
            if self.editing is not None:
                self.editing.show_selected()
            self._show_hover(None)

    def show_bars(self, wanted: bool) -> None:
        """Whether bars and beats are drawn, where they are known."""
        self._shows_bars = wanted
        self._take_beats()

    def show_beat_parts(self, parts: tuple[int, ...] | None) -> None:
        """Draw what divides beats, as in ``BeatGrid``; None: nothing."""
        self.beats.set_parts(parts)

    def _take_beats(self) -> None:
        document = self._document
        tempo = document.tempo if document is not None and self._shows_bars else None
        self.beats.set_tempo(tempo)
        self._time_axis.set_tempo(tempo)
        self._fit_lanes()

    def _take_project(self) -> None:
        project = None if self._document is None else self._document.project
        self.passages.set_passages(() if project is None else project.passages)

    def _take_activations(self) -> None:
        document = self._document
        if document is None:
            return
        self._fit_lanes()
        for item, kind in (
            (self.activations, TrackKind.PITCHED),
            (self.drums.activations, TrackKind.DRUMS),
        ):
            item.set_pictures({}, 1.0)
            for part in document.parts:
                pictures = part.pictures_of(kind)
                if pictures and part.activations is not None:
                    grid = part.activations.grid
                    item.set_pictures(
                        pictures,
                        grid.hop_length / grid.sample_rate,
                        first_frame=part.activations.first_frame,
                    )

    # -- pointer ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Clicking on the drums, or on the keys, selects their thresholds."""
        hover = self.hover_under(self.mapToScene(event.position().toPoint()))
        if hover is not None and self._document is not None:
            self._document.bring_forward(hover.kind)
        super().mousePressEvent(event)

    def _tell_range(self) -> None:
        start, end = self.visible_range
        if self._document is not None:
            begin, stop = self._first_view()
            self._follow_start = abs(start - begin) < 1e-6 and abs(end - stop) < 1e-6
        self.cursor_line.refresh()
        self.range_changed.emit(start, end)

    def _hover(self, position: QPointF) -> None:
        hover = self.hover_under(position)
        self._pointer = None
        self._show_hover(hover)
        if hover is None:
            self.viewport().unsetCursor()
            return
        self._pointer_kind = hover.kind
        is_on_drums = hover.kind is TrackKind.DRUMS
        y = (self.drums.box if is_on_drums else self.box).mapSceneToView(position).y()
        self._pointer = (hover.time, float(hover.pitch) if is_on_drums else y)
        if self.editing is not None:
            self.editing.show_cursor(hover.time, y, hover.kind)

    def hover_under(self, position: QPointF) -> Hover | None:
        """The item of the roll or the drum lane at a point of the scene; None outside both."""
        if self._document is None:
            return None
        for box, hover_at in (
            (self.box, self.hover_at),
            (self.drums.box, self.drums.hover_at),
        ):
            if box.isVisible() and box.sceneBoundingRect().contains(position):
                point = box.mapSceneToView(position)
                return hover_at(point.x(), point.y())
        return None

    def hover_at(self, time: float, y: float) -> Hover:
        """The item of the roll at these coordinates."""
        assert self._document is not None
        pitch = int(np.clip(round(y), PIANO_KEYS.lowest, PIANO_KEYS.highest))
        start, end = self.visible_range
        tolerance = _GRAB_PX * (end - start) / max(self.box.width(), 1.0)
        note, is_candidate = self._keyed.at(time, pitch, tolerance=tolerance), False
        if note is None and self.candidates.isVisible():
            note = self._keyed_candidates.at(time, pitch, tolerance=tolerance)
            is_candidate = note is not None
        heard = activations_at(self._document, time, pitch, TrackKind.PITCHED)
        return Hover(time, pitch, note, is_candidate, heard)

    def _show_hover(self, hover: Hover | None) -> None:
        self.drums.show_hover(hover)
        is_on_keys = hover is not None and hover.kind is TrackKind.PITCHED
        self.keyboard.set_lit(hover.pitch if hover is not None and is_on_keys else None)
        note = hover.note if hover is not None and is_on_keys else None
        is_candidate = hover is not None and hover.is_candidate
        self.notes.set_highlighted(None if is_candidate else note)
        self.candidates.set_highlighted(note if is_candidate else None)
        self.hovered.emit(hover)


def _strip(plot: pg.PlotItem) -> None:
    """Leave the axes and what is plotted, and nothing else."""
    plot.hideButtons()
    plot.setMenuEnabled(False)
    plot.setContentsMargins(0, 0, 0, 0)


def _set_height(part: pg.GraphicsWidget, pixels: float) -> None:
    """Only where it changes: every call has all lanes laid out again."""
    if part.maximumHeight() != pixels:
        part.setFixedHeight(pixels)
