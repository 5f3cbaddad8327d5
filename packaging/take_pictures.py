"""Takes the pictures of the real window that the README shows, from the bundled example.

python packaging/take_pictures.py FOLDER

No display is needed. The user's settings and projects are not touched.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amtstudio.ui.main_window import MainWindow

PATIENCE_S = 300.0
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def wait_until(is_true: Callable[[], object]) -> None:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    deadline = time.monotonic() + PATIENCE_S
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not come to rest")
        QApplication.processEvents()
        time.sleep(0.01)


def take(folder: Path) -> list[Path]:
    """Save every picture; returns their paths."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from amtstudio.ui.app import make_app  # noqa: PLC0415
    from amtstudio.ui.example import EXAMPLE  # noqa: PLC0415
    from amtstudio.ui.main_window import MainWindow  # noqa: PLC0415
    from amtstudio.ui.sound_devices import NoSound  # noqa: PLC0415
    from amtstudio.workbench.transcribing import Engine  # noqa: PLC0415

    make_app()
    window = MainWindow(Engine("piano", "cpu"), keeps_state=False, sound=NoSound())
    window.show()
    saved = []

    def save(name: str) -> None:
        wait_until(lambda: window.is_settled)
        for _ in range(3):  # a changed layout is painted in the next round
            QApplication.processEvents()
        saved.append(folder / name)
        window.grab().save(str(saved[-1]))

    window.begin()
    QApplication.processEvents()
    wait_until(lambda: not window.playback.devices.is_looking)
    window.open_paths([EXAMPLE])
    wait_until(lambda: window.is_settled)
    for name, appearance, show in (
        ("window.png", "dark", show_all),
        ("window-light.png", "light", show_edits),
    ):
        window.preferences.change(theme=appearance)
        show(window)
        save(name)
    window.close()
    return saved


def show_all(window: MainWindow) -> None:
    """The first half minute, its candidates hollow."""
    window.page.roll.show_start()
    window.statusBar().clearMessage()


def show_edits(window: MainWindow) -> None:
    """Some seconds with the onset posteriors, notes moved and added, and some selected."""
    from amtstudio.ui.roll.note_colours import ColourBy  # noqa: PLC0415
    from amtstudio.ui.view.feature import Viewing  # noqa: PLC0415

    editor, document, roll = window.editor, window.document, window.page.roll
    assert document is not None
    panel = window.feature(Viewing).panel
    panel.colour_box.setCurrentIndex(panel.colour_box.findData(ColourBy.CONFIDENCE))
    panel.head_boxes["onset"].setChecked(True)
    document.settle()
    begin = 4.0
    notes = document.notes
    inside = (notes.onset > begin + 1.0) & (notes.onset < begin + 6.0)
    editor.selection.set(notes.id[inside][:1].tolist())
    editor.move(steps=12)
    editor.add_note(84, begin + 3.0, begin + 4.2)
    document.settle()
    editor.selection.set(document.notes.ids_within(begin + 2.0, begin + 4.0, 55, 90)[:6])
    window.page.time_selection.set(begin + 2.0, begin + 4.0)
    roll.show_range(begin, begin + 8.0)
    roll.box.setYRange(38.0, 92.0, padding=0.0)
    window.statusBar().clearMessage()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as own:
        for name in ("CONFIG", "DATA", "LOG"):
            os.environ[f"AMTSTUDIO_{name}_DIR"] = str(Path(own, name.lower()))
        for path in take(Path(sys.argv[1])):
            print(path)
