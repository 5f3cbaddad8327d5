"""The take while it is made: its overview, its notes over the spectrogram."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from amtstudio.ui.page_header import PageHeader
from amtstudio.ui.recording.live_roll import LiveRollView
from amtstudio.ui.recording.take import LiveTake
from amtstudio.ui.roll.overview import Overview

FRAME_MS = 40
_ZOOM = 1.25
_SCROLL_SHARE, _PAGE_SHARE = 0.125, 0.9


class RecordPage(QWidget):
    """Shows a take that grows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take: LiveTake | None = None
        self.roll = LiveRollView()
        self.overview = Overview()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_header())
        layout.addWidget(self.overview)
        layout.addWidget(self.roll, 1)
        self.roll.range_changed.connect(self.overview.set_range)
        self.roll.follow_changed.connect(self.follow_box.setChecked)
        self.follow_box.clicked.connect(self.roll.set_follows)
        self.overview.moved_to.connect(self._centre_on)
        self.roll.setAcceptDrops(False)  # the window takes what is dropped
        self.roll.viewport().setAcceptDrops(False)
        self._add_keys()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.show_now)

    @property
    def take(self) -> LiveTake | None:
        return self._take

    def set_take(self, take: LiveTake | None) -> None:
        """Show this take from its begin; None: stop looking at the last one."""
        if self._take is not None:
            self._take.news_came.disconnect(self._count)
        self._take = take
        if take is None:
            self._timer.stop()
            self.roll.set_document(None)
            self.overview.set_document(None)
            return
        take.news_came.connect(self._count)
        self.name_label.setText(take.document.name)
        self.overview.set_document(take.document)
        self.roll.begin(take.document, take.notes)
        self._count()
        if self.isVisible():
            self._timer.start()

    def show_now(self) -> None:
        """Draw what has come."""
        if self._take is not None:
            self.roll.show_now(self._take.document.duration)

    # -- layout -----------------------------------------------------------------------------------

    def _make_header(self) -> QWidget:
        self.count_label = QLabel()
        self.follow_box = QCheckBox(self.tr("Follow the music"))
        self.follow_box.setToolTip(self.tr("Keep what is being played in view (C)"))
        self.follow_box.setChecked(True)
        header = PageHeader(self.count_label, self.follow_box)
        self.name_label = header.name_label
        return header

    def _add_keys(self) -> None:
        """The keys of the View menu, which are those of the other page while that is shown."""
        box = self.roll.box
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Up", lambda: self.roll.zoom(1 / _ZOOM)),
            ("Ctrl++", lambda: self.roll.zoom(1 / _ZOOM)),
            ("Down", lambda: self.roll.zoom(_ZOOM)),
            ("Ctrl+-", lambda: self.roll.zoom(_ZOOM)),
            ("F", self.roll.fit),
            ("Left", lambda: box.scroll(0, -_SCROLL_SHARE)),
            ("Right", lambda: box.scroll(0, _SCROLL_SHARE)),
            ("PgUp", lambda: box.scroll(0, -_PAGE_SHARE)),
            ("PgDown", lambda: box.scroll(0, _PAGE_SHARE)),
            ("Home", lambda: box.scroll(0, -1e9)),
            ("End", self._follow),
            ("C", self._follow),
        )
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # -- what changes -----------------------------------------------------------------------------

    def _count(self) -> None:
        if self._take is not None:
            n_notes = self._take.notes.n_confirmed
            self.count_label.setText(
                self.tr("Notes so far: {count}").format(count=n_notes) if n_notes else ""
            )

    def _follow(self) -> None:
        self.roll.set_follows(True)

    def _centre_on(self, seconds: float) -> None:
        start, end = self.roll.visible_range
        length = end - start
        begin = min(max(seconds - length / 2.0, 0.0), max(self.roll.box.duration - length, 0.0))
        self.roll.show_range(begin, begin + length)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        if self._take is not None:
            self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self._timer.stop()
        super().hideEvent(event)
