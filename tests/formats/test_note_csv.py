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


def test_contours_are_kept_beside_the_tracks():
    lead = Track("Lead", 29)
    bends = ((0.0, -12.5), (0.25, 200.0)), (), ((0.5, 30.0),)
    notes = tuple(
        Note(0.5 + place, 1.4 + place, 60 + place, bend=bend, track=lead)
        for place, bend in enumerate(bends)
    )
    data = FORMATS["csv"].dumps(Transcription(notes=notes))
    head, first, second, _ = data.decode().splitlines()
    assert head.endswith("confidence,program,kind,bend_cents")
    assert first.endswith(",29,pitched,0.000000:-12.500 0.250000:200.000")
    assert second.endswith(",pitched,")
    assert parse_csv(data, name="take.csv").notes == notes


@pytest.mark.parametrize(
    ("bend", "reason"),
    [
        ("0.1", "bend_cents has '0.1', not seconds and cents such as 0.25:50"),
        ("0:x", "bend_cents is 'x', not a number"),
        ("0.5:1 0.2:3", "need seconds that grow from 0"),
    ],
)
def test_contours_that_cannot_be_are_named(bend, reason):
    with pytest.raises(BadFileError, match="line 2") as told:
        read(HEADER.strip() + f",bend_cents\n0,1,60,80,guitar,{bend}\n")
    assert reason in str(told.value)


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
        ("0.5,0.5,60,80,piano", "the end, 0.5 s, is not after the start, 0.5 s"),
        ("2,1,60,80,piano", "the end, 1 s, is not after the start, 2 s"),
        ("-1,1,60,80,piano", "the start, -1 s, is before 0 s"),
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
        (b"\xff\xfe\x00", "neither UTF-8 nor UTF-16 text"),
        (HEADER.encode() + b'0,1,60,80,"piano\n', "not a valid CSV"),
        (HEADER.encode() + b"0,1,60,80," + b"x" * 200_000, "not a valid CSV"),
        (HEADER.encode() + b"0,1\0,60,80,piano", r"line 2: offset_s is '1\\x00'|not a valid CSV"),
    ],
)
def test_other_files(data, reason):
    with pytest.raises(BadFileError, match=f"^take.csv.*({reason})"):
        parse_csv(data, name="take.csv")


SPREADSHEET = ("onset_s", "offset_s", "midi_pitch", "velocity", "instrument")
FLUTE = Track.named("Flöte")
TAKE = (Note(0.125, 1.5, 60, 90, track=FLUTE), Note(2.0, 2.25, 61, 33, track=FLUTE))


def spreadsheet(separator: str, *, decimal: str = ".", quote: str = "") -> str:
    rows = [SPREADSHEET]
    for note in TAKE:
        numbers = (note.onset, note.offset, float(note.pitch), note.velocity)
        cells = (str(number).replace(".", decimal) for number in numbers)
        rows.append((*cells, note.track.name))
    return "".join(separator.join(f"{quote}{c}{quote}" for c in row) + "\r\n" for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        spreadsheet(","),
        spreadsheet(";"),
        spreadsheet(";", decimal=","),
        spreadsheet("\t"),
        spreadsheet("\t", decimal=","),
        spreadsheet("|", quote='"'),
        spreadsheet(",", decimal=",", quote='"'),
        "sep=;\r\n" + spreadsheet(";", decimal=","),
        spreadsheet(";", decimal=",") + ";;;;\r\n",
        spreadsheet(",").replace("onset_s,", " Onset_S ,"),
        spreadsheet(",").replace("\r\n", "\r"),
        spreadsheet(",").replace(",90,", ",  90.0 ,"),
        "\r\n\r\n" + spreadsheet(","),
        "# aligned by hand, 3 May\r\n#\r\n" + spreadsheet(";"),
        spreadsheet(",").replace("\r\n", "\r\n# second take, bar 1\r\n"),
        "# " + spreadsheet(","),  # as NumPy writes it
    ],
)
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"],
)
def test_tables_as_spreadsheets_write_them(text, encoding):
    assert parse_csv(text.encode(encoding), name="take.csv").notes == TAKE


def test_utf_16_of_the_other_byte_order_with_its_mark():
    data = b"\xfe\xff" + spreadsheet(";").encode("utf-16-be")
    assert parse_csv(data, name="take.csv").notes == TAKE


def test_the_separators_that_are_known_are_told_where_a_column_is_missing():
    with pytest.raises(BadFileError, match=r"has no column onset_s.*commas, semicolons or tabs"):
        read("onset_s offset_s midi_pitch\n0 1 60\n")
    with pytest.raises(BadFileError, match="has no column midi_pitch"):
        read("onset_s;offset_s;pitch\n0;1;60\n")


def test_decimal_commas_between_commas_are_refused():
    # Read as they stand: a note from 0 to 5 s on the lowest key.
    with pytest.raises(BadFileError, match=r"line 2 has more cells .*decimal commas"):
        read(HEADER + "0,5,0,75,60,85,piano\n")


def test_line_numbers_count_the_line_above_the_header():
    with pytest.raises(BadFileError, match="line 3: onset_s is 'x'"):
        read("sep=;\nonset_s;offset_s;midi_pitch\nx;1;60\n")
    with pytest.raises(BadFileError, match="line 5: onset_s is 'x'"):
        read("# a\n\nonset_s,offset_s,midi_pitch\n# b\nx,1,60\n")


def test_notes_just_before_the_start_begin_at_0_or_are_left_out_with_a_word():
    said: list[str] = []
    text = HEADER + "-0.004,0.2,72,80,piano\n-0.1,0.5,60,80,piano\n-0.02,-0.01,61,80,piano\n"
    notes = parse_csv(text.encode(), name="take.csv", on_warning=said.append).notes
    assert notes == (Note(0.0, 0.2, 72), Note(0.0, 0.5, 60))
    assert said == [
        "take.csv: 2 notes begin before 0 s; 0 s was taken",
        "take.csv: 1 note ends before 0 s, left out",
    ]
    with pytest.raises(BadFileError, match=r"line 2: the start, -0\.11 s, is before 0 s"):
        read(HEADER + "-0.11,0.2,72,80,piano\n")


def test_pitches_between_keys_only_where_the_nearest_will_do():
    said: list[str] = []
    text = HEADER + "0,1,60.4,80,piano\n1,2,60.5,80,piano\n2,3,61.0,80,piano\n"
    table = parse_csv(text.encode(), name="take.csv", on_warning=said.append, nearest_key=True)
    assert [note.pitch for note in table.notes] == [60, 61, 61]
    assert [note.bend for note in table.notes] == [((0.0, 40.0),), ((0.0, -50.0),), ()]
    assert said == [
        "take.csv: 2 notes lie between two keys; the nearest was taken, and the rest as a bend"
    ]
    with pytest.raises(BadFileError, match=r"line 2: midi_pitch is '60\.4', not a whole number"):
        read(text)


def test_a_folder(tmp_path):
    with pytest.raises(InputNotFoundError, match=r"is not a regular file|is a folder"):
        read_csv(tmp_path)


def test_reference_files(shared):
    paths = sorted((shared / "data" / "real").glob("*/*.notes.csv"))
    assert paths
    for path in paths:
        lines = path.read_text().splitlines()
        # Those of singers have pitches between keys.
        assert len(read_csv(path, nearest_key=True).notes) == len(lines) - 1
