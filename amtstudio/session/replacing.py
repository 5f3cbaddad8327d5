"""A new transcription in place of the old one, without losing what the user decided."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from amtstudio.decoding import DecoderSettings
from amtstudio.session.command import Command, Content, Rows
from amtstudio.session.edits import cut_passages
from amtstudio.session.tables import NOTES, PASSAGES, PEDALS, SOURCE, TEMPO, TRACKS
from amtstudio.session.values import Passage, SessionNote, Source, models_in
from amtstudio.symbolic import Note, NoteState, NoteTable, TrackKind, Transcription

Doubles = npt.NDArray[np.float64]

SAME_ONSET = 0.05  # seconds; the tolerance within which scores take two notes for the same
_PITCH_STRIDE = 1e6  # seconds, more than a project can last: keeps the pitches apart


@dataclass(frozen=True, slots=True, eq=False)
class KeptNotes:
    """What stays of a project, and which newly decoded notes fit beside it.

    With corrections kept, every note that the user decided on stays, as do all notes of accepted
    passages; a new note that matches one of them (same pitch, onset within 50 ms of where it is or
    of where the model had found it) is dropped, and so is any in an accepted passage.

    Attributes
    ----------
    notes : NoteTable
        Those that stay and are not rejected, with their ids and states.
    ids : frozenset of int
        Of all that stay.
    passages : tuple of Passage
        The accepted ones that remain.
    pedals : bool
        Whether the presses of the pedal stay as well, as they are the user's, or of another model.
    """

    notes: NoteTable
    ids: frozenset[int]
    passages: tuple[Passage, ...]
    pedals: bool
    _within: tuple[float, float]
    _keys: Doubles  # of all that a new note may meet, sorted

    @classmethod
    def of(
        cls,
        content: Content,
        *,
        within: tuple[float, float] | None = None,
        keep_corrections: bool = True,
        kind: TrackKind | None = None,
    ) -> KeptNotes:
        """What stays if everything is decoded, or only what is ``within`` two times.

        With ``kind`` only notes of such tracks are decoded: those of others, which another model
        found, are left unchanged.

        Raises ``ValueError`` if the second is not later than the first.
        """
        start, end = within or (0.0, math.inf)
        if not start < end:
            raise ValueError(f"need onset < offset, got {start} and {end}")
        passages = content.passages
        if not keep_corrections:
            passages = tuple(cut_passages(passages, start, end))
        table = content.table()
        stays = (table.onset < start) | (table.onset >= end)
        if keep_corrections:
            stays |= table.has_state(*(state for state in NoteState if state.is_users))
            stays |= _inside(passages, table.onset)
        if kind is not None:
            stays |= np.array([track.kind is not kind for track in table.tracks])[table.track]
        kept = table.take(stays)
        entries = [content.notes[key] for key in kept.id.tolist()]
        originals = NoteTable.of(e.original for e in entries if e.original not in (None, e.note))
        return cls(
            notes=kept.take(~kept.has_state(*(state for state in NoteState if state.is_gone))),
            ids=frozenset(kept.id.tolist()),
            passages=passages,
            pedals=kind is TrackKind.DRUMS or (keep_corrections and content.source.pedals_edited),
            _within=(start, end),
            _keys=np.sort(np.concatenate((_keys(kept), _keys(originals)))),
        )

    def new_among(self, found: NoteTable) -> NoteTable:
        """Those of ``found`` that have a place; takes the time of a frame for ten thousand."""
        start, end = self._within
        is_new = (found.onset >= start) & (found.onset < end)
        if len(self._keys):
            keys = _keys(found)
            first = np.searchsorted(self._keys, keys - SAME_ONSET, side="left")
            is_new &= first == np.searchsorted(self._keys, keys + SAME_ONSET, side="right")
        is_new &= ~_inside(self.passages, found.onset)
        return found if is_new.all() else found.take(is_new)

    def merged(self, found: NoteTable, *, candidates: bool = False) -> NoteTable:
        """The resulting notes, or candidates, in order; new ones have the id 0."""
        if candidates:
            new = self.new_among(found).with_state(NoteState.CANDIDATE)
        else:
            new = self.new_among(found)
        stays = self.notes.has_state(NoteState.CANDIDATE) == candidates
        return new.joined(self.notes.take(stays)).in_order() if stays.any() else new


def _inside(passages: Iterable[Passage], onset: Doubles) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(onset), bool)
    for passage in passages:
        inside |= (onset >= passage.onset) & (onset < passage.offset)
    return inside


def _keys(notes: NoteTable) -> Doubles:
    """A number for each note that grows with its onset and keeps pitches and drums apart."""
    is_drums = np.array([track.is_drums for track in notes.tracks])[notes.track]
    keys: Doubles = notes.onset + (notes.pitch + 128 * is_drums) * _PITCH_STRIDE
    return keys


@dataclass(frozen=True, slots=True)
class Replaced:
    """What another transcription replaces, and which of the user's edits it keeps.

    ``n_replaced`` notes are the model's alone. The user has corrected, added, accepted or rejected
    ``n_decided``, and accepted ``n_passages`` with all notes in them.
    """

    n_replaced: int
    n_decided: int
    n_passages: int


def what_is_replaced(content: Content, within: tuple[float, float] | None = None) -> Replaced:
    """What ``replace_transcription`` would replace and keep, within ``within`` if that is given."""
    start, end = within or (0.0, math.inf)
    passages = [span for span in content.passages if span.onset < end and span.offset > start]
    n_replaced = n_decided = 0
    for entry in content.notes.values():
        onset = entry.note.onset
        if not start <= onset < end:
            continue
        if entry.state.is_users:
            n_decided += 1
        elif entry.state.sounds and not any(span.holds(onset) for span in passages):
            n_replaced += 1
    return Replaced(n_replaced, n_decided, len(passages))


def replace_transcription(
    content: Content,
    transcription: Transcription,
    *,
    candidates: Sequence[Note] = (),
    settings: DecoderSettings | Mapping[str, DecoderSettings] | None = None,
    within: tuple[float, float] | None = None,
    keep_corrections: bool = True,
    kind: TrackKind | None = None,
    heard: Mapping[str, str] | None = None,
    text: str = "Transcribe",
) -> Command:
    """Put the result of the engine, or of decoding again, in place of what the model said before.

    ``KeptNotes`` says which notes stay. With ``keep_corrections`` the pedal is kept as a whole if
    the user has edited it, and so are the beats. Without, only the new notes remain, and no passage
    counts as accepted.

    A note that the model had found before (same pitch and onset) keeps its id: moving a threshold
    changes few notes, and the undo step contains only those.

    ``within``, onset and offset in seconds, is the stretch that was transcribed: what begins
    outside of it stays. ``kind`` is as for ``KeptNotes.of``.

    ``settings`` decoded the notes: those of each model by its name, or of the first alone.
    ``heard`` gives the names under which the models' activations are kept. If it is None and the
    models are the same as before, their activations stay, as do settings that are not given.
    """
    start, end = within or (0.0, math.inf)
    kept = KeptNotes.of(content, within=within, keep_corrections=keep_corrections, kind=kind)
    gone = {key: entry for key, entry in content.notes.items() if key not in kept.ids}
    told = (
        (transcription.notes, NoteState.MODEL),
        (NoteTable.of(candidates), NoteState.CANDIDATE),
    )
    new = [(note, state) for notes, state in told for note in kept.new_among(notes)]
    removed, inserted = _difference(gone if keep_corrections else {}, new, content.next_id)
    if not keep_corrections:
        removed = list(gone.values())
    pedals = list(content.pedals)
    if not kept.pedals:
        pedals = [pedal for pedal in content.pedals if not start <= pedal.onset < end]
        pedals += [pedal for pedal in transcription.pedals if start <= pedal.onset < end]
    keeps_beats = keep_corrections and content.source.beats_edited
    source = replace(
        _source(content.source, transcription, settings, heard),
        pedals_edited=keep_corrections and content.source.pedals_edited,
        beats_edited=keeps_beats,
    )
    if within is not None:
        source = replace(source, duration=max(source.duration, content.source.duration))
    tempo = transcription.tempo
    if keeps_beats or (within is not None and content.tempo is not None):
        tempo = content.tempo
    found = NoteTable.of(transcription.notes).playing()
    tracks = content.tracks.told_apart(found, content.table().playing())
    return Command.of(
        text,
        (NOTES, Rows(tuple(removed), tuple(inserted))),
        (PEDALS, content.change_to(PEDALS, pedals)),
        (PASSAGES, content.change_to(PASSAGES, kept.passages)),
        (SOURCE, content.change_to(SOURCE, [source])),
        (TRACKS, content.change_to(TRACKS, [tracks] if tracks else [])),
        (TEMPO, content.change_to(TEMPO, [] if tempo is None else [tempo])),
    )


def _source(
    former: Source,
    transcription: Transcription,
    settings: DecoderSettings | Mapping[str, DecoderSettings] | None,
    heard: Mapping[str, str] | None,
) -> Source:
    first, *others = models_in(transcription.model)
    stays = heard is None and transcription.model == former.model
    of_models: dict[str, DecoderSettings] = dict(former.others) if stays else {}
    if isinstance(settings, Mapping):
        of_models |= settings
        of_first = settings.get(first, former.settings if stays else None)
    else:
        of_first = settings
    return replace(
        Source.of(transcription, of_first),
        others={model: of_models[model] for model in others if model in of_models},
        heard=former.heard if stays else dict(heard or {}),
    )


def _difference(
    gone: dict[int, SessionNote], new: Iterable[tuple[Note, NoteState]], next_id: int
) -> tuple[list[SessionNote], list[SessionNote]]:
    """What to remove and to insert, so that ``new`` takes the place of ``gone``."""
    known = {(entry.note.pitch, entry.note.onset): entry for entry in gone.values()}
    same: set[int] = set()
    inserted = []
    for note, state in new:
        former = known.pop((note.pitch, note.onset), None)
        if former is None:
            inserted.append(SessionNote(next_id, note, state, note))
            next_id += 1
        elif former.state is state and former.note == note:
            same.add(former.id)
        else:
            inserted.append(SessionNote(former.id, note, state, note))
    return [entry for key, entry in gone.items() if key not in same], inserted
