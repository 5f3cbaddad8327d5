"""Time from the command to the answer of ``--help`` and ``--version``.

Usage: python tests/benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

GOAL_S = 0.3


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    for arguments in (["--help"], ["--version"], ["transcribe", "--help"]):
        times = sorted(_timed(arguments) for _ in range(runs))
        print(
            f"amtstudio {' '.join(arguments)}: median {statistics.median(times):.3f} s,"
            f" {times[0]:.3f} to {times[-1]:.3f} s in {runs} runs (goal: under {GOAL_S} s)"
        )


def _timed(arguments: list[str]) -> float:
    started = time.perf_counter()
    command = [sys.executable, "-m", "amtstudio", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
