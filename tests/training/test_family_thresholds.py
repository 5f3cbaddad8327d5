"""What thresholds for each family would gain, on activations made of arrays."""

from __future__ import annotations

import numpy as np
import pytest
from piano_activations import piano_activations

from amtstudio.decoding import DecodingSettings
from amtstudio.learning.instruments.truth import InstrumentTruth
from training.melodic_held_out import HeldOutClip, by_family

N_FRAMES, KEY = 300, 39


def clip(group, true, false):
    """Ten notes whose onsets have the probability ``true``, and as many false ones."""
    onset = np.full((N_FRAMES, 88), 0.01, np.float32)
    frame = np.full((N_FRAMES, 88), 0.01, np.float32)
    begins = np.arange(10, 210, 20)
    for begin in begins:
        for key, probability in ((KEY, true), (KEY + 7, false)):
            onset[begin, key] = probability
            frame[begin : begin + 8, key] = 0.9
    empty = np.full((N_FRAMES, 88), 0.01, np.float32)
    heard = piano_activations(onset, empty, frame, empty + 0.5)
    hop_s = heard.grid.hop_length / heard.grid.sample_rate
    notes = np.array([[b * hop_s, (b + 8) * hop_s, KEY + 21.0, 80.0] for b in begins])
    nobody = np.zeros(len(notes), np.int64)
    truth = InstrumentTruth(notes, [np.zeros(0)] * len(notes), nobody, nobody)
    return HeldOutClip(group, heard, truth, N_FRAMES * hop_s)


@pytest.fixture
def settings():
    return DecodingSettings(onset_threshold=0.4, frame_threshold=0.4)


def test_families_that_differ_gain_from_thresholds_of_their_own(settings):
    heard = [clip("guitar", 0.3, 0.1)] * 4 + [clip("voice", 0.9, 0.6)] * 4
    heard += [clip("three parts", 0.2, 0.8)]  # is played by several, and does not count
    guitar, voice = by_family(heard, settings)
    assert (guitar.family, voice.family) == ("guitar", "voice")
    assert guitar.with_own == pytest.approx(1.0)
    assert voice.with_own == pytest.approx(1.0)
    assert max(guitar.thresholds) <= 0.3 < 0.6 < min(voice.thresholds)
    # No threshold for both leaves the notes of the one and the false ones of the other.
    assert guitar.with_one + voice.with_one < 1.7


def test_families_that_are_alike_gain_nothing(settings):
    heard = [clip(name, 0.5, 0.2) for name in ("guitar", "voice") for _ in range(4)]
    for each in by_family(heard, settings):
        assert each.with_own == each.with_one == pytest.approx(1.0)


def test_thresholds_are_measured_on_clips_that_they_were_not_tuned_on(settings):
    # Halves that contradict each other: what suits the one misses the notes of the other.
    halves = [clip("guitar", 0.9, 0.7), clip("guitar", 0.3, 0.1)]
    (guitar,) = by_family(halves * 2, settings)
    assert guitar.with_own < 0.8
