"""The notes of a take while it is being played."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from amtstudio.symbolic import Note

if TYPE_CHECKING:
    from amtstudio.decoding import LiveEvent

_SHORTEST_S = 0.03


class LiveNotes:
    """Follows the events of a stream.

    Attributes
    ----------
    ended : list of Note
        Appended to in the order in which the notes ended.
        ``forget_from`` drops some, which ``n_forgotten`` counts.
    has_drums : bool
        Whether there are, or will be, hits among them.
    n_forgotten : int
        How often notes were dropped.
    """

    def __init__(self, *, has_drums: bool = False) -> None:
        self.has_drums = has_drums
        self.ended: list[Note] = []
        self.n_forgotten = 0
        self._sounding: dict[int, LiveEvent] = {}
        self._provisional: dict[int, LiveEvent] = {}

    def take(self, events: Iterable[LiveEvent]) -> None:
        for event in events:
            self.has_drums = self.has_drums or event.track.is_drums
            self._provisional.pop(event.id, None)
            if event.kind == "provisional":
                self._provisional[event.id] = event
            elif event.kind == "confirmed":
                self._sounding[event.id] = event
            elif event.kind == "ended":
                self._sounding.pop(event.id, None)
                assert event.offset is not None
                self.ended.append(_note(event, event.offset))

    def end_all(self, time: float) -> None:
        """There will be no more events for the notes that sound now."""
        self.ended += self.sounding(time)
        self._sounding.clear()
        self._provisional.clear()

    def forget_from(self, time: float) -> None:
        """Drop what began at ``time`` or later, seconds: another model has heard it again."""
        self.end_all(time)
        self.ended = [note for note in self.ended if note.onset < time]
        self.has_drums = any(note.track.is_drums for note in self.ended)
        self.n_forgotten += 1

    def sounding(self, now: float) -> list[Note]:
        """Confirmed notes that have not ended, drawn up to ``now``, seconds."""
        return [_note(event, now) for event in self._sounding.values()]

    def provisional(self, now: float) -> list[Note]:
        """Notes that may yet be withdrawn."""
        return [_note(event, now) for event in self._provisional.values()]

    @property
    def n_confirmed(self) -> int:
        return len(self.ended) + len(self._sounding)


def _note(event: LiveEvent, offset: float) -> Note:
    return Note(
        event.onset,
        max(offset, event.onset + _SHORTEST_S),
        event.pitch,
        event.velocity,
        event.confidence,
        event.track,
    )
