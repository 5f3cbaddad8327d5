"""GuitarSet (Xi, Bittner, Pauwels, Ye & Bello 2018): six players, acoustic guitar, JAMS."""

from __future__ import annotations

import re
from pathlib import Path

from amtstudio.audio import files_below, stem_of
from training.datasets.piece import (
    Piece,
    Split,
    audio_files,
    check_root,
    missing_truth,
    require_pieces,
)

JAMS_SUFFIX = ".jams"
# The player is the first number: 00_BN1-129-Eb_comp is player 0, bossa nova, first progression.
_NAME = re.compile(r"(?P<player>\d\d)_(?P<music>[^_]+)_(?P<mode>comp|solo)")
# In order of preference: the microphone, the mix of the six pickups.
_RECORDINGS = ("_mic", "_mix", "", "_hex_cln", "_hex")


def guitarset_pieces(
    root: Path, *, test_player: int = 5, validation_player: int = 4
) -> list[Piece]:
    """Read a GuitarSet folder, whatever the depth of its sub-folders; split by player.

    Every player plays the same thirty progressions, twice each. Of a copy with several recordings
    of one performance that of the microphone is taken, else the mix of the pickups.

    Parameters
    ----------
    root : Path
        Holds ``<player>_<music>_<comp or solo>.jams`` and ``..._mic.wav`` or ``..._mix.wav``.
    test_player, validation_player : int
        0 to 5; the others are for training.

    Raises
    ------
    InputNotFoundError
        If ``root`` is not a folder, or has no such recordings.
    BadFileError
        If a recording has no JAMS file.
    """
    check_root(root)
    truths = {
        path.stem: path for path in sorted(files_below(root)) if path.suffix.lower() == JAMS_SUFFIX
    }
    recordings: dict[tuple[str, int], Path] = {}
    for audio in audio_files(root):
        stem = stem_of(audio)
        name = _NAME.match(stem)
        if name is not None and stem[name.end() :] in _RECORDINGS:
            recordings.setdefault((name[0], _RECORDINGS.index(stem[name.end() :])), audio)
    best: dict[str, Path] = {}
    for (stem, _), audio in sorted(recordings.items()):
        best.setdefault(stem, audio)
    pieces = []
    for stem, audio in best.items():
        if stem not in truths:
            raise missing_truth(audio)
        name = _NAME.match(stem)
        assert name is not None
        split = _split(int(name["player"]), test_player, validation_player)
        title = f"{name['music']} {name['mode']}"
        pieces.append(Piece(audio, truths[stem], split, f"player {name['player']}", title))
    return require_pieces(pieces, root, "<name>_mic.wav or <name>_mix.wav and <name>.jams")


def _split(player: int, test_player: int, validation_player: int) -> Split:
    if player == test_player:
        return "test"
    return "validation" if player == validation_player else "train"
