"""Small icons, in the colour of the text so that they suit dark and light."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from amtstudio.resources import resource_path

RECORD_COLOUR = QColor("#e5484d")
_SIZES = (16, 24, 32, 48)  # in pixels, so that none is scaled, whatever the screen


def icon(name: str, palette: QPalette) -> QIcon:
    """The drawing of this name, also as it looks when it cannot be used."""
    groups = (QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled)
    usable, disabled = (
        palette.color(group, QPalette.ColorRole.ButtonText).name() for group in groups
    )
    return _drawn(name, RECORD_COLOUR.name() if name == "record" else usable, disabled)


@cache  # every row of a long list has the same ones
def _drawn(name: str, usable: str, disabled: str) -> QIcon:
    drawing = resource_path("icons", "actions", f"{name}.svg").read_text("utf-8")
    result = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, usable), (QIcon.Mode.Disabled, disabled)):
        renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
        for size in _SIZES:
            pixmap = QPixmap(size, size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter)
            painter.end()
            result.addPixmap(pixmap, mode)
    return result
