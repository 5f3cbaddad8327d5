"""The language of the window: that of the system, or what the user chose.

Texts are found by what they say, whatever class says them: a text that moves to another class keeps
its translation. ``packaging/translations.py`` makes the files.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from amtstudio.resources import resource_path

ENGLISH = "en"
_CONTEXT = "amtstudio"


class TextTranslator(QTranslator):
    """Finds a text without regard to its context."""

    def translate(
        self, _context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        # None, not "", so that Qt asks the next translator, the one for its own dialogs.
        return super().translate(_CONTEXT, text, disambiguation, n) or None


def languages() -> tuple[str, ...]:
    """The languages of the window, such as ``de``; English first."""
    found = sorted(path.stem.partition("_")[2] for path in _folder().glob("amtstudio_*.qm"))
    return (ENGLISH, *found)


def wanted_language(chosen: str) -> str:
    """The language to speak: the chosen one, or the first of the system's that there is."""
    names = [chosen] if chosen else QLocale.system().uiLanguages()
    known = languages()
    for name in names:
        language = re.split("[-_]", name)[0]
        if language in known:
            return language
    return ENGLISH


def install(language: str) -> None:
    """Set the language, one of ``languages()``, of texts created from now on."""
    app = QCoreApplication.instance()
    if app is None:
        return
    for translator in _installed:
        app.removeTranslator(translator)
    _installed.clear()
    if language == ENGLISH:
        return
    own = TextTranslator()
    own.setObjectName(language)
    if not own.load(str(_folder() / f"amtstudio_{language}.qm")):
        return
    of_qt = QTranslator()
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if of_qt.load(f"qtbase_{language}", qt_folder):
        app.installTranslator(of_qt)
        _installed.append(of_qt)
    app.installTranslator(own)  # asked before Qt's
    _installed.append(own)


def current_language() -> str:
    """The language of the texts created now."""
    return _installed[-1].objectName() if _installed else ENGLISH


def translated_message(text: str) -> str:
    """A text of the layers below, whose gaps are filled already, in the language of the window."""
    if not _installed or not text:
        return text
    if (found := _look_up(text)) is not None:
        return found
    for pattern, template in _templates():
        if (match := pattern.fullmatch(text)) is not None:
            found = _look_up(template)
            if found is not None:
                return found.format(*(translated_message(part) for part in match.groups()))
    return text


_installed: list[QTranslator] = []


def _look_up(text: str) -> str | None:
    found = QCoreApplication.translate(_CONTEXT, text)
    return None if found == text else found


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Messages with gaps, those with the most words of their own first."""
    try:
        texts = json.loads((_folder() / "messages.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    with_gaps = [text for text in texts if re.search(r"\{\d+\}", text)]
    with_gaps.sort(key=lambda text: -len(re.sub(r"\{\d+\}", "", text)))
    return [(_pattern(text), text) for text in with_gaps]


def _pattern(template: str) -> re.Pattern[str]:
    # A gap may be empty: the place of a fault that is not known.
    parts = re.split(r"\{\d+\}", template)
    return re.compile("(.*?)".join(map(re.escape, parts)), re.DOTALL)


def _folder() -> Path:
    return resource_path("translations")
