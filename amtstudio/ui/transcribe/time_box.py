"""A field for a time, read and written as people do: 1:05.2."""

from __future__ import annotations

import re

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QWidget

from amtstudio.ui.calm_controls import DoubleSpinBox
from amtstudio.ui.pitch_names import clock

_LONGEST_S = 360_000.0
_DECIMALS = 2
_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?)")
_BEGINNING = re.compile(r"[\d:]*(?:[.,]\d*)?")


class TimeBox(DoubleSpinBox):
    """Seconds, typed as ``75``, ``1:15`` or ``0:01:15.0``; the arrows move by a second."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(_DECIMALS)
        self.setRange(0.0, _LONGEST_S)
        self.setSingleStep(1.0)
        self.setAccelerated(True)
        self.setAccessibleName(name)

    def textFromValue(self, value: float) -> str:  # noqa: N802
        return clock(value, _DECIMALS)

    def valueFromText(self, text: str) -> float:  # noqa: N802
        seconds = seconds_of(text)
        return self.value() if seconds is None else seconds

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        if seconds_of(text) is not None:
            return QValidator.State.Acceptable, text, position
        is_begun = _BEGINNING.fullmatch(text.strip()) is not None
        state = QValidator.State.Intermediate if is_begun else QValidator.State.Invalid
        return state, text, position


def seconds_of(text: str) -> float | None:
    """The time that was typed; None if it is none, or longer than any recording."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    value = float(seconds.replace(",", ".")) + 60.0 * int(minutes or 0) + 3600.0 * int(hours or 0)
    return value if value <= _LONGEST_S else None
