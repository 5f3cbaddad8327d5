import numpy as np
import pytest

from training.synthesis.resonance import SAMPLE_RATE, string_response, with_resonance


def rms(audio):
    return float(np.sqrt(np.mean(np.square(audio, dtype=np.float64))))


def test_strings_answer_with_their_own_pitches_and_die_away():
    response = string_response(np.random.default_rng(3))
    assert np.sum(response**2) == pytest.approx(1.0, abs=1e-4)
    second = len(response) // 5
    assert np.sum(response[:second] ** 2) > 10 * np.sum(response[-second:] ** 2)
    # Between the fundamentals of two neighbouring keys there is next to nothing.
    spectrum = np.abs(np.fft.rfft(response * np.hanning(len(response)), 8 * SAMPLE_RATE))
    on_key = [spectrum[round(8 * 440 * 2 ** (k / 12)) - 8 :][:17].max() for k in range(-9, 3)]
    between = [spectrum[round(8 * 440 * 2 ** ((k + 0.5) / 12))] for k in range(-9, 3)]
    assert np.median(on_key) > 5 * np.median(between)


def test_only_while_the_pedal_is_down_and_as_loud_as_said(rng):
    audio = rng.standard_normal(6 * SAMPLE_RATE).astype(np.float32)
    response = string_response(rng)
    resonant = with_resonance(audio, np.array([[1.0, 3.0]]), response, -12.0)
    answer = resonant - audio
    assert not answer[: SAMPLE_RATE - 10].any()
    assert not answer[round(3.1 * SAMPLE_RATE) :].any()
    inside = slice(SAMPLE_RATE, 3 * SAMPLE_RATE)
    assert rms(answer[inside]) / rms(audio[inside]) == pytest.approx(10 ** (-12 / 20), rel=0.05)


@pytest.mark.parametrize("pedals", [np.zeros((0, 2)), np.array([[-3.0, -1.0]])])
def test_without_pedal_nothing_changes(rng, pedals):
    audio = rng.standard_normal(SAMPLE_RATE).astype(np.float32)
    assert with_resonance(audio, pedals, string_response(rng), -12.0) is audio
