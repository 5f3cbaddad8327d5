"""Saarland Music Data, piano (Müller et al. 2011), in its first and second edition."""

from __future__ import annotations

from pathlib import Path

from amtstudio.audio import files_below, stem_of
from amtstudio.formats import MIDI_SUFFIXES
from training.datasets.piece import (
    Piece,
    audio_files,
    check_root,
    missing_truth,
    require_pieces,
)

_STEM_END = "-SMD"
# The second edition also brings every MIDI file played by a synthesiser.
_SYNTHESISED_PREFIX = "midi_wav"


def smd_pieces(root: Path) -> list[Piece]:
    """Read an SMD folder; all of it is for testing.

    Audio and MIDI are brought together by their stems, so that they may lie in one folder
    (``<stem>.mp3`` beside ``<stem>.mid``, first edition) or in several (``wav_44100_stereo/``,
    ``wav_22050_mono/``, ``midi/``, second edition). Of several recordings of one stem the first
    by name of its path is taken, but 44.1 kHz before 22.05 kHz.

    Parameters
    ----------
    root : Path
        Holds ``<composer>_<work>_<performer>_<date>-SMD`` files at any depth.

    Raises
    ------
    InputNotFoundError
        If ``root`` is not a folder or has no such recordings.
    BadFileError
        If a recording has no MIDI file.
    """
    check_root(root)
    midi = {path.stem: path for path in _midi_files(root)}
    recordings: dict[str, Path] = {}
    for audio in sorted(_recordings(root), key=lambda path: ("22050" in path.parent.name, path)):
        recordings.setdefault(stem_of(audio), audio)
    pieces = []
    for stem, audio in recordings.items():
        if stem not in midi:
            raise missing_truth(audio)
        title = "_".join(stem.split("_")[:2])  # composer and work
        pieces.append(Piece(audio, midi[stem], "test", "SMD", title))
    return require_pieces(pieces, root, "<stem>-SMD.wav or .mp3 and <stem>-SMD.mid")


def _midi_files(root: Path) -> list[Path]:
    return [path for path in sorted(files_below(root)) if path.suffix.lower() in MIDI_SUFFIXES]


def _recordings(root: Path) -> list[Path]:
    return [
        path
        for path in audio_files(root)
        if stem_of(path).endswith(_STEM_END)
        and not path.parent.name.startswith(_SYNTHESISED_PREFIX)
    ]
