"""MAPS (Emiya, Badeau & David 2010): seven synthesised pianos and one real Disklavier."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from amtstudio.audio import Namesakes, stem_of
from amtstudio.errors import BadFileError
from amtstudio.formats import MIDI_SUFFIXES
from training.datasets.piece import (
    Piece,
    Split,
    audio_files,
    check_root,
    missing_truth,
    require_pieces,
)

SYNTHETIC_GROUPS = (
    "AkPnBcht",
    "AkPnBsdf",
    "AkPnCGdD",
    "AkPnStgb",
    "SptkBGAm",
    "SptkBGCl",
    "StbgTGd2",
)
TEST_PREFIX = "ENST"  # the Disklavier, recorded at the ENST from near and from afar

_NAME = re.compile(r"MAPS_(?P<type>MUS|ISOL|RAND|UCHO)[-_](?P<title>.+)_(?P<group>[A-Za-z0-9]+)")


def maps_pieces(
    root: Path, *, types: Collection[str] = ("MUS",), keep_overlap: bool = False
) -> list[Piece]:
    """Read a MAPS folder, whatever the depth of its sub-folders.

    The synthesised groups are for training and the Disklavier groups for testing, as in the
    literature since Hawthorne et al. 2018. Music that occurs in a Disklavier group *of this
    copy* is left out of training.

    Parameters
    ----------
    root : Path
        Holds ``MAPS_<type>-<title>_<group>.wav`` (or another audio format) with ``.mid`` or
        ``.txt`` beside it. The MIDI file is preferred, for its velocities.
    types : collection of str
        Of MUS (pieces of music), ISOL (single notes), RAND and UCHO (chords).
    keep_overlap : bool
        Keep pieces for training although their music is tested.

    Raises
    ------
    InputNotFoundError
        If ``root`` is no folder or has no such recordings.
    BadFileError
        If a recording has no truth or comes from no group of MAPS.
    """
    check_root(root)
    namesakes = Namesakes()
    pieces = [
        _piece(audio, name, namesakes)
        for audio in audio_files(root)
        if (name := _NAME.fullmatch(stem_of(audio))) and name["type"] in types
    ]
    tested = {piece.title for piece in pieces if piece.split == "test"}
    if not keep_overlap:
        pieces = [p for p in pieces if p.split == "test" or p.title not in tested]
    return require_pieces(pieces, root, "MAPS_MUS-<title>_<group>.wav with .mid or .txt beside it")


def _piece(audio: Path, name: re.Match[str], namesakes: Namesakes) -> Piece:
    truth = namesakes.find(audio, (*MIDI_SUFFIXES, ".txt"))
    if truth is None:
        raise missing_truth(audio)
    return Piece(audio, truth, _split(name["group"], audio), name["group"], name["title"])


def _split(group: str, audio: Path) -> Split:
    if group.startswith(TEST_PREFIX):
        return "test"
    if group in SYNTHETIC_GROUPS:
        return "train"
    raise BadFileError(f"{audio} is of no group of MAPS: {group}")
