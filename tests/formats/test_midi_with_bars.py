"""MIDI files whose bars and beats are those of the music, judged by pretty_midi and mido."""

from __future__ import annotations

import io

import mido
import numpy as np
import pretty_midi
import pytest

from amtstudio.formats.midi_writer import dump_midi
from amtstudio.symbolic import Note, NoteTable, TempoMap, Transcription


def rubato(minutes, rng, *, start=0.4, usual=0.6):
    """Beats whose tempo wanders by half and twice."""
    n_beats = int(minutes * 60 / usual * 1.6)
    walk = np.cumsum(rng.normal(0.0, 0.04, n_beats))
    walk = 0.5 * np.tanh(walk - np.linspace(0.0, walk[-1], n_beats))
    beats = start + np.cumsum(usual * np.exp(walk))
    return beats[beats < minutes * 60]


def written(notes, tempo, duration):
    data = dump_midi(Transcription(NoteTable.of(notes), duration=duration, tempo=tempo))
    return mido.MidiFile(file=io.BytesIO(data)), pretty_midi.PrettyMIDI(io.BytesIO(data))


def metas(file, kind):
    now, found = 0, []
    for message in file.tracks[0]:
        now += message.time
        if message.type == kind:
            found.append((now / file.ticks_per_beat, message))
    return found


def signatures(file):
    return [(at, f"{m.numerator}/{m.denominator}") for at, m in metas(file, "time_signature")]


