"""How many threads the computing may take."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import torch

_CGROUP = Path("/sys/fs/cgroup")


def usable_cores() -> int:
    """Cores that this process may use: affinity, container limit and OMP_NUM_THREADS together."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    limits = [cores, *_container_limits(_CGROUP)]
    wished = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    if wished.isascii() and wished.isdigit() and int(wished) > 0:
        limits.append(int(wished))
    return max(1, min(limits))


def set_thread_count(n_threads: int | None = None) -> int:
    """Let torch compute with this many threads (None: ``usable_cores()``); returns the number.

    Raises ``ValueError`` if ``n_threads`` is below 1.
    """
    if n_threads is None:
        n_threads = usable_cores()
    if n_threads < 1:
        raise ValueError(f"n_threads must be 1 or more, got {n_threads}")
    if torch.get_num_threads() != n_threads:
        torch.set_num_threads(n_threads)
    return n_threads


def compute_alone() -> None:
    """Let the calling thread compute by itself, and leave all others the threads that they have.

    Torch keeps the number per thread, but also one for threads to come, and one for the matrix
    products of all: a thread that ends at once sets those two back.
    """
    shared = torch.get_num_threads()
    torch.set_num_threads(1)
    if shared > 1:
        restoring = threading.Thread(target=torch.set_num_threads, args=(shared,))
        restoring.start()
        restoring.join()


def _container_limits(cgroup: Path) -> list[int]:
    """The CPU quota of the container, in cores rounded up, in either form that Linux has."""
    quotas = [
        _words(cgroup / "cpu.max"),
        _words(cgroup / "cpu" / "cpu.cfs_quota_us") + _words(cgroup / "cpu" / "cpu.cfs_period_us"),
    ]
    return [
        max(1, -(-int(quota[0]) // int(quota[1])))
        for quota in quotas
        if len(quota) == 2 and all(word.isdigit() for word in quota) and int(quota[1]) > 0
    ]


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []
