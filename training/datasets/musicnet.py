"""MusicNet (Thickstun, Harchaoui & Kakade 2017): 330 recordings of chamber and piano music."""

from __future__ import annotations

import csv
from pathlib import Path

from amtstudio.audio import stem_of
from amtstudio.errors import BadFileError
from training.datasets.piece import (
    Piece,
    Split,
    audio_files,
    check_root,
    missing_truth,
    require_pieces,
)

METADATA_NAME = "musicnet_metadata.csv"
_PARTS: tuple[tuple[str, Split], ...] = (("train", "train"), ("test", "test"))


def is_musicnet(root: Path) -> bool:
    """Whether the folder, or ``musicnet`` in it, is laid out as the archive of MusicNet."""
    return _base(root) is not None


def musicnet_pieces(root: Path) -> list[Piece]:
    """Read a MusicNet folder; the split is that of its two folders of recordings.

    Recordings that a part of a copy lacks are left out, as are their labels.

    Parameters
    ----------
    root : Path
        Holds ``train_data/<number>.wav`` and ``test_data/`` (or another audio format) with
        ``train_labels/<number>.csv`` and ``test_labels/``, itself or in a folder ``musicnet``.
        Composers and works are read from ``musicnet_metadata.csv``, where that is there.

    Raises
    ------
    InputNotFoundError
        If ``root`` is not a folder, or has no such recordings.
    BadFileError
        If a recording has no labels, or the table of works is damaged.
    """
    check_root(root)
    base = _base(root) or root
    works = _works(root, base)
    pieces = []
    for part, split in _PARTS:
        folder = base / f"{part}_data"
        for audio in audio_files(folder) if folder.is_dir() else []:
            number = stem_of(audio)
            truth = base / f"{part}_labels" / f"{number}.csv"
            if not truth.is_file():
                raise missing_truth(audio)
            group, title = works.get(number, ("MusicNet", number))
            pieces.append(Piece(audio, truth, split, group, title))
    return require_pieces(pieces, root, "train_data/, train_labels/, test_data/, test_labels/")


def _base(root: Path) -> Path | None:
    folders = (root, root / "musicnet")
    return next((f for f in folders if any((f / f"{p}_labels").is_dir() for p, _ in _PARTS)), None)


def _works(root: Path, base: Path) -> dict[str, tuple[str, str]]:
    """By the number of a recording its ensemble, and composer and work."""
    table = next((f / METADATA_NAME for f in (base, root) if (f / METADATA_NAME).is_file()), None)
    if table is None:
        return {}
    try:
        with table.open(encoding="utf-8", newline="") as file:
            return {
                row["id"]: (row["ensemble"], f"{row['composer']}: {row['composition']}")
                for row in csv.DictReader(file)
            }
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        raise BadFileError(f"{table} is not the table of MusicNet: {error}") from error
