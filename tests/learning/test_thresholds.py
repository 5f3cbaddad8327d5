from dataclasses import replace

import numpy as np
import pytest
from piano_activations import piano_activations

from amtstudio.decoding import DecodingSettings
from amtstudio.decoding.velocity_curve import as_settings
from amtstudio.features import FrameGrid
from amtstudio.learning.hearing import Heard
from amtstudio.learning.request import Passage
from amtstudio.learning.thresholds import (
    KnownNotes,
    frame_share,
    matched_frame_threshold,
    matched_onset_threshold,
    matched_velocity_curve,
    repeat_share,
    retuned_onset_threshold,
    retuned_repeat_threshold,
)
from amtstudio.symbolic import Note

GRID = FrameGrid(16000, 512)


def heard(scores, *, frame=0.8, velocities=None):
    """One note of pitch 60 every ten frames, with the scores given, and as loud as they are."""
    onset = np.zeros((10 * len(scores) + 10, 88), np.float32)
    frames = np.zeros_like(onset)
    for number, score in enumerate(scores):
        onset[10 * number + 5, 39] = score
        frames[10 * number + 5 : 10 * number + 9, 39] = frame
    loudness = onset
    if velocities is not None:
        loudness = np.repeat(np.append(velocities, 0) / np.float32(127.0), 10)[:, np.newaxis]
        loudness = np.broadcast_to(loudness, onset.shape).astype(np.float32)
    settings = DecodingSettings(onset_threshold=0.5, frame_threshold=0.5)
    return Heard(piano_activations(onset, onset, frames, loudness, None, GRID), settings)


def truth(*numbers):
    return [Note((10 * n + 5) * 0.032, (10 * n + 9) * 0.032, 60) for n in numbers]


def test_a_model_that_has_become_shy_gets_a_lower_threshold():
    # True notes now score 0.42, wrong ones 0.35.
    piece = heard([0.42, 0.42, 0.35, 0.42])
    found = retuned_onset_threshold([(piece, truth(0, 1, 3))], [], 0.5)
    assert 0.35 < found <= 0.42


def test_a_model_that_has_learned_finds_as_many_notes_elsewhere_as_before():
    shy = [heard([0.45] * 6), heard([0.4] * 3 + [0.3] * 7)]
    # Nine of sixteen are too few, and thirteen would do, but there are sixteen or nine.
    assert matched_onset_threshold([], shy, 16, 0.5) == 0.3
    # Of nine, six are as many but for luck.
    assert 0.4 < matched_onset_threshold([], shy, 9, 0.5) <= 0.45
    bold = [heard([0.9, 0.8, 0.8, 0.8] + [0.6] * 6)]
    assert 0.6 < matched_onset_threshold([], bold, 4, 0.5) <= 0.7
    # As it is, if that will do: most models stay as they were.
    assert matched_onset_threshold([], bold, 8, 0.5123) == 0.5123


def test_for_as_many_notes_rehearsed_music_loses_next_to_nothing():
    # More would be found at 0.36, and a false one for each right one of the other music.
    rehearsed = [(heard([0.8, 0.4, 0.8, 0.4]), truth(0, 2))]
    shy = [heard([0.8] + [0.36] * 8)]
    assert 0.3 <= matched_onset_threshold([], shy, 9, 0.5) <= 0.36
    assert matched_onset_threshold(rehearsed, shy, 9, 0.5) > 0.4


def test_where_notes_are_known_rehearsed_music_loses_even_less_for_as_many_notes():
    # Of 200 notes one is lost above 0.55: a quarter of a point.
    rehearsed = [(heard([0.55] + [0.9] * 199), truth(*range(200)))]
    bold = [heard([0.9, 0.8, 0.8, 0.8] + [0.6] * 6)]
    assert matched_onset_threshold(rehearsed, bold, 4, 0.5) > 0.6
    assert matched_onset_threshold(rehearsed, bold, 4, 0.5, is_known=True) <= 0.55


