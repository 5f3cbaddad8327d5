import json
import time

import mir_eval
import numpy as np
import pytest

from amtstudio.scoring import PRF, PieceScores, mean_scores, score_notes, scores_table
from amtstudio.symbolic import Note, Transcription


def transcription(*notes: tuple) -> Transcription:
    return Transcription(notes=tuple(Note(*note) for note in notes))


def shifted(source: Transcription, seconds: float) -> Transcription:
    return Transcription(
        tuple(
            Note(n.onset + seconds, n.offset + seconds, n.pitch, n.velocity) for n in source.notes
        )
    )


def random_notes(rng: np.random.Generator, n: int, seconds: float) -> Transcription:
    onsets = rng.uniform(0.2, seconds, n)
    durations = rng.uniform(0.03, 1.5, n)
    pitches = rng.integers(21, 109, n)
    velocities = rng.integers(1, 128, n)
    rows = zip(onsets, onsets + durations, pitches, velocities, strict=True)
    return transcription(*((float(a), float(b), int(c), int(d)) for a, b, c, d in rows))


def disturbed(source: Transcription, rng: np.random.Generator) -> Transcription:
    """Some notes lost, some moved by up to 80 ms, offsets and velocities changed."""
    notes = []
    for note in source.notes:
        if rng.random() < 0.15:
            continue
        onset = note.onset + rng.uniform(-0.08, 0.08)
        offset = max(onset + 0.01, note.offset + rng.uniform(-0.3, 0.3))
        velocity = int(np.clip(note.velocity + rng.integers(-25, 26), 1, 127))
        notes.append(Note(onset, offset, note.pitch, velocity))
    return Transcription(tuple(notes))


REFERENCE = transcription(
    (1.0, 2.0, 60, 40), (1.0, 1.5, 64, 60), (2.0, 3.0, 67, 80), (3.0, 3.1, 72, 100)
)


def mir_eval_arrays(notes):
    intervals = np.array([[n.onset, n.offset] for n in notes])
    return intervals, mir_eval.util.midi_to_hz(np.array([n.pitch for n in notes], float))


def test_equal_notes_score_one():
    scores = score_notes(REFERENCE, REFERENCE)
    perfect = PRF(1.0, 1.0, 1.0)
    assert scores == PieceScores(
        note=perfect,
        note_aligned=perfect,
        note_100ms=perfect,
        note_offset=perfect,
        note_offset_aligned=perfect,
        note_offset_velocity=perfect,
        note_offset_velocity_aligned=perfect,
        frame=perfect,
        frame_aligned=perfect,
        velocity_within=1.0,
        median_deviation_ms=0.0,
        n_reference=4,
        n_estimate=4,
        note_aligned_100ms=perfect,
        octave_errors=0.0,
    )


def test_hand_worked_notes_and_offsets():
    # 60: right, offset 0.2 s late = just 20 % of 1 s. 64: onset 60 ms late. 67: a semitone off.
    # 72: offset 50 ms late, allowed however short the note. And one note too many.
    estimate = transcription(
        (1.0, 2.2, 60), (1.06, 1.5, 64), (2.0, 3.0, 68), (3.0, 3.15, 72), (5.0, 5.5, 50)
    )
    scores = score_notes(REFERENCE, estimate)
    assert scores.note == PRF(2 / 5, 2 / 4, pytest.approx(4 / 9))
    assert scores.note_100ms == PRF(3 / 5, 3 / 4, pytest.approx(6 / 9))
    assert scores.note_offset == PRF(2 / 5, 2 / 4, pytest.approx(4 / 9))
    assert scores.median_deviation_ms == 0.0  # of 0, 60 and 0 ms


def test_offset_beyond_both_tolerances_is_wrong():
    estimate = transcription((1.0, 2.201, 60), (3.0, 3.151, 72))
    scores = score_notes(REFERENCE, estimate)
    assert scores.note.recall == 0.5
    assert scores.note_offset == PRF(0.0, 0.0, 0.0)


@pytest.mark.parametrize("lag", [0.08, -0.08])
def test_alignment_takes_a_constant_lag_off(lag):
    scores = score_notes(REFERENCE, shifted(REFERENCE, lag))
    assert scores.note.f1 == 0.0
    assert scores.note_offset.f1 == 0.0
    assert scores.median_deviation_ms == pytest.approx(1000 * lag)
    assert scores.note_100ms.f1 == 1.0
    assert scores.note_aligned.f1 == 1.0
    assert scores.note_offset_aligned.f1 == 1.0
    assert scores.note_offset_velocity_aligned.f1 == 1.0
    assert scores.frame_aligned.f1 == 1.0
    assert 0.0 < scores.frame.f1 < 1.0


