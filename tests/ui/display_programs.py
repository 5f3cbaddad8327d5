"""What the test on a virtual display starts: the window, and another program to drag from and to.

Each prints a line of JSON whenever something has changed.

    python display_programs.py window MODEL [RECORDING ...]
    python display_programs.py partner FILE_TO_DRAG FOLDER_FOR_DROPS
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from amtstudio.ui.transcribe.queue_view import QueueView

PARTNER_SIZE = 220


def centre(widget: QWidget) -> list[int]:
    place = widget.mapToGlobal(widget.rect().center())
    ratio = widget.devicePixelRatioF()
    return [round(place.x() * ratio), round(place.y() * ratio)]


class Teller:
    """Says what it is told, unless it said just that before."""

    def __init__(self) -> None:
        self._last = ""

    def say(self, **facts: object) -> None:
        text = json.dumps(facts)
        if text != self._last:
            self._last = text
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()


def rows_of(window: QWidget) -> dict[str, list[int]]:
    """Where on the screen the rows of the list of recordings are, from the top down."""
    view = window.findChild(QueueView)
    ratio = view.devicePixelRatioF()
    rows = {}
    for row in range(view.model().rowCount()):
        index = view.model().index(row)
        place = view.viewport().mapToGlobal(view.visualRect(index).center())
        rows[index.data()] = [round(place.x() * ratio), round(place.y() * ratio)]
    return rows


def run_real_window(model: str, *recordings: str) -> None:
    """``amtstudio gui``, with a timer that tells what is on the screen."""
    from amtstudio.ui import app  # noqa: PLC0415
    from amtstudio.ui.main_window import MainWindow  # noqa: PLC0415

    teller = Teller()
    watched: list[QDrag] = []
    actions: list[str] = []

    def watch(drag: QDrag | None) -> None:
        """Hear when what the MIDI is dragged over says that it would take it."""
        if drag is not None and drag not in watched:
            watched.append(drag)
            drag.actionChanged.connect(lambda action: actions.append(action.name))

    def look() -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                document = window.document
                watch(window.page.handle.findChild(QDrag))
                teller.say(
                    platform=QApplication.platformName(),
                    centre=centre(window),
                    right=window.frameGeometry().right(),
                    handle=centre(window.page.handle),
                    overlay=window._overlay.isVisible(),
                    dragging=bool(watched),
                    action=actions[-1] if actions else None,
                    file=None if document is None else str(document.path),
                    n_notes=0 if document is None else len(document.notes),
                    rows=rows_of(window),
                    settled=window.is_settled and window.page.handle.isEnabled(),
                )

    application = app.make_app()
    timer = QTimer(application)
    timer.timeout.connect(look)
    timer.start(50)
    app.run_window(app.WindowOptions(tuple(map(Path, recordings)), model=model))


class Partner(QLabel):
    """Drags a file out, and takes files that are dropped on it."""

    def __init__(self, file: Path, folder: Path, teller: Teller) -> None:
        super().__init__("drag from here, drop here")
        self._file = file
        self._folder = folder
        self._teller = teller
        self._pressed_at: QPoint | None = None
        self.setAcceptDrops(True)
        self.resize(PARTNER_SIZE, PARTNER_SIZE)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._pressed_at = event.position().toPoint()
        self._teller.say(event="pressed")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._pressed_at is None:
            return
        self._pressed_at = None
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._file))])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.actionChanged.connect(lambda action: self._teller.say(action=action.name))
        action = drag.exec(Qt.DropAction.CopyAction)
        self._teller.say(event="given", taken=action == Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.source() is None:  # of another program
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        source = Path(event.mimeData().urls()[0].toLocalFile())
        shutil.copy(source, self._folder / source.name)
        event.acceptProposedAction()
        self._teller.say(event="dropped", name=source.name)


def run_partner(file: str, folder: str) -> None:
    application = QApplication([])
    teller = Teller()
    partner = Partner(Path(file), Path(folder), teller)
    screen = application.primaryScreen().geometry()
    partner.move(screen.right() - PARTNER_SIZE - 10, screen.bottom() - PARTNER_SIZE - 10)
    partner.show()
    QTimer.singleShot(0, lambda: teller.say(event="shown", centre=centre(partner)))
    application.exec()


if __name__ == "__main__":
    {"window": run_real_window, "partner": run_partner}[sys.argv[1]](*sys.argv[2:])
