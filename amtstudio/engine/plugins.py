"""Transcription engines of other packages, found by the entry point ``amtstudio.engines``."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol

from amtstudio.engine.run import IsCancelled, OnProgress
from amtstudio.errors import CheckpointError
from amtstudio.symbolic import Transcription

GROUP = "amtstudio.engines"


class TranscriptionEngine(Protocol):
    """What an entry point has to provide: an object (or a function without arguments for it).

    ``available()``: whether everything that it needs is installed.
    """

    name: str

    def available(self) -> bool: ...

    def transcribe(
        self, path: Path, *, on_progress: OnProgress | None, is_cancelled: IsCancelled | None
    ) -> Transcription: ...


def engine_names() -> list[str]:
    """Names of the installed engines, sorted; imports none of them."""
    return sorted({entry.name for entry in _entries()})


def load_engine(name: str) -> TranscriptionEngine:
    """Import the engine of this name.

    Raises
    ------
    CheckpointError
        If there is none, or it cannot be used.
    """
    found = [entry for entry in _entries() if entry.name == name]
    if not found:
        known = ", ".join(engine_names()) or "none"
        raise CheckpointError(f"no engine is called {name!r}; installed: {known}")
    try:
        engine: TranscriptionEngine = found[0].load()()
        usable = engine.available()
    except Exception as error:
        # Code of others: whatever it raises, it is the plug-in that fails and not the program.
        raise CheckpointError(f"the engine {name!r} cannot be loaded: {error}") from error
    if not usable:
        raise CheckpointError(
            f"the engine {name!r} lacks a package", hint=f"pip install 'amtstudio[{name}]'"
        )
    return engine


def register_engine(name: str, place: str) -> None:
    """Make an engine known for the life of this process, as an entry point would.

    ``place`` is "package.module:attribute" of what gives the engine.
    """
    _REGISTERED[name] = EntryPoint(name, place, GROUP)


def _entries() -> list[EntryPoint]:
    """Those of installed packages, and those that were registered."""
    entries = list(entry_points(group=GROUP))
    names = {entry.name for entry in entries}
    return entries + [entry for entry in _REGISTERED.values() if entry.name not in names]


_REGISTERED: dict[str, EntryPoint] = {}
register_engine("transkun", "amtstudio.engine.transkun:Transkun")  # there even if not installed
