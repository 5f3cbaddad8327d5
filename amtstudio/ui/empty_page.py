"""The page shown before anything is open: the ways to begin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from amtstudio.ui.theme import theme_of
from amtstudio.ui.wrapped_label import WrappedLabel

_MOST_ENTRIES = 5
_ENTRY_PX = 300

# start and length in pixels, row from the top, colour of 16
_EMBLEM = (
    (0, 5, 40, 3),
    (20, 3, 34, 6),
    (44, 1, 52, 12),
    (62, 4, 44, 5),
    (86, 6, 60, 8),
    (100, 2, 30, 9),
    (122, 0, 42, 15),
    (134, 3, 50, 7),
    (168, 5, 48, 4),
)


class EmptyPage(QWidget):
    """Drop audio, open it, record, or try the example."""

    open_wanted = Signal()
    record_wanted = Signal()
    look_again_wanted = Signal()  # for microphones
    example_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel(self.tr("Drop a recording here"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 2.0)
        title.setFont(font)
        kinds = QLabel(
            self.tr(
                "wav, mp3, m4a, flac, ogg … or a video, or a whole folder.\n"
                "It becomes MIDI on this computer; nothing leaves it."
            )
        )
        kinds.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._kinds = kinds
        self.open_button = QPushButton(self.tr("Open…"))
        self.open_button.setDefault(True)
        self.open_button.clicked.connect(self.open_wanted)
        self.record_button = QPushButton(self.tr("Record…"))
        self.record_button.setToolTip(self.tr("Play, and see the notes as you go"))
        self.record_button.clicked.connect(self.record_wanted)
        self._no_recording = WrappedLabel()
        self._no_recording.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.look_again_button = QPushButton(self.tr("Look again"))
        self.look_again_button.setFlat(True)
        self.look_again_button.setToolTip(self.tr("Look for microphones again"))
        self.look_again_button.clicked.connect(self.look_again_wanted)
        self.set_no_recording("")
        self.example_button = QPushButton(self.tr("Try the example"))
        self.example_button.setToolTip(self.tr("A bundled half-minute of Schumann"))
        self.example_button.clicked.connect(self.example_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch()
        for button in (self.open_button, self.record_button, self.example_button):
            button.setMinimumSize(120, 36)
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch()
        layout.addWidget(_Emblem(), 0, Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(title, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(kinds)
        layout.addSpacing(10)
        layout.addLayout(buttons)
        layout.addWidget(self._no_recording)
        layout.addWidget(self.look_again_button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addLayout(self._make_lists())
        layout.addStretch()

    def _make_lists(self) -> QHBoxLayout:
        self._recent = _Entries(self.tr("Recent"))
        self._unsaved = _Entries(self.tr("Unsaved work"))
        lists = QHBoxLayout()
        lists.setSpacing(40)
        lists.addStretch()
        lists.addWidget(self._recent, 0, Qt.AlignmentFlag.AlignTop)
        lists.addWidget(self._unsaved, 0, Qt.AlignmentFlag.AlignTop)
        lists.addStretch()
        return lists

    def set_recent(self, actions: Sequence[QAction]) -> None:
        """The recent files, the latest first."""
        self._recent.set_actions(actions)

    def set_unsaved(self, actions: Sequence[QAction]) -> None:
        """A row that has no file yet."""
        self._unsaved.set_actions(actions)

    def set_no_recording(self, reason: str) -> None:
        """Why nothing can be recorded; empty if it can."""
        self.record_button.setEnabled(not reason)
        self._no_recording.setText(reason)
        for widget in (self._no_recording, self.look_again_button):
            widget.setVisible(bool(reason))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.faint_text, 2.0, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setOpacity(0.6)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(28, 28, -28, -28), 14.0, 14.0)


class _Entries(QWidget):
    """A heading with a few entries of a menu below it; hidden while there are none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        heading = QLabel(title)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(heading)
        self._buttons: list[QToolButton] = []
        self.hide()

    def set_actions(self, actions: Sequence[QAction]) -> None:
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for action in actions[:_MOST_ENTRIES]:
            button = QToolButton()
            text = self.fontMetrics().elidedText(
                action.text().replace("&&", "&"), Qt.TextElideMode.ElideMiddle, _ENTRY_PX
            )
            button.setText(text.replace("&", "&&"))
            button.setAccessibleName(action.text().replace("&&", "&"))
            button.setToolTip(action.toolTip())
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(action.trigger)
            self._layout.addWidget(button)
            self._buttons.append(button)
        self.setVisible(bool(actions))


class _Emblem(QWidget):
    """A few notes on a roll."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(216, 84)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for start, row, length, colour in _EMBLEM:
            painter.setBrush(theme.notes[colour])
            painter.drawRoundedRect(QRectF(start, 12 * row, length, 9), 3.0, 3.0)


class DropOverlay(QWidget):
    """Covers the window while a file is dragged over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.82)
        painter.fillRect(self.rect(), theme.background)
        painter.setOpacity(1.0)
        painter.setPen(QPen(theme.accent, 3.0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 14.0, 14.0)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 2.0)
        painter.setFont(font)
        painter.setPen(theme.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Drop to transcribe"))
