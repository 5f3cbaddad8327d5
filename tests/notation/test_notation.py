"""The steps from notes to a score, each on music whose answer is known."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from amtstudio.notation import DIVISIONS, NotationSettings, arrange, quantised
from amtstudio.notation.bars import Bar, bars_of
from amtstudio.notation.grid import choose_grid, falls_into_three, swing_of
from amtstudio.notation.hands import hands_of
from amtstudio.notation.keys import Key, key_of, spelled
from amtstudio.notation.pulse import pulse_of
from amtstudio.notation.tablature import BASSES, GUITAR, GUITARS, UKULELE, places_of, tuning_of
from amtstudio.notation.values import values_of
from amtstudio.symbolic import Note, NoteTable, Pedal, TempoMap, Track, Transcription


def test_the_grid_is_found_in_uneven_playing(rng):
    straight = np.repeat(np.arange(32), 4) + np.tile(np.arange(4) / 4, 32)
    threes = np.repeat(np.arange(32, 64), 3) + np.tile(np.arange(3) / 3, 32)
    exact = np.concatenate([straight, threes])
    played = np.sort(exact + rng.normal(0.0, 0.02, len(exact)))
    grid = choose_grid(played, 0.6, is_compound=False)
    assert np.mean(np.abs(grid.nearest(played) - exact) < 1e-6) > 0.97
    assert not falls_into_three(played[:128], 0.6)
    assert falls_into_three(played[128:], 0.6)
    no_threes = choose_grid(played, 0.6, is_compound=False, has_triplets=False)
    assert 3 not in no_threes.parts.values()


def test_swing_is_told_from_triplets_and_written_evenly(rng):
    swung = np.repeat(np.arange(40), 2) + np.tile([0.0, 0.65], 40)
    played = np.sort(swung + rng.normal(0.0, 0.01, len(swung)))
    swing = swing_of(played, 0.5)
    assert swing == pytest.approx(0.65, abs=0.01)
    grid = choose_grid(played, 0.5, is_compound=False, swing=swing)
    np.testing.assert_allclose(grid.nearest(played), np.arange(80) / 2)
    assert swing_of(np.arange(120) / 3, 0.5) == 0.5


def test_dotted_eighths_are_no_swing():
    dotted = np.repeat(np.arange(40), 2) + np.tile([0.0, 0.75], 40)
    assert swing_of(dotted, 0.65) == 0.5


def test_beats_of_halves_hold_what_two_quarters_hold(rng):
    half = 1.2  # seconds
    bar = np.concatenate([np.arange(3) / 3, 1.0 + np.arange(4) / 4, [2.0, 3.0, 3.5, 4.0, 5.0]])
    quarters = (np.arange(6)[:, None] * 6.0 + bar).ravel()
    length = np.append(np.diff(quarters), 1.0)
    times = quarters * half / 2 + rng.normal(0.0, 0.005, len(quarters))
    notes = NoteTable.of(
        Note(onset, onset + 0.9 * long * half / 2, 60 + place % 12, 80)
        for place, (onset, long) in enumerate(zip(times.tolist(), length.tolist(), strict=True))
    )
    beats = TempoMap(np.arange(19) * half, np.arange(19) % 3 == 0, beat_unit=2)
    written = arrange(Transcription(notes, tempo=beats)).parts[0].notes
    onsets = np.array([note.onset / DIVISIONS for note in written])
    assert np.mean(np.abs(onsets - quarters) < 1e-6) > 0.95


def test_bars_of_a_map_with_an_upbeat_and_a_missed_bar_line():
    downs = np.zeros(22, bool)
    downs[[1, 5, 9, 17, 21]] = True  # 13 was overheard
    bars = bars_of(TempoMap(np.arange(22) * 0.5, downs), 0.0, 10.0, is_compound=False)
    assert [bar.length // DIVISIONS for bar in bars.bars] == [1, 4, 4, 4, 4, 4]
    assert [bar.is_upbeat for bar in bars.bars] == [True] + [False] * 5
    assert {bar.beats for bar in bars.bars} == {4}
    assert bars.to_seconds(bars.to_divisions([3.3])) == pytest.approx([3.3])
    first, second = bars.bars[:2]
    assert (bars.bar_at(0), bars.bar_at(second.onset)) == (first, second)


@pytest.mark.parametrize("fifths", range(-6, 7))
def test_scales_are_named_in_their_key(fifths):
    tonic = 7 * fifths % 12
    scale = np.array([60 + tonic + step for step in (0, 2, 4, 5, 7, 9, 11, 12)] * 4)
    lengths = np.tile([2.0, 1, 1, 1, 2, 1, 1, 2], 4)
    key = key_of(scale, lengths)
    assert (key.fifths, key.mode) in {(fifths, "major"), (-fifths, "major")}
    names = spelled(scale, key)
    # Seven letters, each once: an altered one keeps its sign throughout.
    assert len({(name.step, name.alter) for name in names}) == 7
    assert sum(name.alter for name in names[:7]) == key.fifths


def test_a_leading_note_is_sharpened_and_octaves_are_right():
    minor = np.array([57, 59, 60, 62, 64, 65, 68, 69] * 4)
    names = spelled(minor, Key(0, "minor"))
    assert names[6] == ("G", 1, 4)
    assert names[0] == ("A", 0, 3)
    assert spelled(np.array([59, 60, 72]), Key(0, "major"))[:2] == [("B", 0, 3), ("C", 0, 4)]
    assert spelled(np.array([71]), Key(-5, "major"))[0] in {("C", -1, 5), ("B", 0, 4)}


def test_hands_follow_where_they_are_rather_than_middle_c():
    onsets, pitches = [], []
    # A melody that dives below middle C over a bass two octaves down.
    for i, pitch in enumerate((72, 67, 64, 60, 57, 55, 57, 60, 64, 67)):
        onsets += [0.3 * i, 0.3 * i]
        pitches += [36 + i % 3, pitch]
    hands = hands_of(np.array(onsets), np.array(pitches))
    assert hands.tolist() == [2, 1] * 10


def test_a_hand_does_not_reach_two_octaves():
    hands = hands_of(np.zeros(4), np.array([36, 48, 72, 84]))
    assert hands.tolist() == [2, 2, 1, 1]


def _shown(onset, offset, bar, **options):
    return [
        (value.type, value.dots)
        for value in values_of(
            onset, offset, bar, beat=24, triplet_beats=options.pop("threes", frozenset()), **options
        )
    ]


def test_lengths_are_written_as_musicians_read_them():
    bar = Bar(0, 96, 4, 4)
    assert _shown(0, 96, bar) == [("whole", 0)]
    assert _shown(12, 36, bar) == [("quarter", 0)]  # syncopation within the half
    assert _shown(36, 60, bar) == [("eighth", 0), ("eighth", 0)]  # the middle of the bar shows
    assert _shown(0, 36, bar) == [("quarter", 1)]
    assert _shown(12, 36, bar, is_rest=True) == [("eighth", 0), ("eighth", 0)]
    assert _shown(0, 16, bar, threes=frozenset({0})) == [("quarter", 0)]


def test_a_guitar_is_played_where_the_hand_lies():
    e_major = np.array([40, 47, 52, 56, 59, 64])
    places = places_of(np.zeros(6, np.int64), e_major)
    assert [(p.string, p.fret) for p in places] == [(6, 0), (5, 2), (4, 2), (3, 1), (2, 0), (1, 0)]
    scale = np.array([64, 66, 68, 69, 71, 73, 75, 76])
    path = places_of(np.arange(8), scale)
    assert [GUITAR[6 - p.string] + p.fret for p in path] == scale.tolist()
    assert max(abs(a.fret - b.fret) for a, b in itertools.pairwise(path) if a.fret and b.fret) <= 5
    assert places_of(np.zeros(1, np.int64), np.array([20])) == [None]


def tablature_of(track, pitches, **settings):
    notes = [Note(0.5 * i, 0.5 * i + 0.4, pitch, track=track) for i, pitch in enumerate(pitches)]
    transcription = Transcription(NoteTable.of(notes), (), 0.5 * len(notes))
    (part,) = arrange(transcription, NotationSettings(tablature=True, **settings)).parts
    return part, [(note.string, note.fret) for note in part.notes]


GUITAR_TRACK, BASS_TRACK = Track("Lead", 29), Track("Low", 33)


@pytest.mark.parametrize(
    ("track", "pitches", "name"),
    [
        (GUITAR_TRACK, [40, 64, 88], "standard"),  # the 24th fret
        (GUITAR_TRACK, [39, 39, 46], "half step down"),
        (GUITAR_TRACK, [38, 38, 45, 50], "drop d"),
        (GUITAR_TRACK, [36, 36, 43], "drop c"),
        (GUITAR_TRACK, [35, 35, 40], "seven strings"),
        (GUITAR_TRACK, [30, 30, 40], "eight strings"),
        (GUITAR_TRACK, [28, 45, 50, 57], "standard"),  # one stray note is no tuning
        (BASS_TRACK, [28, 40], "standard"),
        (BASS_TRACK, [26, 26, 33], "drop d"),
        (BASS_TRACK, [23, 23, 33], "five strings"),
    ],
)
def test_the_notes_suggest_how_the_strings_are_tuned(track, pitches, name):
    part, places = tablature_of(track, pitches)
    tuning = (GUITARS if track is GUITAR_TRACK else BASSES)[name]
    assert part.tuning == tuning
    lowest = min(tuning)
    sounding = [tuning[len(tuning) - string] + fret for string, fret in places if string]
    assert sounding == [pitch for pitch in pitches if pitch >= lowest]


def test_a_tuning_is_chosen_and_frets_count_from_the_capo():
    part, places = tablature_of(GUITAR_TRACK, [50, 57, 62, 66], guitar=GUITARS["dadgad"], capo=2)
    assert (part.tuning, part.capo) == (GUITARS["dadgad"], 2)
    tuning = part.tuning
    assert [tuning[6 - string] + fret + 2 for string, fret in places] == [50, 57, 62, 66]
    _, places = tablature_of(GUITAR_TRACK, [40, 41, 42, 47], guitar=GUITAR, capo=2)
    assert places == [(0, 0), (0, 0), (6, 0), (5, 0)]  # below the capo nothing sounds
    part, _ = tablature_of(GUITAR_TRACK, [40, 40, 47], capo=2)
    assert part.tuning == GUITARS["drop d"]
    part, _ = tablature_of(BASS_TRACK, [40], capo=2)
    assert part.capo == 0  # that of the guitar


def test_small_instruments_have_strings_of_their_own():
    part, places = tablature_of(Track.named("ukulele"), [67, 60, 64, 69], capo=2)
    assert (part.tuning, part.capo) == (UKULELE, 0)
    assert places == [(4, 0), (3, 0), (2, 0), (1, 0)]
    part, places = tablature_of(Track.named("mandolin"), [55, 62, 69, 76])
    assert places == [(4, 0), (3, 0), (2, 0), (1, 0)]


def test_tunings_are_read_by_name_and_by_strings():
    assert tuning_of("Drop-D", GUITARS) == tuning_of("D2, A2 D3,G3 B3 e4", GUITARS)
    assert tuning_of("five_strings", BASSES) == (23, 28, 33, 38, 43)
    for wrong in ("", "drop x", "D2 A2", "D2 A2 H3", " ".join(["C4"] * 13)):
        with pytest.raises(ValueError, match=r"tuning|pitch"):
            tuning_of(wrong, GUITARS)


def test_settings_of_scores_are_kept_as_text():
    chosen = NotationSettings(
        pedal=False, tablature=True, guitar=GUITARS["open g"], bass=(23, 28, 33, 38, 43), capo=3
    )
    assert NotationSettings.of_text(chosen.to_text()) == chosen
    assert NotationSettings.of_text("triplets swing dynamics pedal") == NotationSettings()
    for damaged in ("capo=x", "capo=40", "guitar=40-", "guitar=40", "bass=1-2-999"):
        assert NotationSettings.of_text(f"tablature swing {damaged}") == NotationSettings(
            triplets=False, dynamics=False, pedal=False, tablature=True
        )
    with pytest.raises(ValueError, match="capo"):
        NotationSettings(capo=13)


def test_the_pulse_of_a_waltz(rng):
    notes = []
    for bar in range(20):
        start = 1.5 * bar + 1.0
        notes.append(Note(start, start + 0.5, 40, 90))
        notes += [Note(start + 0.5 * beat, start + 0.5 * beat + 0.3, 64, 60) for beat in (1, 2)]
    tempo = pulse_of(NoteTable.of(notes))
    assert tempo.tempo == pytest.approx(120, abs=3)
    assert set(tempo.meters) == {3}
    assert tempo.downbeats[3] == pytest.approx(1.0 + 1.5 * 3, abs=0.06)


def test_quantising_goes_as_far_as_it_is_asked_and_changes_nothing_else(rng):
    exact = np.arange(64) * 0.25
    played = np.sort(np.maximum(exact + rng.normal(0, 0.015, 64), 0.0))
    notes = [Note(float(t), float(t) + 0.2, 60 + i % 12, 40 + i) for i, t in enumerate(played)]
    beats = np.arange(40) * 0.5
    before = Transcription(notes, tempo=TempoMap(beats, np.arange(40) % 4 == 0))
    full = quantised(before)
    np.testing.assert_allclose(full.notes.onset, exact, atol=1e-9)
    np.testing.assert_allclose(full.notes.offset - full.notes.onset, 0.2)
    half = quantised(before, 0.5)
    np.testing.assert_allclose(half.notes.onset, (played + exact) / 2, atol=1e-9)
    assert quantised(before, 0.0).notes == before.notes
    assert full.notes.velocity.tolist() == before.notes.velocity.tolist()
    with pytest.raises(ValueError, match="strength"):
        quantised(before, 1.5)


def test_dynamics_and_pedal_are_marked_where_they_change():
    notes = [Note(0.5 * i, 0.5 * i + 0.4, 60, 45 if i < 32 else 95) for i in range(64)]
    tempo = TempoMap(np.arange(65) * 0.5, np.arange(65) % 4 == 0)
    score = arrange(Transcription(notes, (Pedal(1.0, 2.0),), tempo=tempo))
    (part,) = score.parts
    marks = [(mark.onset // DIVISIONS, mark.text) for mark in part.marks]
    assert next(text for _, text in marks if not text.startswith("pedal")) == "p"
    assert (32, "f") in marks
    assert (2, "pedal down") in marks
    assert (4, "pedal up") in marks


def _placed(score):
    return [(note.onset, note.offset, note.pitch) for note in score.parts[0].notes]


def test_a_short_last_stroke_begins_a_bar_and_is_not_put_before_it():
    notes = [Note(float(i), i + 0.9, 60 + i % 5) for i in range(8)] + [Note(8.0, 8.1, 72)]
    score = arrange(Transcription(notes, tempo=TempoMap(np.arange(9.0), np.arange(9) % 4 == 0)))
    assert _placed(score)[-2:] == [(168, 192, 62), (192, 198, 72)]
    assert [bar.onset for bar in score.bars.bars] == [0, 96, 192]


def test_a_last_note_just_before_a_bar_line_adds_no_empty_bar():
    notes = [Note(float(i), i + 0.9, 60) for i in range(8)] + [Note(7.9, 7.95, 72)]
    score = arrange(Transcription(notes, tempo=TempoMap(np.arange(9.0), np.arange(9) % 4 == 0)))
    assert max(_placed(score)) == (189, 192, 72)
    assert len(score.bars.bars) == 2


@pytest.mark.parametrize("end", [3.97, 4.0, 4.2])
def test_strokes_of_a_key_close_together_at_the_end_are_all_written(end):
    notes = [Note(float(i), i + 0.9, 60) for i in range(4)]
    notes += [Note(end + 0.04 * i, end + 0.04 * i + 0.02, 60) for i in range(3)]
    score = arrange(Transcription(notes, tempo=TempoMap(np.arange(5.0), np.arange(5) % 4 == 0)))
    placed = _placed(score)
    assert len(placed) == len(notes)
    assert all(onset < offset <= score.bars.end for onset, offset, _ in placed)


def test_quantising_keeps_strokes_of_one_key_apart():
    beats = np.arange(9.0)
    flam = [Note(2.0, 2.04, 38), Note(2.06, 2.3, 38)]
    played = Transcription([*flam, Note(2.0, 2.5, 60), Note(3.02, 3.4, 38)])
    played = Transcription(played.notes, tempo=TempoMap(beats, np.arange(9) % 4 == 0))
    for strength in (0.5, 1.0):
        moved = quantised(played, strength, lengths=strength == 1.0).notes
        of_drum = moved.onset[moved.pitch == 38]
        later = 2.06 + strength * (2.125 - 2.06)  # the next place of the grid
        np.testing.assert_allclose(of_drum[:2], [2.0, later], atol=1e-6)
        assert np.all(np.diff(of_drum) > 0.01)
        assert np.all(np.diff(moved.onset) >= 0.0)


def test_the_pulse_of_a_long_take_takes_a_moment(rng):
    onset = np.sort(rng.uniform(0.0, 2400.0, 6000))
    notes = NoteTable.of([Note(float(t), float(t) + 0.2, 60) for t in onset])
    started = time.process_time()
    tempo = pulse_of(notes)
    assert time.process_time() - started < 8.0
    assert tempo.beats[-1] > 2390.0
