"""The user's settings for tracks: names, programs, colours, visibility and muting."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import NoteTable, Pedal, Track

MAX_NAME = 80  # characters
MAX_COLOUR = 63


@dataclass(frozen=True, slots=True)
class TrackEntry:
    """The user's settings for a track.

    Attributes
    ----------
    held : Track
        As in the notes: the model's name for it. Another transcription uses it again.
    shown : Track
        As the user wants it; of the same kind. Two that are shown as one are one track.
    colour : int, optional
        Index among the colours of tracks; None: by its index in the list.
    is_muted, is_soloed, is_hidden : bool
    """

    held: Track
    shown: Track
    colour: int | None = None
    is_muted: bool = False
    is_soloed: bool = False
    is_hidden: bool = False

    def __post_init__(self) -> None:
        if self.held.kind is not self.shown.kind:
            raise ValueError("drums and pitched notes cannot be on one track")
        if not 0 < len(self.shown.name) <= MAX_NAME:
            raise ValueError(f"a track needs a name of 1 to {MAX_NAME} characters")
        if self.colour is not None and not 0 <= self.colour <= MAX_COLOUR:
            raise ValueError(f"colour must be 0 to {MAX_COLOUR}, got {self.colour}")


@dataclass(frozen=True, slots=True)
class TrackList:
    """The tracks that the user said something of; all others are as the models call them."""

    entries: tuple[TrackEntry, ...] = ()

    def __post_init__(self) -> None:
        if len({entry.held for entry in self.entries}) != len(self.entries):
            raise ValueError("a track stands in the list twice")

    def __bool__(self) -> bool:
        return bool(self.entries)

    # -- looking up

    def shown(self, held: Track) -> Track:
        """How a track of notes is shown."""
        return next((entry.shown for entry in self.entries if entry.held == held), held)

    def look(self, shown: Track) -> TrackEntry:
        """The settings of a track that is shown."""
        found = next((entry for entry in self.entries if entry.shown == shown), None)
        return TrackEntry(shown, shown) if found is None else found

    def tracks(self, notes: NoteTable) -> tuple[Track, ...]:
        """Those that are shown: of these notes, and those of the list that have none.

        In the order of what the notes hold, so that a new name leaves a track where it is.
        ``notes`` may be on tracks as the models call them, or on those that are shown.
        """
        listed = {entry.held: entry.shown for entry in self.entries}
        names = set(listed.values())
        for track in notes.playing():
            if track not in listed and track not in names:
                listed[track] = track
        return tuple(dict.fromkeys(listed[held] for held in sorted(listed)))

    def colours(self, notes: NoteTable) -> dict[Track, int]:
        """The place of the colour of each of ``tracks``."""
        tracks = self.tracks(notes)
        own = {track: self.look(track).colour for track in tracks}
        others = [track for track in tracks if own[track] is None]
        return {
            track: others.index(track) if colour is None else colour
            for track, colour in own.items()
        }

    def held_for(self, shown: Track) -> Track:
        """The track that a note must have, once ``with_track`` is in force, to be on a track."""
        known = next((entry.held for entry in self.entries if entry.shown == shown), None)
        if known is not None:
            return known
        held, number = shown, 2
        while any(entry.held == held for entry in self.entries):  # shown as something else
            held, number = replace(shown, name=f"{shown.name} {number}"), number + 1
        return held

    # -- showing

    def shown_notes(self, notes: NoteTable) -> NoteTable:
        """Notes, that hold tracks as models call them, on the tracks that are shown."""
        if not self.entries:
            return notes
        shown = [self.shown(track) for track in notes.tracks]
        return notes if tuple(shown) == notes.tracks else notes.on_tracks(shown)

    def shown_pedals(self, pedals: Iterable[Pedal]) -> tuple[Pedal, ...]:
        return tuple(replace(pedal, track=self.shown(pedal.track)) for pedal in pedals)

    def audible(self, notes: NoteTable) -> NoteTable:
        """Those notes, on tracks as shown, that are audible."""
        soloed = any(entry.is_soloed for entry in self.entries)
        looks = [self.look(track) for track in notes.tracks]
        return _on(notes, [look.is_soloed if soloed else not look.is_muted for look in looks])

    def visible(self, notes: NoteTable) -> NoteTable:
        """Those notes, on tracks that are shown, that are to be seen."""
        return _on(notes, [not self.look(track).is_hidden for track in notes.tracks])

    def visible_as_held(self, notes: NoteTable) -> NoteTable:
        """As ``visible``, of notes on tracks as models call them."""
        shown = map(self.shown, notes.tracks)
        return _on(notes, [not self.look(track).is_hidden for track in shown])

    # -- changing

    def with_track(self, shown: Track, notes: NoteTable) -> TrackList:
        """With a new track, also where it has no notes, in a colour that no other has."""
        colours = self.colours(notes)
        if shown in colours:
            return self
        used = set(colours.values())
        colour = next(place for place in range(len(used) + 1) if place not in used)
        entry = TrackEntry(self.held_for(shown), shown, min(colour, MAX_COLOUR))
        return TrackList((*self.entries, entry))

    def with_shown(self, old: Track, new: Track, notes: NoteTable) -> TrackList:
        """With ``old`` shown as ``new``; where that is another track, the two are one."""
        former = self.look(new) if new in self.tracks(notes) else None
        listed = self._listing(old, notes)
        changed = []
        for entry in listed:
            if entry.shown != old:
                changed.append(entry)
            elif former is None:
                changed.append(replace(entry, shown=new))
            else:
                changed.append(replace(former, held=entry.held, shown=new))
        return TrackList(tuple(changed))

    def with_look(
        self,
        shown: Track,
        notes: NoteTable,
        *,
        colour: int | None = None,
        is_muted: bool | None = None,
        is_soloed: bool | None = None,
        is_hidden: bool | None = None,
    ) -> TrackList:
        """With what is given of a track changed."""

        def changed(entry: TrackEntry) -> TrackEntry:
            return replace(
                entry,
                colour=entry.colour if colour is None else colour,
                is_muted=entry.is_muted if is_muted is None else is_muted,
                is_soloed=entry.is_soloed if is_soloed is None else is_soloed,
                is_hidden=entry.is_hidden if is_hidden is None else is_hidden,
            )

        listed = self._listing(shown, notes)
        return TrackList(tuple(changed(e) if e.shown == shown else e for e in listed))

    def told_apart(self, new: Iterable[Track], present: Collection[Track]) -> TrackList:
        """With a name of their own for players that are found under a name the user has given.

        Where the user called the first violin "violin 2", the second one must not join it.
        ``present`` are the tracks of notes that there were before: what was merged stays so.
        """
        held = {entry.held for entry in self.entries}
        given = {entry.shown for entry in self.entries}
        entries, found = list(self.entries), list(new)
        names = {track.name for track in (*given, *held, *found)}
        for track in found:
            if track in given and track not in held and track not in present:
                shown = replace(track, name=free_name(track.name, names))
                names.add(shown.name)
                entries.append(TrackEntry(track, shown))
        return self if len(entries) == len(self.entries) else TrackList(tuple(entries))

    def without(self, shown: Track) -> TrackList:
        return TrackList(tuple(entry for entry in self.entries if entry.shown != shown))

    def _listing(self, shown: Track, notes: NoteTable) -> tuple[TrackEntry, ...]:
        """The entries, with one for each track of notes that is shown as ``shown``."""
        listed = {entry.held for entry in self.entries}
        look = self.look(shown)
        missing = [track for track in notes.tracks if track not in listed and track == shown]
        return (*self.entries, *(replace(look, held=track, shown=shown) for track in missing))


NO_TRACKS = TrackList()


def free_name(name: str, taken: Collection[str]) -> str:
    """``name``, or if it is taken, with the first free number from 2."""
    if name not in taken:
        return name
    numbered = (f"{name[: MAX_NAME - 5]} {number}" for number in itertools.count(2))
    return next(found for found in numbered if found not in taken)


def _on(notes: NoteTable, wanted: list[bool]) -> NoteTable:
    chosen: npt.NDArray[np.bool_] = np.array(wanted, dtype=bool)[notes.track]
    return notes if chosen.all() else notes.take(chosen)
