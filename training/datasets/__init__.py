"""Recordings with their truth, from a user's own copies of the public data sets."""

from training.datasets.find import find_pieces
from training.datasets.folder import folder_pieces, write_piece
from training.datasets.guitarset import guitarset_pieces
from training.datasets.maestro import maestro_pieces
from training.datasets.maps import TEST_TITLES, maps_pieces
from training.datasets.musicnet import musicnet_pieces
from training.datasets.piece import Piece
from training.datasets.segments import Render, SegmentDataset
from training.datasets.smd import smd_pieces

__all__ = [
    "TEST_TITLES",
    "Piece",
    "Render",
    "SegmentDataset",
    "find_pieces",
    "folder_pieces",
    "guitarset_pieces",
    "maestro_pieces",
    "maps_pieces",
    "musicnet_pieces",
    "smd_pieces",
    "write_piece",
]
