import numpy as np
import pytest

from amtstudio.audio.level_meter import LevelMeter

RATE = 8000


def sine(amplitude, seconds=0.2):
    times = np.arange(round(seconds * RATE)) / RATE
    return (amplitude * np.sin(2 * np.pi * 1000 * times + 0.1)).astype(np.float32)[:, None]


def test_levels_of_a_sine():
    meter = LevelMeter(RATE)
    meter.add(np.hstack([sine(0.5), sine(0.5)]))
    assert meter.level.peak_db == pytest.approx(20 * np.log10(0.5), abs=0.1)
    assert meter.level.rms_db == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.01)
    assert not meter.clipped


def test_a_single_full_sample_is_clipping_and_stays_so():
    meter = LevelMeter(RATE)
    block = sine(0.1)
    block[7] = 32767 / 32768
    meter.add(block)
    meter.add(sine(0.1))
    assert meter.clipped


def test_silence_is_counted_until_something_comes():
    meter = LevelMeter(RATE)
    meter.add(np.zeros((RATE, 1), dtype=np.float32))
    meter.add(np.zeros((RATE // 2, 1), dtype=np.float32))
    assert meter.silent_s == pytest.approx(1.5)
    assert meter.level.peak_db == -120.0
    meter.add(sine(1e-4))
    assert meter.silent_s == 0.0
