"""The resampler of what is heard live."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.audio import LiveResampler, StreamResampler

RATES = [8_000, 22_050, 44_100, 44_101, 48_000, 96_000, 767_999]
TARGET = 16_000


def resampled(resampler, sound, n_chunk):
    """What comes out of chunks of ``n_chunk`` samples, and the most seconds that it lay behind."""
    out, n_out, behind = [], 0, 0.0
    for first in range(0, len(sound), n_chunk):
        out.append(resampler.process(sound[first : first + n_chunk]))
        n_out += len(out[-1])
        n_in = min(first + n_chunk, len(sound))
        behind = max(behind, n_in / resampler.source_rate - n_out / resampler.target_rate)
    out.append(resampler.flush())
    return np.concatenate(out), behind


def tone(frequency, rate):
    return np.sin(2 * np.pi * frequency * np.arange(rate // 2) / rate).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_keeps_its_level_and_its_place(rate):
    heard, _ = resampled(LiveResampler(rate, TARGET), tone(3_000, rate), rate // 100)

    expected = tone(3_000, TARGET)
    assert len(heard) == len(expected)
    inside = slice(200, -200)
    np.testing.assert_allclose(heard[inside], expected[inside], atol=1e-3)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("frequency", [8_700, 12_000, 20_000])
def test_what_the_lower_rate_cannot_hold_is_left_out(rate, frequency):
    heard, _ = resampled(LiveResampler(rate, TARGET), tone(frequency, rate), 500)

    assert np.abs(heard[200:-200]).max() < 1e-4


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_little_waits(rate):
    _, behind = resampled(LiveResampler(rate, TARGET), tone(440, rate), rate // 100)

    assert behind < 0.0035


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("n_samples", [1, 2, 999, 5_000])
def test_as_long_as_the_exact_one_whatever_the_chunks(rate, n_samples, rng):
    sound = rng.standard_normal(n_samples).astype(np.float32)

    whole, _ = resampled(LiveResampler(rate, TARGET), sound, n_samples)
    pieces, _ = resampled(LiveResampler(rate, TARGET), sound, 77)
    exact, _ = resampled(StreamResampler(rate, TARGET), sound, n_samples)

    assert len(whole) == len(exact)
    np.testing.assert_array_equal(pieces, whole)


def test_equal_rates_change_nothing(rng):
    sound = rng.standard_normal(100).astype(np.float32)
    resampler = LiveResampler(TARGET, TARGET)

    np.testing.assert_array_equal(resampler.process(sound), sound)
    assert len(resampler.flush()) == 0


def test_what_is_wrong_is_said():
    with pytest.raises(ValueError, match="1 kHz to 768 kHz, got 10"):
        LiveResampler(10, TARGET)
    resampler = LiveResampler(48_000, TARGET)
    with pytest.raises(ValueError, match="1-D float32, got 2-D float32"):
        resampler.process(np.zeros((2, 2), dtype=np.float32))
    assert len(resampler.flush()) == 0
    with pytest.raises(ValueError, match="flush has ended this stream"):
        resampler.process(np.zeros(5, dtype=np.float32))
    with pytest.raises(ValueError, match="flushed before"):
        resampler.flush()
