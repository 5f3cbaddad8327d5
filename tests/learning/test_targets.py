import numpy as np

from amtstudio.features import FrameGrid
from amtstudio.learning.targets import render_targets

GRID = FrameGrid(16000, 1600)  # ten frames a second
NO_PEDALS = np.zeros((0, 2))


def test_an_onset_is_shared_between_the_two_nearest_frames():
    notes = np.array([[0.325, 0.8, 60, 127.0]])
    targets = render_targets(notes, NO_PEDALS, GRID, 10)
    column = targets.onset[:, 60 - 21]
    np.testing.assert_allclose(column[3:5], [0.75, 0.25], atol=1e-6)
    assert column.sum() == 1.0
    # The centroid gives the time back.
    assert np.isclose((column * np.arange(10)).sum() / 10, 0.325)


def test_frames_hold_the_share_of_their_width_that_sounds():
    targets = render_targets(np.array([[0.3, 0.62, 60, 64.0]]), NO_PEDALS, GRID, 10)
    np.testing.assert_allclose(targets.frame[:, 39], [0, 0, 0, 0.5, 1, 1, 0.7, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(targets.offset[5:8, 39], [0, 0.8, 0.2], atol=1e-6)
    np.testing.assert_allclose(targets.velocity[2:6, 39], [0, 64 / 127, 64 / 127, 0], atol=1e-6)


def test_what_lies_outside_is_cut_and_nothing_wraps_around():
    notes = np.array([[-0.5, 0.2, 60, 64.0], [0.7, 5.0, 62, 64.0], [-2.0, -1.0, 64, 64.0]])
    targets = render_targets(notes, np.array([[-1.0, 0.15], [0.8, 9.0]]), GRID, 10)
    assert targets.onset[:, 39].sum() == 0
    np.testing.assert_allclose(targets.frame[:4, 39], [1, 1, 0.5, 0], atol=1e-6)
    assert targets.offset[:, 41].sum() == 0
    assert targets.frame[:, 43].sum() == 0
    np.testing.assert_allclose(targets.pedal[[0, 1, 2, 7, 9]], [1, 1, 0, 0, 1], atol=1e-6)
