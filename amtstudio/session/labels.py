"""Labels for personal fine-tuning from the user's decisions about a recording."""

from __future__ import annotations

from dataclasses import dataclass

from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.command import Content
from amtstudio.session.replacing import SAME_ONSET
from amtstudio.session.values import Passage, SessionNote
from amtstudio.symbolic import Note, NoteState
from amtstudio.symbolic.instrument_tags import NO_TAGS, InstrumentTags


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known about one recording, and from where.

    Attributes
    ----------
    audio : AudioReference or None
        The recording, with its hash.
    notes : tuple of SessionNote
        Notes that are right, sorted by onset. ``state`` says how that is known: accepted, edited or
        added by the user; those with the state ``model`` are in an accepted passage.
    accepted : tuple of Passage
        Within these, ``notes`` is complete. Elsewhere, the absence of notes means nothing.
    rejected : tuple of Note
        Notes that the model found, but there is none with this pitch and onset (within 50 ms).
    dropped : tuple of Note
        Notes that the model found, and that went with their track: they may be right or wrong.
    model : str
        Whose transcription was corrected.
    instruments : tuple of InstrumentTag
        Which instruments play where, and which do not; elsewhere nothing is known.
    """

    audio: AudioReference | None
    notes: tuple[SessionNote, ...]
    accepted: tuple[Passage, ...]
    rejected: tuple[Note, ...]
    model: str
    instruments: InstrumentTags = NO_TAGS
    dropped: tuple[Note, ...] = ()


def labels_of(content: Content, audio: AudioReference | None) -> Labels:
    """Gather the labels of a document; without decisions of the user there are none."""
    right, rejected, dropped = [], [], []
    for entry in content.notes.values():
        inside = any(passage.holds(entry.note.onset) for passage in content.passages)
        if entry.state.sounds and (entry.state.is_users or inside):
            right.append(entry)
        if entry.state is NoteState.DROPPED and entry.original is not None:
            dropped.append(entry.original)
        wrong = entry.state is NoteState.REJECTED or _moved(entry)
        if entry.original is not None and wrong:
            rejected.append(entry.original)
    return Labels(
        audio=audio,
        notes=tuple(sorted(right, key=lambda entry: (entry.note, entry.id))),
        accepted=content.passages,
        rejected=tuple(sorted(rejected)),
        model=content.source.model,
        instruments=content.instrument_tags,
        dropped=tuple(sorted(dropped)),
    )


def _moved(entry: SessionNote) -> bool:
    """Whether the user's note is no longer the one that the model had found."""
    if entry.state is not NoteState.EDITED or entry.original is None:
        return False
    if entry.note.pitch != entry.original.pitch:
        return True
    return abs(entry.note.onset - entry.original.onset) > SAME_ONSET
