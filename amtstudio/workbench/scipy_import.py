"""Importing scipy, which threads must not do at once."""

from __future__ import annotations

import threading
from importlib import import_module

_LOCK = threading.Lock()
_PARTS = ("scipy.fft", "scipy.ndimage", "scipy.sparse")


def import_scipy() -> None:
    """Import what the program uses of it, one thread after the other.

    Its parts import one another in circles: two threads that began at different ends would get
    modules that are half there (seen as ``ImportError`` and ``KeyError: 'scipy'`` where a recording
    was opened while the model was still being loaded).
    """
    with _LOCK:
        for name in _PARTS:
            import_module(name)
