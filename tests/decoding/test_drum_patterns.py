"""Strokes that the bars around foretell, and what repeats without being one."""

import numpy as np
import pytest

from amtstudio.decoding import Activations, DrumDecoder, DrumSettings, decode
from amtstudio.decoding.drum_patterns import PatternWeights, by_patterns
from amtstudio.features import FrameGrid
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS, KIT
from amtstudio.symbolic.heads import Head, HeadKind

GRID = FrameGrid(32000, 320)
HEADS = (
    Head("onset", HeadKind.EVENT, KIT),
    Head("velocity", HeadKind.VALUE, KIT, where="onset"),
)
KICK, SNARE = DRUMS.index("kick"), DRUMS.index("snare")
GAIN = PatternWeights((1.5,) * len(DRUMS), level=(0.2,) * len(DRUMS))
BAR = 203  # frames, 2.03 s


def beat(n_bars=16, *, sure=0.9):
    """A bar of a kick and a snare, again and again; shape (n_frames, n_drums)."""
    onset = np.full((n_bars * BAR + 40, len(DRUMS)), 0.005, dtype=np.float32)
    for bar in range(n_bars):
        onset[bar * BAR + 10, KICK] = sure
        onset[bar * BAR + 60, SNARE] = sure
        onset[bar * BAR + 110, KICK] = sure
    return onset


def test_a_faint_stroke_where_all_other_bars_have_one_is_believed():
    onset = beat()
    onset[8 * BAR + 60, SNARE] = 0.25
    changed = by_patterns(onset, 100.0, GAIN)
    assert changed[8 * BAR + 60, SNARE] > 0.5
    assert changed[7 * BAR + 60, SNARE] >= onset[7 * BAR + 60, SNARE]


def test_what_is_faint_again_and_again_is_no_stroke_for_that():
    onset = beat()
    onset[:, SNARE] = np.where(onset[:, SNARE] > 0.5, 0.12, onset[:, SNARE])
    changed = by_patterns(onset, 100.0, GAIN)
    assert changed[8 * BAR + 60, SNARE] <= 0.12


def test_a_faint_stroke_where_no_other_bar_has_one_is_doubted():
    onset = beat()
    onset[8 * BAR + 85, SNARE] = 0.5
    assert by_patterns(onset, 100.0, GAIN)[8 * BAR + 85, SNARE] < 0.4


def test_little_changes_where_nothing_repeats(rng):
    onset = np.full((4000, len(DRUMS)), 0.005, dtype=np.float32)
    onset[rng.permutation(4000)[:12], SNARE] = 0.5
    changed = by_patterns(onset, 100.0, GAIN)
    assert np.abs(changed - onset).max() < 0.2
    silent = np.full((4000, len(DRUMS)), 0.005, dtype=np.float32)
    assert np.array_equal(by_patterns(silent, 100.0, GAIN), silent)


def test_too_short_a_recording_stays_as_it_is():
    onset = beat(1)
    assert np.array_equal(by_patterns(onset, 100.0, GAIN), onset)
    assert by_patterns(onset[:0], 100.0, GAIN).shape == (0, len(DRUMS))


def test_a_cost_is_taken_off_by_how_well_the_music_repeats():
    onset = beat(sure=0.5)
    costs = by_patterns(onset, 100.0, PatternWeights(cost=(1.0,) * len(DRUMS)))
    odds = costs[8 * BAR + 10, KICK]
    assert 1 / (1 + np.e) < odds < 0.35


@pytest.mark.parametrize("length", [1, 97, 1000, 10_000])
def test_chunks_give_the_hits_of_the_whole(length, rng):
    onset = beat()
    onset += (rng.random(onset.shape) ** 30).astype(np.float32) * 0.09
    velocity = rng.random(onset.shape).astype(np.float32)
    settings = DrumSettings(patterns=PatternWeights((0.7,) * len(DRUMS), (0.1,) * len(DRUMS)))

    def chunk(begin, end):
        values = {"onset": onset[begin:end], "velocity": velocity[begin:end]}
        return Activations(HEADS, values, GRID, 70 + begin, "drums")

    expected, _ = decode(chunk(0, len(onset)), settings)
    assert len(expected) >= 48
    decoder, found = DrumDecoder(settings, GRID), []
    for begin in range(0, len(onset), length):
        found += decoder.feed(chunk(begin, begin + length))
    found += decoder.finish()
    assert sorted(found) == list(expected)


def test_hits_come_while_the_recording_is_still_heard():
    onset = beat(20)
    decoder = DrumDecoder(DrumSettings(patterns=GAIN), GRID)
    values = {"onset": onset[:2500], "velocity": onset[:2500]}
    found = decoder.feed(Activations(HEADS, values, GRID, 0, "drums"))
    assert 11.0 < found.onset.max() < 15.0


def test_cards_and_projects_keep_the_weights():
    card = {"onset": 0.3, "snare": 0.5, "snare_pattern_gain": 0.75, "snare_pattern_cost": -0.3}
    settings = DrumSettings.from_card(card)
    assert settings.patterns.gain[SNARE] == 0.75
    assert settings.patterns.cost[SNARE] == -0.3
    assert settings.patterns.gain[KICK] == 0.0
    assert settings.patterns.level[SNARE] == 0.0
    assert settings.patterns.level[DRUMS.index("ride")] == 0.15
    assert DrumSettings.from_plain(settings.to_plain()) == settings
    assert settings.changed({"kick_threshold": 0.9}).patterns == settings.patterns
    assert settings.lowered(settings, 0.5).patterns == settings.patterns
    plain = DrumSettings.from_card({"onset": 0.3})
    assert "patterns" not in plain.to_plain()
    with pytest.raises(ValueError, match="knows no setting 'snare_pattern'"):
        DrumSettings.from_card({"onset": 0.3, "snare_pattern": 1.0})
    with pytest.raises(ValueError, match="as gain of patterns"):
        DrumSettings.from_card({"onset": 0.3, "snare_pattern_gain": 99.0})


def test_a_believed_stroke_is_a_note_with_that_confidence():
    onset = beat()
    onset[8 * BAR + 60, SNARE] = 0.25
    acts = Activations(HEADS, {"onset": onset, "velocity": onset}, GRID, 0, "drums")
    at = (8 * BAR + 60) / 100.0

    def snares(settings):
        notes, _ = decode(acts, settings)
        return [note for note in notes if note.pitch == GENERAL_MIDI_KEYS["snare"]]

    plain = snares(DrumSettings())
    believed = snares(DrumSettings(patterns=GAIN))
    assert not [note for note in plain if abs(note.onset - at) < 0.02]
    (note,) = [note for note in believed if abs(note.onset - at) < 0.02]
    assert note.confidence > 0.5
