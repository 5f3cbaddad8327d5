"""The peak memory of this process."""

from __future__ import annotations

import sys
from pathlib import Path


def peak_memory_mb() -> float | None:
    """Largest resident size so far, in MB of 10^6 bytes; None where the system does not tell."""
    try:
        # Not getrusage: on Linux that starts with the peak of whoever started the program.
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return _from_getrusage()
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), None)
    return None if peak is None else int(peak.split()[1]) * 1024 / 1e6


def _from_getrusage() -> float | None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
