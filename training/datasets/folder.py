"""The plain layout: audio with its truth beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import soundfile

from amtstudio.audio import Namesakes, stem_of
from amtstudio.formats import TRUTH_SUFFIXES, write_transcription
from amtstudio.symbolic import NoteTable, Transcription
from training.datasets.piece import Piece, Split, audio_files, check_root, require_pieces

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def folder_pieces(root: Path, *, split: Split = "test") -> list[Piece]:
    """Read audio at any depth that has ``<stem>.notes.csv`` or ``<stem>.mid`` beside it.

    Where both are there the CSV counts: a MIDI file may be what the program itself wrote. Audio
    without truth is left out.

    Raises
    ------
    InputNotFoundError
        If ``root`` is not a folder or has no such recordings.
    """
    check_root(root)
    namesakes = Namesakes()
    pieces = []
    for audio in audio_files(root):
        truth = namesakes.find(audio, TRUTH_SUFFIXES)
        if truth is not None:
            pieces.append(Piece(audio, truth, split, audio.parent.name, stem_of(audio)))
    return require_pieces(pieces, root, "audio with <stem>.notes.csv or <stem>.mid beside it")


def write_piece(
    root: Path, stem: str, audio: npt.NDArray[np.float32], sample_rate: int, notes: NoteTable
) -> None:
    """Write ``<stem>.flac`` and its truth, ``<stem>.notes.csv``; such files are replaced.

    ``audio`` has shape (n_samples,) and is within -1 and 1.
    """
    soundfile.write(root / f"{stem}.flac", audio, sample_rate)
    truth = root / f"{stem}.notes.csv"
    write_transcription(Transcription(notes), truth, format_name="csv", overwrite=True)
