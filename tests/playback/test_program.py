"""Order of playing, the ring buffer, and the mix."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.playback.feed import Feed
from amtstudio.playback.mixer import Mixer, crossfade_gains
from amtstudio.playback.program import Loop, Program

RATE = 1000  # Hz: a seam of 10 samples


class Ramp:
    """Sample i is i: what is read tells where it came from."""

    def read(self, start, n_samples):
        return np.arange(start, start + n_samples, dtype=np.float32)


class Constant:
    def read(self, start, n_samples):
        return np.ones(n_samples, dtype=np.float32)


def program(track=None, *, position=0, n_samples=1000, loop=None):
    return Program(
        [track or Ramp()], sample_rate=RATE, position=position, n_samples=n_samples, loop=loop
    )


def feed_of(program, capacity=256):
    return Feed(program, scale=RATE, capacity=capacity, n_tracks=1)


def test_a_program_reads_to_its_end():
    playing = program(position=990)
    block, marks = playing.read(100)
    np.testing.assert_array_equal(block[:, 0], np.arange(990, 1000))
    assert marks == [(0, 990)]
    assert playing.has_ended
    assert playing.read(5)[0].shape == (0, 1)


def test_a_loop_lasts_exactly_as_long_as_it_should():
    playing = program(position=100, loop=Loop(100, 200))
    rounds = playing.read(350)[0][:, 0].reshape(-1, 50)
    np.testing.assert_array_equal(rounds[0], np.arange(100, 150))
    np.testing.assert_array_equal(rounds[2], np.arange(100, 150))
    np.testing.assert_array_equal(rounds[1], rounds[3])
    # Plain up to the seam, which begins as the end of the loop and ends as what leads into it.
    np.testing.assert_array_equal(rounds[1][:40], np.arange(150, 190))
    assert rounds[1][40] == pytest.approx(190)
    assert rounds[1][49] == pytest.approx(99)


def test_the_seam_keeps_the_power_whatever_the_blocks():
    cut = program(Constant(), loop=Loop(20, 60))
    whole = program(Constant(), loop=Loop(20, 60)).read(90)[0]
    pieces = np.concatenate([cut.read(7)[0] for _ in range(13)])[:90]
    np.testing.assert_allclose(pieces, whole, atol=1e-6)
    # Sum of cosine and sine: their squares add up to one.
    angle = np.linspace(0.0, np.pi / 2, 10)
    np.testing.assert_allclose(whole[50:60, 0], np.cos(angle) + np.sin(angle), atol=1e-6)


def test_a_loop_shorter_than_its_seam_still_works():
    out = program(Constant(), loop=Loop(5, 8)).read(50)[0]
    assert np.isfinite(out).all()
    assert out.max() <= 1.5


def test_a_loop_must_have_a_length():
    with pytest.raises(ValueError, match="begin < end"):
        Loop(10, 10)


def test_a_feed_gives_what_the_program_reads_and_knows_where_it_lies():
    feed = feed_of(program(position=50, n_samples=10_000, loop=Loop(0, 700)), capacity=300)
    taken = []
    for _ in range(20):
        feed.fill(300)
        where = feed.seconds_at(feed.n_taken)
        block = feed.take(130)[:, 0]
        taken.append(block)
        if 10 < where * RATE < 500:
            assert block[0] == pytest.approx(where * RATE)
    expected = program(position=50, loop=Loop(0, 700)).read(20 * 130)[0][:, 0]
    np.testing.assert_array_equal(np.concatenate(taken), expected)
    assert len(feed._marks) < 5


def test_a_feed_gives_less_rather_than_wait():
    feed = feed_of(program())
    feed.fill(10)
    assert len(feed.take(30)) == 10
    assert len(feed.take(30)) == 0
    assert not feed.is_finished


def test_a_following_feed_passes_over_what_was_played_meanwhile():
    old = feed_of(program(n_samples=5000))
    old.fill(200)
    old.take(50)
    new = Feed(
        program(position=100, n_samples=5000), scale=2 * RATE, capacity=256, n_tracks=1, follows=old
    )
    new.fill(200)
    old.take(30)
    new.catch_up()
    assert new.take(1)[0, 0] == 100 + 2 * 30


@pytest.mark.parametrize("balance", np.linspace(0.0, 1.0, 11))
def test_the_powers_of_a_crossfade_add_up_to_one(balance):
    original, notes = crossfade_gains(float(balance))
    assert original**2 + notes**2 == pytest.approx(1.0)
    assert crossfade_gains(0.0) == (1.0, 0.0)
    assert crossfade_gains(1.0) == (0.0, 1.0)


def test_a_feed_that_is_late_is_counted_and_silent():
    mixer = Mixer()
    mixer.gains = np.ones(2, dtype=np.float32)
    feed = Feed(
        Program([Constant(), Constant()], sample_rate=RATE, position=0, n_samples=5000),
        scale=RATE,
        capacity=256,
        n_tracks=2,
    )
    feed.fill(100)
    mixer.waiting_feed = feed
    mixer.is_open = True
    out = np.ones(150, dtype=np.float32)
    mixer.pull(out)
    assert mixer.n_late == 50
    assert not out[100:].any()
    assert np.abs(out).max() <= 1.0  # two full tracks are kept within full scale
