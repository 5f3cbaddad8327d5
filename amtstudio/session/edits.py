"""The edits of the piano roll, each as a command; nothing here can make an invalid note.

Every function takes the content and returns the command, which may be empty. A note found by the
model and removed by the user is kept as rejected: that it is wrong is worth knowing. Rejected notes
have to be accepted before they can be edited.

All raise ``EditError`` where the notes do not allow it, and ``KeyError`` for an unknown id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from amtstudio.errors import EditError
from amtstudio.session.command import Command, Content, Rows
from amtstudio.session.tables import (
    NOTE_FILTER,
    NOTES,
    PASSAGES,
    PEDALS,
    SCORE_CHOICES,
    SOURCE,
    STAFF_PLACES,
    TEMPO,
)
from amtstudio.session.values import MIN_DURATION, Passage, SessionNote
from amtstudio.symbolic import (
    NO_CHOICES,
    Note,
    NoteState,
    NoteTable,
    Pedal,
    ScoreChoices,
    StaffPlace,
    TempoMap,
    Track,
    joined_presses,
)
from amtstudio.symbolic.bends import joined_bend, limited_bend, scaled_bend, shifted_bend
from amtstudio.symbolic.limits import MAX_TIME
from amtstudio.symbolic.note_filter import NoteFilter
from amtstudio.symbolic.notes import Bend


def move_notes(
    content: Content, ids: Iterable[int], *, seconds: float = 0.0, semitones: int = 0
) -> Command:
    """Move notes in time and pitch; all of them, or none."""

    def moved(note: Note) -> Note:
        return replace(
            note,
            onset=note.onset + seconds,
            offset=note.offset + seconds,
            pitch=note.pitch + semitones,
        )

    return _edit(content, ids, "Move", moved)


def move_each(content: Content, pitches: Mapping[int, int], *, seconds: float = 0.0) -> Command:
    """Move notes in time together, and each, by its id, to its own pitch.

    For notes whose pitches are no scale: the drum beside the snare is not a semitone away.
    """
    shifts: dict[int, list[int]] = {}
    for key, pitch in pitches.items():
        shifts.setdefault(pitch - content.notes[key].note.pitch, []).append(key)
    return _joined(
        "Move",
        [
            move_notes(content, ids, seconds=seconds, semitones=semitones)
            for semitones, ids in shifts.items()
        ],
    )


def limit_move(
    content: Content, ids: Iterable[int], *, seconds: float = 0.0, semitones: int = 0
) -> tuple[float, int]:
    """How far these notes can move together of the requested distance, for dragging."""
    notes = [content.notes[key].note for key in ids]
    if not notes:
        return 0.0, 0
    seconds = max(seconds, -min(note.onset for note in notes))
    seconds = min(seconds, MAX_TIME - max(note.offset for note in notes))
    semitones = max(semitones, -min(note.pitch for note in notes))
    semitones = min(semitones, 127 - max(note.pitch for note in notes))
    return seconds, semitones


def shift_octave(content: Content, ids: Iterable[int], octaves: int) -> Command:
    """Move notes by octaves, up where ``octaves`` is positive."""
    return replace(
        move_notes(content, ids := list(ids), semitones=12 * octaves),
        text=_text("Octave up" if octaves > 0 else "Octave down", len(ids)),
    )


def resize_notes(
    content: Content, ids: Iterable[int], *, onset_by: float = 0.0, offset_by: float = 0.0
) -> Command:
    """Move the onset or the offset of each note, in seconds; a millisecond at least remains."""

    def resized(note: Note) -> Note:
        return note.between(note.onset + onset_by, note.offset + offset_by)

    return _edit(content, ids, "Resize", resized)


def set_velocity(content: Content, ids: Iterable[int], velocity: int) -> Command:
    return _edit(content, ids, "Change velocity of", lambda note: replace(note, velocity=velocity))


def set_velocities(content: Content, velocities: Mapping[int, int]) -> Command:
    """Set the velocity of each of some notes, by their ids."""
    single = [set_velocity(content, [key], velocity) for key, velocity in velocities.items()]
    return _joined("Change velocity of", single)


def change_velocity(content: Content, ids: Iterable[int], by: int) -> Command:
    """Make notes louder or softer, each at most to the end of the scale."""

    def changed(note: Note) -> Note:
        return replace(note, velocity=min(127, max(1, note.velocity + by)))

    return _edit(content, ids, "Change velocity of", changed)


def flatten_bends(content: Content, ids: Iterable[int]) -> Command:
    """Put notes straight on their pitches."""
    return _edit(content, ids, "Flatten the bend of", lambda note: replace(note, bend=()))


def shift_bends(content: Content, ids: Iterable[int], cents: float) -> Command:
    """Make the whole contours of notes higher, or lower where ``cents`` is negative."""

    def shifted(note: Note) -> Note:
        return replace(note, bend=shifted_bend(note.bend, cents))

    return _edit(content, ids, "Shift the bend of", shifted)


def scale_bends(content: Content, ids: Iterable[int], factor: float) -> Command:
    """Make contours deeper, or shallower where ``factor`` is below 1, about their means."""

    def scaled(note: Note) -> Note:
        return replace(note, bend=scaled_bend(note.bend, factor, note.duration))

    return _edit(content, ids, "Scale the bend of", scaled)


def set_bend(content: Content, key: int, bend: Bend) -> Command:
    """Give one note this contour."""
    return _edit(content, [key], "Bend", lambda note: replace(note, bend=limited_bend(bend)))


def moved_to(content: Content, ids: Iterable[int], track: Track) -> Command:
    """Let notes hold another track."""
    return _edit(content, ids, "Move", lambda note: replace(note, track=track))


def add_note(content: Content, note: Note) -> Command:
    """Add a note of the user's; its id is ``content.next_id``."""
    added = _checked(NoteTable.of([replace(note, confidence=1.0)])[0])
    entry = SessionNote(content.next_id, added, NoteState.ADDED, None)
    return _step("Add a note", [], [entry])


