from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from amtstudio.errors import BadFileError
from amtstudio.formats import FORMATS, note_line, read_json, read_jsonl, write_transcription
from amtstudio.formats.note_json import parse_json, parse_jsonl
from amtstudio.symbolic import Note, Pedal, Track, Transcription

NOTE = {"onset_s": 0.0, "offset_s": 1.0, "pitch": 60, "velocity": 80, "confidence": 0.5}


def assert_same_notes(got: Transcription, expected: Transcription) -> None:
    assert [(n.pitch, n.velocity, n.track) for n in got.notes] == [
        (n.pitch, n.velocity, n.track) for n in expected.notes
    ]
    np.testing.assert_allclose(
        [(n.onset, n.offset, n.confidence) for n in got.notes],
        [(n.onset, n.offset, n.confidence) for n in expected.notes],
        atol=0.51e-6,
    )


def test_json_round_trip(transcription, tmp_path):
    path = tmp_path / "take.json"
    write_transcription(transcription, path, format_name="json")
    read = read_json(path)
    assert_same_notes(read, transcription)
    np.testing.assert_allclose(
        [(p.onset, p.offset) for p in read.pedals],
        [(p.onset, p.offset) for p in transcription.pedals],
        atol=0.51e-6,
    )
    for attribute in ("file", "model", "profile", "tuning_cents", "duration"):
        assert getattr(read, attribute) == getattr(transcription, attribute)


def test_jsonl_round_trip(transcription, tmp_path):
    path = tmp_path / "take.jsonl"
    write_transcription(transcription, path, format_name="jsonl")
    assert_same_notes(read_jsonl(path), transcription)


def test_json_layout():
    transcription = Transcription(
        notes=(Note(0.5, 1.0, 60, 90, 0.25), Note(2.0, 2.0000001, 61)),
        pedals=(Pedal(0.0, 1.5),),
        duration=3.0,
        file="a.wav",
        model="piano",
        tuning_cents=-3.5,
    )
    assert FORMATS["json"].dumps(transcription).decode() == (
        "{\n"
        '  "file": "a.wav",\n'
        '  "duration_s": 3.000000,\n'
        '  "model": "piano",\n'
        '  "profile": null,\n'
        '  "tuning_cents": -3.500000,\n'
        '  "notes": [\n'
        '    {"onset_s": 0.500000, "offset_s": 1.000000, "pitch": 60, '
        '"velocity": 90, "confidence": 0.250000},\n'
        '    {"onset_s": 2.000000, "offset_s": 2.000001, "pitch": 61, '
        '"velocity": 80, "confidence": 1.000000}\n'
        "  ],\n"
        '  "pedals": [\n'
        '    {"onset_s": 0.000000, "offset_s": 1.500000}\n'
        "  ]\n"
        "}\n"
    )


def test_an_empty_transcription():
    text = FORMATS["json"].dumps(Transcription()).decode()
    assert json.loads(text)["notes"] == []
    assert parse_json(text.encode(), name="a.json") == Transcription()
    assert FORMATS["jsonl"].dumps(Transcription()) == b""
    assert parse_jsonl(b"", name="a.jsonl") == Transcription()


def test_a_note_line_is_one_line_of_json_that_reads_back():
    note = Note(0.5, 1.0, 60, 90, 0.25, track=Track.named('two\nlines "quoted"'))
    assert "\n" not in note_line(note)
    assert parse_jsonl(note_line(note).encode(), name="a.jsonl").notes == (note,)


def test_a_file_name_that_is_no_unicode_survives():
    transcription = Transcription(file="\udcff.wav")
    assert parse_json(FORMATS["json"].dumps(transcription), name="a.json") == transcription


def test_unknown_keys_and_missing_ones_with_a_default():
    row = {"onset_s": 0, "offset_s": 1, "pitch": 60, "provisional": True}
    expected = Transcription(notes=(Note(0.0, 1.0, 60),), duration=1.0)
    assert parse_jsonl(json.dumps(row).encode(), name="a.jsonl") == expected
    assert parse_json(json.dumps({"notes": [row], "x": 1}).encode(), name="a.json") == expected


