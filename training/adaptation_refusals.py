"""Tests that only pianos are learned from: ``python -m training.adaptation_refusals``.

``python -m training.adaptation_refusals OUTPUT [FOLDER...]``

Runs the adaptation on white noise and on the recordings of each folder (speech, other instruments),
and says whether it was refused, why, and whether the shipped model is the same to the byte.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile

from amtstudio.learning.request import Request
from amtstudio.learning.run import run
from amtstudio.learning.wording import sentences
from amtstudio.models import find_model, sha256_of
from amtstudio.profiles import list_profiles
from training.datasets.piece import audio_files
from training.documented_parser import documented_parser

_NOISES, _NOISE_S = 4, 60.0
_MOST = 6  # recordings of a folder


def cases(folders: Sequence[Path], output: Path) -> Iterator[tuple[str, tuple[Path, ...]]]:
    """Names and recordings."""
    yield "white noise", tuple(_noise(output, number) for number in range(_NOISES))
    for folder in folders:
        yield folder.name, tuple(sorted(audio_files(folder))[:_MOST])


def _noise(folder: Path, number: int) -> Path:
    path = folder / f"noise {number}.wav"
    samples = np.random.default_rng(number).standard_normal(round(_NOISE_S * 16000))
    soundfile.write(path, 0.05 * samples, 16000)
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    parser = documented_parser("training.adaptation_refusals", __doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--minutes", type=float, default=1.0, help="of training, if not refused")
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    os.environ["AMTSTUDIO_DATA_DIR"] = str(options.output / "data")
    shipped = sha256_of(find_model("piano"))
    for name, recordings in cases(options.folders, options.output):
        request = Request("refused", recordings, minutes=options.minutes, overwrite=True)
        report = run(request)
        same = sha256_of(find_model("piano")) == shipped and list_profiles() == ([], [])
        verdict = "ADOPTED" if report.adopted else "refused"
        state = "unchanged" if same else "CHANGED"
        reason = sentences(report.reasons)
        print(f"{name:<20} {len(recordings)} recordings: {verdict}, {state}. {reason}")


if __name__ == "__main__":
    main()