def delete_notes(content: Content, ids: Iterable[int]) -> Command:
    return _remove(content, ids, "Delete")


def reject_notes(content: Content, ids: Iterable[int]) -> Command:
    """Say that notes or candidates are wrong. As deleting, under the name that reviewing uses."""
    return _remove(content, ids, "Reject")


def drop_notes(content: Content, ids: Iterable[int]) -> Command:
    """Take notes away without a word on whether they are right."""
    return _remove(content, ids, "Delete", NoteState.DROPPED)


def accept_notes(content: Content, ids: Iterable[int]) -> Command:
    """Say that notes, candidates or rejected notes are right; the user's own stay as they are."""
    entries = [entry for entry in _entries(content, ids) if not _is_settled(entry)]
    accepted = [replace(entry, state=NoteState.ACCEPTED) for entry in entries]
    return _step(_text("Accept", len(entries)), entries, accepted)


def split_notes(content: Content, ids: Iterable[int], time: float) -> Command:
    """Cut at ``time`` those of the notes that sound there, a millisecond from their ends or more.

    The first part keeps the id, the second is a new note in the same hand and voice of the score.
    """
    entries = [
        entry
        for entry in _editable(content, ids)
        if entry.note.onset + MIN_DURATION <= time <= entry.note.offset - MIN_DURATION
    ]
    if not entries:
        raise EditError(
            "None of these notes is sounding there", hint="split where a note is sounding"
        )
    inserted = []
    places = dict(content.staff_places)
    for index, entry in enumerate(entries):
        second = replace(entry.note.between(time, entry.note.offset), confidence=1.0)
        inserted.append(_edited(entry, entry.note.between(entry.note.onset, time)))
        inserted.append(SessionNote(content.next_id + index, second, NoteState.ADDED, None))
        if entry.id in places:
            places[content.next_id + index] = places[entry.id]
    text = _text("Split", len(entries))
    notes = (NOTES, Rows(tuple(entries), tuple(inserted)))
    if places == content.staff_places:
        return Command.of(text, notes)
    return Command.of(text, notes, (STAFF_PLACES, content.change_to(STAFF_PLACES, [places])))


def merge_notes(content: Content, ids: Iterable[int]) -> Command:
    """Make one note of several of the same pitch, from the first onset to the last offset.

    It bends as they did, one after the other.
    """
    entries = sorted(_editable(content, ids), key=lambda entry: (entry.note.onset, entry.id))
    if len(entries) < 2:
        raise EditError("Merging needs at least two notes")
    shown = content.tracks.shown  # tracks that the user has merged are one
    if len({(entry.note.pitch, shown(entry.note.track)) for entry in entries}) > 1:
        raise EditError("Only notes of the same pitch and instrument can be merged")
    first, *others = entries
    offset = max(entry.note.offset for entry in entries)
    bend = joined_bend([entry.note for entry in entries])
    inserted = [_edited(first, replace(first.note, offset=offset, bend=bend))]
    inserted += [gone for entry in others if (gone := _gone(entry)) is not None]
    return _step(_text("Merge", len(entries)), entries, inserted)


