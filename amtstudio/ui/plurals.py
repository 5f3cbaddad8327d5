"""Counts in words, in the plural forms of the user's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def counted(n: int, one: str, many: str) -> str:
    """A text about ``n`` things, with the number in the place of ``%n``.

    ``many`` is what translators see, with as many forms as their language has; ``one`` is for
    English alone, which has no table of translations.
    """
    translated = QCoreApplication.translate("Plural", many, None, n)
    if translated == many.replace("%n", str(n)):
        return (one if n == 1 else many).replace("%n", str(n))
    return translated
