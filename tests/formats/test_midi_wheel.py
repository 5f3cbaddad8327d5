"""Bends read from MIDI: those that were written, and those of other programs."""

from __future__ import annotations

import mido
import numpy as np
import pytest
from midi_bytes import control, midi_of, off, on

from amtstudio.formats.midi_bends import bend_range
from amtstudio.formats.midi_reader import parse_midi
from amtstudio.formats.midi_writer import dump_midi
from amtstudio.symbolic import Note, TempoMap, Track, Transcription
from amtstudio.symbolic.notes import bend_at

GUITAR, VOICE = Track.named("guitar"), Track.named("voice")
VIBRATO = tuple((t, round(30.0 * np.sin(33.0 * t), 1)) for t in (np.arange(90) * 0.0116).tolist())
SLIDE = ((0.0, 0.0), (0.213, 0.0), (0.631, 200.0), (1.0, 200.0))
DRIFT = ((0.0, -12.0), (1.0, 4.0))


def read(data):
    return list(parse_midi(data, name="song.mid").notes)


def wheel(tick, pitch, channel=0):
    return mido.Message("pitchwheel", pitch=pitch, channel=channel, time=tick)


def reach(tick, semitones, cents=0, channel=0):
    pairs = ((101, 0), (100, 0), (6, semitones), (38, cents), (101, 127), (100, 127))
    return [control(tick, number, value, channel) for number, value in pairs]


@pytest.mark.parametrize(
    "notes",
    [
        [Note(0.5, 1.5, 60, 80, track=GUITAR, bend=SLIDE)],
        [
            Note(0.5, 1.5, 60, 80, track=GUITAR, bend=VIBRATO),
            Note(0.6, 1.6, 67, 80, track=GUITAR, bend=SLIDE),
            Note(0.7, 1.7, 48, 80, track=GUITAR),
            Note(0.8, 1.7, 50, 80, track=VOICE, bend=DRIFT),
        ],
        [  # joined notes of one voice share a wheel
            Note(0.0, 1.04, 60, 80, track=VOICE, bend=VIBRATO),
            Note(1.0, 1.5, 62, 80, track=VOICE),
            Note(1.46, 2.4, 64, 80, track=VOICE, bend=DRIFT),
            Note(2.37, 3.3, 65, 80, track=VOICE, bend=((0.0, -50.0), (0.3, 0.0))),
        ],
        [Note(0.0, 1.0, 60, 80, track=VOICE, bend=((0.0, 0.0), (0.5, 900.0)))],
        [Note(0.0, 1.0, 60, 80, track=VOICE, bend=((0.0, 3000.0),))],  # cut to what is possible
    ],
    ids=["alone", "together", "joined", "wide", "too wide"],
)
@pytest.mark.parametrize("has_beats", [False, True])
def test_what_was_written_is_read_back_within_a_cent(notes, has_beats):
    tempo = TempoMap(np.arange(9) * 0.47, np.arange(9) % 4 == 0) if has_beats else None
    data = dump_midi(Transcription(notes, duration=4.0, tempo=tempo))
    found = {note.pitch: note for note in read(data)}
    assert len(found) == len(notes)
    finest = 100.0 * bend_range([note.bend for note in notes]) / 8192
    for place, note in enumerate(notes):
        same = found[note.pitch]
        assert bool(same.bend) == bool(note.bend)
        following = notes[place + 1].onset if place + 1 < len(notes) else note.offset
        end = min(note.offset, following) if note.track == VOICE else note.offset
        for second in np.linspace(0.0, end - note.onset - 0.002, 300).tolist():
            wanted = min(bend_at(note.bend, second), 2400.0)
            assert bend_at(same.bend, second) == pytest.approx(wanted, abs=1.0 + finest)


def test_a_wheel_that_never_moves_bends_nothing():
    data = midi_of(*reach(0, 12), wheel(0, 0), on(0), off(480), wheel(480, 0), on(500), off(900))
    assert parse_midi(data, name="song.mid").notes.bends is None


def test_without_a_range_a_wheel_reaches_two_semitones():
    (note,) = read(midi_of(on(0), wheel(240, 4096), off(480)))
    assert bend_at(note.bend, 0.2) == 0.0  # half a second to a quarter
    assert bend_at(note.bend, 0.3) == pytest.approx(100.0)


