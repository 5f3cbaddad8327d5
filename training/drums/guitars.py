"""Solo guitars with the noises of hands: percussive sounds that are not drums.

``python -m training.drums.guitars pool GUITARS.npy --material MATERIAL --cache CACHE`` makes what
the network trains beside, and ``... files FOLDER ... --held-out`` recordings of other guitars and
other music, to count false hits in.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from amtstudio.models.melodic import FAMILIES
from training.drums.accompaniment import (
    SECONDS,
    dry_clip_maker,
    dry_piece,
    without_drums,
    write_pool,
)
from training.drums.bank import SAMPLE_RATE
from training.drums.hand_noises import hand_noises, peak_1, strokes_of
from training.drums.recording import Recorder
from training.synthesis.dataset import Material

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from training.synthesis.instrument_clips import InstrumentClipMaker

    Audio = npt.NDArray[np.float32]

_GUITAR_SHARE = 0.85  # of the pieces; the others are of a bass
_PLAIN_SHARE = 0.15  # without noises of the hands


def guitar_pieces(
    maker: InstrumentClipMaker, *, count: int, seed: int, seconds: float = SECONDS
) -> Iterator[Audio]:
    """Pieces of one or two guitars or a bass with the noises of hands; dry, 32 kHz, peak 1."""
    maker = without_drums(maker)
    for number in range(count):
        rng = np.random.default_rng([seed, number, 4])
        family = "guitar" if rng.random() < _GUITAR_SHARE else "bass"
        n_parts = int(rng.choice([1, 1, 1, 2]))
        clip = replace(maker, family=FAMILIES.index(family), n_parts=n_parts).make(rng)
        piece = dry_piece(clip, seconds=seconds)
        if piece is None:
            continue
        if rng.random() >= _PLAIN_SHARE:
            onsets = np.sort(clip.truth.notes[:, 0])
            piece += hand_noises(strokes_of(onsets[onsets >= 0.0]), len(piece), rng)
        yield peak_1(piece)


def write_files(pieces: Iterable[Audio], folder: Path, *, seed: int) -> None:
    """Recordings of ``SECONDS``, each in its own room and through its own microphones."""
    folder.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(seed=seed)
    for number, audio in enumerate(pieces):
        rng = np.random.default_rng([seed, number, 5])
        recorded = recorder.master(recorder.drums(audio, audio, rng), rng)
        recorded = np.clip(recorded, -1.0, 1.0)
        soundfile.write(folder / f"guitar_{number:03}.flac", recorded, SAMPLE_RATE)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make guitars alone, with the noises of hands.")
    parser.add_argument("what", choices=("pool", "files"))
    parser.add_argument("output", type=Path, help="GUITARS.npy, or a folder")
    parser.add_argument("--material", type=Path, required=True, help="folder with instruments/")
    parser.add_argument("--cache", type=Path, required=True, help="for what is read of it")
    parser.add_argument("--count", type=int, default=80, help="pieces of 45 s")
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--held-out", action="store_true", help="guitars and music of held_out/")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    maker = dry_clip_maker(
        Material(options.material, options.cache),
        folder="held_out" if options.held_out else "instruments",
        validation=options.held_out,
    )
    pieces = guitar_pieces(maker, count=options.count, seed=options.seed)
    if options.what == "pool":
        write_pool(pieces, options.output)
    else:
        write_files(pieces, options.output, seed=options.seed)


if __name__ == "__main__":
    main()
