"""Processor seconds of a convolution and of the shipped models, in float32 and in bfloat16.

Usage: python tests/benchmarks/precision_speed.py [AUDIO]

AUDIO (default: the example that ships with the program) is heard in both precisions, in turn, by
one thread. The least of three tries counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from transcribe_speed import example

from amtstudio.computing.device import cpu_device, prefers_bfloat16
from amtstudio.engine import load_transcriber
from amtstudio.engine.inference import Precision
from amtstudio.models.shipped import find_model

N_TRIES = 3
MODELS = ("piano", "melodic", "drums")


def main() -> None:
    torch.set_num_threads(1)
    audio = Path(sys.argv[1]) if len(sys.argv) > 1 else example()
    chosen = "bfloat16" if prefers_bfloat16(cpu_device("benchmark")) else "float32"
    print(f"the program takes {chosen} on this processor")
    rows: dict[str, dict[str, Callable[[], object]]] = {"3x3, 64 channels": _convolutions()}
    for name in MODELS:
        model = find_model(name)
        rows[name] = {
            "float32": _hearing(model, "float32", audio),
            "bfloat16": _hearing(model, "bfloat16", audio),
        }
    print(f"{'':20}{'float32':>10}{'bfloat16':>10}{'ratio':>8}")
    for name, ways in rows.items():
        least = dict.fromkeys(ways, float("inf"))
        for _ in range(N_TRIES):
            for precision, work in ways.items():
                started = time.process_time()
                work()
                least[precision] = min(least[precision], time.process_time() - started)
        ratio = least["bfloat16"] / least["float32"]
        print(f"{name:20}{least['float32']:>10.3f}{least['bfloat16']:>10.3f}{ratio:>8.2f}")


def _convolutions() -> dict[str, Callable[[], object]]:
    sounds = torch.ones(1, 64, 320, 88).contiguous(memory_format=torch.channels_last)
    kernels = torch.full((64, 64, 3, 3), 1e-3)

    def convolution(dtype: torch.dtype) -> Callable[[], Tensor]:
        x, weights = sounds.to(dtype), kernels.to(dtype)
        return lambda: torch.nn.functional.conv2d(x, weights, padding=1)

    return {"float32": convolution(torch.float32), "bfloat16": convolution(torch.bfloat16)}


def _hearing(model: Path, precision: Precision, audio: Path) -> Callable[[], object]:
    transcriber = load_transcriber(model, device="cpu", precision=precision)
    return lambda: transcriber.transcribe_file(audio)


if __name__ == "__main__":
    main()
