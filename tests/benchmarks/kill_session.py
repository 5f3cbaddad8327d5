"""How many projects and takes survive ``kill -9`` of a process that records, edits and saves.

    python tests/benchmarks/kill_session.py [COUNT]      50 by default

Every project file that is left must open without a complaint, and one of them must hold every
edit that the process had acknowledged. The take must be found again, be readable, and lack at most
a second of what the device had delivered. Exit status 1 if that fails once.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "session"))

from killing import kill_once


def main(count: int) -> int:
    whole = edits = saves = 0
    slowest = captured = most_lost = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(count):
            outcome = kill_once(Path(folder) / str(seed), seed, longest=2.0, records=True)
            whole += not outcome.problems
            edits += outcome.acknowledged
            saves += outcome.saves
            captured += outcome.captured_s
            most_lost = max(most_lost, outcome.lost_s)
            slowest = max(slowest, outcome.seconds_to_open)
            for problem in outcome.problems:
                print(f"run {seed}: {problem}")
    print(f"{whole} of {count} reopen with every acknowledged edit and the take")
    print(f"{captured:.0f} s of sound captured; most lost of a take {most_lost:.2f} s")
    print(f"{edits} edits and {saves} saves acknowledged; slowest opening {slowest:.2f} s")
    return 0 if whole == count else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
