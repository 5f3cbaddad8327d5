"""The rows of the drum lane, and what people call them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QCoreApplication

from amtstudio.symbolic import Note, NoteTable, TrackKind
from amtstudio.symbolic.drums import KIT
from amtstudio.symbolic.percussion import PERCUSSION, percussion_name, percussion_of
from amtstudio.symbolic.pitches import pitch_of
from amtstudio.ui.pitch_names import pitch_name

Rows = tuple[int, ...]  # the note numbers of the rows, from below


def drum_rows(tables: Iterable[NoteTable]) -> Rows:
    """The drums that our models distinguish, and above them any others."""
    struck: set[int] = set()
    for table in tables:
        struck.update(np.unique(table.of_kind(TrackKind.DRUMS).pitch).tolist())
    return (*KIT.pitches, *sorted(struck.difference(KIT.pitches)))


def drum_name(pitch: int) -> str:
    """The name of a drum's note number, in the language of the user if that is known."""
    return QCoreApplication.translate("Drum", percussion_name(pitch))


def note_name(note: Note) -> str:
    """The readable name of a note's pitch: a key, or a drum."""
    return drum_name(note.pitch) if note.track.is_drums else pitch_name(note.pitch)


def note_number(text: str, *, is_drum: bool) -> int:
    """The note number that the name of a key or of a drum stands for, or a number.

    Raises ``ValueError`` if it is none.
    """
    if not is_drum:
        return pitch_of(text)
    wanted = text.strip().casefold()
    for pitch in PERCUSSION:
        if drum_name(pitch).casefold() == wanted:
            return pitch
    return percussion_of(text)
