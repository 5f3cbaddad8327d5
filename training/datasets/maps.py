"""MAPS (Emiya, Badeau & David 2010): seven synthesised pianos and one real Disklavier."""

from __future__ import annotations

import re
import sys
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

# Music of the Disklavier groups, by the names of its files. Where a copy holds those groups, what
# they hold is added; where it does not, this is all that keeps tested music out of training.
TEST_TITLES = frozenset(
    """
    alb_se2 bk_xmas1 bk_xmas4 bk_xmas5 bor_ps6 chpn-e01 chpn-p14 chpn-p15 chpn-p19 chpn-p4
    chpn_op25_e3 chpn_op25_e4 chpn_op31 chpn_op33_2 chpn_op35_1 chpn_op66 chpn_op7_1 deb_clai
    deb_menu grieg_butterfly grieg_kobold liz_et6 liz_et_trans5 liz_rhap09 mendel_op62_5 muss_1
    mz_311_1 mz_331_2 mz_331_3 mz_332_2 mz_333_2 mz_333_3 mz_545_3 mz_570_1 pathetique_1
    pathetique_2 pathetique_3 schu_143_1 schu_143_3 schub_d760_3 schuim-1 schumm-1 scn15_11
    scn15_12 scn15_6 scn15_9 scn16_3 scn16_4 ty_maerz ty_mai ty_november
    """.split()  # noqa: SIM905 - a list of one to a line would be longer than the reader
)

_NAME = re.compile(r"MAPS_(?P<type>MUS|ISOL|RAND|UCHO)[-_](?P<title>.+)_(?P<group>[A-Za-z0-9]+)")


def maps_pieces(root: Path, *, types: Collection[str] = ("MUS",)) -> list[Piece]:
    """Read a MAPS folder, whatever the depth of its sub-folders.

    The synthesised groups are for training and the Disklavier groups for testing, as in the
    literature since Hawthorne et al. 2018. Music that is tested (``TEST_TITLES``, and whatever
    the Disklavier groups of this copy hold) is never for training; how many pieces that leaves out
    is said on standard error.

    Parameters
    ----------
    root : Path
        Holds ``MAPS_<type>-<title>_<group>.wav`` (or another audio format) with ``.mid`` or
        ``.txt`` beside it. The MIDI file is preferred, for its velocities.
    types : collection of str
        Of MUS (pieces of music), ISOL (single notes), RAND and UCHO (chords).

    Raises
    ------
    InputNotFoundError
        If ``root`` is not a folder or has no such recordings.
    BadFileError
        If a recording has no truth or does not belong to a group of MAPS.
    """
    check_root(root)
    namesakes = Namesakes()
    pieces = [
        _piece(audio, name, namesakes)
        for audio in audio_files(root)
        if (name := _NAME.fullmatch(stem_of(audio))) and name["type"] in types
    ]
    tested = TEST_TITLES | {piece.title for piece in pieces if piece.split == "test"}
    kept = [p for p in pieces if p.split == "test" or p.title not in tested]
    if len(kept) < len(pieces):
        print(
            f"{root}: {len(pieces) - len(kept)} of {len(pieces)} recordings left out, whose music"
            " is tested",
            file=sys.stderr,
        )
    return require_pieces(kept, root, "MAPS_MUS-<title>_<group>.wav with .mid or .txt beside it")


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
