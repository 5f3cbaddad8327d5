import ctypes
import sys
from pathlib import Path

import numpy as np
import pytest

from amtstudio.engine.freed_memory import give_back_freed_memory


def resident_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def has_glibc():
    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), "gnu_get_libc_version")


@pytest.mark.skipif(not has_glibc(), reason="other C libraries give memory back by themselves")
def test_holes_between_what_is_still_in_use_are_given_back():
    give_back_freed_memory()  # or what others left would be filled, and cost nothing
    before = resident_mb()
    # Below the size that is mapped by itself, and every other one stays: the heap cannot shrink.
    arrays = [np.ones(100_000, dtype=np.uint8) for _ in range(1000)]
    full = resident_mb()
    assert full - before > 80
    del arrays[::2]
    give_back_freed_memory()
    assert resident_mb() < full - 35
    assert all(array.all() for array in arrays)


def test_it_may_be_called_at_any_time():
    give_back_freed_memory()
    give_back_freed_memory()
