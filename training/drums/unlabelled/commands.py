"""The common parts of the experiments' commands: options, material, tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.drums.bank import load_drum_bank
from training.drums.evaluation import THREE
from training.drums.patterns import groove_by_style, read_groove
from training.drums.unlabelled.datasets import LOADERS
from training.drums.unlabelled.material import (
    STYLES,
    Studio,
    Track,
    of_datasets,
    recorded,
)
from training.drums.unlabelled.scores import Scores, table

if TYPE_CHECKING:
    import argparse

    from training.drums.bank import DrumBank


@dataclass(frozen=True)
class ExperimentMaterial:
    """Attributes: ``unlabelled`` by style, ``test`` by what it is."""

    bank: DrumBank
    train: list[Track]
    unlabelled: dict[str, list[Track]]
    test: dict[str, list[Track]]

    @property
    def tests(self) -> list[Track]:
        """All test tracks in a row."""
        return [track for tracks in self.test.values() for track in tracks]

    def parts(self) -> Iterator[tuple[str, slice]]:
        """Of ``tests``: what each part is, and all of them where there are several."""
        first = 0
        for kind, tracks in self.test.items():
            yield kind, slice(first, first + len(tracks))
            first += len(tracks)
        if len(self.test) > 1:
            yield "all together", slice(0, first)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where the material is, and how much of it is used."""
    parser.add_argument("--bank", type=Path, required=True, help="what training.drums.bank wrote")
    parser.add_argument("--groove", type=Path, required=True, help="groove.tar.xz")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what is read once")
    parser.add_argument("--pool", type=Path, required=True, help="accompaniment to train beside")
    parser.add_argument("--held-out-pool", type=Path, help="accompaniment to test beside")
    parser.add_argument("--recordings", type=Path, help="folder of recordings with tables")
    for name in LOADERS:
        parser.add_argument(f"--{name}", type=Path, help=f"your copy of {name.upper()}")
    parser.add_argument("--labelled", type=int, default=16, help="tracks of ten seconds")
    parser.add_argument("--unlabelled", type=int, default=8, help="tracks of each style")
    parser.add_argument("--tests", type=int, default=14, help="tracks of each kind")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each recording, at most")
    parser.add_argument("--styles", nargs="+", default=list(STYLES))
    parser.add_argument("--seed", type=int, default=1)


def tracks_of(options: argparse.Namespace) -> ExperimentMaterial:
    """Render and read what the options ask for; kits and music that test are held out."""
    bank = load_drum_bank(options.bank)
    studio = Studio(bank, options.groove, options.cache, options.pool)
    music = groove_by_style(options.groove, "train", cache=options.cache)
    unlabelled = {
        style: studio.rendered(
            style, music[style], role="train", count=options.unlabelled,
            seed=100 * options.seed + number, accompanied=True, has_labels=False,
        )
        for number, style in enumerate(options.styles)
    }  # fmt: skip
    every = [hits for performances in music.values() for hits in performances]
    train = studio.rendered(
        "labelled", every, role="train", count=options.labelled,
        seed=100 * options.seed + 50, accompanied=False,
    )  # fmt: skip
    held_out = read_groove(options.groove, "test", cache=options.cache)
    test = {
        "held-out kits": studio.rendered(
            "held-out kits", held_out, role="test", count=options.tests, seed=7, accompanied=False
        )
    }
    if options.held_out_pool is not None:
        other = Studio(bank, options.groove, options.cache, options.held_out_pool)
        test["held-out kits, accompanied"] = other.rendered(
            "accompanied", held_out, role="test", count=options.tests, seed=8, accompanied=True
        )
    if options.recordings is not None:
        for kind in ("drum", "remix"):
            found = recorded(options.recordings, kind, seconds=options.seconds)
            if found:
                test[f"recordings, {kind}"] = found
    folders = {name: folder for name in LOADERS if (folder := getattr(options, name))}
    for track in of_datasets(folders, seconds=options.seconds):
        test.setdefault(track.kind, []).append(track)
    return ExperimentMaterial(bank, train, unlabelled, test)


def print_tables(
    material: ExperimentMaterial,
    systems: Mapping[str, Scores],
    *,
    tested: Iterable[str],
    baseline: str,
) -> None:
    """A table for each part of the test, of scores on ``material.tests``."""
    against = dict.fromkeys(tested, baseline)
    for kind, part in material.parts():
        own = {
            name: {drum: scores[drum][part] for drum in THREE} for name, scores in systems.items()
        }
        print(f"{kind}, p against {baseline}", table(own, against), sep="\n", flush=True)
