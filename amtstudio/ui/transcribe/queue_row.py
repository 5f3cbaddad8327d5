"""One row of the list of recordings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDesktopServices,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amtstudio.ui.elided_label import ElidedLabel
from amtstudio.ui.failure import describe
from amtstudio.ui.icons import icon
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.plurals import counted
from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue
from amtstudio.ui.wrapped_label import WrappedLabel

_BAR_STEPS = 1000


class QueueRow(QFrame):
    """One recording: its name, how far it is, what can be done with it.

    It is moved in the list with the mouse, or with Alt and the arrow keys.
    """

    chosen = Signal(QueueItem)
    dragged = Signal(QueueItem, int)  # the pointer's height on the screen
    dropped = Signal(QueueItem)
    stepped = Signal(QueueItem, int)  # the focus is to go so many rows on
    retry_wanted = Signal(QueueItem)
    menu_wanted = Signal(QueueItem, QMenu)  # more may be added to its end

    def __init__(self, item: QueueItem, queue: TranscriptionQueue) -> None:
        super().__init__()
        self._item = item
        self._queue = queue
        self._is_chosen = False
        self._pressed_at: QPoint | None = None
        self._is_dragged = False
        self._place = (True, True)
        self._details = ""
        self._named_state: State | None = None  # the state that the buttons were named for
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(str(item.document.path))
        self._build()
        item.changed.connect(self.refresh)
        item.document.notes_changed.connect(self.refresh)
        self.refresh()

    # -- layout -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.name_label = ElidedLabel(self._item.document.name)
        # A long name would make the list wide: it takes what there is.
        self.name_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.status_label = WrappedLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(5)
        self.bar.setMaximum(_BAR_STEPS)
        self.pause_button = self._button(self._toggle_pause)
        self.cancel_button = self._button(lambda: self._queue.cancel(self._item))
        self.retry_button = self._button(lambda: self.retry_wanted.emit(self._item))
        self.up_button = self._button(lambda: self._queue.move(self._item, -1))
        self.down_button = self._button(lambda: self._queue.move(self._item, 1))
        self.remove_button = self._button(lambda: self._queue.remove(self._item))
        self.copy_button = QPushButton(self.tr("Copy details"))
        self.copy_button.clicked.connect(self._copy_details)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.name_label, 1)
        for button in self._buttons():
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 6)
        layout.setSpacing(3)
        layout.addLayout(head)
        layout.addWidget(self.bar)
        layout.addWidget(self.status_label)
        layout.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _button(self, action: object) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.clicked.connect(action)
        return button

    def _buttons(self) -> list[QToolButton]:
        return [
            self.up_button,
            self.down_button,
            self.pause_button,
            self.retry_button,
            self.cancel_button,
            self.remove_button,
        ]

    @property
    def last_button(self) -> QWidget:
        return self.copy_button

    def _name_buttons(self) -> None:
        self._named_state = self._item.state
        is_held = self._item.state in (State.PAUSED, State.HELD)
        texts = [
            self.tr("Earlier"),
            self.tr("Later"),
            self.tr("Resume") if is_held else self.tr("Pause; the recordings after it wait"),
            self.tr("Transcribe again"),
            self.tr("Cancel"),
            self.tr("Remove from the list"),
        ]
        icons = ["up", "down", "resume" if is_held else "pause", "retry", "cancel", "cancel"]
        for button, text, name in zip(self._buttons(), texts, icons, strict=True):
            button.setToolTip(text)
            button.setAccessibleName(f"{text}: {self._item.document.name}")
            button.setIcon(icon(name, self.palette()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        colour = self.palette().color(QPalette.ColorRole.Highlight)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._is_chosen:
            painter.setPen(QPen(colour, 1.0))
            painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), 40))
            painter.drawRoundedRect(box, 5.0, 5.0)
        if self.hasFocus():
            painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 4.0, 4.0)

    # -- state ------------------------------------------------------------------------------------

    def set_chosen(self, is_chosen: bool) -> None:
        self._is_chosen = is_chosen
        self.update()

    def set_place(self, *, is_first: bool, is_last: bool) -> None:
        self._place = (is_first, is_last)
        self.refresh()

    def refresh(self) -> None:
        item = self._item
        state = item.state
        is_open = state in (State.WAITING, State.HELD, State.RUNNING, State.PAUSED)
        is_first, is_last = self._place
        self.up_button.setVisible(state in (State.WAITING, State.HELD) and not is_first)
        self.down_button.setVisible(state in (State.WAITING, State.HELD) and not is_last)
        self.pause_button.setVisible(is_open)
        self.cancel_button.setVisible(is_open)
        self.retry_button.setVisible(not is_open)
        self.remove_button.setVisible(not is_open)
        self.bar.setVisible(item.is_active)
        self.copy_button.setVisible(state is State.FAILED)
        if state is not self._named_state:
            self._name_buttons()
        if item.is_active and item.fraction is None:
            self.bar.setMaximum(0)  # busy, the length is not known
        else:
            self.bar.setMaximum(_BAR_STEPS)
            self.bar.setValue(round((item.fraction or 0.0) * _BAR_STEPS))
        self.status_label.setText(self._status())
        self.setAccessibleName(f"{item.document.name}: {self._status()}")

    def _status(self) -> str:
        item = self._item
        n_notes = len(item.document.notes)
        if item.state is State.RUNNING:
            text = self._running_text()
        elif item.state is State.DONE:
            text = f"{counted(n_notes, '%n note', '%n notes')}, {clock(item.document.duration)}"
        elif item.state is State.FAILED and item.error is not None:
            failure = describe(item.error, subject=str(item.document.path))
            self._details = failure.details
            text = failure.sentences
        else:
            text = {
                State.WAITING: self.tr("Waiting"),
                State.HELD: self.tr("Paused before starting"),
                State.PAUSED: self.tr("Paused"),
                State.CANCELLED: self.tr("Cancelled"),
            }.get(item.state, "")
        return "\n".join([text, *item.warnings])

    def _running_text(self) -> str:
        fraction, left = self._item.fraction, self._item.seconds_left
        if fraction is None or left is None:
            return self.tr("Getting ready…")
        return self.tr("{percent} %, {left} left").format(
            percent=round(100 * fraction), left=clock(max(1.0, left))
        )

    # -- what the user does -----------------------------------------------------------------------

    def _toggle_pause(self) -> None:
        if self._item.state in (State.PAUSED, State.HELD):
            self._queue.resume(self._item)
        else:
            self._queue.pause(self._item)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._details)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.globalPosition().toPoint()
            self.chosen.emit(self._item)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._pressed_at is None:
            return
        place = event.globalPosition().toPoint()
        far = (place - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if self._is_dragged or far:
            self._is_dragged = True
            self.dragged.emit(self._item, place.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        was_dragged, self._is_dragged, self._pressed_at = self._is_dragged, False, None
        if was_dragged:
            self.dropped.emit(self._item)

    def event(self, event: QEvent) -> bool:
        # The window has shortcuts on some of these keys.
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and self._action_of(cast("QKeyEvent", event)) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        action = self._action_of(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def _action_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does while the row has the focus."""
        key = Qt.Key
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            moves = {key.Key_Up: -1, key.Key_Down: 1}
            step = moves.get(Qt.Key(event.key()))
            return None if step is None else partial(self._queue.move, self._item, step)
        return {
            key.Key_Return: partial(self.chosen.emit, self._item),
            key.Key_Enter: partial(self.chosen.emit, self._item),
            key.Key_Space: partial(self.chosen.emit, self._item),
            key.Key_Up: partial(self.stepped.emit, self._item, -1),
            key.Key_Down: partial(self.stepped.emit, self._item, 1),
            key.Key_Delete: partial(self._queue.remove_or_cancel, self._item),
        }.get(Qt.Key(event.key()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        menu = QMenu(self)
        for button in self._buttons():
            if button.isVisibleTo(self):
                menu.addAction(button.icon(), button.toolTip(), button.click)
        menu.addSeparator()
        menu.addAction(self.tr("Show in folder"), self._show_folder)
        self.menu_wanted.emit(self._item, menu)
        menu.exec(event.globalPos())

    def _show_folder(self) -> None:
        folder = self._item.document.path.absolute().parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "copy_button"):
            self._name_buttons()
        super().changeEvent(event)
