from __future__ import annotations

import csv

import mido
import pytest
from midi_bytes import END, midi_of, off, on, pedal, smf, tempo

from amtstudio.errors import BadFileError, InputNotFoundError
from amtstudio.formats import FORMATS, read_midi
from amtstudio.formats.midi_reader import parse_midi
from amtstudio.symbolic import Note, Pedal, Transcription


def read(data: bytes) -> Transcription:
    return parse_midi(data, name="test.mid")


def times(data: bytes) -> list[tuple[float, float]]:
    return [(note.onset, note.offset) for note in read(data).notes]


def test_the_tempo_map_is_honoured():
    # 480 ticks a quarter: 1 s at 60, then quarters of 0.5 s, then of 0.25 s.
    data = midi_of(
        tempo(0, 60), on(480), tempo(480, 120), off(960), tempo(960, 240), on(1440), off(1920)
    )
    assert times(data) == [(1.0, 1.5), (1.75, 2.0)]


def test_a_tempo_change_on_another_track_counts():
    change = b"\x83\x60\xff\x51\x03\x0f\x42\x40\x00\xff\x2f\x00"  # 60 BPM at tick 480
    notes = b"\x83\x60\x90\x3c\x50\x83\x60\x80\x3c\x40\x00\xff\x2f\x00"  # from 480 to 960
    assert times(smf(notes, change)) == [(0.5, 1.5)]


def test_film_time():
    # 25 frames a second of 40 ticks: a tick is a millisecond, whatever the tempo.
    notes = b"\x83\x74\x90\x3c\x50\x83\x74\x80\x3c\x40\x00\xff\x2f\x00"  # from 500 to 1000
    assert times(smf(notes, division=(-25 << 8) | 40)) == [(0.5, 1.0)]


def test_note_on_with_velocity_0_ends_a_note():
    assert times(midi_of(on(0), on(480, velocity=0))) == [(0.0, 0.5)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([on(0), on(480), off(960), off(1920)], [(0.0, 0.5), (0.5, 2.0)]),  # an off for each
        ([on(0), on(480), off(960), on(9600), off(9840)], [(0, 0.5), (0.5, 1.0), (10, 10.25)]),
        ([on(0), on(480), off(960)], [(0.0, 0.5), (0.5, 1.0)]),  # one off for both
        ([on(0), on(480), off(480), off(960)], [(0.0, 0.5), (0.5, 1.0)]),  # off after on
        ([on(0), on(0), off(480), off(960)], [(0.0, 1.0)]),
        ([on(0), off(480), off(960)], [(0.0, 0.5)]),
        ([on(480), off(480)], [(0.5, 0.501)]),  # a drum without length
    ],
)
def test_overlaps_within_a_pitch(events, expected):
    assert times(midi_of(*events)) == expected


def test_a_note_without_end_lasts_to_the_end():
    assert times(midi_of(on(0), mido.MetaMessage("end_of_track", time=960))) == [(0.0, 1.0)]


def test_programs_and_drums_name_the_instrument():
    violin = mido.Message("program_change", program=40, channel=1)
    data = midi_of(
        violin, on(0, 60), on(0, 61, channel=1), on(0, 36, channel=9), off(480, 60),
        off(480, 61, channel=1), off(480, 36, channel=9),
    )  # fmt: skip
    assert {(n.pitch, n.track.name) for n in read(data).notes} == {
        (60, "piano"),
        (61, "violin"),
        (36, "drums"),
    }


def test_pedals_of_all_channels_are_one():
    data = midi_of(
        pedal(0, 64), pedal(480, 127, 1), pedal(960, 63), pedal(1440, 0, 1), pedal(1920, 100),
        pedal(2400, 100), mido.MetaMessage("end_of_track", time=2880),
    )  # fmt: skip
    assert read(data).pedals == (Pedal(0.0, 1.5), Pedal(2.0, 3.0))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_titles_in_either_charset(encoding):
    title = "Für Elise".encode(encoding)
    track = b"\x00\xff\x03" + bytes([len(title)]) + title + b"\x00\xff\x2f\x00"
    assert read(smf(track)).metadata == {"title": "Für Elise"}


