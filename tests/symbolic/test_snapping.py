"""To the lines of beats."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.symbolic import TempoMap
from amtstudio.symbolic.snapping import BeatGrid

# A beat at 1.0, 2.0, 2.6, 3.2, 3.8 s: the second is shorter than the first.
TEMPO = TempoMap([1.0, 2.0, 2.6, 3.2, 3.8], [True, False, False, False, True])


@pytest.mark.parametrize(
    ("parts", "second", "expected"),
    [
        ((1,), 1.4, 1.0),
        ((1,), 1.6, 2.0),
        ((2,), 1.4, 1.5),
        ((4,), 2.14, 2.15),
        ((3,), 2.21, 2.2),
        ((4, 3), 1.3, 1 + 1 / 3),  # a triplet is nearer than the quarter of the beat
        ((4, 3), 1.27, 1.25),
        ((4,), 4.1, 4.1),  # after the last beat it goes on evenly
        ((1,), 0.2, 0.0),
        ((1,), 0.1, 0.0),
    ],
)
def test_the_nearest_line(parts, second, expected):
    assert BeatGrid(TEMPO, parts).nearest(second) == pytest.approx(expected)


def test_there_is_no_line_before_the_recording():
    grid = BeatGrid(TempoMap([0.3, 0.9], [True, False]))
    assert grid.nearest(0.0) == pytest.approx(0.0, abs=1e-9)
    wide = BeatGrid(TempoMap([0.5, 1.2], [True, False]), (1,))
    assert wide.nearest(0.1) == pytest.approx(0.5)
    assert wide.before(0.4) == 0.0


def test_lines_follow_one_another_both_ways():
    grid = BeatGrid(TEMPO, (4, 3))
    forth = [1.0]
    while forth[-1] < 3.7:
        forth.append(grid.after(forth[-1]))
    inner = sorted({0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4})
    expected = TEMPO.to_seconds([beat + place for beat in range(5) for place in inner])
    np.testing.assert_allclose(forth, expected[: len(forth)], atol=1e-9)
    back = [forth[-1]]
    while back[-1] > 1.01:
        back.append(grid.before(back[-1]))
    np.testing.assert_allclose(back[::-1], forth, atol=1e-9)


def test_what_divides_beats_is_between_them():
    grid = BeatGrid(TEMPO, (2,))
    np.testing.assert_allclose(grid.between(1.2, 3.0), [1.5, 2.3, 2.9])
    assert not len(BeatGrid(TEMPO, (1,)).between(0.0, 9.0))


@pytest.mark.parametrize("parts", [(), (0,), (17,)])
def test_parts_that_are_none_are_refused(parts):
    with pytest.raises(ValueError, match="parts must be"):
        BeatGrid(TEMPO, parts)
