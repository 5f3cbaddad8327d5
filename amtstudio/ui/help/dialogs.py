"""The sheet of keys, and what the program is made of."""

from __future__ import annotations

import html
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from amtstudio import __version__
from amtstudio.resources import resource_path
from amtstudio.ui.logs import log_folder

_WIDTH, _HEIGHT = 640, 560


class KeySheet(QDialog):
    """Every shortcut, menu by menu, and gesture; made from the menus: it cannot be out of date."""

    def __init__(
        self, menus: Mapping[str, Sequence[QAction]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard and Mouse"))
        gestures = [
            (self.tr("Wheel"), self.tr("scroll in time")),
            (self.tr("Shift + wheel"), self.tr("scroll in pitch")),
            (self.tr("Ctrl + wheel"), self.tr("zoom in time at the pointer")),
            (self.tr("Ctrl + Shift + wheel"), self.tr("zoom in pitch at the pointer")),
            (self.tr("Drag, middle button"), self.tr("move the view")),
            (self.tr("Click, Ctrl + click, drag a box"), self.tr("select notes")),
            (self.tr("Drag a note, or one of its ends"), self.tr("move it, or make it longer")),
            (self.tr("Double-click where there is no note"), self.tr("add a note, or a drum hit")),
            (self.tr("Drag a drum hit"), self.tr("move it in time, or to another drum")),
            (
                self.tr("Up and Down, notes selected"),
                self.tr("a semitone up or down; for drum hits, to the drum above or below"),
            ),
            (self.tr("Alt + wheel"), self.tr("velocity of the selected notes")),
            (
                self.tr("With the tool “Bend Notes”: drag a note"),
                self.tr("shift its bend, and those of all other selected notes"),
            ),
            (
                self.tr("With that tool: drag a point, double-click"),
                self.tr("shape the bend; add or remove a point"),
            ),
            (self.tr("Drag a velocity, or along the lane"), self.tr("louder or softer")),
            (self.tr("Drag in the pedal lane"), self.tr("press the pedal, or change a press")),
            (self.tr("Drag along the ruler"), self.tr("mark a stretch of time")),
            (self.tr("Shift + drag in the overview"), self.tr("mark a stretch of time")),
            (self.tr("Drag in the overview"), self.tr("move the view there")),
            (self.tr("Click in the ruler or the overview"), self.tr("play from there")),
            (self.tr("Click a note, or a key or drum at the side"), self.tr("hear it")),
            (self.tr("Drag a row of the list"), self.tr("transcribe it earlier or later")),
            (self.tr("Drag “Drag MIDI”"), self.tr("drag the MIDI file into another program")),
            (self.tr("Drag a track from its row"), self.tr("drag it alone, as a MIDI file")),
        ]
        keys = {
            title.replace("&", ""): [_key(action) for action in actions if action.shortcuts()]
            for title, actions in menus.items()
        }
        in_list = [
            (self.tr("Enter"), self.tr("show the recording")),
            (self.tr("Up, Down"), self.tr("to the previous or next row")),
            (self.tr("Alt + Up, Alt + Down"), self.tr("transcribe it earlier, later")),
            (self.tr("Delete"), self.tr("cancel it, or remove it from the list")),
            (self.tr("Tab"), self.tr("to the buttons of the row")),
        ]
        browser = QTextBrowser()
        browser.setAccessibleName(self.windowTitle())
        browser.setHtml(
            "".join(_table(title, rows) for title, rows in keys.items() if rows)
            + _table(self.tr("In the list of recordings"), in_list)
            + _table(self.tr("Mouse"), gestures)
        )
        _finish(self, browser)


class AboutDialog(QDialog):
    """Version, device, and the licences of what ships with the program."""

    def __init__(self, device: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About AMT Studio"))
        about = QTextBrowser()
        about.setAccessibleName(self.tr("About"))
        about.setOpenExternalLinks(True)
        about.setHtml(self._about(device))
        licences = QTextBrowser()
        licences.setAccessibleName(self.tr("Licences"))
        licences.setOpenExternalLinks(True)
        licences.setMarkdown(_notices())
        tabs = QTabWidget()
        tabs.setAccessibleName(self.windowTitle())
        tabs.addTab(about, self.tr("About"))
        tabs.addTab(licences, self.tr("Licences"))
        _finish(self, tabs)

    def _about(self, device: str) -> str:
        packages = []
        for name in ("torch", "PySide6-Essentials", "pyqtgraph", "numpy", "soundfile", "av"):
            try:
                packages.append((name, metadata.version(name)))
            except metadata.PackageNotFoundError:
                continue
        facts = [
            (self.tr("Device"), device),
            ("Python", platform.python_version()),
            (self.tr("Logs"), str(log_folder())),
            (self.tr("System"), f"{platform.system()} {platform.release()} ({sys.platform})"),
            *packages,
        ]
        text = self.tr(
            "Turns recordings of music into MIDI on your own machine. No account, no"
            " network: nothing you open leaves it. MIT licence."
        )
        return f"<h2>AMT Studio {html.escape(__version__)}</h2><p>{text}</p>" + _table("", facts)


def _notices() -> str:
    path = resource_path("THIRD_PARTY_NOTICES.md")
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        return f"{path}: {error.strerror}"


def _key(action: QAction) -> tuple[str, str]:
    keys = (key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
    return ", ".join(keys), (action.whatsThis() or action.text()).replace("&", "").rstrip("…")


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td style='padding-right:24px'><b>{html.escape(first)}</b></td>"
        f"<td>{html.escape(second)}</td></tr>"
        for first, second in rows
    )
    heading = f"<h3>{html.escape(title)}</h3>" if title else ""
    return f"{heading}<table cellpadding='3'>{cells}</table>"


def _finish(dialog: QDialog, content: QWidget) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(content)
    layout.addWidget(buttons)
    dialog.resize(_WIDTH, _HEIGHT)
