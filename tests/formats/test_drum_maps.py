"""Drums at the numbers of other samplers and modules."""

from __future__ import annotations

from dataclasses import replace

import mido
import pytest

from amtstudio.cli.shared_options import DRUM_MAP_NAMES
from amtstudio.formats import (
    DRUM_MAPS,
    dump_transcription,
    read_json,
    read_midi,
    write_track_files,
    write_transcription,
)
from amtstudio.symbolic import Note, Track, Transcription
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS

KIT = Track.named("drums")
COWBELL, PEDAL = 56, 44


@pytest.fixture
def beat():
    """Each drum once, a cowbell, a pedal hi-hat, and a piano on the keys of two toms."""
    pitches = [*(GENERAL_MIDI_KEYS[drum] for drum in DRUMS), COWBELL, PEDAL]
    hits = [Note(0.5 * i, 0.5 * i + 0.1, pitch, 80, 1.0, KIT) for i, pitch in enumerate(pitches)]
    piano = [Note(0.0, 1.0, 50), Note(1.0, 2.0, 47)]
    return Transcription(notes=tuple(sorted([*hits, *piano])), duration=8.0)


def numbers(path):
    """Note numbers of the drums, in order, and those of the other channels."""
    ons = [m for m in mido.MidiFile(path) if m.type == "note_on" and m.velocity]
    return [m.note for m in ons if m.channel == 9], [m.note for m in ons if m.channel != 9]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gm", [36, 38, 37, 42, 46, 43, 47, 50, 51, 49, COWBELL, 44]),
        ("roland", [36, 38, 37, 42, 46, 43, 45, 48, 51, 49, COWBELL, 44]),
        ("superior", [36, 38, 37, 42, 26, 43, 47, 48, 51, 49, COWBELL, 21]),
        ("ableton", [36, 38, 37, 42, 46, 41, 43, 45, 51, 49, COWBELL, 44]),
    ],
)
def test_midi_has_the_numbers_of_the_map_for_drums_alone(beat, tmp_path, name, expected):
    path = tmp_path / "beat.mid"
    write_transcription(beat, path, format_name="midi", drum_map=name)
    assert numbers(path) == (expected, [50, 47])
    write_track_files(beat, path, format_name="midi", drum_map=name)
    assert numbers(tmp_path / "beat (drums).mid") == (expected, [])


@pytest.mark.parametrize("name", DRUM_MAP_NAMES)
def test_a_file_tells_its_map_and_is_read_as_general_midi(beat, tmp_path, name):
    path = tmp_path / "beat.mid"
    write_transcription(beat, path, format_name="midi", drum_map=name)
    read = read_midi(path)
    assert [(n.pitch, n.track.is_drums) for n in read.notes] == [
        (n.pitch, n.track.is_drums) for n in beat.notes
    ]
    assert "drum_map" not in read.metadata


def test_a_map_that_nobody_knows_leaves_the_numbers(beat, tmp_path):
    path = tmp_path / "beat.mid"
    other = replace(beat, metadata={"drum_map": "zoo"})
    write_transcription(other, path, format_name="midi")
    assert [note.pitch for note in read_midi(path).notes] == [note.pitch for note in beat.notes]


def test_no_map_gives_two_drums_one_number():
    for entry in DRUM_MAPS.values():
        keys = [*GENERAL_MIDI_KEYS.values(), PEDAL]
        assert len({entry.numbers.get(key, key) for key in keys}) == len(keys)


def test_other_formats_keep_general_midi(beat, tmp_path):
    path = tmp_path / "beat.json"
    write_transcription(beat, path, format_name="json", drum_map="superior")
    assert read_json(path).notes == beat.notes


def test_an_unknown_map_is_refused(beat):
    with pytest.raises(ValueError, match="must be one of gm, roland, superior, ableton"):
        dump_transcription(beat, "midi", drum_map="zoo")


def test_the_command_line_knows_every_map():
    assert tuple(DRUM_MAPS) == DRUM_MAP_NAMES
