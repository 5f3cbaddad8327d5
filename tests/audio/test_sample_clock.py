import pytest

from amtstudio.audio.sample_clock import Pace, SampleClock


def fed(stated, given, seconds, *, block_s=0.01, late=lambda i: 0.0, gap_at=None):
    """A clock that saw blocks; ``late(i)``: seconds by which block i comes too late."""
    clock = SampleClock(stated)
    size = round(block_s * stated)
    last = 0.0
    for i in range(round(seconds * given / size)):
        last = max(last, (i + 1) * size / given + late(i))
        clock.add(size, 100.0 + last, gap=i == gap_at)
    return clock


@pytest.mark.parametrize(("stated", "given"), [(48000, 16000), (44100, 22050), (48000, 8000)])
def test_another_rate_is_certain_after_a_moment(stated, given):
    assert fed(stated, given, 3.0).pace == Pace(given, is_certain=True)
    assert fed(stated, given, 0.9).pace is None


def test_rates_that_are_near_take_longer():
    assert fed(48000, 44100, 3.0).pace is None
    assert fed(48000, 44100, 7.0).pace == Pace(44100, is_certain=True)


def test_a_rate_that_no_device_has_is_doubtful():
    assert fed(48000, 36500, 5.0).pace is None
    pace = fed(48000, 36500, 14.0).pace
    assert pace is not None
    assert (pace.rate, pace.is_certain) == (pytest.approx(36500, rel=0.03), False)


@pytest.mark.parametrize(
    "late",
    [
        lambda i: 0.0,
        lambda i: 0.3 if i < 40 else 0.0,  # what waited for the stream comes at once
        lambda i: 0.1 - 0.01 * (i % 10),  # bursts, as by radio
        lambda i: 1.5 if 100 < i < 250 else 0.0,  # the machine stands still for a moment
        lambda i: 0.004 * (i % 3),
    ],
)
def test_lateness_is_not_taken_for_another_rate(late):
    for seconds in (1.0, 2.0, 4.0, 8.0, 20.0):
        assert fed(44100, 44100, seconds, late=late).pace is None


def test_lost_samples_begin_the_count_anew():
    assert fed(48000, 24000, 1.8, gap_at=50).pace is None
    assert fed(48000, 24000, 4.0, gap_at=50).pace == Pace(24000, is_certain=True)
