from __future__ import annotations

import numpy as np
import pytest

from amtstudio.errors import BadFileError, InputNotFoundError
from amtstudio.formats import FORMATS, read_csv, write_transcription
from amtstudio.formats.note_csv import parse_csv
from amtstudio.symbolic import Note, Track, Transcription

HEADER = "onset_s,offset_s,midi_pitch,velocity,instrument\n"


def read(text: str) -> tuple[Note, ...]:
    return parse_csv(text.encode(), name="take.csv").notes


def test_round_trip(transcription, tmp_path):
    path = tmp_path / "take.csv"
    write_transcription(transcription, path, format_name="csv")
    for got, expected in zip(read_csv(path).notes, transcription.notes, strict=True):
        assert (got.pitch, got.velocity, got.track) == (
            expected.pitch,
            expected.velocity,
            expected.track,
        )
        np.testing.assert_allclose(
            (got.onset, got.offset, got.confidence),
            (expected.onset, expected.offset, expected.confidence),
            atol=0.51e-6,
        )


def test_layout():
    notes = (Note(0.5, 1.0, 60, 90, 0.25), Note(1.0, 1.0000001, 61, track=Track.named("a, b")))
    assert FORMATS["csv"].dumps(Transcription(notes=notes)).decode() == (
        "onset_s,offset_s,midi_pitch,velocity,instrument,confidence\n"
        "0.500000,1.000000,60,90,piano,0.250000\n"
        '1.000000,1.000001,61,80,"a, b",1.000000\n'
    )


def test_without_confidence_as_in_the_reference_files():
    assert read(HEADER + "0.5,1.0,60,90,piano\n") == (Note(0.5, 1.0, 60, 90),)


def test_empty_cells_take_defaults():
    assert read(HEADER + "0.01,,36,,KD\n") == (
        Note(0.01, 0.01 + 0.05, 36, track=Track.named("KD")),
    )


def test_columns_in_another_order_and_from_a_spreadsheet():
    text = "\ufeffmidi_pitch,extra,offset_s,onset_s\r\n60,x,1,0.5\r\n"
    assert read(text) == (Note(0.5, 1.0, 60),)


def test_no_notes():
    assert read(HEADER) == ()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nan,1,60,80,piano", "onset_s is 'nan', not a number"),
        ("0,inf,60,80,piano", "offset_s is 'inf', not a number"),
        ("x,1,60,80,piano", "onset_s is 'x', not a number"),
        (",1,60,80,piano", "onset_s is '', not a number"),
        ("0.5,0.5,60,80,piano", "need 0 <= onset < offset < infinity, got 0.5 and 0.5"),
        ("2,1,60,80,piano", "got 2.0 and 1.0"),
        ("-1,1,60,80,piano", "got -1.0 and 1.0"),
        ("0,1e9,60,80,piano", "a time of 1e+09 s is longer than a week"),
        ("0,1,128,80,piano", "pitch must be 0 to 127, got 128"),
        ("0,1,60.5,80,piano", "midi_pitch is '60.5', not a whole number"),
        ("0,1," + "9" * 5000 + ",80,piano", "midi_pitch is '999"),
        ("0,1,60,0,piano", "velocity must be 1 to 127, got 0"),
        ("0,1", "midi_pitch is '', not a whole number"),
    ],
)
def test_impossible_values_are_named_with_their_line(row, reason):
    with pytest.raises(BadFileError) as caught:
        read(HEADER + "0,1,60,80,piano\n" + row + "\n")
    assert str(caught.value).startswith("take.csv, line 3: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no column onset_s"),
        (b"a,b\n1,2\n", "no column onset_s"),
        (b"onset_s,offset_s\n", "no column midi_pitch"),
        (b"\xff\xfe\x00", "no UTF-8 text"),
        (HEADER.encode() + b'0,1,60,80,"piano\n', "no valid CSV"),
        (HEADER.encode() + b"0,1,60,80," + b"x" * 200_000, "no valid CSV"),
        (HEADER.encode() + b"0,1\0,60,80,piano", r"line 2: offset_s is '1\\x00'|no valid CSV"),
    ],
)
def test_other_files(data, reason):
    with pytest.raises(BadFileError, match=f"^take.csv.*({reason})"):
        parse_csv(data, name="take.csv")


def test_a_folder(tmp_path):
    with pytest.raises(InputNotFoundError, match=r"is no regular file|is a folder"):
        read_csv(tmp_path)


def test_reference_files(shared):
    paths = sorted((shared / "data" / "real").glob("*/*.notes.csv"))
    assert paths
    for path in paths:
        lines = path.read_text().splitlines()
        assert len(read_csv(path).notes) == len(lines) - 1
