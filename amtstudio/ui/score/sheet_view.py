"""Pages of a score, one below the other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from amtstudio.ui.score.sheet import head_rect
from amtstudio.ui.theme import theme_of
from amtstudio.workbench.sheet import Sheet

_MARGIN = 12  # pixels around each page
_ZOOMS = (0.3, 4.0)
_CURSOR_PX = 2.0


class SheetView(QAbstractScrollArea):
    """Shows pages; reports which note is clicked, and which page is in view.

    Pictures of the pages come from outside, by ``set_picture``; until one is there that is sharp at
    this size, the one before is stretched.
    """

    row_clicked = Signal(int)
    page_changed = Signal(int)  # counted from 1
    pictures_wanted = Signal()  # some page in view has none of this size

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheets: list[Sheet] = []
        self._pictures: dict[int, QImage] = {}
        self._selected: frozenset[int] = frozenset()
        self._seconds: float | None = None
        self._cursor: tuple[int, float, float, float] | None = None
        self._zoom = 0.7  # 1: a page is as wide as the view
        self._page = 0
        self.setAccessibleName(self.tr("Score"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    # -- what is shown ----------------------------------------------------------------------------

    def set_sheets(self, sheets: list[Sheet]) -> None:
        """Show these pages; the view stays where it is as far as it can."""
        self.sheets = sheets
        self._pictures.clear()
        self._lay_out()
        self._place_cursor(turns=False)
        self.viewport().update()

    def add_sheet(self, sheet: Sheet) -> None:
        self.sheets.append(sheet)
        self._lay_out()
        self._place_cursor(turns=False)
        self.viewport().update()

    def set_picture(self, page: int, sheet: Sheet, picture: QImage) -> None:
        """The picture of a page, counted from 0, unless another score has come meanwhile."""
        if page < len(self.sheets) and self.sheets[page] is sheet:
            self._pictures[page] = picture
            self.viewport().update()

    def set_selected(self, rows: frozenset[int]) -> None:
        self._selected = rows
        self.viewport().update()

    def set_time(self, seconds: float | None, *, turns: bool = True) -> None:
        """Put the cursor where this is written; ``turns``: and bring it into view."""
        self._seconds = seconds
        self._place_cursor(turns=turns)

    def reveal(self, row: int) -> None:
        """Scroll to a note."""
        for page, sheet in enumerate(self.sheets):
            if row in sheet.heads:
                self._show_y(page, sheet.heads[row][1])
                return

    # -- size -------------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """1: a page is as wide as the view."""
        zoom = min(max(zoom, _ZOOMS[0]), _ZOOMS[1])
        bar = self.verticalScrollBar()
        share = bar.value() / max(bar.maximum() + bar.pageStep(), 1)
        self._zoom = zoom
        self._lay_out()
        bar.setValue(round(share * (bar.maximum() + bar.pageStep())))
        self.viewport().update()

    @property
    def page_width(self) -> int:
        """Of a page, in pixels of the screen; what pictures have to have."""
        return max(50, round(self._logical_width * self.devicePixelRatioF()))

    @property
    def _logical_width(self) -> float:
        return max(100.0, self.viewport().width() - 2 * _MARGIN) * self._zoom

    def _page_height(self, page: int) -> float:
        drawing = self.sheets[page].drawing
        return self._logical_width * drawing.height / drawing.width

    def _top(self, page: int) -> float:
        return _MARGIN + sum(self._page_height(before) + _MARGIN for before in range(page))

    def _left(self) -> float:
        room = self.viewport().width() - self._logical_width
        return max(room / 2.0, float(_MARGIN)) - self.horizontalScrollBar().value()

    def _lay_out(self) -> None:
        height = self._top(len(self.sheets))
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setPageStep(self.viewport().height())
        vertical.setSingleStep(max(20, self.viewport().height() // 12))
        vertical.setRange(0, max(0, round(height - self.viewport().height())))
        horizontal.setPageStep(self.viewport().width())
        horizontal.setSingleStep(20)
        over = self._logical_width + 2 * _MARGIN - self.viewport().width()
        horizontal.setRange(0, max(0, round(over)))
        self._scrolled()

    # -- pages ------------------------------------------------------------------------------------

    @property
    def page(self) -> int:
        """The page in the middle of the view, counted from 1; 0: there is none."""
        return self._page

    def show_page(self, page: int) -> None:
        """Scroll to the top of a page, counted from 1."""
        if 1 <= page <= len(self.sheets):
            self.verticalScrollBar().setValue(round(self._top(page - 1)) - _MARGIN)

    def visible_pages(self) -> list[int]:
        """Those that are partly in view, counted from 0."""
        scrolled, height = self.verticalScrollBar().value(), self.viewport().height()
        return [
            page
            for page in range(len(self.sheets))
            if self._top(page) < scrolled + height
            and self._top(page) + self._page_height(page) > scrolled
        ]

    def has_sharp(self, page: int) -> bool:
        picture = self._pictures.get(page)
        return picture is not None and picture.width() == self.page_width

    def _scrolled(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() / 2.0
        tops = [self._top(page) for page in range(len(self.sheets))]
        page = sum(top <= middle for top in tops) if tops else 0
        page = max(page, 1) if tops else 0
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)
        self.viewport().update()

    # -- the cursor -------------------------------------------------------------------------------

    def _place_cursor(self, *, turns: bool) -> None:
        cursor = None
        if self._seconds is not None:
            for page, sheet in enumerate(self.sheets):
                later = self.sheets[page + 1] if page + 1 < len(self.sheets) else None
                if later and later.lines and self._seconds >= later.lines[0].seconds[0]:
                    continue
                place = sheet.cursor_at(self._seconds)
                if place is not None:
                    cursor = (page, *place)
                    break
        moved_line = cursor is not None and (
            self._cursor is None or cursor[0] != self._cursor[0] or cursor[2] != self._cursor[2]
        )
        if cursor != self._cursor:
            self._cursor = cursor
            self.viewport().update()
        if turns and moved_line and cursor is not None:
            page, _, top, bottom = cursor
            self._show_y(page, top, until=bottom)

    def _show_y(self, page: int, y: float, *, until: float | None = None) -> None:
        """Bring a place of a page into view, if it is not."""
        scale = self._logical_width / self.sheets[page].drawing.width
        top = self._top(page) + y * scale
        bottom = self._top(page) + (y if until is None else until) * scale
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if top < bar.value() or bottom > bar.value() + height:
            bar.setValue(round(top - 0.15 * height))

    # -- Qt ---------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.viewport().rect(), self.palette().window())
        pages = self.visible_pages()
        for page in pages:
            self._paint_page(painter, page)
        if any(not self.has_sharp(page) for page in pages):
            self.pictures_wanted.emit()

    def _paint_page(self, painter: QPainter, page: int) -> None:
        sheet = self.sheets[page]
        place = QRectF(
            self._left(),
            self._top(page) - self.verticalScrollBar().value(),
            self._logical_width,
            self._page_height(page),
        )
        picture = self._pictures.get(page)
        if picture is None:
            painter.fillRect(place, Qt.GlobalColor.white)
        else:
            painter.drawImage(place, picture)
        theme = theme_of(self.palette())
        scale = self._logical_width / sheet.drawing.width
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(place.topLeft())
        painter.scale(scale, scale)
        colour = QColor(theme.accent)
        colour.setAlpha(110)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for row in self._selected & sheet.heads.keys():
            painter.drawEllipse(head_rect(sheet.heads[row]))
        if self._cursor is not None and self._cursor[0] == page:
            _, x, top, bottom = self._cursor
            painter.setPen(QPen(theme.playhead, _CURSOR_PX / scale))
            painter.drawLine(QPointF(x, top - 250.0), QPointF(x, bottom + 250.0))
        painter.restore()

    def resizeEvent(self, event: QEvent) -> None:  # noqa: N802, ARG002
        self._lay_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() != Qt.MouseButton.LeftButton:
            return
        row = self.row_under(event.position())
        if row is not None:
            self.row_clicked.emit(row)

    def row_under(self, position: QPointF) -> int | None:
        """The note at a place in the view."""
        for page in self.visible_pages():
            sheet = self.sheets[page]
            scale = self._logical_width / sheet.drawing.width
            x = (position.x() - self._left()) / scale
            y = (position.y() + self.verticalScrollBar().value() - self._top(page)) / scale
            if 0.0 <= y < sheet.drawing.height:
                return sheet.row_at(x, y)
        return None

    def point_of(self, row: int) -> QPointF | None:
        """Where the middle of a note's head is in the view; None: on no page."""
        for page, sheet in enumerate(self.sheets):
            if row in sheet.heads:
                rect = head_rect(sheet.heads[row])
                scale = self._logical_width / sheet.drawing.width
                return QPointF(
                    self._left() + rect.center().x() * scale,
                    self._top(page) - self.verticalScrollBar().value() + rect.center().y() * scale,
                )
        return None

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom * 1.25 ** (event.angleDelta().y() / 120.0))
            event.accept()
        else:
            super().wheelEvent(event)
