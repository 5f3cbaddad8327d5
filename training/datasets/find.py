"""Tell the layout of a folder by what is in it."""

from __future__ import annotations

from pathlib import Path

from amtstudio.audio import files_below, stem_of
from training.datasets.folder import folder_pieces
from training.datasets.guitarset import JAMS_SUFFIX, guitarset_pieces
from training.datasets.maestro import CSV_NAME, JSON_NAME, maestro_pieces
from training.datasets.maps import maps_pieces
from training.datasets.musicnet import is_musicnet, musicnet_pieces
from training.datasets.piece import Piece, audio_files, check_root
from training.datasets.smd import smd_pieces


def find_pieces(root: Path) -> list[Piece]:
    """Read a folder of MAESTRO, MusicNet, MAPS, SMD, GuitarSet or, if none, of the plain layout.

    Raises
    ------
    InputNotFoundError, BadFileError
        As the reader of the layout does.
    """
    check_root(root)
    if (root / CSV_NAME).is_file() or (root / JSON_NAME).is_file():
        return maestro_pieces(root)
    if is_musicnet(root):
        return musicnet_pieces(root)
    names = [stem_of(path) for path in audio_files(root)]
    if any(name.startswith("MAPS_MUS") for name in names):
        return maps_pieces(root)
    if any(name.endswith("-SMD") for name in names):
        return smd_pieces(root)
    if any(path.suffix.lower() == JAMS_SUFFIX for path in files_below(root)):
        return guitarset_pieces(root)
    return folder_pieces(root)