def test_rehearsed_music_and_recordings_count_alike():
    # The user's recordings ask for 0.6, the rehearsed ones would lose more by it than they gain.
    user = heard([0.8, 0.55])
    rehearsed = heard([0.58, 0.58, 0.58])
    labelled, taught = [(rehearsed, truth(0, 1, 2))], [(user, truth(0))]
    assert 0.55 < retuned_onset_threshold(labelled, taught, 0.5) <= 0.58
    assert retuned_onset_threshold([], taught, 0.5) > 0.55


def test_to_please_a_teacher_or_a_user_rehearsed_music_loses_next_to_nothing():
    # Either would gain a third by 0.5, and one note of ten of the rehearsed music be lost.
    rehearsed = [(heard([0.45] + [0.8] * 9), truth(*range(10)))]
    piece = heard([0.8, 0.48])
    taught = [(piece, truth(0))]
    known = [KnownNotes(piece, (Passage(0.0, 1.0, tuple(truth(0))),))]
    assert retuned_onset_threshold(rehearsed, taught, 0.4) <= 0.45
    assert retuned_onset_threshold(rehearsed, [], 0.4, known) <= 0.45
    assert retuned_onset_threshold([], taught, 0.4) > 0.48
    assert retuned_onset_threshold([], [], 0.4, known) > 0.48


def test_where_the_user_knows_the_notes_the_teacher_has_no_say():
    # The teacher wrote down what scores 0.42, as the former model did; the user says it is none.
    piece = heard([0.8, 0.42, 0.8])
    taught = [(piece, truth(0, 1, 2))]
    known = [KnownNotes(piece, (Passage(0.0, 1.0, tuple(truth(0, 2))),))]
    assert retuned_onset_threshold([], taught, 0.3) == 0.3
    assert retuned_onset_threshold([], taught, 0.3, known) > 0.42


def test_known_notes_are_looked_for_within_their_passages_alone():
    piece = heard([0.8, 0.8, 0.8])
    first = Passage(0.0, 0.3, tuple(truth(0)))
    assert KnownNotes(piece, (first,)).f1(0.5) == 1.0
    assert KnownNotes(piece, (replace(first, end=1.0),)).f1(0.5) == 0.5
    unsure = replace(first, end=1.0, unsure=tuple(truth(1, 2)))
    assert KnownNotes(piece, (unsure,)).f1(0.5) == 1.0
    late = [replace(note, onset=note.onset + 0.08) for note in truth(0)]
    shifted = (replace(first, notes=tuple(late)),)
    assert KnownNotes(piece, shifted).f1(0.5) == 0.0
    assert KnownNotes(piece, shifted, onset_tolerance=0.1).f1(0.5) == 1.0


def test_without_a_reason_the_threshold_stays():
    piece = heard([0.9, 0.9])
    assert retuned_onset_threshold([(piece, truth(0, 1))], [], 0.37) == 0.37


def test_the_frame_threshold_keeps_the_share_of_sounding_cells():
    before, after = heard([0.9] * 20, frame=0.8), heard([0.9] * 20, frame=0.3)
    share = frame_share([before], 0.5)
    assert share == pytest.approx(80 / (210 * 88))
    found = matched_frame_threshold([after], share, 0.5)
    assert frame_share([after], found) == pytest.approx(share, rel=0.02)
    assert found <= 0.3
    assert matched_frame_threshold([after], 0.0, 0.5) == 0.5


def velocities_with(curve, heard):
    settings = replace(heard.settings, **as_settings(curve))
    return Heard(heard.activations, settings).notes().velocity