def test_alignment_uses_the_median_and_so_ignores_one_stray_note():
    # Deviations 40, 40, 40 and -20 ms: the median is 40, after which the stray is 60 ms early.
    estimate = transcription((1.04, 2.04, 60), (1.04, 1.54, 64), (2.04, 3.04, 67), (2.98, 3.08, 72))
    scores = score_notes(REFERENCE, estimate)
    assert scores.median_deviation_ms == pytest.approx(40.0)
    assert scores.note.f1 == 1.0
    assert scores.note_aligned.f1 == 0.75


def test_alignment_before_the_start_of_the_audio():
    reference = transcription((0.0, 0.5, 60), (1.0, 1.5, 62), (2.0, 2.5, 64))
    estimate = transcription((0.0, 0.5, 60), (1.09, 1.59, 62), (2.09, 2.59, 64))
    scores = score_notes(reference, estimate)  # the first note goes to -90 ms
    assert scores.note_aligned.recall == pytest.approx(2 / 3)


def test_frames_worked_out_by_hand():
    reference = transcription((0.0, 0.1, 60))  # cells 0 to 9
    estimate = transcription((0.05, 0.2, 60), (0.0, 0.05, 61))  # cells 5 to 19, and 5 others
    assert score_notes(reference, estimate).frame == PRF(5 / 20, 5 / 10, pytest.approx(10 / 30))


def test_overlapping_notes_of_one_pitch_fill_a_cell_once_and_match_once():
    reference = transcription((0.0, 1.0, 60), (0.5, 1.5, 60))
    estimate = transcription((0.0, 1.5, 60))
    scores = score_notes(reference, estimate)
    assert scores.frame == PRF(1.0, 1.0, 1.0)
    assert scores.note == PRF(1.0, 0.5, pytest.approx(2 / 3))


def test_frames_agree_with_mir_eval_multipitch(rng):
    reference = random_notes(rng, 60, 10.0)
    estimate = disturbed(reference, rng)
    times = np.arange(0, 1300) * 0.01 + 0.005

    def sounding(source):
        return [
            mir_eval.util.midi_to_hz(
                np.array(sorted({float(n.pitch) for n in source.notes if n.onset <= t < n.offset}))
            )
            for t in times
        ]

    precision, recall, *_ = mir_eval.multipitch.metrics(
        times, sounding(reference), times, sounding(estimate)
    )
    scores = score_notes(reference, estimate)
    assert scores.frame.precision == pytest.approx(precision)
    assert scores.frame.recall == pytest.approx(recall)


def test_notes_agree_with_mir_eval_called_directly(rng):
    reference = random_notes(rng, 600, 30.0)
    estimate = disturbed(reference, rng)
    ref, est = mir_eval_arrays(reference.notes), mir_eval_arrays(estimate.notes)
    scores = score_notes(reference, estimate)
    for prf, options in [
        (scores.note, {"offset_ratio": None}),
        (scores.note_100ms, {"offset_ratio": None, "onset_tolerance": 0.1}),
        (scores.note_offset, {}),
    ]:
        expected = mir_eval.transcription.precision_recall_f1_overlap(*ref, *est, **options)
        assert 0.2 < prf.f1 < 1.0
        assert (prf.precision, prf.recall, prf.f1) == pytest.approx(expected[:3])


@pytest.fixture
def single_keys(rng):
    """A reference and an estimate whose keys sound far apart: only one matching is possible."""
    pitches = [*range(30, 90)] * 4
    reference = transcription(
        *((1.0 + i, 3.0 + i, p, int(rng.integers(20, 120))) for i, p in enumerate(pitches))
    )
    return reference, disturbed(reference, rng)


def velocity_arrays(source):
    velocities = np.array([n.velocity for n in source.notes], float)
    return *mir_eval_arrays(source.notes), velocities


def test_velocity_scores_agree_with_mir_eval_called_directly(single_keys):
    reference, estimate = single_keys
    expected = mir_eval.transcription_velocity.precision_recall_f1_overlap(
        *velocity_arrays(reference), *velocity_arrays(estimate)
    )
    scores = score_notes(reference, estimate)
    prf = scores.note_offset_velocity
    assert 0.1 < prf.f1 < scores.note_offset.f1
    assert (prf.precision, prf.recall, prf.f1) == pytest.approx(expected[:3])


