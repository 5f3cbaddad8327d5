"""Tracks, their pedal and their bends in every format that has a place for them."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import mido
import numpy as np
import pytest

from amtstudio.errors import BadFileError
from amtstudio.formats import FORMATS
from amtstudio.formats.midi_reader import parse_midi
from amtstudio.formats.note_csv import parse_csv
from amtstudio.formats.note_json import parse_json, parse_jsonl
from amtstudio.symbolic import (
    PIANO,
    Note,
    NoteTable,
    Pedal,
    TempoMap,
    Track,
    TrackKind,
    Transcription,
)

LEAD, RHODES = Track("Lead", 29), Track("Rhodes", 4)
KIT = Track("Kit", 0, TrackKind.DRUMS)
BAND = Transcription(
    NoteTable.of(
        [
            Note(0.0, 1.0, 60, 70, 0.5, LEAD, ((0.0, 12.5), (0.5, -30.0))),
            Note(0.0, 0.25, 36, 110, 1.0, KIT),
            Note(0.5, 1.5, 48, 60, 1.0, RHODES),
            Note(1.0, 2.0, 50, 60, 1.0, RHODES),
        ]
    ),
    (Pedal(0.5, 1.25, RHODES), Pedal(1.5, 2.0, RHODES)),
    duration=2.0,
)


def tracks_of(data: bytes) -> dict[str, list[mido.Message]]:
    file = mido.MidiFile(file=io.BytesIO(data))
    return {
        track.name: [message for message in track if not message.is_meta]
        for track in file.tracks[1:]
    }


def test_midi_has_a_track_with_its_program_for_each_and_drums_on_channel_10():
    tracks = tracks_of(FORMATS["midi"].dumps(BAND))
    assert list(tracks) == ["Kit", "Lead", "Rhodes"]  # as they enter
    programs = {
        name: (message.channel, message.program)
        for name, messages in tracks.items()
        for message in messages
        if message.type == "program_change"
    }
    assert programs == {"Kit": (9, 0), "Lead": (0, 29), "Rhodes": (1, 4)}
    for name, messages in tracks.items():
        assert {message.channel for message in messages} == {programs[name][0]}


def test_the_pedal_is_in_the_track_that_it_belongs_to():
    tracks = tracks_of(FORMATS["midi"].dumps(BAND))
    pressed = {
        name: [m.value for m in messages if m.type == "control_change" and m.control == 64]
        for name, messages in tracks.items()
    }
    assert pressed == {"Lead": [], "Kit": [], "Rhodes": [127, 0, 127, 0]}


def test_more_tracks_than_channels_go_to_a_second_port():
    """A synthesiser, and whoever reads the file, keeps apart what shares a channel."""
    tracks = [Track(f"part {n:02}", n) for n in range(20)]
    notes = [Note(0.25 * n, 0.25 * n + 6.0, 60, 70, track=track) for n, track in enumerate(tracks)]
    pedals = tuple(Pedal(0.25 * n, 5.0 + 0.25 * n, track) for n, track in enumerate(tracks))
    whole = Transcription(NoteTable.of([*notes, Note(9.0, 9.1, 36, track=KIT)]), pedals, 12.0)
    file = mido.MidiFile(file=io.BytesIO(FORMATS["midi"].dumps(whole)))
    places = set()
    for track in file.tracks[1:]:
        port = next((message.port for message in track if message.type == "midi_port"), 0)
        places |= {(port, message.channel) for message in track if not message.is_meta}
    assert len(places) == 21
    read = parse_midi(FORMATS["midi"].dumps(whole), name="a.mid")
    assert {note.track for note in read.notes} == {*tracks, KIT}
    assert [pedal.track for pedal in read.pedals] == tracks
    assert FORMATS["midi"].dumps(BAND).count(b"\xff\x21") == 0


def test_a_press_of_a_track_that_plays_nothing_goes_with_the_first_part():
    whole = Transcription(NoteTable.of([Note(0.0, 1.0, 60, track=LEAD)]), (Pedal(0.25, 0.5),), 1.0)
    read = parse_midi(FORMATS["midi"].dumps(whole), name="a.mid")
    assert [(pedal.onset, pedal.offset, pedal.track) for pedal in read.pedals] == [
        (0.25, 0.5, LEAD)
    ]


def test_midi_is_read_back_with_tracks_and_pedal():
    read = parse_midi(FORMATS["midi"].dumps(BAND), name="a.mid")
    assert [(n.onset, n.pitch, n.track) for n in read.notes] == [
        (n.onset, n.pitch, n.track) for n in BAND.notes
    ]
    assert read.pedals == BAND.pedals
    assert set(read.tracks) == {LEAD, KIT, RHODES}


def test_json_is_read_back_with_tracks_pedal_and_bends():
    data = FORMATS["json"].dumps(BAND)
    written = json.loads(data)
    assert written["tracks"] == [
        {"name": "Kit", "program": 0, "kind": "drums"},
        {"name": "Lead", "program": 29, "kind": "pitched"},
        {"name": "Rhodes", "program": 4, "kind": "pitched"},
    ]
    assert written["notes"][1]["bend_cents"] == [[0.0, 12.5], [0.5, -30.0]]
    assert parse_json(data, name="a.json") == BAND


def test_json_says_nothing_of_tracks_that_the_instruments_tell():
    plain = Transcription(
        NoteTable.of([Note(0.0, 1.0, 60), Note(0.5, 1.0, 40, track=Track.named("bass"))]),
        (Pedal(0.0, 1.0), Pedal(0.5, 1.0, Track.named("bass"))),
        duration=1.0,
    )
    data = FORMATS["json"].dumps(plain)
    written = json.loads(data)
    assert "tracks" not in written
    assert "instrument" not in written["notes"][0]
    assert written["notes"][1]["instrument"] == "bass"
    assert not any("track" in row or "bend_cents" in row for row in written["notes"])
    assert written["pedals"] == [
        {"onset_s": 0.0, "offset_s": 1.0},
        {"onset_s": 0.5, "offset_s": 1.0, "instrument": "bass"},
    ]
    assert parse_json(data, name="a.json") == plain


def test_json_is_read_back_with_beats_and_bars():
    beats = np.array([-0.25, 0.5, 1.0, 1.75])
    tempo = TempoMap(beats, np.array([False, True, False, True]), 8)
    whole = replace(BAND, tempo=tempo)
    data = FORMATS["json"].dumps(whole)
    assert json.loads(data)["tempo_map"] == {
        "beat_unit": 8, "beats_s": [-0.25, 0.5, 1.0, 1.75], "downbeats": [1, 3],
    }  # fmt: skip
    assert parse_json(data, name="a.json") == whole
    assert parse_json(data, name="a.json") != BAND


NAMESAKES = NoteTable.of(
    [
        Note(0.0, 1.0, 60, track=PIANO),
        Note(1.0, 2.0, 62, track=Track("piano", 4)),
        Note(2.0, 3.0, 64, track=Track("", 40)),
        Note(3.0, 3.25, 36, track=KIT),
        Note(4.0, 4.25, 38, track=Track("piano", 0, TrackKind.DRUMS)),
    ]
)


def test_csv_and_json_lines_keep_apart_tracks_whose_names_do_not():
    whole = Transcription(NAMESAKES, duration=4.25)
    assert parse_csv(FORMATS["csv"].dumps(whole), name="a.csv").notes == NAMESAKES
    assert parse_jsonl(FORMATS["jsonl"].dumps(whole), name="a.jsonl").notes == NAMESAKES


def test_csv_and_json_lines_of_a_file_with_two_tracks_of_one_instrument():
    grand, bright = Track("left", 0), Track("right", 1)
    notes = [Note(0.0, 1.0, 60, track=grand), Note(0.5, 1.0, 64, track=bright)]
    file = mido.MidiFile(
        file=io.BytesIO(FORMATS["midi"].dumps(Transcription(NoteTable.of(notes), duration=1.0)))
    )
    del file.tracks[0][:]  # nothing says that it is ours: names of tracks are not believed
    data = io.BytesIO()
    file.save(file=data)
    foreign = parse_midi(data.getvalue(), name="a.mid")
    assert {track.name for track in foreign.notes.tracks} == {"piano"}
    assert len(foreign.notes.tracks) == 2
    for written in (
        parse_csv(FORMATS["csv"].dumps(foreign), name="a.csv"),
        parse_jsonl(FORMATS["jsonl"].dumps(foreign), name="a.jsonl"),
    ):
        assert [note.track for note in written.notes] == [note.track for note in foreign.notes]


def test_a_program_alone_does_not_make_a_track():
    table = b"onset_s,offset_s,midi_pitch,instrument,program\n0,1,36,drums,128\n"
    assert [note.track for note in parse_csv(table, name="a.csv").notes] == [Track.named("drums")]
    line = b'{"onset_s": 0, "offset_s": 1, "pitch": 36, "instrument": "drums", "program": "kit"}'
    assert [note.track for note in parse_jsonl(line, name="a").notes] == [Track.named("drums")]


@pytest.mark.parametrize(
    ("cells", "message"),
    [("0,sung", "line 2: 'sung' is not a valid"), ("128,pitched", "program must be 0 to 127"),
     ("x,pitched", "program is 'x', not a whole number")],
)  # fmt: skip
def test_a_track_that_cannot_be_is_refused_in_csv(cells, message):
    table = f"onset_s,offset_s,midi_pitch,instrument,program,kind\n0,1,60,a,{cells}\n"
    with pytest.raises(BadFileError, match=message):
        parse_csv(table.encode(), name="a.csv")


NOTE = {"onset_s": 0.0, "offset_s": 1.0, "pitch": 60}
LISTED = [{"name": "Lead", "program": 29}]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"notes": [{**NOTE, "track": 1}]}, "note 1: track is 1, not one of the 1 listed"),
        ({"notes": [{**NOTE, "track": -1}]}, "note 1: track is -1"),
        ({"notes": [{**NOTE, "track": "Lead"}]}, "track is 'Lead', not a whole number"),
        ({"pedals": [{"onset_s": 0, "offset_s": 1, "track": 3}]}, "pedal 1: track is 3"),
        ({"tempo_map": 3}, "tempo_map: 3 is not a JSON object"),
        ({"tempo_map": {"beats_s": [1.0]}}, "tempo_map: need two beats or more"),
        ({"tempo_map": {"beats_s": [1, 2], "downbeats": [2]}}, "downbeats has 2, which is not"),
        ({"tempo_map": {"beats_s": [1, 2], "downbeats": [0.5]}}, "downbeats has 0.5"),
        ({"tempo_map": {"beats_s": [1, None]}}, "tempo_map: beats_s is missing"),
        ({"tempo_map": {"beats_s": [2, 1]}}, "each beat must be later"),
        ({"tracks": [{"program": 3}]}, "track 1: name is missing"),
        ({"tracks": [{"name": "a", "program": 128}]}, "track 1: program must be 0 to 127"),
        ({"tracks": [{"name": "a", "kind": "sung"}]}, "track 1: 'sung' is not a valid"),
        (
            {"notes": [{**NOTE, "bend_cents": [[0.5]]}]},
            "note 1: bend_cents has a list, not seconds",
        ),
        (
            {"notes": [{**NOTE, "bend_cents": [3]}]},
            "note 1: bend_cents has 3, not seconds",
        ),
        ({"notes": [{**NOTE, "bend_cents": [[0.5, 1], [0.5, 2]]}]}, "seconds that grow"),
        (
            {"notes": [{**NOTE, "bend_cents": [[0.5, "x"]]}]},
            "bend_cents is 'x', not a number",
        ),
    ],
)
def test_tracks_and_bends_that_cannot_be_are_refused(changes, message):
    data = json.dumps({"tracks": LISTED, "notes": [], "pedals": [], **changes}).encode()
    with pytest.raises(BadFileError, match=message):
        parse_json(data, name="a.json")


def test_a_note_without_a_track_among_listed_ones_has_its_instrument():
    data = json.dumps({"tracks": LISTED, "notes": [NOTE, {**NOTE, "track": 0}]}).encode()
    assert [note.track for note in parse_json(data, name="a.json").notes] == [LEAD, PIANO]
