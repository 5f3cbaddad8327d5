"""The edits of tracks, each as a command; as for ``edits``.

What a track is called and how it is seen changes no note: a name of the user's stays when the notes
are found again. Moving notes to another track does: who plays them is the user's word then.

All take tracks as shown, and raise ``EditError`` if a track does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from amtstudio.errors import EditError
from amtstudio.session.command import Command, Content
from amtstudio.session.edits import drop_notes, moved_to
from amtstudio.session.tables import NOTES, PEDALS, SOURCE, TRACKS
from amtstudio.session.track_list import MAX_NAME, TrackList, free_name
from amtstudio.symbolic import Track

OTHER_KIND = "Drums and pitched notes cannot be on one track"


def rename_track(content: Content, track: Track, name: str) -> Command:
    """Call a track otherwise; where another one has that name, with a number behind it."""
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME:
        raise EditError(f"A track needs a name of 1 to {MAX_NAME} characters")
    taken = {other.name for other in _existing(content, track) if other != track}
    new = replace(track, name=free_name(name, taken))
    return _shown_as(content, track, new, "Rename a track")


def set_program(content: Content, track: Track, program: int) -> Command:
    """Let another instrument play a track: a program of General MIDI, counted from 0."""
    _existing(content, track)
    if track.is_drums:
        raise EditError("Drums have no program", hint="they are played by a drum kit")
    if not 0 <= program <= 127:
        raise EditError(f"A program must be between 0 and 127, not {program}")
    new = replace(track, program=program)
    if new != track and new in _existing(content, track):
        raise EditError(
            "Another track with this name already has this instrument", hint="merge them instead"
        )
    return _shown_as(content, track, new, "Change the instrument of a track")


def merge_tracks(content: Content, track: Track, into: Track) -> Command:
    """Make one track of two."""
    tracks = _existing(content, track)
    if into not in tracks or into == track:
        raise EditError("Merging needs two tracks")
    if into.kind is not track.kind:
        raise EditError(OTHER_KIND)
    return _shown_as(content, track, into, "Merge tracks")


def set_track_colour(content: Content, track: Track, colour: int) -> Command:
    """Paint a track in a colour by its place among the colours of tracks."""
    _existing(content, track)
    changed = content.tracks.with_look(track, content.table(), colour=colour)
    return _listed(content, changed, "Change the colour of a track")


def mute_track(content: Content, track: Track, is_muted: bool) -> Command:
    _existing(content, track)
    changed = content.tracks.with_look(track, content.table(), is_muted=is_muted)
    return _listed(content, changed, "Mute a track" if is_muted else "Unmute a track")


def solo_track(content: Content, track: Track, is_soloed: bool) -> Command:
    """Hear this track, and no others but those that are soloed too."""
    _existing(content, track)
    changed = content.tracks.with_look(track, content.table(), is_soloed=is_soloed)
    return _listed(content, changed, "Solo a track" if is_soloed else "End the solo of a track")


def hide_track(content: Content, track: Track, is_hidden: bool) -> Command:
    _existing(content, track)
    changed = content.tracks.with_look(track, content.table(), is_hidden=is_hidden)
    return _listed(content, changed, "Hide a track" if is_hidden else "Show a track")


def add_track(content: Content, track: Track) -> Command:
    """A track without notes. Raises ``EditError`` too where there is one like it."""
    if not 0 < len(track.name) <= MAX_NAME:
        raise EditError(f"A track needs a name of 1 to {MAX_NAME} characters")
    if track in content.tracks.tracks(content.sounding()):
        raise EditError("This track already exists", hint="give it another name")
    return _listed(content, content.tracks.with_track(track, content.sounding()), "Add a track")


def delete_track(content: Content, track: Track) -> Command:
    """Delete a track with its notes and its presses of the pedal.

    One deletes what is wrong and what is not wanted alike, so it says nothing about the notes.

    Its candidates go with it: what remained of them would seem to belong to other tracks.
    """
    _existing(content, track)
    tracks = content.tracks
    ids = [
        key
        for key, entry in content.notes.items()
        if not entry.state.is_gone and tracks.shown(entry.note.track) == track
    ]
    pedals = [pedal for pedal in content.pedals if tracks.shown(pedal.track) != track]
    source = content.source
    if len(pedals) < len(content.pedals):  # or the next decoding would bring them back
        source = replace(source, pedals_edited=True)
    return Command.of(
        "Delete a track",
        (NOTES, drop_notes(content, ids).of_table(NOTES)),
        (PEDALS, content.change_to(PEDALS, pedals)),
        (SOURCE, content.change_to(SOURCE, [source])),
        (TRACKS, content.change_to(TRACKS, _rows(tracks.without(track)))),
    )


def move_to_track(content: Content, ids: Iterable[int], track: Track) -> Command:
    """Move notes to a track; it need not exist yet. All of them, or none."""
    ids = list(ids)
    tracks = content.tracks
    if any(content.notes[key].note.track.kind is not track.kind for key in ids):
        raise EditError(OTHER_KIND)
    held = tracks.held_for(track)
    moved = moved_to(content, ids, held)
    if ids:
        tracks = tracks.with_track(track, content.sounding())
    text = f"Move {'a note' if len(ids) == 1 else f'{len(ids)} notes'} to {track.name}"
    return Command.of(
        text,
        (NOTES, moved.of_table(NOTES)),
        (TRACKS, content.change_to(TRACKS, _rows(tracks))),
    )


def _existing(content: Content, track: Track) -> tuple[Track, ...]:
    tracks = content.tracks.tracks(content.sounding())
    if track not in tracks:
        raise EditError("This track no longer exists")
    return tracks


def _shown_as(content: Content, old: Track, new: Track, text: str) -> Command:
    _existing(content, old)
    try:
        changed = content.tracks.with_shown(old, new, content.table())
    except ValueError as error:
        raise EditError(f"This is not a valid track: {error}") from error
    return _listed(content, changed, text)


def _listed(content: Content, tracks: TrackList, text: str) -> Command:
    return Command.of(text, (TRACKS, content.change_to(TRACKS, _rows(tracks))))


def _rows(tracks: TrackList) -> list[TrackList]:
    return [tracks] if tracks else []
