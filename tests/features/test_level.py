import numpy as np
import pytest

from amtstudio.features import hop_energies, running_level
from amtstudio.features.level import LEVEL_FLOOR


def test_hop_energies_pads_the_last_hop_with_zeros():
    audio = np.array([1, 1, 2, 0, 3], dtype=np.float32)
    np.testing.assert_array_equal(hop_energies(audio, 2), [2, 4, 9])


def test_running_level_of_a_steady_tone_is_its_rms():
    times = np.arange(16000 * 12) / 16000
    tone = (0.5 * np.sin(2 * np.pi * 500 * times)).astype(np.float32)
    level = running_level(hop_energies(tone, 512), 512, 16000)
    np.testing.assert_allclose(level, 0.5 / np.sqrt(2), rtol=2e-3)


def test_running_level_looks_five_seconds_to_either_side():
    energies = np.zeros(16 * 20)  # 16 frames a second, 20 s
    energies[160] = 1000.0 * 161  # the window holds 161 frames of 1000 samples
    level = running_level(energies, 1000, 16000)
    heard = np.flatnonzero(level > LEVEL_FLOOR)
    assert (heard[0], heard[-1]) == (160 - 80, 160 + 80)
    assert level[160] == pytest.approx(1.0)


def test_running_level_of_silence_is_the_floor():
    np.testing.assert_array_equal(running_level(np.zeros(50), 512, 16000), np.float32(LEVEL_FLOOR))


def test_running_level_does_not_fall_below_the_floor_by_rounding():
    energies = np.concatenate([np.full(100, 1e9), np.full(2000, 1e-12)])
    level = running_level(energies, 512, 16000)
    assert np.isfinite(level).all()
    assert level.min() >= np.float32(LEVEL_FLOOR)
