"""Returns freed memory to the system."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Callable
from functools import cache


def give_back_freed_memory() -> None:
    """Hand pages that hold nothing back to the system, where the C library keeps them (glibc).

    Work on a recording leaves a hundred megabytes of them. Seldom in the midst of work: each
    page that is needed again costs a page fault.
    """
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # other C libraries keep less
            trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
            return trim
    return lambda _padding: None
