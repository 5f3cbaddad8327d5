"""What similar runs achieved on recordings like the chosen ones: shown before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from amtstudio.learning.expectation import expectation
from amtstudio.workbench.adaptation.chosen import Chosen, known_of


def expectation_text(model: str, entries: Sequence[Chosen], *, uses_corrections: bool) -> str:
    """What to expect from a run with this model, in the user's language."""
    known = known_of(entries, model=model, uses_corrections=uses_corrections)
    return expectation(model, known, _tr)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Adaptation", text)
