"""Bends in MIDI: what a synthesiser makes of them is the contour."""

from __future__ import annotations

import io

import mido
import numpy as np
import pretty_midi
import pytest

from amtstudio.formats.midi_writer import dump_midi
from amtstudio.symbolic import Note, Track, Transcription

GUITAR, VOICE = Track.named("guitar"), Track.named("voice")
RISE = ((0.0, 0.0), (0.2, 0.0), (0.6, 200.0), (1.0, 200.0))


def written(*notes):
    return dump_midi(Transcription(notes, duration=max(note.offset for note in notes)))


def sounding(data):
    """What a synthesiser plays: (pitch, [(seconds, cents of its channel)]) of each note-on."""
    file = mido.MidiFile(file=io.BytesIO(data))
    events, tempo = [], 500_000
    for track in file.tracks:
        now = 0
        for message in track:
            now += message.time
            events.append((mido.tick2second(now, file.ticks_per_beat, tempo), message))
    reach, wheel, chosen, found, open_notes = {}, {}, {}, [], {}
    for second, message in sorted(events, key=lambda event: event[0]):
        channel = getattr(message, "channel", None)
        if message.type == "control_change" and message.control in (100, 101):
            chosen[channel, message.control] = message.value
        elif message.type == "control_change" and message.control == 6:
            assert (chosen[channel, 101], chosen[channel, 100]) == (0, 0)
            reach[channel] = 100.0 * message.value
        elif message.type == "pitchwheel":
            wheel[channel] = message.pitch / 8192 * reach[channel]
            for note in open_notes.get(channel, {}).values():
                note[1].append((second, wheel[channel]))
        elif message.type == "note_on" and message.velocity:
            note = (message.note, [(second, wheel.get(channel, 0.0))])
            open_notes.setdefault(channel, {})[message.note] = note
            found.append(note)
        elif message.type == "note_off":
            open_notes[channel].pop(message.note)
    return found


def cents_at(contour, second):
    """A wheel stays where it is until it moves."""
    times, cents = zip(*contour, strict=True)
    return cents[int(np.searchsorted(times, second, side="right")) - 1]


def test_the_wheel_follows_the_contour_to_some_cents():
    ((pitch, contour),) = sounding(written(Note(0.5, 1.5, 60, 80, track=GUITAR, bend=RISE)))
    assert pitch == 60
    for second in np.linspace(0.0, 0.99, 60):
        wanted = np.interp(second, *zip(*RISE, strict=True))
        assert cents_at(contour, 0.5 + second) == pytest.approx(wanted, abs=6.0)


def test_notes_that_sound_together_bend_apart():
    fall = ((0.0, 0.0), (1.0, -150.0))
    notes = (
        Note(0.5, 1.5, 60, 80, track=GUITAR, bend=RISE),
        Note(0.6, 1.6, 67, 80, track=GUITAR, bend=fall),
        Note(0.7, 1.7, 48, 80, track=GUITAR),
    )
    found = dict(sounding(written(*notes)))
    assert cents_at(found[60], 1.4) == pytest.approx(200.0, abs=6.0)
    assert cents_at(found[67], 1.5) == pytest.approx(-135.0, abs=6.0)
    assert {cents for _, cents in found[48]} == {0.0}


def test_what_comes_after_a_bend_is_straight():
    notes = (
        Note(0.0, 1.0, 60, 80, track=VOICE, bend=RISE),
        Note(2.0, 2.5, 62, 80, track=VOICE),
    )
    found = dict(sounding(written(*notes)))
    assert {cents for _, cents in found[62]} == {0.0}


def test_where_all_channels_are_taken_notes_are_played_straight_and_none_is_lost():
    bend = ((0.0, 40.0), (1.0, 60.0))
    notes = tuple(Note(0.5, 1.5, 40 + i, 80, track=GUITAR, bend=bend) for i in range(30))
    found = dict(sounding(written(*notes)))
    assert len(found) == 30
    n_bent = sum(cents_at(contour, 1.4) != 0.0 for contour in found.values())
    assert 10 <= n_bent <= 15


def test_other_programs_read_it_and_wide_bends_reach_further():
    wide = ((0.0, 0.0), (0.5, 700.0))
    data = written(
        Note(0.0, 1.0, 60, 80, track=VOICE, bend=wide), Note(0.2, 0.9, 40, 70, track=GUITAR)
    )
    music = pretty_midi.PrettyMIDI(io.BytesIO(data))
    assert sorted(note.pitch for part in music.instruments for note in part.notes) == [40, 60]
    found = dict(sounding(data))
    assert cents_at(found[60], 0.9) == pytest.approx(700.0, abs=6.0)


def test_a_file_without_bends_has_no_wheels():
    data = written(Note(0.0, 1.0, 60, 80, track=GUITAR))
    kinds = {
        message.type for track in mido.MidiFile(file=io.BytesIO(data)).tracks for message in track
    }
    assert "pitchwheel" not in kinds
    assert "control_change" not in kinds


def test_joined_notes_of_one_voice_stay_on_one_channel():
    notes = (
        Note(0.0, 1.04, 60, 80, track=VOICE, bend=RISE),
        Note(1.0, 1.5, 62, 80, track=VOICE),
        Note(1.46, 2.0, 64, 80, track=VOICE, bend=((0.0, -50.0), (0.3, 0.0))),
    )
    file = mido.MidiFile(file=io.BytesIO(written(*notes)))
    channels = {m.channel for track in file.tracks for m in track if m.type == "note_on"}
    assert len(channels) == 1
