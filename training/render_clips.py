"""Write synthesised clips with their truth as files: ``python -m training.render_clips --help``.

What training never hears, a piano and pieces of music, makes a set to tune thresholds on.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from amtstudio.features import FrameGrid
from amtstudio.symbolic import Note, NoteTable
from training.datasets import write_piece
from training.synthesis.clips import Clip, ClipMaker
from training.synthesis.dataset import Material

GRID = FrameGrid(16000, 512)


def render_clips(maker: ClipMaker, folder: Path, *, n_clips: int, seed: int) -> None:
    """Write ``clip_<number>.flac`` and ``.notes.csv`` into ``folder``; margins are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(n_clips):
        clip = maker.make(np.random.default_rng([seed, number]))
        n_samples = maker.n_frames * maker.grid.hop_length
        audio = clip.audio[maker.margin : maker.margin + n_samples]
        notes = _notes(clip, n_samples / maker.grid.sample_rate)
        write_piece(folder, f"clip_{number:03d}", audio, maker.grid.sample_rate, notes)


def _notes(clip: Clip, duration: float) -> NoteTable:
    return NoteTable.of(
        Note(onset, min(end, duration), int(pitch), min(max(round(velocity), 1), 127))
        for onset, end, pitch, velocity in clip.notes.tolist()
        if 0.0 <= onset < min(end, duration)
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write synthesised clips with their truth.")
    parser.add_argument("material", type=Path, help="folder with pianos/, midi/ and rir/")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="default: FOLDER/cache")
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument(
        "--training", action="store_true", help="pianos and music of the training set instead"
    )
    parser.add_argument(
        "--plain",
        action="store_true",
        help="performances as they were played and samples as they sound: no room, no noise",
    )
    options = parser.parse_args(arguments)
    material = Material(options.material, options.cache or options.folder / "cache")
    maker = material.clip_maker(
        validation=not options.training,
        grid=GRID,
        margin=0,
        n_frames=GRID.to_frame(options.seconds),
    )
    if options.plain:
        played = replace(
            maker.repertoire, played_share=1.0, mixture_share=0.0, are_dynamics_varied=False
        )
        maker = replace(maker, repertoire=played, is_recorded=False, silent_share=0.0)
    render_clips(maker, options.folder, n_clips=options.clips, seed=options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
