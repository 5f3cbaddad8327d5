"""The library that reads scores, imported so that it asks no network for anything."""

from __future__ import annotations

import sys
from typing import Any


def import_partitura() -> Any:
    """The module ``partitura``.

    If pyfluidsynth is installed, partitura (1.9) fetches a SoundFont over the network when it is
    imported, and fails without a network. So pyfluidsynth is hidden from it: notes are played by
    other means here.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    known = sys.modules.get("fluidsynth")
    modules: dict[str, Any] = sys.modules
    modules["fluidsynth"] = None  # so that an import of it fails
    try:
        import partitura  # noqa: PLC0415 - an extra, and slow to load
        import partitura.score  # noqa: PLC0415
    finally:
        if known is None:
            del sys.modules["fluidsynth"]
        else:
            sys.modules["fluidsynth"] = known
    return partitura