def test_forty_minutes_of_rubato_lie_on_the_grid_and_keep_their_times(rng):
    beats = rubato(40, rng)
    tempo = TempoMap(beats, np.arange(len(beats)) % 3 == 2)
    onsets = np.sort(rng.uniform(0.0, 2400.0, 6000))
    on_beats = beats[:: max(1, len(beats) // 500)]
    onsets = np.sort(np.concatenate([onsets, on_beats]))
    # Two of one key do not overlap, or the writer would cut the first.
    notes = [Note(t, t + 0.05, 21 + i % 88, 80) for i, t in enumerate(onsets.tolist())]
    file, read = written(notes, tempo, 2400.0)
    heard = sorted((n.start, n.end) for n in read.instruments[0].notes)
    assert len(heard) == len(notes)
    wide = np.abs(np.array(heard) - np.array(sorted((n.onset, n.offset) for n in notes)))
    assert wide.max() < 0.001
    # Bars begin where they were played ...
    bars = np.array(read.get_downbeats())
    for downbeat in tempo.downbeats:
        assert np.abs(bars - downbeat).min() < 0.001
    # ... and a note that was played on a beat lies on one of the grid.
    ticks = {round(n.start, 3): read.time_to_tick(n.start) for n in read.instruments[0].notes}
    for beat in on_beats.tolist():
        tick = min(ticks.items(), key=lambda item: abs(item[0] - beat))[1]
        assert min(tick % file.ticks_per_beat, -tick % file.ticks_per_beat) <= 1


@pytest.mark.parametrize("seed", range(4))
def test_beats_of_ten_seconds_cost_no_more_than_a_millisecond(seed):
    rng = np.random.default_rng(seed)
    gaps = np.exp(rng.uniform(np.log(0.2), np.log(10.0), 120))
    beats = 0.3 + np.cumsum(gaps)
    duration = float(beats[-1])
    tempo = TempoMap(beats, np.arange(120) % 4 == 0)
    onsets = np.sort(rng.uniform(0.0, duration - 2.0, 2000))
    onsets[1::7] = onsets[::7][: len(onsets[1::7])] + 0.002  # chords that are spread
    onsets = np.sort(onsets)
    notes = [Note(t, t + rng.uniform(0.03, 0.3), 21 + i % 88) for i, t in enumerate(onsets)]
    _, read = written(notes, tempo, duration)
    heard = sorted((n.pitch, n.start, n.end) for n in read.instruments[0].notes)
    wanted = sorted((n.pitch, n.onset, n.offset) for n in notes)
    wide = np.abs(np.array(heard) - np.array(wanted))[:, 1:]
    assert wide.max() < 0.001
    # Beats are where they were, whole quarters from each other.
    for beat in beats[beats < duration - 12.0].tolist():
        place = (read.time_to_tick(beat) - read.time_to_tick(beats[0])) % read.resolution
        assert min(place, read.resolution - place) <= 1


def test_forty_minutes_with_pauses_stay_short_enough_for_others_and_exact(rng):
    beats = rubato(40, rng, usual=0.4)
    beats = beats + 5.0 * np.cumsum(rng.random(len(beats)) < 0.01)
    end = float(beats[-1])
    notes = [Note(t, t + 0.08, 21 + i % 88) for i, t in enumerate(np.arange(0.5, end - 1, 0.37))]
    file, read = written(notes, TempoMap(beats, np.arange(len(beats)) % 4 == 0), end)
    assert sum(message.time for message in file.tracks[0]) < 10_000_000
    heard = sorted((n.start, n.end) for n in read.instruments[0].notes)
    wide = np.abs(np.array(heard) - np.array([(n.onset, n.offset) for n in notes]))
    assert wide.max() < 0.001


def test_a_steady_tempo_is_written_once():
    tempo = TempoMap.even(90.0, n_beats=60, meter=3)
    file, _ = written([Note(0.0, 0.5, 60)], tempo, 40.0)
    assert [(at, m.tempo) for at, m in metas(file, "set_tempo")] == [(0.0, 666_667)]
    assert signatures(file) == [(0.0, "3/4")]


def test_an_upbeat_makes_a_short_first_bar():
    beats = 0.5 * np.arange(1, 14)
    tempo = TempoMap(beats, (np.arange(13) - 1) % 4 == 0)
    file, read = written([Note(0.5, 1.0, 60), Note(1.0, 1.5, 62)], tempo, 7.0)
    # One beat of silence and one of the upbeat, then bars of four.
    assert signatures(file) == [(0.0, "2/4"), (2.0, "4/4")]
    assert read.get_downbeats()[1] == pytest.approx(1.0, abs=1e-3)


def test_before_the_first_bar_there_may_be_whole_ones():
    beats = 5.25 + 0.5 * np.arange(12)
    tempo = TempoMap(beats, np.arange(12) % 4 == 0)
    file, read = written([Note(5.25, 6.0, 60)], tempo, 12.0)
    (at, _), *_ = metas(file, "set_tempo")[1:]
    assert at == 10.0  # beats of 0.525 s, two of them over two bars
    assert signatures(file) == [(0.0, "2/4"), (2.0, "4/4")]
    assert np.abs(np.array(read.get_downbeats()) - 5.25).min() < 1e-3


@pytest.mark.parametrize("lead", [0.004, 0.02, 0.11, 0.3])
def test_an_early_first_beat_does_not_make_a_mad_tempo(lead):
    tempo = TempoMap(lead + 0.5 * np.arange(12), np.arange(12) % 4 == 0)
    file, read = written([Note(lead, 0.45, 60), Note(lead + 0.5, 0.95, 60)], tempo, 6.0)
    tempos = [m.tempo / 5e5 for _, m in metas(file, "set_tempo")]
    assert min(tempos) > 0.6
    assert max(tempos) < 1.6
    starts = [note.start for note in read.instruments[0].notes]
    np.testing.assert_allclose(starts, [lead, lead + 0.5], atol=1e-3)


def test_compound_meters_and_eighths_as_beats():
    downs = np.arange(13) % 2 == 0
    compound = TempoMap(0.6 * np.arange(13), downs, 8, is_compound=True)
    file, _ = written([Note(0.0, 0.5, 60)], compound, 7.0)
    assert signatures(file) == [(0.0, "6/8")]
    assert metas(file, "set_tempo")[0][1].tempo == 400_000  # a quarter is two of three eighths
    eighths = TempoMap(0.3 * np.arange(13), np.arange(13) % 3 == 0, 8)
    file, _ = written([Note(0.0, 0.5, 60)], eighths, 3.5)
    assert signatures(file) == [(0.0, "3/8")]
    assert metas(file, "set_tempo")[0][1].tempo == 600_000


def test_a_bar_of_another_length_is_told():
    downs = np.zeros(17, bool)
    downs[[0, 4, 8, 11, 15]] = True
    file, _ = written([Note(0.0, 0.5, 60)], TempoMap(0.5 * np.arange(17), downs), 8.0)
    assert signatures(file) == [(0.0, "4/4"), (8.0, "3/4"), (11.0, "4/4")]


def test_odd_maps_are_written_all_the_same():
    for beats in ([-3.0, -2.0, -1.0], [-0.3, 0.2, 0.7], [1.0, 200.0, 200.5], [2400.0, 2401.0]):
        tempo = TempoMap(np.array(beats), np.arange(len(beats)) == 0)
        _, read = written([Note(0.0, 0.5, 60), Note(150.0, 151.0, 61)], tempo, 3000.0)
        starts = [note.start for note in read.instruments[0].notes]
        np.testing.assert_allclose(starts, [0.0, 150.0], atol=0.01)


def test_without_beats_ticks_are_a_clock_of_120():
    file, _ = written([Note(0.0, 0.5, 60)], None, 4.0)
    assert [m.tempo for _, m in metas(file, "set_tempo")] == [500_000]
    assert signatures(file) == [(0.0, "4/4")]
