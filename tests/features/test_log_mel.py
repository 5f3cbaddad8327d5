from __future__ import annotations

import numpy as np
import pytest
import torch

from amtstudio.features import FrameGrid
from amtstudio.features.log_mel import LogMel
from amtstudio.features.torchaudio_import import import_torchaudio


@pytest.fixture
def audio(rng):
    """Noise under a chord, (9 frames - 1) * 512 samples and margins."""
    seconds = np.arange(8 * 512 + 2048) / 16000
    chord = sum(np.sin(2 * np.pi * f * seconds) for f in (110.0, 440.0, 5000.0))
    return (0.1 * chord + 0.01 * rng.normal(size=len(seconds))).astype(np.float32)


def test_equal_to_torchaudio(audio):
    transform = import_torchaudio().transforms.MelSpectrogram(
        16000, 2048, hop_length=512, f_min=30, f_max=8000, n_mels=229,
        power=1.0, norm="slaney", mel_scale="htk", center=False,
    )  # fmt: skip
    expected = transform(torch.from_numpy(audio)).clamp(min=1e-5).log().T
    found = LogMel()(torch.from_numpy(audio)[None])[0]
    assert found.shape == (9, 229)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_equal_to_a_computation_from_the_definitions(audio):
    corners_mel = np.linspace(*(2595 * np.log10(1 + np.array([30.0, 8000.0]) / 700)), 231)
    corners = 700 * (10 ** (corners_mel / 2595) - 1)
    frequencies = np.arange(1025) * 16000 / 2048
    filters = np.stack(
        [
            np.interp(frequencies, [low, middle, high], [0.0, 1.0, 0.0]) * 2 / (high - low)
            for low, middle, high in zip(corners, corners[1:], corners[2:], strict=False)
        ]
    )
    window = np.sin(np.pi * np.arange(2048) / 2048) ** 2
    frames = np.stack([audio[i * 512 : i * 512 + 2048] * window for i in range(9)])
    expected = np.log(np.maximum(np.abs(np.fft.rfft(frames)) @ filters.T, 1e-5))
    found = LogMel()(torch.from_numpy(audio)[None])[0].numpy()
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-4)


def test_a_frame_is_centred_where_the_grid_says():
    log_mel = LogMel()
    padded = torch.zeros(1, 39 * 512 + 2 * log_mel.margin)
    padded[0, log_mel.margin + FrameGrid().to_frame(0.64) * 512] = 1.0
    energy = log_mel(padded)[0].exp().sum(dim=1)
    assert energy.argmax() == 20
    np.testing.assert_allclose(energy[19], energy[21], rtol=1e-5)


def test_silence_gives_the_floor():
    found = LogMel()(torch.zeros(1, 2048))
    np.testing.assert_allclose(found, np.full((1, 1, 229), np.log(1e-5)), rtol=1e-6)


def test_full_scale_stays_below_what_the_docstring_says():
    seconds = torch.arange(2048) / 16000
    peaks = [LogMel()(torch.sin(2 * torch.pi * f * seconds)[None]).max() for f in (100, 440, 3000)]
    assert 1.0 < max(peaks) < 4.0


def test_autocast_does_not_change_it(audio):
    log_mel, batch = LogMel(), torch.from_numpy(audio)[None]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = log_mel(batch)
    np.testing.assert_allclose(found, log_mel(batch), rtol=0, atol=0)


def test_too_short_audio_is_refused():
    with pytest.raises(ValueError, match="at least 2048 samples"):
        LogMel()(torch.zeros(1, 2047))


def test_frequencies_beyond_the_audio_are_refused():
    with pytest.raises(ValueError, match="fmin < fmax <= 4000"):
        LogMel(sample_rate=8000)
