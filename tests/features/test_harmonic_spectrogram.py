import numpy as np
import pytest
import torch

from amtstudio.features.harmonic_spectrogram import (
    HarmonicSpectrogram,
    HarmonicSpectrogramConfig,
    bin_frequencies,
    harmonic_bins,
    log_frequency_filters,
)

CONFIG = HarmonicSpectrogramConfig()
N_FRAMES = 12


@pytest.fixture(scope="module")
def spectrogram():
    return HarmonicSpectrogram(CONFIG)


def sine(frequency, amplitude, spectrogram):
    n_samples = (N_FRAMES - 1) * CONFIG.hop_length + 2 * spectrogram.margin
    times = torch.arange(n_samples, dtype=torch.float64) / CONFIG.sample_rate
    return (amplitude * torch.sin(2 * np.pi * frequency * times)).float()[None]


def magnitudes(spectrogram, audio, level):
    scaled = spectrogram.log_frequency(audio, torch.full((1, N_FRAMES), level))
    return torch.exp(scaled * 2.5 - 6.0) - CONFIG.floor


@pytest.mark.parametrize("pitch", [45, 60, 69, 81, 105])
def test_a_sine_peaks_in_the_middle_bin_of_its_key(spectrogram, pitch):
    frequency = 440.0 * 2 ** ((pitch - 69) / 12)
    values = magnitudes(spectrogram, sine(frequency, 0.3, spectrogram), 1.0)
    # The short window cannot tell neighbours in the bass.
    for window in range(2 if pitch >= 60 else 1):
        peak = values[0, N_FRAMES // 2, window]
        assert peak[3 * (pitch - 21) + 1] >= 0.95 * peak.max()


def test_magnitudes_are_in_proportion_to_the_amplitude(spectrogram):
    soft = magnitudes(spectrogram, sine(440.0, 0.1, spectrogram), 1.0)[..., 145]
    loud = magnitudes(spectrogram, sine(440.0, 0.3, spectrogram), 1.0)[..., 145]
    np.testing.assert_allclose(loud / soft, 3.0, rtol=1e-2)
    middle = soft[0, N_FRAMES // 2]
    assert ((middle > 0.1) & (middle < 0.24)).all()


def test_features_do_not_depend_on_the_gain_of_a_recording(spectrogram):
    loud, soft = sine(440.0, 0.5, spectrogram), sine(440.0, 0.005, spectrogram)
    level = torch.full((1, N_FRAMES), 0.5)
    np.testing.assert_allclose(
        spectrogram(loud, level), spectrogram(soft, level / 100), rtol=0, atol=1e-3
    )


def test_each_key_sees_its_own_harmonics_at_the_same_place(spectrogram):
    level = torch.full((1, N_FRAMES), 0.3)
    seen = []
    for pitch in (57, 69):
        audio = sine(440.0 * 2 ** ((pitch - 69) / 12), 0.3, spectrogram)
        seen.append(spectrogram(audio, level)[0, :, N_FRAMES // 2, pitch - 21])
    fundamental = [h * 3 + 1 for h, value in enumerate(CONFIG.harmonics) if value == 1]
    assert int(seen[0][:39].argmax()) == int(seen[1][:39].argmax()) == fundamental[0]


def test_harmonic_bins_of_a_key_worked_out_by_hand():
    bins, inside = harmonic_bins(CONFIG)
    octave = CONFIG.harmonics.index(2)
    assert bins[0, octave * 3 : octave * 3 + 3].tolist() == [36, 37, 38]
    assert not inside[0, :6].any()  # no sub-harmonics below A0
    assert not inside[87, octave * 3 + 3]  # 3 x 4186 Hz is beyond 8 kHz


def test_no_filter_falls_between_two_lines():
    for window_length, n_fft in ((6144, 8192), (2048, 2048)):
        filters = log_frequency_filters(CONFIG, window_length, n_fft)
        assert filters.shape == (len(bin_frequencies(CONFIG)), n_fft // 2 + 1)
        np.testing.assert_allclose(filters.max(axis=1), 1.0)


def test_banded_product_equals_the_dense_one(spectrogram):
    audio = torch.randn(1, (N_FRAMES - 1) * 512 + 2 * spectrogram.margin) * 0.1
    values = magnitudes(spectrogram, audio, 1.0)[0, :, 0]
    window = torch.hann_window(6144, periodic=True, dtype=torch.float64)
    frames = audio.double().unfold(1, 6144, 512) * window * 2 / window.sum()
    filters = log_frequency_filters(CONFIG, 6144, 8192)
    dense = torch.fft.rfft(frames, n=8192).abs().numpy()[0] @ filters.T
    np.testing.assert_allclose(values, dense, rtol=1e-3, atol=1e-6)
