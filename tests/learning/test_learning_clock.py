import time

import pytest

from amtstudio.learning.learning_clock import LearningClock


class Given:
    """A clock that shows what it is told."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clocks():
    wall, own = Given(), Given()
    return wall, own, LearningClock(wall, own)


def test_on_a_free_computer_it_goes_like_the_clock_on_the_wall(clocks):
    wall, own, learning = clocks
    wall.now, own.now = 160.0, 160.0
    assert learning() == 60.0
    assert learning.slowness == 1.0


def test_what_other_programs_take_is_not_counted_down_to_a_quarter(clocks):
    wall, own, learning = clocks
    wall.now, own.now = 160.0, 130.0
    assert learning() == 30.0
    assert learning.slowness == 2.0
    wall.now, own.now = 260.0, 131.0  # hardly any turn for a hundred seconds
    assert learning() == 30.0 + 25.0


def test_several_threads_do_not_make_it_go_faster_than_time(clocks):
    wall, own, learning = clocks
    wall.now, own.now = 110.0, 140.0
    assert learning() == 10.0


def test_before_anything_was_learned_nothing_is_known_to_be_slow(clocks):
    assert clocks[2].slowness == 1.0


def test_a_thread_that_waits_learns_a_quarter_as_long():
    learning = LearningClock(time.monotonic)
    time.sleep(0.2)
    assert 0.04 < learning() < 0.15
