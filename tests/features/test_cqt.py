from __future__ import annotations

import numpy as np
import pytest
import torch

from amtstudio.features.cqt import Cqt, cqt_window_lengths


@pytest.fixture(scope="module")
def cqt():
    return Cqt()


def direct(audio, middle, frequencies, lengths):
    """The definition, in the time domain: one windowed sum of products for each bin."""
    magnitudes = []
    for frequency, length in zip(frequencies, lengths, strict=True):
        window = np.hanning(length + 2)[1:-1]
        part = audio[middle - length // 2 : middle + length // 2 + 1]
        turns = np.exp(-2j * np.pi * frequency / 16000 * np.arange(length))
        magnitudes.append(2 * abs(np.sum(part * window * turns)) / window.sum())
    return np.array(magnitudes)


def sine(frequency, n_samples, amplitude=1.0):
    return amplitude * np.sin(2 * np.pi * frequency / 16000 * np.arange(n_samples) + 0.3)


def run(cqt, audio):
    return cqt(torch.from_numpy(audio.astype(np.float32))[None])[0].numpy()


def test_bins_are_quarter_tones_from_a0(cqt):
    assert cqt.frequencies[0] == 27.5
    np.testing.assert_allclose(cqt.frequencies[[24, 96, 102]], [55.0, 440.0, 523.2511], rtol=1e-6)
    assert len(cqt.frequencies) == 176
    # Q = 1 / (2^(1/24) - 1) = 34.127 periods of 440 Hz are 1241 samples.
    assert cqt_window_lengths(cqt.frequencies, 16000, 24)[96] == 1241


@pytest.mark.parametrize("pitch", [21, 33, 45, 60, 69, 81, 96, 108])
def test_a_sine_peaks_in_its_bin_with_its_amplitude(cqt, pitch):
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    peak = 2 * (pitch - 21)
    magnitudes = run(cqt, sine(frequency, 2 * cqt.margin, amplitude=0.25))[0]
    assert magnitudes.argmax() == peak
    assert magnitudes[peak] == pytest.approx(0.25, rel=0.01)
    assert magnitudes[np.abs(np.arange(176) - peak) > 2].max() < 0.04 * 0.25


def test_equal_to_the_definition(cqt, rng):
    hop = cqt.hop_length
    audio = rng.normal(0, 0.1, 2 * hop + 2 * cqt.margin)
    for amplitude, frequency in ((0.5, 61.0), (0.3, 333.0), (0.2, 2000.0), (0.1, 3900.0)):
        audio += sine(frequency, len(audio), amplitude)
    found = run(cqt, audio)
    assert found.shape == (3, 176)
    lengths = cqt_window_lengths(cqt.frequencies, 16000, 24)
    for frame in range(3):
        expected = direct(audio, cqt.margin + frame * hop, cqt.frequencies, lengths)
        np.testing.assert_allclose(found[frame], expected, rtol=0, atol=1e-4)


def test_a_frame_is_centred_on_its_sample(cqt):
    audio = np.zeros(40 * 512 + 2 * cqt.margin)
    audio[cqt.margin + 20 * 512] = 1.0
    found = run(cqt, audio)
    assert (found[:, 100:].argmax(axis=0) == 20).all()
    np.testing.assert_allclose(found[:20], found[:20:-1], atol=1e-6)


def test_wrong_shapes_and_bins_are_refused(cqt):
    with pytest.raises(ValueError, match=f"at least {2 * cqt.margin} samples"):
        cqt(torch.zeros(1, 2 * cqt.margin - 1))
    with pytest.raises(ValueError, match=r"between 0 and 8000\.0 Hz"):
        Cqt(n_bins=200)


@pytest.mark.parametrize(("sample_rate", "hop"), [(22050, 256), (44100, 441), (8000, 512)])
def test_other_sample_rates_and_hops_give_the_definition_too(rng, sample_rate, hop):
    cqt = Cqt(sample_rate=sample_rate, hop_length=hop, fmin=32.7, bins_per_octave=12, n_bins=80)
    audio = rng.normal(0, 0.1, hop + 2 * cqt.margin)
    found = run(cqt, audio)
    assert found.shape == (2, 80)
    lengths = cqt_window_lengths(cqt.frequencies, sample_rate, 12)
    middle = cqt.margin + hop
    expected = direct(audio, middle, cqt.frequencies * 16000 / sample_rate, lengths)
    np.testing.assert_allclose(found[1], expected, rtol=0, atol=1e-5)