def accept_passage(content: Content, onset: float, offset: float) -> Command:
    """Say that from ``onset`` to ``offset``, in seconds, every note is right and none is missing.

    Passages that touch become one.
    """
    try:
        new = Passage(
            float(onset),
            float(offset),
            model=content.source.model,
            accepted_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
    except ValueError as error:
        raise EditError(
            "A passage must begin at 0 s or later, and end after it begins",
            hint="mark it again along the ruler",
        ) from error
    apart = []
    for old in content.passages:
        if old.offset < new.onset or old.onset > new.offset:
            apart.append(old)
        else:
            new = replace(new, onset=min(new.onset, old.onset), offset=max(new.offset, old.offset))
    return _set_passages(content, [*apart, new], "Accept passage")


def withdraw_passage(content: Content, onset: float, offset: float) -> Command:
    """Withdraw the acceptance between ``onset`` and ``offset``."""
    if not onset < offset:
        raise EditError(
            "A passage must begin at 0 s or later, and end after it begins",
            hint="mark it again along the ruler",
        )
    kept = cut_passages(content.passages, onset, offset)
    return _set_passages(content, kept, "Withdraw passage")


def cut_passages(passages: Iterable[Passage], onset: float, offset: float) -> list[Passage]:
    """The parts of the passages outside ``onset`` to ``offset``."""
    kept = []
    for old in passages:
        if old.offset <= onset or old.onset >= offset:
            kept.append(old)
            continue
        if old.onset < onset:
            kept.append(replace(old, offset=onset))
        if old.offset > offset:
            kept.append(replace(old, onset=offset))
    return kept


def add_pedal(content: Content, pedal: Pedal) -> Command:
    """Press the pedal from its onset to its offset; presses that it meets become part of it."""
    new = _checked_pedal(pedal.onset, pedal.offset, pedal.track)
    return _set_pedals(content, [*content.pedals, new], "Add a pedal press")


def change_pedal(content: Content, pedal: Pedal, *, onset: float, offset: float) -> Command:
    """Move a press, or one of its ends, in seconds; presses that it meets become part of it."""
    others = _other_pedals(content, [pedal])
    new = _checked_pedal(onset, offset, pedal.track)
    return _set_pedals(content, [*others, new], "Change a pedal press")


def delete_pedals(content: Content, pedals: Iterable[Pedal]) -> Command:
    pedals = list(pedals)
    text = "Delete a pedal press" if len(pedals) == 1 else f"Delete {len(pedals)} pedal presses"
    return _set_pedals(content, _other_pedals(content, pedals), text)


def set_beats(
    content: Content, tempo: TempoMap | None, *, text: str, is_users: bool = True
) -> Command:
    """Put beats in place of those that were there, or take them away.

    ``is_users``: whether they stay when the recording is transcribed again.
    """
    beats = content.change_to(TEMPO, [] if tempo is None else [tempo])
    if not beats:
        return Command(text)
    source = content.change_to(SOURCE, [replace(content.source, beats_edited=is_users)])
    return Command.of(text, (TEMPO, beats), (SOURCE, source))


def place_in_score(
    content: Content,
    ids: Iterable[int],
    *,
    hand: int | None = None,
    voice: int | None = None,
    text: str,
) -> Command:
    """Say in which hand and voice (1 or 2) notes are written; with neither, as they are found.

    Properties that are not given stay unchanged.
    """
    places = dict(content.staff_places)
    for key in ids:
        former = places.pop(key, StaffPlace())
        if content.notes[key].note.track.is_drums or (hand is None and voice is None):
            continue
        places[key] = StaffPlace(hand or former.hand, voice or former.voice)
    if places == content.staff_places:
        return Command(text)
    return Command.of(
        text, (STAFF_PLACES, content.change_to(STAFF_PLACES, [places] if places else []))
    )


def set_note_filter(content: Content, chosen: NoteFilter) -> Command:
    """Show, play and export only the notes that pass; the others stay."""
    rows = [] if chosen.takes_all else [chosen]
    return Command.of("Change range and scale", (NOTE_FILTER, content.change_to(NOTE_FILTER, rows)))


def set_score_choices(content: Content, choices: ScoreChoices) -> Command:
    """Write the score in this key, and in these tunings."""
    rows = [] if choices == NO_CHOICES else [choices]
    return Command.of(
        "Change the key" if choices.key != content.score_choices.key else "Change tuning or capo",
        (SCORE_CHOICES, content.change_to(SCORE_CHOICES, rows)),
    )


def _other_pedals(content: Content, pedals: Iterable[Pedal]) -> list[Pedal]:
    others = list(content.pedals)
    for pedal in pedals:
        if pedal not in others:
            raise EditError("This pedal press no longer exists")
        others.remove(pedal)
    return others


def _checked_pedal(onset: float, offset: float, track: Track) -> Pedal:
    try:
        pedal = Pedal(float(onset), float(offset), track)
    except (ValueError, OverflowError) as error:
        raise EditError(
            "The pedal press would begin before the recording, or end before it begins",
            hint="choose a start of 0 s or later, and a later end",
        ) from error
    if pedal.offset - pedal.onset < MIN_DURATION * (1.0 - 1e-6):
        raise EditError("A pedal press must last at least a millisecond")
    if pedal.offset > MAX_TIME:
        raise EditError("A pedal press cannot end more than a week after the start")
    return pedal


def _set_pedals(content: Content, pedals: list[Pedal], text: str) -> Command:
    pressed = content.change_to(PEDALS, joined_presses(pedals, touching=True))
    if not pressed:
        return Command(text)
    source = content.change_to(SOURCE, [replace(content.source, pedals_edited=True)])
    return Command.of(text, (PEDALS, pressed), (SOURCE, source))


def _set_passages(content: Content, passages: list[Passage], text: str) -> Command:
    new = tuple(sorted(passages))
    spans = [(passage.onset, passage.offset) for passage in new]
    if spans == [(passage.onset, passage.offset) for passage in content.passages]:
        return Command(text)
    return Command.of(text, (PASSAGES, content.change_to(PASSAGES, new)))


def _edit(
    content: Content, ids: Iterable[int], verb: str, edited: Callable[[Note], Note]
) -> Command:
    entries = _editable(content, ids)
    try:
        # By way of a table, whose notes hold Python's own numbers whatever the edit came up with.
        notes = [_checked(note) for note in NoteTable.of(edited(e.note) for e in entries)]
    except (ValueError, OverflowError) as error:
        raise _refused(error) from error
    removed, inserted = [], []
    for entry, note in zip(entries, notes, strict=True):
        if note != entry.note:
            removed.append(entry)
            inserted.append(_edited(entry, note))
    return _step(_text(verb, len(removed)), removed, inserted)


def _refused(error: Exception) -> EditError:
    """The error for the user about a value that no note can have."""
    reason = str(error)
    if reason.startswith("pitch"):
        return EditError(
            "A note would leave the range of MIDI, C-1 to G9",
            hint="move it less far, or leave out the notes at the edge",
        )
    if reason.startswith("velocity"):
        return EditError(
            "A velocity must be between 1 and 127", hint="choose a value in this range"
        )
    if reason.startswith("need 0 <="):
        return EditError(
            "A note would begin before the recording, or end before it begins",
            hint="move it less far, or choose an end after its onset",
        )
    return EditError(f"A note cannot have these values ({reason})", hint="choose others")


def _step(text: str, removed: Iterable[SessionNote], inserted: Iterable[SessionNote]) -> Command:
    return Command.of(text, (NOTES, Rows(tuple(removed), tuple(inserted))))


def _joined(verb: str, commands: Iterable[Command]) -> Command:
    """One step of several that concern different notes."""
    rows = [command.of_table(NOTES) for command in commands]
    removed = [entry for part in rows for entry in part.removed]
    inserted = [entry for part in rows for entry in part.inserted]
    return _step(_text(verb, len(removed)), removed, inserted)


def _edited(entry: SessionNote, note: Note) -> SessionNote:
    state = NoteState.ADDED if entry.original is None else NoteState.EDITED
    return replace(entry, note=replace(note, confidence=1.0), state=state)


def _remove(
    content: Content, ids: Iterable[int], verb: str, state: NoteState = NoteState.REJECTED
) -> Command:
    entries = [entry for entry in _entries(content, ids) if not entry.state.is_gone]
    left = [gone for entry in entries if (gone := _gone(entry, state)) is not None]
    return _step(_text(verb, len(entries)), entries, left)


def _gone(entry: SessionNote, state: NoteState = NoteState.REJECTED) -> SessionNote | None:
    """What remains of a removed note: the model's original, or nothing for the user's own."""
    if entry.original is None:
        return None
    return replace(entry, note=entry.original, state=state)


def _is_settled(entry: SessionNote) -> bool:
    return entry.state.is_users and not entry.state.is_gone


def _entries(content: Content, ids: Iterable[int]) -> list[SessionNote]:
    return [content.notes[key] for key in dict.fromkeys(ids)]


def _editable(content: Content, ids: Iterable[int]) -> list[SessionNote]:
    entries = _entries(content, ids)
    if any(entry.state.is_gone for entry in entries):
        raise EditError("A rejected note cannot be edited", hint="accept it first")
    return entries


def _checked(note: Note) -> Note:
    if note.duration < MIN_DURATION * (1.0 - 1e-6):  # a sum of times is not exact
        raise EditError("A note must last at least a millisecond")
    if note.offset > MAX_TIME:
        raise EditError("A note cannot end more than a week after the start")
    return note


def _text(verb: str, count: int) -> str:
    return f"{verb} a note" if count == 1 else f"{verb} {count} notes"