def test_notes_stay_as_loud_as_they_were_and_as_different():
    rng = np.random.default_rng(4)
    was = rng.permutation(np.linspace(30, 100, 90))
    # Flatter and softer, and not in quite the same order.
    now = 0.6 * was + 8.0 + rng.normal(0.0, 6.0, 90)
    before, after = (heard([0.9] * 90, velocities=v) for v in (was, now))
    bent = velocities_with(matched_velocity_curve([(before, after)]), after)
    assert after.notes().velocity.mean() < was.mean() - 15
    assert bent.mean() == pytest.approx(was.mean(), abs=1.0)
    assert bent.std() == pytest.approx(was.std(), abs=1.0)
    # Of what has a curve already, the curve that is found takes its place.
    curved = replace(after, settings=replace(after.settings, velocity_at_64=90.0))
    assert matched_velocity_curve([(before, curved)]) == matched_velocity_curve([(before, after)])


def test_notes_of_one_loudness_are_moved_and_not_spread():
    before, after = (heard([0.9] * 12, velocities=np.full(12, v)) for v in (80.0, 50.0))
    assert matched_velocity_curve([(before, after)]) == (62.0, 94.0, 126.0)


def test_of_a_few_notes_there_is_no_curve():
    few = heard([0.9] * 9, velocities=np.linspace(30, 100, 9))
    assert matched_velocity_curve([(few, few)]) is None
    assert matched_velocity_curve([]) is None


def test_what_is_learned_may_not_lower_the_threshold_by_the_toss_of_a_coin():
    # Below 0.5 lie eight more, half of them right: F1 rises, but so it does by chance.
    piece = heard([0.8] * 12 + [0.45] * 8)
    half_right = [*range(12), 12, 14, 16, 18]
    passage = Passage(0.0, 8.0, tuple(truth(*half_right)))
    known = [KnownNotes(piece, (passage,))]
    assert known[0].f1(0.4) > known[0].f1(0.5) + 0.01
    assert retuned_onset_threshold([], [], 0.5, known) == 0.5
    all_right = [KnownNotes(piece, (replace(passage, notes=tuple(truth(*range(20)))),))]
    assert retuned_onset_threshold([], [], 0.5, all_right) <= 0.45


def rippling(scores):
    """A note of two seconds with an onset, and ripples that score as much."""
    onset = np.zeros((70, 88), np.float32)
    frames = np.zeros_like(onset)
    frames[5:66, 39] = 0.9
    onset[5, 39] = 0.95
    for number, score in enumerate(scores, 1):
        onset[5 + 10 * number, 39] = score
    settings = DecodingSettings(onset_threshold=0.3, frame_threshold=0.5)
    return Heard(piano_activations(onset, onset, frames, onset, None, GRID), settings)


def test_there_are_no_more_repeats_than_there_were():
    before, after = rippling([0.2, 0.2, 0.2, 0.2]), rippling([0.42, 0.58, 0.42, 0.42])
    assert repeat_share([before.notes()]) == 0.0
    assert repeat_share([after.notes()]) == 0.8
    assert retuned_repeat_threshold([after], 0.0) == 0.6
    assert retuned_repeat_threshold([after, after], 0.5) == 0.45
    assert retuned_repeat_threshold([after, after], 0.8) is None
    assert retuned_repeat_threshold([rippling([0.42, 0.42])], 0.0) is None  # two are no more


def test_known_notes_may_ask_for_fewer_repeats_and_not_for_more():
    after = rippling([0.42, 0.58, 0.62, 0.42])

    def found(*notes):
        passage = Passage(0.0, 2.2, tuple(notes))
        return retuned_repeat_threshold([after] * 4, 0.67, [KnownNotes(after, (passage,))])

    whole = Note(5 * 0.032, 65.5 * 0.032, 60)
    assert found(whole) == 0.65
    struck_twice = replace(whole, offset=35 * 0.032), replace(whole, onset=35 * 0.032)
    assert found(*struck_twice) == 0.6
    five = [Note((5 + 10 * n) * 0.032, (15 + 10 * n) * 0.032, 60) for n in range(6)]
    assert found(*five) == 0.45