@pytest.mark.parametrize(
    "text", ["AMT Studio", "AMT Studio 1 {", "AMT Studio 1 []", "AMT Studio 1 " + "[" * 9999]
)
def test_provenance_edited_by_hand_is_passed_over(text):
    data = midi_of(mido.MetaMessage("text", text=text, time=0), on(0), off(480))
    assert read(data).notes == (Note(0.0, 0.5, 60),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is not a MIDI file"),
        (b"RIFF1234WAVE", "is not a MIDI file"),
        (b"MThd", "ends too early"),
        (smf(), "without tracks"),
        (smf(END, division=0), "0 ticks per quarter note"),
        (smf(END, division=-25 << 8), "0 ticks per quarter note"),
        (smf(END, midi_format=2), "several songs"),
        (smf(b"\x00\x90\x3c"), "ends too early"),
        (smf(b"\x00\x3c\x40"), "running status"),
        (smf(b"\xff" * 1_000_000), "a number without end"),
        (smf(b"\xff" * 9_000 + b"\x7f\x90\x3c\x40" + END), "longer than a week"),
        (smf(b"\xff\xff\xff\x7f\x90\x3c\x40" * 9 + END, division=1), "longer than a week"),
        (smf(b"\x00\xf0\xff\xff\xff\x7f"), "ends too early"),
    ],
)
def test_damaged_files(data, reason):
    with pytest.raises(BadFileError, match=f"^test.mid.*.*{reason}"):
        read(data)


def test_any_damage_to_a_file_gives_a_transcription_or_an_error(rng):
    notes = tuple(Note(0.1 * i, 0.1 * i + 0.3, 40 + i) for i in range(20))
    whole = FORMATS["midi"].dumps(Transcription(notes=notes, pedals=(Pedal(0.0, 1.0),)))
    refused = 0
    for _ in range(400):
        data = bytearray(whole[: rng.integers(len(whole) + 1)] if rng.random() < 0.3 else whole)
        for position in rng.integers(max(len(data), 1), size=rng.integers(6)):
            data[position : position + 1] = rng.bytes(1)
        try:
            read(bytes(data))
        except BadFileError:
            refused += 1
    assert 0 < refused < 400


def test_too_large_a_file(tmp_path):
    path = tmp_path / "huge.mid"
    with path.open("wb") as file:
        file.truncate(10**12)  # sparse: takes no room
    with pytest.raises(BadFileError, match=r"huge\.mid is larger than 4 MB"):
        read_midi(path)


def test_no_file(tmp_path):
    with pytest.raises(InputNotFoundError, match=r"no file gone\.mid"):
        read_midi(tmp_path / "gone.mid")


def test_files_from_the_wild(shared):
    folder = shared / "data" / "hostile"
    with (folder / "manifest.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "midi"]
    assert rows
    for row in rows:
        said: list[str] = []
        notes = read_midi(folder / row["file"], on_warning=said.append).notes
        if row["expect"] == "error":  # of strict readers; each says "You must hear a C-Major scale"
            assert [note.pitch for note in notes] == [60, 62, 64, 65, 67, 69, 71, 72]
            assert {round(note.duration, 6) for note in notes} == {0.5}
            assert len(said) == row["file"].endswith("missing-byte.mid")
        else:
            assert said == []


def test_files_from_the_wild_have_the_times_at_which_mido_would_play_them(shared):
    folder = shared / "data" / "hostile" / "real"
    for name in ("Tonejs__Midi/230_bpm_multitrack.mid", "cuthbertLab__music21/test09.mid"):
        now, judged = 0.0, set()
        for message in mido.MidiFile(folder / name):
            now += message.time
            if message.type == "note_on" and message.velocity > 0:
                judged.add((message.note, round(now * 1e4)))
        ours = {(n.pitch, round(n.onset * 1e4)) for n in read_midi(folder / name).notes}
        assert len(ours) == len(judged)
        # Rounding to 0.1 ms may tip over.
        assert ours <= {(pitch, time + d) for pitch, time in judged for d in (-1, 0, 1)}
