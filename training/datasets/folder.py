"""The plain layout: audio with its truth beside it."""

from __future__ import annotations

from pathlib import Path

from training.datasets.piece import (
    MIDI_SUFFIXES,
    Piece,
    Split,
    audio_files,
    beside,
    check_root,
    require_pieces,
)

TRUTH_SUFFIXES = (".notes.csv", *MIDI_SUFFIXES)


def folder_pieces(root: Path, *, split: Split = "test") -> list[Piece]:
    """Read audio at any depth that has ``<stem>.notes.csv`` or ``<stem>.mid`` beside it.

    Where both are there the CSV counts: a MIDI file may be what the program itself wrote. Audio
    without truth is left out.

    Raises
    ------
    InputNotFoundError
        If ``root`` is no folder or has no such recordings.
    """
    check_root(root)
    pieces = []
    for audio in audio_files(root):
        truth = beside(audio, TRUTH_SUFFIXES)
        if truth is not None:
            pieces.append(Piece(audio, truth, split, audio.parent.name, audio.stem))
    return require_pieces(pieces, root, "audio with <stem>.notes.csv or <stem>.mid beside it")
