"""MIDI files with what no note depends on, of which strict readers refuse the whole."""

from __future__ import annotations

import io
import struct

import mido
import pytest
from midi_bytes import END, midi_of, off, on, smf, tempo

from amtstudio.errors import BadFileError
from amtstudio.formats.midi_reader import parse_midi
from amtstudio.symbolic import Note, Transcription

# From 0.5 to 1 s, 480 ticks a quarter.
NOTE = b"\x83\x60\x90\x3c\x50\x83\x60\x80\x3c\x40"
EXPECTED = (Note(0.5, 1.0, 60),)


def read(data: bytes) -> tuple[Transcription, list[str]]:
    said: list[str] = []
    return parse_midi(data, name="a.mid", on_warning=said.append), said


def meta(kind: int, payload: bytes) -> bytes:
    return b"\x00\xff" + bytes([kind, len(payload)]) + payload


@pytest.mark.parametrize(
    "event",
    [
        meta(0x59, b"\x12\x01"),  # 18 sharps
        meta(0x59, b"\xf7\x05"),  # 9 flats, of no mode
        meta(0x59, b""),
        meta(0x58, b"\x04\x02"),  # a time signature of two bytes
        meta(0x58, b"\x04"),
        meta(0x58, b"\x04\xff\x18\x08"),  # quavers of 2 to the power of 255
        meta(0x54, b"\x00"),  # an offset of film time, too short
        meta(0x54, b"\x7f\x7f\x7f\x7f\x7f"),
        meta(0x20, b"\x63"),  # channel 100
        meta(0x00, b"\x01"),  # a sequence number, too short
        meta(0x05, b"\xff\xfe"),  # lyrics in no charset
        meta(0x7F, b"\x43\x7b\x00"),
        meta(0x99, b"abc"),  # of a type that there is not
        b"\x00\xb0\x07\xff",  # controllers with values and numbers out of range
        b"\x00\xb3\xff\x00",
        b"\x00\xe0\xff\xff",
        b"\x00\xa0\x3c\x80",
        b"\x00\xc0\xff",
        b"\x00\xf0\x05\x7e\x7f\x09\x01\xf7",
        b"\x00\xf0\x03\xff\xff\xff",  # system exclusive without its end
        b"\x00\xf7\x02\xf3\x01",
        b"\x00\xf1\x00\x00\xf2\x00\x00\x00\xf6\x00\xf8\x00\xfe",
    ],
)
@pytest.mark.parametrize("place", ["before", "within"])
def test_what_no_note_needs_is_stepped_over(event, place):
    track = event + NOTE if place == "before" else NOTE[:5] + event + NOTE[5:]
    transcription, said = read(smf(track + END))
    assert transcription.notes == EXPECTED
    assert said == []


@pytest.mark.parametrize("event", [meta(0x01, b"word"), b"\x00\xf0\x01\xf7", b"\x00\xf8"])
def test_running_status_goes_on_across_other_events(event):
    track = b"\x83\x60\x90\x3c\x50" + event + b"\x83\x60\x3c\x00" + END
    assert read(smf(track))[0].notes == EXPECTED


def test_velocities_over_127_and_pitches_over_127():
    track = b"\x00\x90\x3c\xff\x00\x90\xf0\x50\x83\x60\x80\x3c\x40\x00\x80\xf0\x40" + END
    transcription, said = read(smf(track))
    assert transcription.notes == (Note(0.0, 0.5, 60, 127),)
    assert said == ["a.mid: a note above the highest pitch was left out (1 time)"]


def test_other_chunks_are_skipped():
    header, track = smf(NOTE + END)[:14], smf(NOTE + END)[14:]
    foreign = b"XFIH" + struct.pack(">L", 5) + b"MTabc"
    empty = b"CASM" + struct.pack(">L", 0)
    assert read(header + foreign + track) == read(header + track)
    assert read(header + empty + foreign + track + foreign)[0].notes == EXPECTED


@pytest.mark.parametrize(
    "size",
    [2**32 - 1, 1000, 20, 3],  # beyond the file, into the next track, short
)
def test_a_foreign_chunk_of_a_wrong_length(size):
    header, track = smf(NOTE + END)[:14], smf(NOTE + END)[14:]
    data = header + b"XFIH" + struct.pack(">L", size) + b"\x01" * 10 + track
    assert read(data)[0].notes == EXPECTED


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (b"RIFF\0\0\0\0RMIDdata\0\0\0\0", b"\0"),
        (b"RIFF\xff\0\0\0RMIDLIST\4\0\0\0INFOdata\xff\0\0\0", b"DLS \x04\0\0\0abcd"),
        (b"\0\5title" + b"\0" * 121, b"\0" * 100),  # MacBinary
        (b"\xef\xbb\xbf", b""),
        (b"\r\n", b"\r\n"),
    ],
)
def test_a_file_within_another(before, behind):
    transcription, said = read(before + smf(NOTE + END) + behind)
    assert transcription.notes == EXPECTED
    assert said == []


def test_other_riff_files_are_refused():
    for kind in (b"WAVE", b"AVI "):
        with pytest.raises(BadFileError, match=r"a\.mid is not a MIDI file"):
            read(b"RIFF\0\0\0\0" + kind + b"\0" * 2000 + smf(NOTE + END))


