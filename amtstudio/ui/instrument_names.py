"""What people call the instruments."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def instrument_name(name: str) -> str:
    """``mallet_percussion`` as it is read, in the language of the user if that is known."""
    return QCoreApplication.translate("Instrument", name.replace("_", " "))
