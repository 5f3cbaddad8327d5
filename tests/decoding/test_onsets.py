import numpy as np
import pytest

from amtstudio.decoding import peak_onsets


def column(*values):
    return np.array(values, dtype=np.float32)[:, None]


def test_plateau_counts_once_at_its_start():
    probs = np.zeros((8, 2), dtype=np.float32)
    probs[2, 0], probs[3, 0], probs[4, 0], probs[6, 1] = 0.7, 0.7, 0.7, 0.9
    peaks = peak_onsets(probs)
    assert list(zip(peaks.frame, peaks.pitch, strict=True)) == [(2, 0), (6, 1)]


def test_score_is_the_maximum_and_both_neighbours():
    peaks = peak_onsets(column(0, 0.1, 0.4, 0.3, 0), threshold=0.7)
    assert peaks.score == pytest.approx([0.8])
    assert peaks.neighbour.tolist() == [3]
    assert len(peak_onsets(column(0, 0.1, 0.4, 0.3, 0), threshold=0.81).frame) == 0


def test_score_never_exceeds_one():
    assert peak_onsets(column(0, 0.9, 0.8, 0)).score.tolist() == [1.0]


@pytest.mark.parametrize("true_frame", [3.0, 3.2, 3.5, 3.8])
def test_position_of_an_exact_target_is_exact(true_frame):
    share = true_frame - 3
    peaks = peak_onsets(column(0, 0, 0, 1 - share, share, 0, 0))
    assert peaks.position == pytest.approx([true_frame], abs=1e-6)


def test_position_of_a_symmetric_peak_is_its_middle():
    assert peak_onsets(column(0, 0.3, 0.5, 0.3, 0)).position.tolist() == [2.0]


def test_peaks_at_both_ends_count():
    peaks = peak_onsets(column(0.8, 0, 0, 0, 0.9))
    assert peaks.frame.tolist() == [0, 4]
    assert peaks.position.tolist() == [0.0, 4.0]


def test_smaller_peak_within_the_half_width_is_no_onset():
    probs = column(0, 0.9, 0.2, 0.7, 0, 0)
    assert peak_onsets(probs, half_width=2).frame.tolist() == [1]
    assert peak_onsets(probs, half_width=1).frame.tolist() == [1, 3]


def test_peaks_match_a_plain_search(rng):
    probs = np.round(rng.random((60, 5)), 1).astype(np.float32)
    padded = np.pad(probs, ((2, 2), (0, 0)), constant_values=-1)
    expected = [
        (frame, pitch)
        for frame in range(60)
        for pitch in range(5)
        if probs[frame, pitch] > padded[frame : frame + 2, pitch].max()
        and probs[frame, pitch] >= padded[frame + 3 : frame + 5, pitch].max()
        and probs[frame, pitch] > 0
    ]
    peaks = peak_onsets(probs, threshold=1e-6)
    assert list(zip(peaks.frame, peaks.pitch, strict=True)) == expected


def test_peak_onsets_refuses_logits():
    with pytest.raises(ValueError, match="sigmoid"):
        peak_onsets(np.array([[-3.0, 4.0]]))


def test_peak_onsets_refuses_nan():
    with pytest.raises(ValueError, match="sigmoid"):
        peak_onsets(np.array([[np.nan, 0.5]]))


def test_peak_onsets_refuses_a_vector():
    with pytest.raises(ValueError, match=r"\(n_frames, n_pitches\)"):
        peak_onsets(np.zeros(5))