@pytest.mark.parametrize(("frames", "ticks"), [(24, 40), (25, 4), (29, 80), (30, 100)])
def test_film_time(frames, ticks):
    rate = 30000 / 1001 if frames == 29 else frames  # 29 stands for 29.97
    track = bytes([frames, 0x90, 60, 80, frames, 0x80, 60, 0])
    (note,) = read(smf(track + END, division=(-frames << 8) | ticks))[0].notes
    assert note.onset == pytest.approx(frames / ticks / rate)
    assert note.offset == pytest.approx(2 * frames / ticks / rate)


@pytest.mark.parametrize("told", [0, 1, 3, 65535])
def test_the_number_of_tracks_is_not_believed(told):
    data = bytearray(smf(NOTE + END, NOTE.replace(b"\x3c", b"\x40") + END))
    data[10:12] = struct.pack(">H", told)
    transcription, said = read(bytes(data))
    assert [note.pitch for note in transcription.notes] == [60, 64]
    assert said == [f"a.mid announces {told} tracks and has 2"]


@pytest.mark.parametrize("size", [0, 5, 21, 2**31, 2**32 - 1])
@pytest.mark.parametrize("track", [0, 1])
def test_the_length_of_a_track_is_not_believed(size, track):
    """Neither where the writer never came back to it, nor where it runs into the next track."""
    tracks = [NOTE + END, NOTE.replace(b"\x3c", b"\x40") + END]
    chunks = [b"MTrk" + struct.pack(">L", len(body)) + body for body in tracks]
    chunks[track] = b"MTrk" + struct.pack(">L", size) + tracks[track]
    transcription, said = read(smf(*tracks)[:14] + b"".join(chunks))
    assert [note.pitch for note in transcription.notes] == [60, 64]
    assert transcription.notes[0] == EXPECTED[0]
    assert said == []


def test_a_length_over_all_the_rest_of_the_file():
    first, second = NOTE + END, NOTE.replace(b"\x3c", b"\x40") + END
    behind = b"MTrk" + struct.pack(">L", len(second)) + second
    size = struct.pack(">L", len(first) + len(behind))
    data = smf(first, second)[:14] + b"MTrk" + size + first + behind
    assert [note.pitch for note in read(data)[0].notes] == [60, 64]


def test_bytes_between_tracks_that_make_their_lengths_even():
    first, second = smf(NOTE + meta(1, b"") + END), smf(NOTE.replace(b"\x3c", b"\x40") + END)
    header = smf(END, END)[:14]
    assert [n.pitch for n in read(header + first[14:] + b"\0" + second[14:])[0].notes] == [60, 64]


def test_a_longer_header():
    data = smf(NOTE + END)
    longer = data[:4] + struct.pack(">L", 8) + data[8:14] + b"\0\0" + data[14:]
    assert read(longer)[0].notes == EXPECTED


def test_of_a_truncated_file_the_notes_are_kept_with_a_word():
    track = mido.MidiTrack()
    for pitch in range(60, 70):
        track += [on(0, pitch), off(480, pitch)]
    buffer = io.BytesIO()
    mido.MidiFile(tracks=[track]).save(file=buffer)
    whole = buffer.getvalue()
    expected, said = read(whole)
    assert said == []
    n_notes = []
    for size in range(len(whole) - 1, 25, -1):
        transcription, said = read(whole[:size])
        n_notes.append(len(transcription.notes))
        # The last may be held into the cut.
        assert transcription.notes[:-1] == expected.notes[: n_notes[-1] - 1]
        assert said[0].startswith("a.mid is damaged: it ends too early")
    assert n_notes == sorted(n_notes, reverse=True)
    assert (n_notes[0], n_notes[-1]) == (10, 1)


def test_a_damaged_track_beside_sound_ones():
    transcription, said = read(smf(b"\x00\x3c\x40" + END, NOTE + END))
    assert transcription.notes == EXPECTED
    assert said == [
        "a.mid is damaged: a running status without a status before it;"
        " of that track only what comes before is read"
    ]


@pytest.mark.parametrize("payload", [b"\0\0\0", b"\7\xa1", b""])
def test_a_tempo_that_cannot_be_is_ignored(payload):
    transcription, said = read(smf(meta(0x51, payload) + NOTE + meta(0x51, payload) + END))
    assert transcription.notes == EXPECTED
    assert said == ["a.mid: a tempo that cannot be was ignored (2 times)"]


def test_a_tempo_with_a_byte_too_many():
    assert read(smf(meta(0x51, b"\x0f\x42\x40\0") + NOTE + END))[0].notes == (Note(1.0, 2.0, 60),)


def test_an_end_of_track_next_year_is_not_the_duration():
    track = NOTE + b"\xff\xff\xff\x7f" + END[1:]
    transcription, _ = read(smf(track, division=1))
    assert transcription.duration < 3600


def test_mido_and_we_read_the_same_of_sound_files(rng):
    messages = [tempo(0, 90)]
    for _ in range(200):
        tick, pitch = int(rng.integers(48_000)), int(rng.integers(128))
        messages += [on(tick, pitch, int(rng.integers(1, 128)), int(rng.integers(8)))]
    messages.sort(key=lambda message: message.time)
    data = midi_of(*messages)
    heard = set()
    now = 0.0
    for message in mido.MidiFile(file=io.BytesIO(data)):
        now += message.time
        if message.type == "note_on":
            heard.add((round(now, 6), message.note, message.velocity))
    assert {(round(n.onset, 6), n.pitch, n.velocity) for n in read(data)[0].notes} == heard
