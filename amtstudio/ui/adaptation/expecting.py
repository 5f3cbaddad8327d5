"""What similar runs achieved on recordings like the chosen ones: shown before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from amtstudio.learning.expectation import Known, expectation
from amtstudio.ui.adaptation.recordings import Chosen


def expectation_text(model: str, entries: Sequence[Chosen], *, uses_corrections: bool) -> str:
    """What to expect from a run with this model, in the user's language."""
    return expectation(model, known_of(entries, uses_corrections=uses_corrections), _tr)


def known_of(entries: Sequence[Chosen], *, uses_corrections: bool) -> Known:
    """The most that is known of any of the recordings that can be used."""
    return max((_known(entry, uses_corrections) for entry in entries), default=Known.NOTHING)


def _known(entry: Chosen, uses_corrections: bool) -> Known:
    if not entry.is_usable:
        return Known.NOTHING
    if entry.corrected is not None and uses_corrections:
        return Known.CORRECTED
    if entry.keyboard is not None:
        return Known.KEYBOARD
    return Known.NOTHING if entry.score is None else Known.SCORE


def _tr(text: str) -> str:
    return QCoreApplication.translate("Adaptation", text)
