from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from amtstudio.audio import StreamResampler


def resampled(audio, source_rate, target_rate, chunk=480):
    resampler = StreamResampler(source_rate, target_rate)
    chunks = [resampler.process(audio[i : i + chunk]) for i in range(0, len(audio), chunk)]
    return np.concatenate([*chunks, resampler.flush()])


@pytest.mark.parametrize("rates", [(44100, 16000), (16000, 44100), (48000, 16000), (768000, 1000)])
def test_the_cut_into_chunks_does_not_matter(rng, rates):
    audio = rng.standard_normal(30_000).astype(np.float32)
    whole = resampled(audio, *rates, chunk=len(audio))
    for chunk in (480, 1021):
        np.testing.assert_array_equal(resampled(audio, *rates, chunk=chunk), whole)


@pytest.mark.parametrize(
    ("n_samples", "rates", "expected"),
    [
        (44100, (44100, 16000), 16000),
        (100_001, (44100, 16000), 36282),  # 36281.5
        (1, (8000, 16000), 2),
        (1, (44100, 16000), 1),  # 0.36: a single sample is audio too
        (3, (192000, 16000), 1),  # 0.25
        (0, (44100, 16000), 0),
        (5, (16000, 16000), 5),
    ],
)
def test_length(n_samples, rates, expected):
    assert len(resampled(np.ones(n_samples, np.float32), *rates)) == expected


def test_a_sine_stays_the_sine_at_the_same_time():
    t_in, t_out = np.arange(48000) / 48000, np.arange(16000) / 16000
    out = resampled(np.sin(2 * np.pi * 1000 * t_in).astype(np.float32), 48000, 16000)
    inner = slice(500, -500)
    np.testing.assert_allclose(out[inner], np.sin(2 * np.pi * 1000 * t_out)[inner], atol=1e-5)


def test_agrees_with_scipy_on_a_band_limited_signal(rng):
    slow = np.zeros(32000)
    slow[::8] = rng.standard_normal(4000)
    audio = resample_poly(slow, 1, 1, window=("kaiser", 5.0))
    audio = np.convolve(audio, np.hanning(64), mode="same").astype(np.float32)
    np.testing.assert_allclose(
        resampled(audio, 32000, 16000)[200:-200],
        resample_poly(audio.astype(float), 1, 2, window=("kaiser", 12.0))[200:-200],
        atol=2e-2 * np.abs(audio).max(),
    )


def test_what_would_alias_is_gone():
    t = np.arange(44100) / 44100
    out = resampled(np.sin(2 * np.pi * 9000 * t).astype(np.float32), 44100, 16000)
    assert np.abs(out[500:-500]).max() < 1e-5


def test_equal_rates_pass_through(rng):
    audio = rng.standard_normal(1000).astype(np.float32)
    np.testing.assert_array_equal(resampled(audio, 16000, 16000), audio)


def test_misuse_is_refused():
    with pytest.raises(ValueError, match="1 kHz to 768 kHz"):
        StreamResampler(44100, 999)
    resampler = StreamResampler(44100, 16000)
    with pytest.raises(ValueError, match="1-D float32, got 2-D float32"):
        resampler.process(np.zeros((4, 2), np.float32))
    with pytest.raises(ValueError, match="1-D float32, got 1-D float64"):
        resampler.process(np.zeros(4))
    resampler.flush()
    with pytest.raises(ValueError, match="flushed before"):
        resampler.flush()
    with pytest.raises(ValueError, match="flush has ended"):
        resampler.process(np.zeros(4, np.float32))
