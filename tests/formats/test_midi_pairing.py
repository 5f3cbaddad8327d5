"""Which note-off ends which note."""

from __future__ import annotations

import io
import itertools

import mido
import numpy as np
import pretty_midi
import pytest
from midi_bytes import control, midi_of, off, on, pedal

from amtstudio.formats.midi_reader import parse_midi
from amtstudio.symbolic import Pedal

ALL_SOUND_OFF, RESET, ALL_NOTES_OFF = 120, 121, 123


def several(*tracks: list[mido.Message]) -> bytes:
    """A track each, of messages whose ``time`` is an absolute tick."""
    file = mido.MidiFile(type=1)
    for events in tracks:
        file.tracks += mido.MidiFile(file=io.BytesIO(midi_of(*events))).tracks
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def spans(data: bytes, said: list[str] | None = None) -> list[tuple[float, float, int]]:
    """Onset, offset and pitch, in quarters of half a second."""
    on_warning = [].append if said is None else said.append
    notes = parse_midi(data, name="a.mid", on_warning=on_warning).notes
    return [(2 * note.onset, 2 * note.offset, note.pitch) for note in notes]


@pytest.mark.parametrize("n_notes", [2, 3, 9])
@pytest.mark.parametrize("offs_as", ["note_off", "velocity 0"])
def test_a_repeated_note_whose_note_on_stands_before_the_note_off(n_notes, offs_as):
    events = [on(480)]
    for number in range(2, n_notes + 2):
        if number <= n_notes:
            events.append(on(480 * number))
        tick = 480 * number
        events.append(off(tick) if offs_as == "note_off" else on(tick, velocity=0))
    data = midi_of(*events)
    assert spans(data) == [(number, number + 1, 60) for number in range(1, n_notes + 1)]
    judged = pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments[0].notes
    assert [(2 * n.start, 2 * n.end, n.pitch) for n in judged] == spans(data)


def test_on_before_off_in_a_chord_with_a_trill_beside():
    events = []
    for quarter in range(4):
        for pitch in (60, 64):
            events += [on(480 * quarter, pitch)] + [off(480 * quarter, pitch)] * (quarter > 0)
    data = midi_of(*events, off(1920), off(1920, 64))
    assert spans(data) == [(q, q + 1, pitch) for q in range(4) for pitch in (60, 64)]


def test_notes_that_overlap_the_next_a_little():
    # Each key is released 10 ticks, 10 ms, after it was struck again.
    events = [on(0)]
    for number in range(1, 6):
        events += [on(480 * number), off(480 * number + 10)]
    data = midi_of(*events, off(2800))
    assert spans(data)[:-1] == [(number, number + 1, 60) for number in range(5)]
    assert spans(data)[-1] == pytest.approx((5, 2800 / 480, 60))


def test_a_voice_held_through_repeated_notes_of_another():
    # As scores with two voices on one staff are written.
    events = [on(0), on(480), off(720), on(960), off(1200), off(1920)]
    assert spans(midi_of(*events)) == [(0, 1, 60), (1, 1.5, 60), (2, 2.5, 60)]


def test_two_note_offs_before_a_note_on_of_the_same_tick():
    events = [on(0), off(480), off(480), on(480), off(960)]
    assert spans(midi_of(*events)) == [(0, 1, 60), (1, 2, 60)]


def test_drums_without_length_stay_so():
    events = [event for tick in (0, 480, 960) for event in (on(tick, 36), off(tick, 36))]
    assert [(a, b - a) for a, b, _ in spans(midi_of(*events))] == [
        pytest.approx((quarter, 0.002)) for quarter in range(3)
    ]


@pytest.mark.parametrize("number", [ALL_SOUND_OFF, ALL_NOTES_OFF, 124, 125, 126, 127])
def test_notes_ended_all_at_once(number):
    events = [on(0, 60), on(240, 64), control(480, number), on(480, 67), control(960, number)]
    said: list[str] = []
    assert spans(midi_of(*events, on(1440, 60), off(1920, 60)), said) == [
        (0, 1, 60),
        (0.5, 1, 64),
        (1, 2, 67),
        (3, 4, 60),
    ]
    assert said == []


