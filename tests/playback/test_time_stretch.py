"""Slowed down at the same pitch: tones, attacks, and independence of how it is read."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from amtstudio.playback import SampleBank, Synthesizer, TimeStretcher
from amtstudio.playback.attacks import AttackFinder
from amtstudio.symbolic import Note

RATE = 22_050


def reader(samples):
    def read(start, n_samples):
        out = np.zeros(n_samples, dtype=np.float32)
        begin, end = max(start, 0), min(start + n_samples, len(samples))
        if end > begin:
            out[begin - start : end - start] = samples[begin:end]
        return out

    return read


def stretched(samples, speed):
    stretcher = TimeStretcher(reader(samples), sample_rate=RATE, speed=speed)
    return stretcher.read(0, round(len(samples) / speed))


def peaks_around(samples, seconds):
    """The largest values of the 12 ms until 8 ms before a moment, and of the 20 ms after it."""
    place = round(seconds * RATE)
    before = samples[place - RATE // 50 : place - RATE // 125]
    return np.abs(before).max(), np.abs(samples[place : place + RATE // 50]).max()


@pytest.fixture(scope="module")
def melody():
    """Notes struck every quarter of a second, from 0.5 s on, loud and soft ones."""
    notes = [Note(0.5 + 0.25 * i, 0.74 + 0.25 * i, 57 + 5 * i % 24, 50 + 7 * i) for i in range(10)]
    synthesizer = Synthesizer(notes, bank=SampleBank(), sample_rate=RATE)
    return synthesizer.read(0, 4 * RATE), [note.onset for note in notes]


@pytest.mark.parametrize("speed", [0.5, 0.75, 0.9])
def test_a_tone_keeps_its_frequency_and_its_level(speed):
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(3 * RATE) / RATE)).astype(np.float32)
    out = stretched(tone, speed)
    middle = out[RATE // 2 : -RATE]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * RATE / len(middle) == pytest.approx(440, abs=0.6)
    assert np.abs(middle).max() == pytest.approx(0.3, rel=0.02)
    assert np.abs(np.diff(middle)).max() < 1.05 * np.abs(np.diff(tone)).max()


@pytest.mark.parametrize("speed", [0.5, 0.7])
def test_attacks_stay_sharp_and_come_when_they_should(speed, melody):
    samples, onsets = melody
    out = stretched(samples, speed)
    for onset in onsets:
        (before, after), (plain_before, plain_after) = (
            peaks_around(samples_at, onset / pace)
            for samples_at, pace in ((out, speed), (samples, 1.0))
        )
        assert after == pytest.approx(plain_after, rel=0.35), onset
        assert before < 1.35 * plain_before + 0.1 * plain_after, onset


def test_the_level_of_music_is_kept(melody):
    samples, _ = melody
    assert stretched(samples, 0.5).std() == pytest.approx(samples.std(), rel=0.06)


def test_attacks_are_found_where_they_are(melody):
    samples, onsets = melody
    finder = AttackFinder(reader(samples), sample_rate=RATE)
    found = np.array(finder.between(0, len(samples))) / RATE
    for onset in onsets:
        assert np.abs(found - onset).min() < 0.008
    assert len(found) <= len(onsets) + 2  # a damper may be taken for one
    assert finder.between(round(0.9 * RATE), round(1.1 * RATE)) == [round(found[2] * RATE)]


def test_a_steady_tone_and_silence_have_no_attacks():
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(6 * RATE) / RATE)).astype(np.float32)
    finder = AttackFinder(reader(tone), sample_rate=RATE)
    assert finder.between(RATE, 5 * RATE) == []
    assert AttackFinder(reader(tone * 0), sample_rate=RATE).between(0, RATE) == []


def test_reading_in_pieces_gives_the_same(melody):
    samples, _ = melody
    whole = stretched(samples, 0.6)
    stretcher = TimeStretcher(reader(samples), sample_rate=RATE, speed=0.6)
    places = np.cumsum([0, 1, 700, 4096, 12_345, 5])
    pieces = [stretcher.read(int(a), int(b - a)) for a, b in pairwise(places)]
    np.testing.assert_allclose(np.concatenate(pieces), whole[: places[-1]], atol=1e-6)


def test_jumping_leads_to_the_same_place_in_the_music(melody):
    samples, onsets = melody
    stretcher = TimeStretcher(reader(samples), sample_rate=RATE, speed=0.5)
    stretcher.read(0, 1000)
    place = round(onsets[4] * 2 * RATE)
    out = stretcher.read(place - RATE // 10, RATE // 5)
    attack = RATE // 10
    assert (
        np.abs(out[attack : attack + 500]).max()
        > 2 * np.abs(out[attack - 500 : attack - 100]).max()
    )


def test_full_speed_passes_the_sound_on(rng):
    noise = rng.standard_normal(1000).astype(np.float32)
    stretcher = TimeStretcher(reader(noise), sample_rate=RATE, speed=1.0)
    np.testing.assert_array_equal(stretcher.read(100, 300), noise[100:400])


@pytest.mark.parametrize("speed", [0.2, 1.5, float("nan")])
def test_other_speeds_are_refused(speed):
    with pytest.raises(ValueError, match="speed must be"):
        TimeStretcher(reader(np.zeros(1)), sample_rate=RATE, speed=speed)
