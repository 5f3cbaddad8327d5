"""Kill an adaptation at random moments and take it up again, until it is through.

``python tests/benchmarks/kill_adaptation.py RECORDING... [--kills 20] [--minutes 2]``

Prints, for each kill, how far the run was; at the end, whether the shipped model stayed identical
to the byte, and whether there was never an unfinished profile.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import tempfile
import time
from pathlib import Path

from amtstudio.learning.events import EventTail
from amtstudio.learning.process import AdaptationProcess
from amtstudio.learning.request import Request
from amtstudio.models import find_model, sha256_of
from amtstudio.profiles import list_profiles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--longest", type=float, default=60.0, help="seconds until a kill")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    before = sha256_of(find_model("piano"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AMTSTUDIO_DATA_DIR"] = folder
        request = Request("killed", tuple(options.recordings), minutes=options.minutes)
        resume = False
        for number in range(options.kills):
            run = AdaptationProcess.start(request, resume=resume)
            if _dies_or_ends(run, chance.uniform(1.0, options.longest)):
                break
            # Killed before it could note what it was asked for, there is nothing to take up.
            resume = (run.folder / "request.json").is_file()
            told = EventTail(run.folder).read()
            print(f"kill {number + 1}: {told[-1] if told else 'nothing'}")
            assert list_profiles() == ([], []), "a profile of an unfinished run"
            assert sha256_of(find_model("piano")) == before
        run = AdaptationProcess.start(request, resume=resume)
        print(f"exit code {run.wait()}")
        print(run.outcome)
        assert sha256_of(find_model("piano")) == before
        print("the shipped model is unchanged to the byte")


def _dies_or_ends(run: AdaptationProcess, seconds: float) -> bool:
    """Kill after some seconds; True if it had ended by then."""
    assert run._process is not None
    try:
        run._process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        run._process.kill()
        run._process.communicate()
        time.sleep(0.1)
        return False
    return True


if __name__ == "__main__":
    main()
