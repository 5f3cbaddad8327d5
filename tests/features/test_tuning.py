import numpy as np
import pytest
import soxr

from amtstudio.features.tuning import TuningEstimator, estimate_tuning
from amtstudio.playback import render_transcription
from amtstudio.symbolic import Note, Transcription

RATE = 16000


def chords(cents, seconds=6.0):
    """A minor, F major and C major with five harmonics each, all out by ``cents``."""
    times = np.arange(round(seconds * RATE)) / RATE
    audio = np.zeros_like(times)
    for index, chord in enumerate([(57, 60, 64), (53, 57, 60), (48, 55, 64)]):
        inside = (times // 2.0) == index
        for pitch in chord:
            f0 = 440 * 2 ** ((pitch - 69 + cents / 100) / 12)
            for harmonic in range(1, 6):
                audio += inside * 0.1 / harmonic * np.sin(2 * np.pi * f0 * harmonic * times)
    return audio.astype(np.float32)


@pytest.mark.parametrize("cents", [-40.0, -12.5, 0.0, 7.0, 31.0])
def test_sines_out_of_tune_are_measured(cents):
    assert estimate_tuning(chords(cents), RATE) == pytest.approx(cents, abs=1.5)


def test_a_piano_played_a_third_of_a_semitone_higher_is_that_much_sharper():
    notes = [Note(0.4 * step, 0.4 * step + 0.5, 48 + (7 * step) % 30, 80) for step in range(40)]
    audio = render_transcription(Transcription(tuple(notes), duration=17.0), RATE)
    plain = estimate_tuning(audio, RATE)
    higher = soxr.resample(audio, RATE * 2 ** (30 / 1200), RATE)
    assert plain is not None
    assert plain == pytest.approx(0.0, abs=6.0)
    assert estimate_tuning(higher, RATE) == pytest.approx(plain + 30.0, abs=2.0)


def test_blocks_of_any_length_give_the_same_estimate():
    audio = chords(13.0)
    estimator = TuningEstimator(RATE)
    for start in range(0, len(audio), 777):
        estimator.feed(audio[start : start + 777])
    assert estimator.cents() == estimate_tuning(audio, RATE)


def test_noise_silence_and_a_moment_of_sound_have_no_tuning(rng):
    noise = 0.1 * rng.standard_normal(20 * RATE).astype(np.float32)
    assert estimate_tuning(noise, RATE) is None
    assert estimate_tuning(np.zeros(5 * RATE, np.float32), RATE) is None
    assert estimate_tuning(chords(0.0)[: RATE // 4], RATE) is None
