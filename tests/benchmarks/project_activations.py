"""The cost of keeping activations in a project: bytes, and time to save and open.

    python tests/benchmarks/project_activations.py [RECORDING] [--minutes 10] [--models piano,drums]

The activations of the recording follow one another, each time moved by a fifth, until they are as
long as was asked for. Times are of the wall and of the processor.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from amtstudio.decoding import Activations, decode
from amtstudio.engine import load_transcriber
from amtstudio.resources import resource_path
from amtstudio.session import Document, KeptActivations
from amtstudio.symbolic import NO_NOTES, Transcription

T = TypeVar("T")
EXAMPLE = resource_path("examples", "schumann_im_wunderschoenen.mp3")


def lengthened(heard: Activations, n_frames: int) -> Activations:
    """Again and again, each time seven keys higher."""
    times = range(-(-n_frames // heard.n_frames))
    values = {
        head.name: np.concatenate(
            [
                np.roll(heard[head.name], 7 * i, axis=1) if head.axis else heard[head.name]
                for i in times
            ]
        )
        for head in heard.heads
    }
    return replace(heard, values=values)


def timed(name: str, work: Callable[[], T]) -> T:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:32} {1e3 * wall:7.0f} ms, processor {1e3 * cpu:6.0f} ms")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--models", default="piano")
    arguments = parser.parse_args()
    models = arguments.models.split(",")
    heard, settings = {}, {}
    for model in models:
        transcriber = load_transcriber(model, device="cpu")
        result = transcriber.transcribe_file(arguments.recording, keep_activations=True)
        assert result.activations is not None
        grid = result.activations.grid
        wanted = round(60.0 * arguments.minutes * grid.sample_rate / grid.hop_length)
        heard[model] = lengthened(result.activations, wanted)
        settings[model] = transcriber.settings
    found = {model: decode(heard[model], settings[model]) for model in models}
    notes = NO_NOTES.joined(*(notes for notes, _ in found.values())).in_order()
    pedals = [pedal for _, pedals in found.values() for pedal in pedals]
    transcription = Transcription(
        notes,
        tuple(pedals),
        duration=60.0 * arguments.minutes,
        file="long.wav",
        model="+".join(models),
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AMTSTUDIO_DATA_DIR"] = folder
        kept = timed(
            "pack", lambda: {model: KeptActivations.of(long) for model, long in heard.items()}
        )
        for name, activations in (("with", kept), ("without", None)):
            path = Path(folder) / f"{name}.amts"
            with Document.create() as project:
                commit = partial(
                    project.replace_transcription,
                    transcription,
                    settings=settings,
                    activations=activations,
                )
                timed(f"commit the notes, {name}", commit)
                timed(f"save as, {name}", partial(project.save_as, path))
            print(f"{'file, ' + name:32} {path.stat().st_size / 1e6:7.2f} MB")
        project = timed("open", lambda: Document.open(Path(folder) / "with.amts"))
        again = timed(
            "unpack",
            lambda: {model: its.unpack() for model, its in project.activations.items()},
        )
        project.close()
    for model in models:
        unpacked = again[model]
        assert unpacked is not None
        same = decode(unpacked, settings[model])[0]
        equal = [(n.onset, n.offset, n.pitch, n.velocity) for n in same] == [
            (n.onset, n.offset, n.pitch, n.velocity) for n in found[model][0]
        ]
        size = kept[model].n_bytes / 1e3 / arguments.minutes
        print(f"{model}: {len(same)} notes, the same again: {equal}; {size:.0f} kB a minute")


if __name__ == "__main__":
    main()
