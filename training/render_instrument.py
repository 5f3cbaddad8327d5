"""Write recordings of one sampled instrument with their truth.

``python -m training.render_instrument MATERIAL FOLDER --bank NAME [--banks held_out] [--clips N]``

From a held-out bank and held-out music, they form a set that shows what an adaptation learns and
how it is judged, while real recordings are only for measurement.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from amtstudio.symbolic import Note, NoteTable
from training.datasets import write_piece
from training.documented_parser import documented_parser
from training.render_clips import GRID
from training.synthesis.dataset import Material
from training.synthesis.melodic_clips import instrument_clip_maker

if TYPE_CHECKING:
    import argparse

    from training.synthesis.instrument_clips import InstrumentClip, InstrumentClipMaker

_LAST_ONSET_S = 0.1  # before the end
_SHORTEST_S = 0.02


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    material = Material(options.material, options.cache or options.folder / "cache")
    maker = instrument_clip_maker(
        material,
        grid=GRID,
        margin=0,
        n_frames=GRID.to_frame(options.seconds),
        dereverberates=False,
        folder=options.banks,
        validation=True,
    )
    render(_alone(maker, options.bank), options.folder, n_clips=options.clips, seed=options.seed)
    return 0


def render(maker: InstrumentClipMaker, folder: Path, *, n_clips: int, seed: int) -> None:
    """Write ``take_<number>.flac`` and ``.notes.csv`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(n_clips):
        clip = maker.make(np.random.default_rng([seed, number]))
        n_samples = maker.n_frames * maker.grid.hop_length
        audio = clip.audio[:n_samples] / max(1.0, float(np.abs(clip.audio).max()))
        notes = _notes(clip, n_samples / maker.grid.sample_rate)
        write_piece(folder, f"take_{number:03d}", audio, maker.grid.sample_rate, notes)


def _alone(maker: InstrumentClipMaker, name: str) -> InstrumentClipMaker:
    """The same with one sampled instrument that plays by itself."""
    banks = [bank for bank in maker.banks if bank.name == name]
    if not banks:
        known = ", ".join(sorted(bank.name for bank in maker.banks))
        raise SystemExit(f"there is no bank {name}; there are: {known}")
    return replace(maker, banks=banks, n_parts=1, family=banks[0].family, computed_share=0.0)


def _notes(clip: InstrumentClip, seconds: float) -> NoteTable:
    return NoteTable.of(
        Note(onset, min(max(end, onset + _SHORTEST_S), seconds), int(pitch), int(velocity))
        for onset, end, pitch, velocity in clip.truth.notes
        if 0.0 <= onset < seconds - _LAST_ONSET_S
    )


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.render_instrument", __doc__)
    parser.add_argument("material", type=Path, help="folder with banks, midi/ and rir/")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bank", required=True, metavar="NAME")
    parser.add_argument("--banks", default="held_out", help="folder in the material")
    parser.add_argument("--cache", type=Path, help="default: FOLDER/cache")
    parser.add_argument("--clips", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=26.0)
    parser.add_argument("--seed", type=int, default=77)
    return parser


if __name__ == "__main__":
    sys.exit(main())
