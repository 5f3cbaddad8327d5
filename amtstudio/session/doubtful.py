"""The next note worth a look."""

from __future__ import annotations

from amtstudio.session.command import Content
from amtstudio.session.values import SessionNote
from amtstudio.symbolic import NoteState, TrackKind

SURE = 0.7  # notes of the model with this confidence or more are passed over
HOPELESS = 0.2  # and so are candidates with less than this


def is_doubtful(content: Content, entry: SessionNote) -> bool:
    """Whether the user has not decided on the note and the model is not sure of it."""
    confidence = entry.note.confidence
    if entry.state is NoteState.MODEL:
        doubtful = confidence < SURE
    else:
        doubtful = entry.state is NoteState.CANDIDATE and confidence >= HOPELESS
    return doubtful and not any(p.holds(entry.note.onset) for p in content.passages)


def next_doubtful(
    content: Content,
    after: float | SessionNote,
    *,
    backwards: bool = False,
    kind: TrackKind | None = None,
) -> SessionNote | None:
    """The doubtful note that follows ``after``, or the one before it.

    Parameters
    ----------
    content : Content
    after : float, seconds, or SessionNote
        A time: only notes with a later (earlier) onset count. A note: those in the same chord that
        are less doubtful than it follow first.
    backwards : bool
        Towards the start.
    kind : TrackKind, optional
        Only notes of such tracks; None: of all.

    Returns
    -------
    SessionNote or None
        Notes follow each other in time, and those of one onset from the least confident to the
        most. None where there is no other.
    """
    notes = [
        entry
        for entry in content.notes.values()
        if kind in (None, entry.note.track.kind) and is_doubtful(content, entry)
    ]
    if isinstance(after, SessionNote):
        place = _place(after)
    else:
        place = (after, -1.0, 0) if backwards else (after, 2.0, 0)
    if backwards:
        return max((e for e in notes if _place(e) < place), key=_place, default=None)
    return min((e for e in notes if _place(e) > place), key=_place, default=None)


def _place(entry: SessionNote) -> tuple[float, float, int]:
    return entry.note.onset, entry.note.confidence, entry.id
