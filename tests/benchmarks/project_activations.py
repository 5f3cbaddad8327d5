"""What it costs to keep what the model heard with a project: bytes, and time to save and open.

    python tests/benchmarks/project_activations.py [RECORDING] [--minutes 10]

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

from amtstudio.decoding import Activations, DecodingSettings, decode
from amtstudio.engine import load_transcriber
from amtstudio.resources import resource_path
from amtstudio.session import Document, KeptActivations
from amtstudio.symbolic import Transcription

T = TypeVar("T")
EXAMPLE = resource_path("examples", "schumann_im_wunderschoenen.mp3")


def lengthened(heard: Activations, n_frames: int) -> Activations:
    """Again and again, each time seven keys higher."""
    times = range(-(-n_frames // heard.n_frames))
    values = {
        head.name: np.concatenate(
            [
                np.roll(heard[head.name], 7 * i, axis=-1) if head.axis else heard[head.name]
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
    arguments = parser.parse_args()
    transcriber = load_transcriber("piano", device="cpu")
    heard = transcriber.transcribe_file(arguments.recording, keep_activations=True).activations
    assert heard is not None
    wanted = round(60.0 * arguments.minutes * heard.grid.sample_rate / heard.grid.hop_length)
    long = lengthened(heard, wanted)
    seconds = heard.grid.to_seconds(long.n_frames)
    notes, pedals = decode(long, DecodingSettings())
    transcription = Transcription(notes, tuple(pedals), duration=seconds, file="long.wav")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AMTSTUDIO_DATA_DIR"] = folder
        kept = timed("pack", lambda: KeptActivations.of(long))
        for name, activations in (("with", kept), ("without", None)):
            path = Path(folder) / f"{name}.amts"
            with Document.create() as project:
                commit = partial(
                    project.replace_transcription, transcription, activations=activations
                )
                timed(f"commit the notes, {name}", commit)
                timed(f"save as, {name}", partial(project.save_as, path))
            print(f"{'file, ' + name:32} {path.stat().st_size / 1e6:7.2f} MB")
        project = timed("open", lambda: Document.open(Path(folder) / "with.amts"))
        assert project.activations is not None
        again = timed("unpack", project.activations.unpack)
        assert again is not None
        project.close()
    same = decode(again, DecodingSettings())[0]
    equal = [(n.onset, n.offset, n.pitch, n.velocity) for n in same] == [
        (n.onset, n.offset, n.pitch, n.velocity) for n in notes
    ]
    print(f"{len(notes)} notes in {seconds / 60.0:.1f} minutes; the same notes again: {equal}")
    print(f"{kept.n_bytes / 1e3 / (seconds / 60.0):.0f} kB a minute")


if __name__ == "__main__":
    main()
