"""The content of a project, table by table: how rows are kept, and how each is identified.

A new kind of content is one more table here, and the commands that put rows into it: undo, the
journal and the project file need no more than that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from amtstudio.decoding import DecoderSettings, decoder_names, settings_class
from amtstudio.decoding.activations import NOTES as ONLY_DECODER
from amtstudio.session.track_list import TrackEntry, TrackList
from amtstudio.session.values import Passage, SessionNote, Source
from amtstudio.symbolic import (
    Note,
    NoteState,
    Pedal,
    ScoreChoices,
    StaffPlace,
    StaffPlaces,
    TempoMap,
    Track,
    TrackKind,
)
from amtstudio.symbolic.instrument_tags import InstrumentTag, InstrumentTags
from amtstudio.symbolic.keys import Key
from amtstudio.symbolic.limits import MAX_TIME
from amtstudio.symbolic.note_filter import NoteFilter, Scale
from amtstudio.symbolic.notes import Bend

RowT = TypeVar("RowT")
Plain = Sequence[Any]  # numbers and texts, and in a property also lists and mappings


@dataclass(frozen=True)
class Table(Generic[RowT]):
    """A kind of content.

    Attributes
    ----------
    name : str
        Of the table in the file and in the journal.
    plural : str
        What the rows are called in sentences.
    key : callable
        What identifies a row: an id that it keeps while its values change, or, if a row is nothing
        but its values, the row itself.
    dump, parse : callable
        A row as plain values, one for each column, and back. ``parse`` trusts nothing; it raises
        ``TypeError`` or ``ValueError``. A version of the file may have fewer columns at the end.
    columns : str
        In SQL, after the id and before the checksum. Empty: there is at most one row, kept as a
        property of its name.
    has_ids : bool
        Whether the first value of a row is the id.
    """

    name: str
    plural: str
    key: Callable[[RowT], Hashable]
    dump: Callable[[RowT], list[Any]]
    parse: Callable[[Plain], RowT]
    columns: str = ""
    has_ids: bool = False

    @property
    def sql(self) -> str:
        """The statement that makes the table."""
        return (
            f"CREATE TABLE {self.name} (id INTEGER PRIMARY KEY, {self.columns},"
            " checksum INTEGER NOT NULL)"
        )


def to_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def number(value: Any) -> float:
    if not isinstance(value, (int, float)):
        raise TypeError(f"need a number, got {type(value).__name__}")
    return float(value)


def whole(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(f"need a whole number, got {type(value).__name__}")
    return value


def string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"need a text, got {type(value).__name__}")
    return value


def _dump_entry(entry: SessionNote) -> list[Any]:
    note, original = entry.note, entry.original
    # Most notes are as the model found them: the empty text says so.
    same = ""
    if original is not note and original != note:
        same = to_json([] if original is None else _note_values(original))
    *values, bend = _note_values(note)
    return [entry.id, *values, entry.state.value, same, bend]


def _parse_entry(values: Plain) -> SessionNote:
    key, onset, offset, pitch, velocity, confidence, track, state, original, *bend = values
    note = note_from([onset, offset, pitch, velocity, confidence, track, *bend])
    heard = [] if original == "" else json.loads(original)
    former = note if original == "" else None if heard == [] else note_from(heard)
    return SessionNote(whole(key), note, NoteState(state), former)


def _note_values(note: Note) -> list[Any]:
    return [
        float(note.onset),
        float(note.offset),
        note.pitch,
        note.velocity,
        float(note.confidence),
        _track_text(note.track),
        to_json(note.bend) if note.bend else "",
    ]


def note_from(values: Plain) -> Note:
    """A note of its values: onset, offset, pitch, velocity, confidence, track, and its bend."""
    onset, offset, pitch, velocity, confidence, track, *bend = values
    return Note(
        number(onset),
        number(offset),
        whole(pitch),
        whole(velocity),
        number(confidence),
        _track_from(track),
        () if bend in ([], [""]) else _bend_from(*bend),
    )


def _bend_from(text: Any) -> Bend:
    return tuple((number(seconds), number(cents)) for seconds, cents in json.loads(string(text)))


def _track_text(track: Track) -> str:
    """The name of a track where that says it all, or a list in JSON."""
    if track.is_plain and not track.name.startswith("["):
        return track.name
    return to_json([track.name, track.program, track.kind.value])


def _track_from(text: Any) -> Track:
    if not string(text).startswith("["):
        return Track.named(text)
    name, program, kind = json.loads(text)
    return Track(string(name), whole(program), TrackKind(kind))


def pedal_from(values: Plain) -> Pedal:
    """A press of the pedal of its values: onset, offset, and the track."""
    onset, offset, *track = values
    return Pedal(number(onset), number(offset), *map(_track_from, track))


def passage_from(values: Plain) -> Passage:
    onset, offset, model, accepted_at = values
    return Passage(number(onset), number(offset), string(model), string(accepted_at))


def source_from(values: Any) -> Source:
    profile, cents, settings = (values[key] for key in ("profile", "tuning_cents", "settings"))
    asked = values.get("asked_model")
    return Source(
        model=string(values["model"]),
        profile=None if profile is None else string(profile),
        file=string(values["file"]),
        duration=number(values["duration"]),
        tuning_cents=None if cents is None else number(cents),
        metadata={string(key): string(tag) for key, tag in values["metadata"].items()},
        settings=None if settings is None else _settings_from(settings),
        pedals_edited=bool(values.get("pedals_edited", False)),  # older files do not have these
        beats_edited=bool(values.get("beats_edited", False)),
        others=_others_from(values.get("others", {})),
        heard={string(model): string(name) for model, name in values.get("heard", {}).items()},
        asked_model=None if asked is None else string(asked),
    )


def _dump_source(source: Source) -> list[Any]:
    settings = None if source.settings is None else _plain_settings(source.settings)
    others = {model: _plain_settings(its) for model, its in source.others.items()}
    return [
        {
            "model": source.model,
            "profile": source.profile,
            "file": source.file,
            "duration": source.duration,
            "tuning_cents": source.tuning_cents,
            "metadata": dict(source.metadata),
            "settings": settings,
            "pedals_edited": source.pedals_edited,
            **({"beats_edited": True} if source.beats_edited else {}),
            **({"others": others} if others else {}),
            **({"heard": dict(source.heard)} if source.heard else {}),
            **({} if source.asked_model is None else {"asked_model": source.asked_model}),
        }
    ]


def _others_from(values: dict[str, Any]) -> dict[str, DecoderSettings]:
    """Without those of decoders that are not installed."""
    others = {string(model): _settings_from(plain) for model, plain in values.items()}
    return {model: settings for model, settings in others.items() if settings is not None}


def _plain_settings(settings: DecoderSettings) -> dict[str, Any]:
    # Projects of old have no name here: there was one decoder.
    name = {} if settings.decoder == ONLY_DECODER else {"decoder": settings.decoder}
    return {**settings.to_plain(), **name}


def _settings_from(values: dict[str, Any]) -> DecoderSettings | None:
    """The settings; None where they are those of a decoder that is not installed."""
    values = dict(values)
    name = values.pop("decoder", ONLY_DECODER)
    if name not in decoder_names():
        return None
    return settings_class(name).from_plain(values)


def _dump_tempo(tempo: TempoMap) -> list[Any]:
    bars = tempo.is_downbeat.tolist()
    values = {"beats": tempo.beats.tolist(), "is_downbeat": bars, "beat_unit": tempo.beat_unit}
    return [values | ({"is_compound": True} if tempo.is_compound else {})]


def _parse_tempo(values: Plain) -> TempoMap:
    (fields,) = values
    beats, bars = ([number(value) for value in fields[key]] for key in ("beats", "is_downbeat"))
    is_compound = bool(fields.get("is_compound", False))  # older files do not have it
    return TempoMap(np.array(beats), np.array(bars, bool), whole(fields["beat_unit"]), is_compound)


def _dump_tracks(tracks: TrackList) -> list[Any]:
    return [
        [
            [
                _track_text(entry.held),
                _track_text(entry.shown),
                entry.colour,
                entry.is_muted,
                entry.is_soloed,
                entry.is_hidden,
            ]
            for entry in tracks.entries
        ]
    ]


def _parse_tracks(values: Plain) -> TrackList:
    (rows,) = values
    return TrackList(tuple(_track_entry_from(*row) for row in rows))


def _track_entry_from(held: Any, shown: Any, colour: Any, *flags: Any) -> TrackEntry:
    place = None if colour is None else whole(colour)
    return TrackEntry(_track_from(held), _track_from(shown), place, *map(_flag, flags))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"need true or false, got {type(value).__name__}")
    return value


def _dump_places(places: StaffPlaces) -> list[Any]:
    return [[[key, place.hand, place.voice] for key, place in sorted(places.items())]]


def _parse_places(values: Plain) -> StaffPlaces:
    (rows,) = values
    return {whole(key): StaffPlace(_choice(hand), _choice(voice)) for key, hand, voice in rows}


def _choice(value: Any) -> int | None:
    return None if value is None else whole(value)


def _dump_tags(tags: InstrumentTags) -> list[Any]:
    return [[[tag.onset, tag.offset, tag.instrument, tag.is_heard] for tag in tags]]


def _parse_tags(values: Plain) -> InstrumentTags:
    (rows,) = values
    return tuple(_tag_from(*row) for row in rows)


def _tag_from(onset: Any, offset: Any, instrument: Any, is_heard: Any) -> InstrumentTag:
    tag = InstrumentTag(number(onset), number(offset), string(instrument), _flag(is_heard))
    if tag.offset > MAX_TIME:
        raise ValueError(f"a tag must end within {MAX_TIME} seconds, got {tag.offset}")
    return tag


def _dump_filter(chosen: NoteFilter) -> list[Any]:
    scale = chosen.scale
    return [[chosen.lowest, chosen.highest, *(() if scale is None else (scale.root, scale.kind))]]


def _parse_filter(values: Plain) -> NoteFilter:
    ((lowest, highest, *scale),) = values
    return NoteFilter(whole(lowest), whole(highest), _scale_from(*scale) if scale else None)


def _scale_from(root: Any, kind: Any) -> Scale:
    return Scale(whole(root), string(kind))


def _dump_choices(choices: ScoreChoices) -> list[Any]:
    key = choices.key
    return [
        {
            "key": None if key is None else [key.fifths, key.mode],
            "guitar": None if choices.guitar is None else list(choices.guitar),
            "bass": None if choices.bass is None else list(choices.bass),
            "capo": choices.capo,
        }
    ]


def _parse_choices(values: Plain) -> ScoreChoices:
    (fields,) = values
    key, guitar, bass, capo = (fields[name] for name in ("key", "guitar", "bass", "capo"))
    return ScoreChoices(
        None if key is None else _key_from(*key),
        None if guitar is None else tuple(map(whole, guitar)),
        None if bass is None else tuple(map(whole, bass)),
        _choice(capo),
    )


def _key_from(fifths: Any, mode: Any) -> Key:
    return Key(whole(fifths), string(mode))


def _itself(row: Any) -> Hashable:
    return row  # type: ignore[no-any-return]


def _alone(_: object) -> Hashable:
    return 0


NOTES = Table[SessionNote](
    "note",
    "notes",
    lambda entry: entry.id,
    _dump_entry,
    _parse_entry,
    "onset REAL NOT NULL, offset REAL NOT NULL, pitch INTEGER NOT NULL,"
    " velocity INTEGER NOT NULL, confidence REAL NOT NULL, track TEXT NOT NULL,"
    " state TEXT NOT NULL, original TEXT NOT NULL, bend TEXT NOT NULL",
    has_ids=True,
)
PEDALS = Table[Pedal](
    "pedal",
    "pedals",
    _itself,
    lambda pedal: [float(pedal.onset), float(pedal.offset), _track_text(pedal.track)],
    pedal_from,
    "onset REAL NOT NULL, offset REAL NOT NULL, track TEXT NOT NULL",
)
PASSAGES = Table[Passage](
    "passage",
    "passages",
    _itself,
    lambda passage: [passage.onset, passage.offset, passage.model, passage.accepted_at],
    passage_from,
    "onset REAL NOT NULL, offset REAL NOT NULL, model TEXT NOT NULL, accepted_at TEXT NOT NULL",
)
SOURCE = Table[Source](
    "source", "sources", _alone, _dump_source, lambda values: source_from(*values)
)
TEMPO = Table[TempoMap]("tempo", "tempo maps", _alone, _dump_tempo, _parse_tempo)
TRACKS = Table[TrackList]("tracks", "tracks", _alone, _dump_tracks, _parse_tracks)
STAFF_PLACES = Table[StaffPlaces](
    "staff_places", "hands and voices", _alone, _dump_places, _parse_places
)
INSTRUMENT_TAGS = Table[InstrumentTags](
    "instrument_tags", "instruments that were said to be heard", _alone, _dump_tags, _parse_tags
)
NOTE_FILTER = Table[NoteFilter](
    "note_filter", "ranges of keys", _alone, _dump_filter, _parse_filter
)
SCORE_CHOICES = Table[ScoreChoices](
    "score_choices", "keys and tunings", _alone, _dump_choices, _parse_choices
)

TABLES: dict[str, Table[Any]] = {
    table.name: table
    for table in (
        NOTES,
        PEDALS,
        PASSAGES,
        SOURCE,
        TEMPO,
        TRACKS,
        STAFF_PLACES,
        INSTRUMENT_TAGS,
        NOTE_FILTER,
        SCORE_CHOICES,
    )
}
