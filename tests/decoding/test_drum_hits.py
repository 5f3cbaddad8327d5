from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from amtstudio.decoding import Activations, DrumLiveDecoder, DrumSettings
from amtstudio.decoding.drum_hits import decode_drum_hits
from amtstudio.features import FrameGrid
from amtstudio.models.drums import Drums
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS, DrumHit

GRID = FrameGrid(32000, 320)
KEYS = {key: drum for drum, key in GENERAL_MIDI_KEYS.items()}
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


def views(onset, velocity, sizes):
    """What an engine shows a live decoder: from the frame that it needs, so many frames more."""
    decoder, end = DrumLiveDecoder(DrumSettings.from_card({"onset": 0.3}), GRID), 0
    for size in sizes:
        first, end = decoder.first_needed, end + size
        values = {"onset": onset[first:end], "velocity": velocity[first:end]}
        view = Activations(Drums.heads, values, GRID, first, "drums")
        yield end, decoder.update(view, is_last=end == len(onset))


def many_hits():
    rng = np.random.default_rng(4)
    onset, velocity = activations(400)
    for drum in range(len(DRUMS)):
        for frame in range(5 + drum, 395, 9):
            part = rng.uniform(0, 1)
            onset[frame : frame + 2, drum] = (1 - part) * 0.9, part * 0.9
            velocity[frame : frame + 2, drum] = rng.uniform(0.1, 1.0)
    return onset, velocity


def test_live_hits_are_those_of_the_whole_told_a_frame_later():
    onset, velocity = many_hits()
    whole = decode_drum_hits(onset, velocity, GRID, thresholds={"onset": 0.3})
    told = []
    for end, events in views(onset, velocity, [1] * 400):
        for event in events:
            assert event.stream_time == pytest.approx(end / 100)
            if event.kind == "confirmed":
                # The newest frame is the one after that of the hit, or half a frame from it.
                assert event.onset * 100 > end - 2.6
                told.append(event)
    assert len(whole) > 300
    told.sort(key=lambda event: (event.onset, DRUMS.index(KEYS[event.pitch])))
    whole.sort(key=lambda hit: (hit.time, DRUMS.index(hit.drum)))
    assert [(KEYS[event.pitch], event.velocity) for event in told] == [
        (hit.drum, hit.velocity) for hit in whole
    ]
    np.testing.assert_allclose(
        [event.onset for event in told], [hit.time for hit in whole], atol=1e-6
    )


def test_live_hits_do_not_depend_on_how_the_stream_was_cut():
    onset, velocity = many_hits()

    def told(sizes):
        events = [event for _, some in views(onset, velocity, sizes) for event in some]
        return sorted((e.id, e.kind, e.onset, e.pitch, e.velocity, e.offset) for e in events)

    assert told([1] * 400) == told([7] * 57 + [1]) == told([400])


def test_every_live_hit_is_confirmed_once_and_ends():
    onset, velocity = many_hits()
    kinds = defaultdict(list)
    for _, events in views(onset, velocity, [3] * 133 + [1]):
        for event in events:
            assert event.track.is_drums
            kinds[event.id].append(event.kind)
            if event.kind == "ended":
                assert event.offset == pytest.approx(event.onset + 0.1)
    assert set(map(tuple, kinds.values())) == {("confirmed", "ended")}


def test_live_decoder_does_not_tell_one_stroke_twice():
    onset, velocity = activations()
    onset[10:13, SNARE] = 0.6, 0.3, 0.5
    events = [event for _, some in views(onset, velocity, [1] * 40) for event in some]
    assert [event.kind for event in events] == ["confirmed", "ended"]


def test_live_decoder_refuses_views_that_do_not_fit():
    onset, velocity = activations()
    decoder = DrumLiveDecoder(DrumSettings(), GRID)
    values = {"onset": onset, "velocity": velocity}
    with pytest.raises(ValueError, match="expected a view from frame 0"):
        decoder.update(Activations(Drums.heads, values, GRID, 3, "drums"))
    with pytest.raises(ValueError, match="sigmoid"):
        decoder.update(Activations(Drums.heads, values | {"onset": onset - 3}, GRID, 0, "drums"))
