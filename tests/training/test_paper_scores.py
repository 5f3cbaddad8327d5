import mir_eval
import numpy as np
import pytest

from amtstudio.decoding import Activations
from amtstudio.decoding.frame_runs import FRAME_RUNS
from amtstudio.features import FrameGrid
from amtstudio.symbolic import Note, Transcription
from amtstudio.symbolic.heads import FRAME, VELOCITY, Drums, Head, HeadKind, Pitches
from training.paper_scores import frame_roll, frame_scores, paper_scores, paper_table

GRID = FrameGrid(16000, 1600)  # ten frames a second


def activations(frame, *, axis=None, first_frame=0):
    head = FRAME if axis is None else Head("frame", HeadKind.SOUND, axis)
    return Activations((head,), {"frame": frame}, GRID, first_frame, FRAME_RUNS)


def test_a_note_fills_the_frames_nearest_to_it():
    truth = Transcription((Note(0.32, 0.68, 60), Note(0.9, 0.91, 72), Note(0.0, 9.0, 20)))
    roll = frame_roll(truth, activations(np.zeros((10, 88))))
    assert [tuple(cell) for cell in np.argwhere(roll)] == [
        *((frame, 39) for frame in (3, 4, 5, 6)),
        (9, 51),
    ]


def test_a_stretch_and_another_range_of_pitches_are_minded():
    part = activations(np.zeros((3, 2)), axis=Pitches(59, 2), first_frame=5)
    roll = frame_roll(Transcription((Note(0.32, 0.68, 60),)), part)
    assert [tuple(cell) for cell in np.argwhere(roll)] == [(0, 1), (1, 1)]


def test_models_without_sounding_pitches_are_refused():
    drums = Drums(("kick",), (36,))
    with pytest.raises(ValueError, match="no sounding pitches"):
        frame_roll(Transcription(()), activations(np.zeros((3, 1)), axis=drums))
    onset = Head("onset", HeadKind.EVENT)
    values = {"onset": np.zeros((3, 88)), "velocity": np.zeros((3, 88))}
    with pytest.raises(ValueError, match="no sounding pitches"):
        frame_roll(Transcription(()), Activations((onset, VELOCITY), values, GRID))


def test_frame_scores_worked_out_by_hand():
    roll = np.array([[True, False], [True, False], [True, True]])
    probs = np.array([[0.9, 0.8], [0.4, 0.1], [0.6, 0.2]], dtype=np.float32)
    prf, precision, accuracy = frame_scores(roll, probs, 0.5)
    # Found: 0.9 and 0.6, rightly, and 0.8; missed: 0.4 and 0.2.
    assert (prf.precision, prf.recall) == (pytest.approx(2 / 3), pytest.approx(0.5))
    assert accuracy == pytest.approx(2 / 5)
    # Best first: hit, miss, hit, hit, hit, miss.
    assert precision == pytest.approx((1 + 2 / 3 + 3 / 4 + 4 / 5) / 4)


def test_the_threshold_does_not_enter_average_precision(rng):
    roll = rng.random((50, 88)) < 0.05
    probs = np.clip(0.3 * roll + 0.5 * rng.random((50, 88)), 0, 1).astype(np.float16)
    assert frame_scores(roll, probs, 0.2)[1] == frame_scores(roll, probs, 0.7)[1]


def test_mir_eval_agrees_on_precision_recall_and_accuracy(rng):
    roll = rng.random((40, 88)) < 0.05
    probs = np.clip(0.4 * roll + 0.5 * rng.random((40, 88)), 0, 1)
    times = np.arange(40) * 0.1

    def frequencies(cells):
        return [mir_eval.util.midi_to_hz(np.flatnonzero(row) + 21) for row in cells]

    judged = mir_eval.multipitch.evaluate(
        times, frequencies(roll), times, frequencies(probs >= 0.5)
    )
    prf, _, accuracy = frame_scores(roll, probs, 0.5)
    assert prf.precision == pytest.approx(judged["Precision"])
    assert prf.recall == pytest.approx(judged["Recall"])
    assert accuracy == pytest.approx(judged["Accuracy"])


def test_nothing_found_and_nothing_there_is_0():
    empty = np.zeros((4, 88), dtype=bool)
    prf, precision, accuracy = frame_scores(empty, np.zeros((4, 88)), 0.5)
    assert (prf.f1, precision, accuracy) == (0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="two arrays alike"):
        frame_scores(empty, np.zeros((5, 88)), 0.5)


def test_the_table_has_means_and_the_spread_over_recordings():
    reference = Transcription((Note(0.3, 0.7, 60), Note(1.0, 2.0, 64)))
    frame = np.zeros((25, 88), dtype=np.float32)
    frame[3:7, 39] = 0.9  # the first note alone, exactly
    half = paper_scores(
        reference, Transcription(reference.notes[:1]), activations(frame), threshold=0.5
    )
    assert (half.note.f1, half.note_offset.f1) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (half.frame.precision, half.frame.recall) == (1.0, pytest.approx(4 / 14))
    frame[10:20, 43] = 0.8
    whole = paper_scores(reference, reference, activations(frame), threshold=0.5)
    assert (whole.accuracy, whole.average_precision) == (1.0, 1.0)
    line = paper_table({"both": [half, whole]}).splitlines()[-1].split()
    assert line[0] == "both"
    assert line[6] == "100.0"  # precision of notes
    assert line[8] == "83.3±16.7"
    with pytest.raises(ValueError, match="at least one recording"):
        paper_table({"none": []})