def test_whole_numbers_may_be_written_with_a_point():
    row = {"onset_s": 0, "offset_s": 1, "pitch": 60.0, "velocity": 85.0}
    expected = Transcription(notes=(Note(0.0, 1.0, 60, 85),), duration=1.0)
    assert parse_jsonl(json.dumps(row).encode(), name="a.jsonl") == expected
    assert parse_json(json.dumps({"notes": [row]}).encode(), name="a.json") == expected


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"onset_s": float("nan")}, "onset_s is nan, not a number"),
        ({"offset_s": float("inf")}, "offset_s is inf, not a number"),
        ({"offset_s": 10**400}, "offset_s is 1000.*, not a number of this size"),
        ({"offset_s": 1e9}, "longer than a week"),
        ({"onset_s": "0"}, "onset_s is '0', not a number"),
        ({"onset_s": True}, "onset_s is True, not a number"),
        ({"onset_s": None}, "onset_s is missing"),
        ({"onset_s": [[]]}, "onset_s is a list, not a number"),
        ({"offset_s": 0.0}, "the end, 0 s, is not after the start, 0 s"),
        ({"pitch": 60.4}, "pitch is 60.4, not a whole number"),
        ({"pitch": "60"}, "pitch is '60', not a whole number"),
        ({"velocity": float("inf")}, "velocity is inf, not a whole number"),
        ({"pitch": 128}, "pitch must be 0 to 127, got 128"),
        ({"velocity": 0}, "velocity must be 1 to 127, got 0"),
        ({"confidence": 1.5}, "confidence must lie in .*, got 1.5"),
        ({"instrument": 5}, "instrument is 5, not a text"),
    ],
)
def test_impossible_values_are_named_with_their_place(change, reason):
    rows = [NOTE, NOTE | change]
    with pytest.raises(BadFileError, match=f"^a.jsonl, line 2: .*{reason}"):
        parse_jsonl("\n".join(json.dumps(row) for row in rows).encode(), name="a.jsonl")
    with pytest.raises(BadFileError, match=f"^a.json, note 2: .*{reason}"):
        parse_json(json.dumps({"notes": rows}).encode(), name="a.json")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a.json is not valid JSON"),
        ("{", "a.json is not valid JSON"),
        ("[" * 1_000_000, "a.json is not valid JSON"),
        ("[]", "a.json: a list is not a JSON object"),
        ('{"notes": {}}', "a.json: notes is an object, not a list"),
        ('{"notes": [1]}', "a.json, note 1: 1 is not a JSON object"),
        ('{"file": 1}', "a.json: file is 1, not a text"),
        ('{"duration_s": -1}', "a.json: duration_s is -1.0, which is negative"),
        ('{"tuning_cents": NaN}', "a.json: tuning_cents is nan, not a number"),
        (
            '{"pedals": [{"onset_s": 1, "offset_s": 1}]}',
            "a.json, pedal 1: the end, 1 s, is not",
        ),
    ],
)
def test_other_files(text, reason):
    with pytest.raises(BadFileError, match=f"^{reason}"):
        parse_json(text.encode(), name="a.json")


def test_bytes_that_are_no_text():
    with pytest.raises(BadFileError, match="not UTF-8 text"):
        parse_jsonl(b"\xff", name="a.jsonl")


def test_a_note_beyond_a_rounded_duration():
    transcription = Transcription(notes=(Note(0.0, 1.0, 60),), duration=0.5)
    assert parse_json(FORMATS["json"].dumps(transcription), name="a") == replace(transcription)


def test_pitches_between_keys_are_bends_where_the_nearest_key_will_do():
    row = '{"onset_s": 0.0, "offset_s": 1.0, "pitch": 60.6}'
    data = f'{{"notes": [{row}]}}'.encode()
    (note,) = parse_json(data, name="a.json", nearest_key=True).notes
    assert (note.pitch, note.bend) == (61, ((0.0, -40.0),))
    with pytest.raises(BadFileError, match="pitch"):
        parse_json(data, name="a.json")
