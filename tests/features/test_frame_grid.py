import pytest

from amtstudio.features import FrameGrid


def test_an_hour_of_frames_does_not_drift():
    grid = FrameGrid(16000, 512)
    assert grid.to_seconds(112500) == 3600.0
    assert grid.to_frame(3600.0) == 112500


def test_n_frames_counts_centres_inside_the_audio():
    grid = FrameGrid(16000, 512)
    assert [grid.n_frames(n) for n in (0, 1, 512, 513)] == [0, 1, 1, 2]


def test_frame_grid_refuses_a_hop_of_zero():
    with pytest.raises(ValueError, match="positive"):
        FrameGrid(16000, 0)
