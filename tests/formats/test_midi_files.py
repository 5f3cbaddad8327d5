from __future__ import annotations

import io
import time

import mido
import numpy as np
import pretty_midi
import pytest

from amtstudio.formats import FORMATS, read_midi, write_transcription
from amtstudio.formats.midi_reader import parse_midi
from amtstudio.symbolic import Note, Pedal, Track, Transcription

TICK = 1 / 1920  # seconds


def judge(transcription: Transcription) -> pretty_midi.PrettyMIDI:
    return pretty_midi.PrettyMIDI(io.BytesIO(FORMATS["midi"].dumps(transcription)))


def messages(transcription: Transcription) -> list[tuple[int, mido.Message]]:
    """(tick, message) of the first instrument."""
    track = mido.MidiFile(file=io.BytesIO(FORMATS["midi"].dumps(transcription))).tracks[1]
    ticks = np.cumsum([message.time for message in track])
    return list(zip(ticks.tolist(), track, strict=True))


def through_midi(transcription: Transcription) -> Transcription:
    return parse_midi(FORMATS["midi"].dumps(transcription), name="test.mid")


def spans(transcription: Transcription) -> list[tuple[float, float, int, int]]:
    return [(n.onset, n.offset, n.pitch, n.velocity) for n in transcription.notes]


def test_round_trip(transcription, tmp_path):
    path = tmp_path / "take.mid"
    write_transcription(transcription, path, format_name="midi")
    read = read_midi(path)

    def key(note):
        return note.track.name, note.pitch, note.onset

    expected, got = sorted(transcription.notes, key=key), sorted(read.notes, key=key)
    assert [(n.track.name, n.pitch, n.velocity) for n in got] == [
        (n.track.name, n.pitch, n.velocity) for n in expected
    ]
    for attribute in ("onset", "offset"):
        np.testing.assert_allclose(
            [getattr(note, attribute) for note in got],
            [getattr(note, attribute) for note in expected],
            atol=1.01 * TICK,
        )
    np.testing.assert_allclose(
        [(p.onset, p.offset) for p in read.pedals],
        [(p.onset, p.offset) for p in transcription.pedals],
        atol=TICK,
    )
    assert read.duration == pytest.approx(transcription.duration, abs=TICK)
    for attribute in ("file", "model", "profile", "tuning_cents", "metadata"):
        assert getattr(read, attribute) == getattr(transcription, attribute)


def test_pretty_midi_reads_the_same(transcription):
    midi = judge(transcription)
    by_name = {i.name.encode("latin-1").decode(): i for i in midi.instruments}
    for name in {note.track.name for note in transcription.notes}:
        expected = sorted(
            (n.onset, n.offset, n.pitch, n.velocity)
            for n in transcription.notes
            if n.track.name == name
        )
        got = sorted((n.start, n.end, n.pitch, n.velocity) for n in by_name[name].notes)
        np.testing.assert_allclose(got, expected, atol=1.01 * TICK)
    assert by_name["KD"].is_drum
    assert by_name["piano"].program == 0
    assert by_name["violin"].program == 40
    assert by_name["acoustic_guitar_string1"].program == 25


@pytest.mark.parametrize(
    ("hours", "limit"),
    [(1.0, 0.0003), (2.8, 0.0006), (2.9, 0.0007), (3.03, 0.0007), (4.3, 0.0008), (5.4, 0.00099)],
)
def test_no_drift(rng, hours, limit):
    seconds = hours * 3600
    onsets = np.append(np.sort(rng.uniform(0.0, seconds - 1, size=4000)), seconds - 0.5)
    notes = tuple(Note(t, t + 0.1, 21 + i % 88) for i, t in enumerate(onsets.tolist()))
    piano = judge(Transcription(notes=notes, duration=seconds)).instruments[0]
    written = np.sort([note.start for note in piano.notes])
    assert np.abs(written - onsets).max() < limit  # under a millisecond everywhere
    ends = np.sort([note.end for note in piano.notes])
    assert np.abs(ends - (onsets + 0.1)).max() < limit


