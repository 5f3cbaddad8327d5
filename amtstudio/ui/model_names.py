"""Readable names of the bundled models."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from amtstudio.workbench.transcribing import AUTO


def model_name(name: str) -> str:
    """The readable name of a model."""
    known = {
        AUTO: QCoreApplication.translate("models", "Automatic"),
        "piano": QCoreApplication.translate("models", "Piano"),
        "piano_large": QCoreApplication.translate("models", "Piano, careful (slow)"),
        "melodic": QCoreApplication.translate("models", "Any pitched instrument"),
        "drums": QCoreApplication.translate("models", "Drums"),
    }
    return known.get(name, name)
