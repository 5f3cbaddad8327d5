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


def test_the_frames_do_not_depend_on_how_many_are_transformed_at_a_time(spectrogram):
    n_frames = 150  # more than two chunks
    generator = torch.Generator().manual_seed(1)
    n_samples = (n_frames - 1) * CONFIG.hop_length + 2 * spectrogram.margin
    audio = 0.1 * torch.randn(2, n_samples, generator=generator)
    level = torch.full((2, n_frames), 0.1)
    whole = spectrogram(audio, level)
    assert whole.is_contiguous(memory_format=torch.channels_last)
    for first, end in ((0, 1), (60, 70), (120, 150)):
        samples = audio[:, first * CONFIG.hop_length : (end - 1) * CONFIG.hop_length]
        tail = audio[:, (end - 1) * CONFIG.hop_length :][:, : 2 * spectrogram.margin]
        part = spectrogram(torch.cat((samples, tail), dim=1), level[:, first:end])
        torch.testing.assert_close(part, whole[:, :, first:end], rtol=0, atol=1e-5)


def test_magnitudes_are_those_of_a_transform_written_out(spectrogram):
    audio = sine(523.0, 0.3, spectrogram)
    found = magnitudes(spectrogram, audio, 1.0)[0, 5, 0]
    window_length = CONFIG.window_lengths[0]
    start = 5 * CONFIG.hop_length + spectrogram.margin - window_length // 2
    window = np.hanning(window_length + 1)[:-1]
    samples = audio[0].double().numpy()[start : start + window_length] * window * 2 / window.sum()
    lines = np.abs(np.fft.rfft(samples, 8192))
    expected = log_frequency_filters(CONFIG, window_length, 8192) @ lines
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


def test_bins_outside_of_the_spectrum_are_zero(spectrogram):
    features = spectrogram(sine(440.0, 0.3, spectrogram), torch.full((1, N_FRAMES), 0.3))
    inside = torch.from_numpy(np.tile(harmonic_bins(CONFIG)[1], 2).T)
    assert (features[0].permute(1, 0, 2)[:, ~inside] == 0.0).all()
    assert (features[0].permute(1, 0, 2)[:, inside] != 0.0).all()