@pytest.mark.parametrize("hours", [5.5, 8.0, 12.0, 30.0, 7 * 24])
def test_longer_ones_are_read_by_others_and_do_not_drift(hours):
    last = hours * 3600 - 0.5
    onsets = [0.5, last / 3, last - 1]
    transcription = Transcription(
        notes=tuple(Note(t, t + 0.4, 60, 80) for t in onsets),
        pedals=(Pedal(last - 0.001, last),),
        duration=last + 0.5,
    )
    tick = hours * 3600 / 9e6 * 1.8  # the divisions are at most this far apart
    written = judge(transcription).instruments[0].notes
    np.testing.assert_allclose([note.start for note in written], onsets, atol=tick / 2)
    read = through_midi(transcription)
    np.testing.assert_allclose([note.onset for note in read.notes], onsets, atol=tick / 2)
    assert read.duration == pytest.approx(last + 0.5, abs=tick / 2)


def test_header_and_provenance():
    transcription = Transcription(
        file="a.wav", model="piano", metadata={"onset_threshold": "0.4", "lyrics": "la" * 1000}
    )
    file = mido.MidiFile(file=io.BytesIO(FORMATS["midi"].dumps(transcription)))
    assert file.type == 1
    assert file.ticks_per_beat == 960
    (text,) = [message.text for message in file.tracks[0] if message.type == "text"]
    assert text.startswith("AMT Studio 0.")
    assert '"model": "piano"' in text
    assert '"onset_threshold": "0.4"' in text
    assert "lala" not in text


def test_a_struck_again_note_ends_the_earlier_one():
    notes = (Note(0.0, 1.0, 60, 50), Note(0.5, 2.0, 60, 90), Note(2.0, 3.0, 60, 70))
    transcription = Transcription(notes=notes)
    assert spans(through_midi(transcription)) == [
        (0.0, 0.5, 60, 50),
        (0.5, 2.0, 60, 90),
        (2.0, 3.0, 60, 70),
    ]
    kinds = [(tick, m.type) for tick, m in messages(transcription) if m.type.startswith("note")]
    assert kinds == [
        (0, "note_on"),
        (960, "note_off"),
        (960, "note_on"),
        (3840, "note_off"),
        (3840, "note_on"),
        (5760, "note_off"),
    ]


def test_two_notes_on_one_tick_become_one():
    notes = (Note(1.0, 2.0, 60, 50), Note(1.0001, 1.5, 60, 90), Note(1.0, 1.2, 61, 40))
    assert spans(through_midi(Transcription(notes=notes))) == [
        (1.0, 1.2, 61, 40),
        (1.0, 2.0, 60, 90),
    ]


def test_a_note_shorter_than_a_tick_gets_one():
    (note,) = judge(Transcription(notes=(Note(1.0, 1.00001, 60),))).instruments[0].notes
    assert note.end - note.start == pytest.approx(TICK)


def test_pedal_presses_that_touch_stay_two_and_overlaps_become_one():
    pedals = (Pedal(0.0, 1.0), Pedal(1.0, 2.0), Pedal(3.0, 5.0), Pedal(4.0, 4.5))
    transcription = Transcription(pedals=pedals)
    controls = [
        (tick, m.value) for tick, m in messages(transcription) if m.type == "control_change"
    ]
    assert controls == [(0, 127), (1920, 0), (1920, 127), (3840, 0), (5760, 127), (9600, 0)]
    expected = (Pedal(0.0, 1.0), Pedal(1.0, 2.0), Pedal(3.0, 5.0))
    assert through_midi(transcription).pedals == expected


def test_the_empty_transcription():
    read = through_midi(Transcription(duration=2.5))
    assert read.notes == ()
    assert read.duration == 2.5


def test_more_instruments_than_channels():
    notes = tuple(Note(i, i + 0.5, 60, track=Track.named(f"part{i}")) for i in range(40))
    assert through_midi(Transcription(notes=notes)).notes == notes


def test_an_hour_of_piano_is_written_and_read_in_seconds(rng):
    onsets = np.sort(rng.uniform(0.0, 3600.0, size=36_000)).tolist()
    notes = tuple(Note(t, t + 0.3, 21 + i % 88) for i, t in enumerate(onsets))
    start = time.process_time()
    assert len(through_midi(Transcription(notes=notes)).notes) == 36_000
    assert time.process_time() - start < 10.0