def test_velocity_within_agrees_with_mir_eval_called_directly(single_keys):
    reference, estimate = single_keys
    scores = score_notes(reference, estimate)
    ref = velocity_arrays(reference)
    intervals, frequencies, velocities = velocity_arrays(estimate)
    intervals -= scores.median_deviation_ms / 1000
    right = mir_eval.transcription_velocity.match_notes(
        *ref, intervals, frequencies, velocities, offset_ratio=None
    )
    matched = mir_eval.transcription.match_notes(
        *ref[:2], intervals, frequencies, offset_ratio=None
    )
    assert 0.1 < scores.velocity_within < 1.0
    assert scores.velocity_within == pytest.approx(len(right) / len(matched))


def test_velocity_scale_and_offset_do_not_matter_but_order_does():
    halved = transcription(
        *((n.onset, n.offset, n.pitch, n.velocity // 2 + 5) for n in REFERENCE.notes)
    )
    assert score_notes(REFERENCE, halved).velocity_within == 1.0
    # 40, 60, 80, 100 heard as 40, 40, 40, 100: the best line misses the 60s by more than 0.1.
    velocities = [40, 40, 40, 100]
    flat = transcription(
        *((n.onset, n.offset, n.pitch, v) for n, v in zip(REFERENCE.notes, velocities, strict=True))
    )
    # Scaled: 0, 1/3, 2/3, 1. The three equal ones are fitted by their mean 1/3, the last exactly.
    assert score_notes(REFERENCE, flat).velocity_within == 0.5


@pytest.mark.parametrize(
    ("reference", "estimate"),
    [
        (Transcription(), REFERENCE),
        (REFERENCE, Transcription()),
        (Transcription(), Transcription()),
    ],
)
def test_nothing_to_compare_scores_zero_without_a_warning(reference, estimate):
    scores = score_notes(reference, estimate)
    assert scores.note == scores.note_aligned == scores.note_offset == scores.frame == PRF()
    assert scores.note_offset_velocity == PRF()
    assert (scores.velocity_within, scores.median_deviation_ms) == (0.0, 0.0)
    assert (scores.n_reference, scores.n_estimate) == (len(reference.notes), len(estimate.notes))


def test_five_thousand_notes_take_less_than_two_seconds(rng):
    reference = random_notes(rng, 5000, 600.0)
    estimate = disturbed(reference, rng)
    started = time.process_time()  # not the wall clock: other programs run too
    score_notes(reference, estimate)
    assert time.process_time() - started < 2.0


def test_mean_counts_each_piece_once():
    right = score_notes(REFERENCE, REFERENCE)
    wrong = score_notes(REFERENCE, transcription((9.0, 9.5, 30)))
    mean = mean_scores([right, wrong, wrong, wrong])
    assert mean.note == PRF(0.25, 0.25, 0.25)
    assert mean.velocity_within == 0.25
    assert (mean.n_reference, mean.n_estimate) == (16, 7)


def test_mean_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one piece"):
        mean_scores([])


def test_to_dict_survives_json():
    scores = score_notes(REFERENCE, shifted(REFERENCE, 0.08))
    read = json.loads(json.dumps(scores.to_dict()))
    assert read["note_aligned"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert read["median_deviation_ms"] == pytest.approx(80.0)
    assert read["n_reference"] == 4


def test_table_has_a_line_for_each_piece_and_the_mean():
    pieces = {
        "first piece": score_notes(REFERENCE, REFERENCE),
        "second": score_notes(REFERENCE, transcription((1.0, 2.0, 60), (1.04, 1.5, 64))),
    }
    lines = scores_table(pieces).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[0].split()[:5] == ["piece", "P", "R", "note", "aligned"]
    assert lines[2].startswith("first piece")
    assert lines[3].split()[:5] == ["second", "100.0", "50.0", "66.7", "66.7"]
    assert lines[-1].split()[:5] == ["mean", "100.0", "75.0", "83.3", "83.3"]


def test_a_reference_without_notes_has_no_part_in_the_mean():
    scored = score_notes(REFERENCE, shifted(REFERENCE, 0.08))
    empty = score_notes(transcription(), REFERENCE)
    assert mean_scores([empty, scored, empty]) == mean_scores([scored])
    assert not mean_scores([empty, empty]).is_scored

    lines = scores_table({"a": empty, "b": scored}).splitlines()
    assert lines[2].split() == ["a", *"-" * 11, "0", "4"]
    assert lines[-1].split()[1:] == lines[3].split()[1:]
    assert scores_table({"a": empty}).splitlines()[-1].split()[:3] == ["mean", "-", "-"]
