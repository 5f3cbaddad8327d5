from __future__ import annotations

import pytest

from training.presets import ONSETS_FRAMES_SUPERVISED as PRESET


def test_segments_are_640_whole_frames_of_20_seconds():
    assert PRESET.segment_s == pytest.approx(20.48)
    assert PRESET.segment_samples == 640 * PRESET.config.hop_length


def test_the_learning_rate_ends_where_the_second_stage_begins():
    decays = PRESET.iterations // PRESET.decay_interval
    assert PRESET.learning_rate * PRESET.decay_factor**decays == pytest.approx(4.9e-5, rel=0.01)
