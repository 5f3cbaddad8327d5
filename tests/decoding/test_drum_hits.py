from __future__ import annotations

import numpy as np
import pytest

from amtstudio.decoding.drum_hits import LiveDrumDecoder, decode_drum_hits
from amtstudio.features import FrameGrid
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS, DrumHit

GRID = FrameGrid(32000, 320)
KICK, SNARE = DRUMS.index("kick"), DRUMS.index("snare")


def activations(n_frames=40):
    shape = (n_frames, len(DRUMS))
    return np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)


def test_a_hit_between_two_frames_is_told_finer_than_a_frame():
    onset, velocity = activations()
    onset[10:12, KICK] = 0.75, 0.25
    velocity[10:12, KICK] = 100 / 127
    (hit,) = decode_drum_hits(onset, velocity, GRID)
    assert hit.drum == "kick"
    assert hit.time == pytest.approx(0.1025)
    assert hit.velocity == 100
    assert hit.confidence == pytest.approx(1.0)


def test_each_drum_has_a_threshold_of_its_own():
    onset, velocity = activations()
    onset[5, KICK] = onset[5, SNARE] = 0.5
    found = decode_drum_hits(onset, velocity, GRID, thresholds={"onset": 0.3, "snare": 0.6})
    assert [hit.drum for hit in found] == ["kick"]


def test_hits_are_sorted_by_time_and_two_drums_may_sound_together():
    onset, velocity = activations()
    onset[20, KICK] = onset[8, SNARE] = onset[20, SNARE] = 0.9
    found = decode_drum_hits(onset, velocity, GRID)
    assert [(hit.time, hit.drum) for hit in found] == [
        (pytest.approx(0.08), "snare"),
        (pytest.approx(0.2), "kick"),
        (pytest.approx(0.2), "snare"),
    ]


def test_a_flam_is_two_hits_and_a_broad_peak_is_one():
    onset, velocity = activations()
    onset[10, SNARE], onset[14, SNARE] = 0.6, 0.9
    onset[25:28, SNARE] = 0.2, 0.5, 0.3
    found = decode_drum_hits(onset, velocity, GRID)
    assert [round(hit.time, 3) for hit in found] == [0.1, 0.14, 0.261]


def test_nothing_is_heard_in_silence_or_in_no_frame():
    assert decode_drum_hits(*activations(), GRID) == []
    assert decode_drum_hits(*activations(0), GRID) == []


def test_refuses_wrong_shapes_logits_and_thresholds():
    onset, velocity = activations()
    with pytest.raises(ValueError, match="10 columns"):
        decode_drum_hits(onset[:, :5], velocity[:, :5], GRID)
    with pytest.raises(ValueError, match="velocity must be"):
        decode_drum_hits(onset, velocity[:5], GRID)
    with pytest.raises(ValueError, match="sigmoid"):
        decode_drum_hits(onset - 3, velocity, GRID)
    with pytest.raises(ValueError, match="thresholds"):
        decode_drum_hits(onset, velocity, GRID, thresholds={"kick": 0.0})


def test_a_hit_cannot_be_of_an_unknown_drum_or_out_of_range():
    with pytest.raises(ValueError, match="drum must be one of"):
        DrumHit(0.0, "cowbell")
    with pytest.raises(ValueError, match="velocity"):
        DrumHit(0.0, "kick", 0)
    with pytest.raises(ValueError, match="time"):
        DrumHit(-0.1, "kick")


def test_every_drum_has_a_key_of_its_own():
    assert list(GENERAL_MIDI_KEYS) == list(DRUMS)
    assert len(set(GENERAL_MIDI_KEYS.values())) == len(DRUMS)


def test_live_hits_are_those_of_the_whole_told_a_frame_later():
    rng = np.random.default_rng(4)
    onset, velocity = activations(400)
    for drum in range(len(DRUMS)):
        for frame in range(5 + drum, 395, 9):
            part = rng.uniform(0, 1)
            onset[frame : frame + 2, drum] = (1 - part) * 0.9, part * 0.9
            velocity[frame : frame + 2, drum] = rng.uniform(0.1, 1.0)
    whole = decode_drum_hits(onset, velocity, GRID, thresholds={"onset": 0.3})
    live = LiveDrumDecoder(GRID, thresholds={"onset": 0.3})
    told = []
    for frame in range(400):
        for hit in live.push(onset[frame : frame + 1], velocity[frame : frame + 1]):
            assert hit.time * 100 > frame - 1.6  # of the frame before, or half a frame from it
            told.append(hit)
    assert len(whole) > 300
    assert [(hit.drum, hit.velocity) for hit in sorted(told)] == [
        (hit.drum, hit.velocity) for hit in whole
    ]
    np.testing.assert_allclose(
        [hit.time for hit in sorted(told)], [hit.time for hit in whole], atol=1e-6
    )


def test_live_decoder_does_not_tell_one_stroke_twice():
    onset, velocity = activations()
    onset[10:13, SNARE] = 0.6, 0.3, 0.5
    live = LiveDrumDecoder(GRID)
    assert len(live.push(onset, velocity)) == 1


def test_live_decoder_refuses_wrong_shapes():
    onset, velocity = activations()
    with pytest.raises(ValueError, match="10 columns"):
        LiveDrumDecoder(GRID).push(onset[:, :3], velocity[:, :3])
