"""When the detector finds which instruments, and what it attended to: a row for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from amtstudio.decoding.players import FAMILY_OF
from amtstudio.symbolic import Track
from amtstudio.symbolic.families import FAMILY_TRACKS
from amtstudio.symbolic.instrument_tags import NO_TAGS, InstrumentTag, InstrumentTags
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.ui.instrument_names import instrument_name
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.roll.axes import SIDE_WIDTH
from amtstudio.ui.theme import N_INSTRUMENT_COLOURS, Theme, theme_of

MOST_ROWS = 6
_FEWEST_SECONDS = 3  # a single one is as likely an error
_LEVEL_PX = 11
_ATTENTION_PX = 4
_GAP_PX = 2
_ROW_PX = _LEVEL_PX + _ATTENTION_PX + _GAP_PX
_PER_CENT = 100
_TINT_ALPHA = 70
_MARK_PX = 7.0


class InstrumentStrip(QWidget):
    """Columns of the height of a class's score; below them bars of its attention.

    Over them, the user's tags: a tick and a tint where an instrument plays, a cross and hatching
    where it does not. Hidden while there is nothing to show, and where the user does not want it.
    Its time axis is that of the main view.
    """

    chosen = Signal(str)  # the class of the row that was clicked
    hovered = Signal(str)  # what is under the pointer; empty: nothing

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._activity: InstrumentActivity | None = None
        self._tags: InstrumentTags = NO_TAGS
        self._rows: list[int] = []  # places of the classes that are shown
        self._most_rows = MOST_ROWS
        self._track_colours: dict[Track, int] = {}
        self._range = (0.0, 1.0)
        self._is_wanted = True
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Instruments"))
        self.hide()

    @property
    def shown_classes(self) -> list[str]:
        return [] if self._activity is None else [self._activity.classes[i] for i in self._rows]

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(400, _ROW_PX * len(self._rows) + _GAP_PX)

    def set_activity(
        self, activity: InstrumentActivity | None, tags: InstrumentTags = NO_TAGS
    ) -> None:
        """Show what was detected, and what the user says; None, or an empty recording: nothing."""
        self._activity = activity if activity is not None and activity.n_instances else None
        self._tags = tags
        self._choose_rows()
        self._show_or_hide()
        self.setAccessibleDescription(self._summary())

    def set_room(self, pixels: float) -> None:
        """Its maximum height; it has at least one row, that of the most confident instrument."""
        most = min(max(int((pixels - _GAP_PX) // _ROW_PX), 1), MOST_ROWS)
        if most != self._most_rows:
            self._most_rows = most
            self._choose_rows()

    def _choose_rows(self) -> None:
        tagged = {tag.instrument for tag in self._tags}
        rows = [] if self._activity is None else rows_of(self._activity, tagged)
        if self._activity is not None and len(rows) > self._most_rows:
            classes = self._activity.classes
            by_need = sorted(rows, key=lambda place: classes[place] not in tagged)
            kept = set(by_need[: self._most_rows])
            rows = [place for place in rows if place in kept]
        self._rows = rows
        self.updateGeometry()
        self.update()

    def set_colours(self, colours: Mapping[Track, int]) -> None:
        """Those of the tracks: an instrument has the colour of the track that it plays."""
        if colours != self._track_colours:
            self._track_colours = dict(colours)
            self.update()

    def colour_of(self, name: str) -> int:
        """The place of the colour of a class among those of instruments."""
        for is_same in (_has_name, _has_program, _is_of_family):
            for track, colour in self._track_colours.items():
                if is_same(track, name):
                    return colour
        taken = set(self._track_colours.values())
        without = [
            other
            for other in self.shown_classes
            if not any(_plays(track, other) for track in self._track_colours)
        ]
        free = [place for place in range(N_INSTRUMENT_COLOURS) if place not in taken]
        place = without.index(name) if name in without else 0
        return free[place % len(free)] if free else place

    def set_wanted(self, wanted: bool) -> None:
        """Whether it is there at all where there is something to show."""
        self._is_wanted = wanted
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.setVisible(self._is_wanted and self._activity is not None)

    def set_range(self, start: float, end: float) -> None:
        """The range of the main view, in seconds."""
        self._range = (start, end)
        self.update()

    def text_at(self, x: float, y: float) -> str:
        """Information about the instrument and the second at these pixels; empty: none there."""
        activity = self._activity
        row = int((y - _GAP_PX) // _ROW_PX)
        if activity is None or not 0 <= row < len(self._rows):
            return ""
        place = self._rows[row]
        name = instrument_name(activity.classes[place])
        if (tag := self.tag_at(x, y)) is not None:
            text = (
                self.tr("{name}: you marked it as heard from {begin} to {end}.")
                if tag.is_heard
                else self.tr("{name}: you marked it as not heard from {begin} to {end}.")
            )
            return text.format(name=name, begin=clock(tag.onset, 1), end=clock(tag.offset, 1))
        if x < SIDE_WIDTH:
            return self.tr(
                "{name}: {score} % for the whole recording, named if above {threshold} %"
            ).format(
                name=name,
                score=round(_PER_CENT * float(activity.track_scores[place])),
                threshold=round(_PER_CENT * float(activity.track_thresholds[place])),
            )
        time = self._time_at(x)
        index = int(np.searchsorted(activity.onsets, time, side="right")) - 1
        if index < 0 or time >= activity.offsets[index]:
            return ""
        text = (
            self.tr(
                "{name} at {time}: {score} %. {attention} % of the model's attention for this"
                " instrument was here: a hint, not proof."
            )
            if activity.heard[index, place]
            else self.tr(
                "{name} at {time}: {score} %, not named here. {attention} % of the model's"
                " attention for this instrument was here: a hint, not proof."
            )
        )
        return text.format(
            name=name,
            time=clock(float(activity.onsets[index])),
            score=round(_PER_CENT * float(activity.scores[index, place])),
            attention=f"{_PER_CENT * float(activity.attention[index, place]):.1f}",
        )

    def tag_at(self, x: float, y: float) -> InstrumentTag | None:
        """The user's tag of the instrument and the time at these pixels."""
        row = int((y - _GAP_PX) // _ROW_PX)
        if x < SIDE_WIDTH or not 0 <= row < len(self._rows):
            return None
        name, time = self.shown_classes[row], self._time_at(x)
        of_row = (tag for tag in self._tags if tag.instrument == name)
        return next((tag for tag in of_row if tag.onset <= time < tag.offset), None)

    # -- pointer ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.text_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.hovered.emit(self.text_at(event.position().x(), event.position().y()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Also of the right button: the menu that follows is about this row."""
        row = int((event.position().y() - _GAP_PX) // _ROW_PX)
        if 0 <= row < len(self._rows):
            self.chosen.emit(self.shown_classes[row])

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self.hovered.emit("")
        super().leaveEvent(event)

    def _time_at(self, x: float) -> float:
        start, end = self._range
        return start + (x - SIDE_WIDTH) / max(self.width() - SIDE_WIDTH, 1) * (end - start)

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.background)
        if self._activity is None:
            return
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        for row, place in enumerate(self._rows):
            top = _GAP_PX + row * _ROW_PX
            name = instrument_name(self._activity.classes[place])
            label = QRectF(0, top, SIDE_WIDTH - 6, _LEVEL_PX + _ATTENTION_PX)
            painter.setPen(theme.text)
            painter.drawText(
                label,
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                painter.fontMetrics().elidedText(
                    name, Qt.TextElideMode.ElideRight, int(label.width())
                ),
            )
            self._draw_row(painter, theme, place, top)

    def _draw_row(self, painter: QPainter, theme: Theme, place: int, top: float) -> None:
        activity = self._activity
        assert activity is not None
        start, end = self._range
        painter.save()
        painter.setClipRect(QRectF(SIDE_WIDTH, top, self.width() - SIDE_WIDTH, _ROW_PX))
        number = self.colour_of(activity.classes[place])
        colour = theme.instruments[number % len(theme.instruments)]
        faint = QColor(colour)
        faint.setAlpha(90)
        base = top + _LEVEL_PX
        scale = (self.width() - SIDE_WIDTH) / max(end - start, 1e-9)
        first = int(np.searchsorted(activity.offsets, start, side="right"))
        last = int(np.searchsorted(activity.onsets, end, side="left"))
        highest = max(float(activity.attention[:, place].max()), 1e-9)
        for index in range(first, last):
            left = SIDE_WIDTH + (float(activity.onsets[index]) - start) * scale
            width = float(activity.offsets[index] - activity.onsets[index]) * scale
            score = float(activity.scores[index, place])
            height = score * (_LEVEL_PX - 1)
            is_heard = bool(activity.heard[index, place])
            box = QRectF(left, base - height, max(width - 0.5, 0.5), height)
            painter.fillRect(box, colour if is_heard else faint)
            share = float(activity.attention[index, place]) / highest * _ATTENTION_PX
            painter.fillRect(
                QRectF(left, base + 1.0, max(width - 0.5, 0.5), share), theme.faint_text
            )
        for tag in self._tags:
            if tag.instrument == activity.classes[place] and tag.meets(start, end):
                left, right = (SIDE_WIDTH + (t - start) * scale for t in (tag.onset, tag.offset))
                _draw_tag(painter, theme, colour, QRectF(left, top, right - left, _LEVEL_PX), tag)
        painter.setPen(QPen(theme.line, 1.0))
        painter.drawLine(QPoint(SIDE_WIDTH, round(base)), QPoint(self.width(), round(base)))
        painter.restore()

    def _summary(self) -> str:
        if self._activity is None:
            return ""
        return ", ".join(
            self.tr("{name} {score} %").format(
                name=instrument_name(self._activity.classes[place]),
                score=round(_PER_CENT * float(self._activity.track_scores[place])),
            )
            for place in self._rows
        )


def _draw_tag(
    painter: QPainter, theme: Theme, colour: QColor, box: QRectF, tag: InstrumentTag
) -> None:
    """The tint or the hatching, both ends, and a tick or a cross behind the beginning."""
    ink = colour if tag.is_heard else theme.faint_text
    wash = QColor(ink)
    wash.setAlpha(_TINT_ALPHA)
    pattern = Qt.BrushStyle.SolidPattern if tag.is_heard else Qt.BrushStyle.BDiagPattern
    painter.fillRect(box, QBrush(wash if tag.is_heard else ink, pattern))
    painter.setPen(QPen(theme.text, 1.0))
    for x in (box.left(), box.right() - 1.0):
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
    painter.drawLine(box.topLeft(), QPointF(box.right() - 1.0, box.top()))
    if box.width() < 3 * _MARK_PX:
        return
    # In sight also where the stretch began before what is shown.
    left, middle = max(box.left(), float(SIDE_WIDTH)) + 4.0, box.center().y()
    half = _MARK_PX / 2.0
    painter.fillRect(QRectF(left - 2.0, box.top(), _MARK_PX + 4.0, box.height()), theme.background)
    painter.setPen(QPen(theme.text, 1.5))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if tag.is_heard:
        corners = ((0.0, 0.5), (half - 1.0, half - 1.0), (_MARK_PX, -half + 0.5))
        painter.drawPolyline([QPointF(left + x, middle + y) for x, y in corners])
    else:
        for slope in (half, -half):
            painter.drawLine(
                QPointF(left + 0.5, middle - slope), QPointF(left + _MARK_PX - 0.5, middle + slope)
            )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _has_name(track: Track, name: str) -> bool:
    return track.name == name


def _has_program(track: Track, name: str) -> bool:
    named = Track.named(name)
    return (track.kind, track.program) == (named.kind, named.program)


def _is_of_family(track: Track, name: str) -> bool:
    family = FAMILY_OF.get(name)
    return family is not None and track == FAMILY_TRACKS[family]


def _plays(track: Track, name: str) -> bool:
    return _has_name(track, name) or _has_program(track, name) or _is_of_family(track, name)


def rows_of(activity: InstrumentActivity, tagged: Iterable[str] = ()) -> list[int]:
    """Which classes are worth a row: those named for the whole or for some seconds, surest first.

    Also those that the user has said something of. Where there is none, the likeliest.
    """
    said = set(tagged)
    margin = activity.track_scores - activity.track_thresholds
    n_seconds = np.count_nonzero(activity.heard, axis=0)
    is_named = activity.is_named | (n_seconds >= _FEWEST_SECONDS)
    order = [int(place) for place in np.argsort(-margin, kind="stable")]
    named = [place for place in order if is_named[place]][:MOST_ROWS]
    wanted = {*named, *(place for place in order if activity.classes[place] in said)}
    return [place for place in order if place in wanted] or order[:1]
