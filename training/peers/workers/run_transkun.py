"""Time Transkun: ``run_transkun.py AUDIO OUT.mid FIGURES.json [--bf16]``.

Runs in Transkun's environment, through the program that the engine runs it with.
"""

import argparse
import json
import runpy
import time
from pathlib import Path
from typing import Any

import torch

PROGRAM = Path(__file__).resolve().parents[3] / "amtstudio" / "engine" / "transkun_program.py"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("audio", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    program = runpy.run_path(str(PROGRAM))
    network = timed(program["checked_network"](), in_bfloat16=options.bf16)
    program["run"](str(options.audio), str(options.output), network)
    options.figures.write_text(json.dumps({"seconds": network.seconds}))


def timed(network: type[Any], *, in_bfloat16: bool) -> type[Any]:
    """The network, which measures how long it transcribes.

    In bfloat16 computes the backbone alone, four fifths of the work.
    """

    class Timed(network):  # type: ignore[misc]
        seconds = 0.0

        def transcribe(self, *args: Any, **kwargs: Any) -> Any:
            if in_bfloat16:
                _autocast(self.backbone)
            started = time.perf_counter()
            notes = super().transcribe(*args, **kwargs)
            Timed.seconds += time.perf_counter() - started
            return notes

    return Timed


def _autocast(backbone: Any) -> None:
    forward = backbone.forward

    def autocast_forward(*args: Any, **kwargs: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return forward(*args, **kwargs).float()

    backbone.forward = autocast_forward


if __name__ == "__main__":
    main()
