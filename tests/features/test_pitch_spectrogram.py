import numpy as np
import pytest

from amtstudio.features.pitch_spectrogram import N_BINS, PitchSpectrogram

RATE = 16000


def tone(frequency, seconds=2.0, amplitude=1.0):
    times = np.arange(round(seconds * RATE)) / RATE
    return (amplitude * np.sin(2 * np.pi * frequency * times)).astype(np.float32)


def columns_of(audio, *cuts):
    spectrogram = PitchSpectrogram(RATE)
    parts = [spectrogram.feed(part) for part in np.split(audio, cuts)]
    return np.concatenate((*parts, spectrogram.finish()))


@pytest.mark.parametrize("pitch", [33, 45, 57, 60, 69, 81, 96, 105])
def test_a_tone_is_loudest_in_the_bin_of_its_key(pitch):
    column = columns_of(tone(440.0 * 2 ** ((pitch - 69) / 12)))[31]

    assert column.argmax() == 3 * (pitch - 21) + 1
    assert column.max() >= 250  # within 2 dB of the full scale that it has


def test_a_tenth_of_the_amplitude_is_twenty_decibels_less():
    loud, soft = columns_of(tone(440.0))[31].max(), columns_of(tone(440.0, amplitude=0.1))[31].max()

    assert (int(loud) - int(soft)) * 100 / 255 == pytest.approx(20.0, abs=0.4)


def test_blocks_of_any_length_give_the_columns_of_the_whole(rng):
    audio = rng.normal(0, 0.1, 3 * RATE + 77).astype(np.float32)

    np.testing.assert_array_equal(columns_of(audio, 5, 600, 20000, 20001), columns_of(audio))


@pytest.mark.parametrize("n_samples", [0, 1, 512, 513, 9000])
def test_there_is_a_column_for_each_frame_on_the_grid(n_samples):
    columns = columns_of(np.zeros(n_samples, dtype=np.float32))

    assert columns.shape == (-(-n_samples // 512), N_BINS)
    assert not columns.any()


def test_a_click_is_centred_on_its_frame():
    audio = np.zeros(RATE, dtype=np.float32)
    audio[10 * 512] = 1.0
    assert columns_of(audio)[:, 250].argmax() == 10