def test_a_file_says_how_far_its_wheel_reaches_also_in_cents_and_by_channel():
    events = [
        *reach(0, 7, 50),
        *reach(0, 12, channel=1),
        *(control(1, number, value) for number, value in ((99, 1), (98, 8), (6, 64))),  # not ours
        wheel(2, -8192),
        wheel(2, 4096, channel=1),
        wheel(2, 4096, channel=9),
        on(2, 60),
        on(2, 64, channel=1),
        on(2, 36, channel=9),
        on(2, 67, channel=2),
        *(off(480, pitch, channel) for pitch, channel in ((60, 0), (64, 1), (36, 9), (67, 2))),
    ]
    found = {note.pitch: note.bend for note in read(midi_of(*events))}
    assert found == {60: ((0.0, -750.0),), 64: ((0.0, 600.0),), 36: (), 67: ()}


def zone(tick, n_members, channel=0):
    pairs = ((101, 0), (100, 6), (6, n_members))
    return [control(tick, number, value, channel) for number, value in pairs]


def bends(data):
    """Cents of each note at its onset, by its pitch."""
    return {note.pitch: bend_at(note.bend, 0.0) for note in read(data)}


def test_wheels_in_a_zone_of_mpe_reach_four_octaves_unless_told_otherwise():
    data = midi_of(
        *zone(0, 3),
        *zone(0, 2, channel=15),
        *(wheel(1, 4096, channel=channel) for channel in (1, 3, 4, 13, 14)),
        *(on(2, 60 + channel, channel=channel) for channel in (1, 3, 4, 13, 14)),
        *(off(400, 60 + channel, channel) for channel in (1, 3, 4, 13, 14)),
        *reach(500, 12, channel=2),  # for all of the zone
        on(510, 80, channel=3),
        on(510, 81, channel=13),
        off(900, 80, 3),
        off(900, 81, 13),
    )
    assert bends(data) == pytest.approx(
        {61: 2400.0, 63: 2400.0, 64: 100.0, 73: 2400.0, 74: 2400.0, 80: 600.0, 81: 2400.0}
    )


def test_the_wheel_of_the_first_channel_bends_its_zone_and_no_other():
    data = midi_of(
        *zone(0, 3),
        *reach(0, 4, channel=0),
        wheel(1, 4096, channel=0),
        wheel(1, 1024, channel=2),
        *(on(2, 60 + channel, channel=channel) for channel in (0, 1, 2, 5)),
        *(off(400, 60 + channel, channel) for channel in (0, 1, 2, 5)),
        control(410, 121, 0, 0),  # resets the first
        on(420, 70, channel=1),
        on(420, 71, channel=2),
        off(900, 70, 1),
        off(900, 71, 2),
    )
    assert bends(data) == pytest.approx(
        {60: 200.0, 61: 200.0, 62: 800.0, 65: 0.0, 70: 0.0, 71: 600.0}
    )


def test_a_zone_that_grows_takes_the_other_and_one_of_none_ends():
    data = midi_of(
        *zone(0, 7),
        *zone(0, 3, channel=15),
        *zone(1, 15),
        wheel(2, 4096, channel=15),
        on(3, 60, channel=15),
        off(100, 60, 15),
        *zone(200, 0),
        on(210, 61, channel=15),
        off(400, 61, 15),
    )
    assert bends(data) == pytest.approx({60: 2400.0, 61: 100.0})


def test_the_tenth_channel_of_a_zone_plays_the_instrument_of_the_first():
    program = mido.Message("program_change", channel=0, program=40)
    played = [on(0, 60, channel=9), off(400, 60, 9)]
    (note,) = read(midi_of(program, *zone(0, 15), *played))
    assert (note.track.program, note.track.is_drums) == (40, False)
    (note,) = read(midi_of(program, *zone(0, 5), *played))
    assert note.track.is_drums


def test_a_wheel_bends_all_that_sounds_on_its_channel():
    notes = read(midi_of(on(0, 60), on(120, 64), wheel(240, 4096), off(480, 60), off(480, 64)))
    assert [bend_at(note.bend, 0.45) for note in notes] == pytest.approx([100.0, 100.0])


def test_resetting_all_controllers_puts_the_wheel_back():
    data = midi_of(wheel(0, 4096), on(0), control(240, 121), off(480), on(500), off(900))
    first, second = read(data)
    assert first.bend[0] == (0.0, 100.0)
    assert first.bend[-1] == (0.25, 0.0)
    assert second.bend == ()