def test_a_note_that_begins_on_the_tick_of_all_notes_off_is_not_meant():
    for here in ([control(480, 123), on(480)], [on(480), control(480, 123)]):
        assert spans(midi_of(on(0), *here, off(960))) == [(0, 1, 60), (1, 2, 60)]
        assert spans(midi_of(on(0), *here, control(960, 123))) == [(0, 1, 60), (1, 2, 60)]


def test_all_notes_off_before_the_note_off_itself():
    events = [on(0), control(480, 123), off(960), on(1440), off(1920)]
    assert spans(midi_of(*events)) == [(0, 1, 60), (3, 4, 60)]


def test_all_notes_off_is_for_its_channel():
    events = [on(0), on(0, 64, channel=1), control(480, 123), off(960), off(960, 64, channel=1)]
    assert spans(midi_of(*events)) == [(0, 1, 60), (0, 2, 64)]


def test_all_notes_off_on_another_track_ends_what_has_no_other_end():
    strings = [on(0, 60), on(0, 64), off(960, 64)]
    said: list[str] = []
    assert spans(several(strings, [control(480, 123), pedal(1920, 0)]), said) == [
        (0, 1, 60),
        (0, 2, 64),
    ]
    assert said == []


@pytest.mark.parametrize("channel", [0, 5])
def test_note_offs_on_another_track_or_channel(channel):
    melody = [on(480 * i, 60 + i % 2) for i in range(6)]
    ends = [off(480 * i + 360, 60 + i % 2, channel=channel) for i in range(6)]
    expected = [(i, i + 0.75, 60 + i % 2) for i in range(6)]
    said: list[str] = []
    assert spans(several(melody, ends), said) == expected
    merged = sorted([*melody, *ends], key=lambda event: event.time)
    assert spans(midi_of(*merged), said) == expected
    assert said == []


def test_note_offs_of_others_do_not_end_a_note_that_has_its_own():
    held = [on(0, 60), off(1920, 60)]
    other = [off(480, 60), on(960, 60, channel=3), off(1200, 60, channel=3), off(1300, 60, 3)]
    assert spans(several(held, other)) == [(0, 4, 60), (2, 2.5, 60)]


def test_drums_end_no_other_notes():
    events = [on(0, 36), on(480, 36, channel=9), off(600, 36, channel=9), off(720, 36, channel=9)]
    said: list[str] = []
    assert spans(several([*events, pedal(1920, 0)]), said) == [(0, 4, 36), (1, 1.25, 36)]
    assert said == ["a.mid: 1 note has no end in the file and last to its end"]


def test_a_controller_reset_lifts_the_pedal():
    data = midi_of(pedal(0, 127), on(0), off(240), control(480, RESET), pedal(960, 0))
    assert parse_midi(data, name="a.mid").pedals == (Pedal(0.0, 0.5),)


def test_as_pretty_midi_where_no_key_is_struck_twice(rng):
    """Notes on several tracks, ending on the tick where the next begins, in any order there."""
    tracks = []
    for channel in range(3):
        events = []
        for pitch in rng.choice(128, size=20, replace=False).tolist():
            ticks = np.unique(rng.integers(0, 48_000, size=21)).tolist()
            for begin, end in itertools.pairwise(ticks):
                events += [on(begin, pitch, int(rng.integers(1, 128)), channel)]
                events += [off(end, pitch, channel)]
        order = rng.permutation(len(events))
        tracks.append(sorted((events[i] for i in order), key=lambda event: event.time))
    data = several(*tracks)
    judged = sorted(
        (2 * note.start, 2 * note.end, note.pitch)
        for instrument in pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments
        for note in instrument.notes
    )
    np.testing.assert_allclose(sorted(spans(data)), judged, atol=1e-9)


def test_many_notes_without_end_take_no_time(rng):
    events = [on(tick, int(pitch)) for tick, pitch in enumerate(rng.integers(128, size=20_000))]
    controls = [control(tick, 123, channel=1) for tick in range(20_000)]
    assert len(spans(several(events, controls))) == 20_000
