import itertools

import numpy as np
import pytest
from piano_activations import piano_activations

from amtstudio.decoding import DecodingSettings, NoteDecoder, decode
from amtstudio.features import FrameGrid
from amtstudio.symbolic import Pedal

GRID = FrameGrid(sample_rate=16000, hop_length=512)  # 32 ms a frame
C4 = 60 - 21  # column


def activations(n_frames, *, pedal=None, grid=GRID):
    heads = [np.zeros((n_frames, 88), dtype=np.float32) for _ in range(4)]
    return piano_activations(*heads, pedal=pedal, grid=grid)


def add_note(acts, onset, end, *, column=C4, velocity=0.5):
    """A note from ``onset`` (frames, may lie between two) sounding until frame ``end``."""
    frame, share = int(onset), onset - int(onset)
    acts["onset"][frame, column] += 1 - share
    if share:
        acts["onset"][frame + 1, column] += share
    acts["frame"][int(np.ceil(onset)) : end, column] = 1.0
    acts["velocity"][frame : frame + 2, column] = velocity


def random_activations(rng, n_frames):
    """Smooth noise: onsets, dips, plateaus (by rounding) and re-struck notes at every turn."""
    onset = np.round(rng.random((n_frames, 88)) ** 4, 2).astype(np.float32)
    frame = rng.random((n_frames + 4, 88)).astype(np.float32)
    frame = sum(frame[i : n_frames + i] for i in range(5)) / np.float32(5)
    others = rng.random((2, n_frames, 88)).astype(np.float32)
    pedal = rng.random(n_frames).astype(np.float32)
    return piano_activations(onset, others[0] ** 4, frame, others[1], pedal, GRID)


def rows(acts, first, end):
    return piano_activations(
        acts["onset"][first:end],
        acts["offset"][first:end],
        acts["frame"][first:end],
        acts["velocity"][first:end],
        acts["pedal"][first:end] if "pedal" in acts else None,
        acts.grid,
        acts.first_frame + first,
    )


def decode_in_chunks(acts, settings, sizes):
    decoder = NoteDecoder(settings, acts.grid)
    cuts = [0, *(cut for cut in itertools.accumulate(sizes) if cut < acts.n_frames), acts.n_frames]
    notes, pedals = [], []
    for first, end in itertools.pairwise(cuts):
        notes += decoder.feed(rows(acts, first, end))
        pedals += decoder.take_pedals()
    notes += decoder.finish()
    return sorted(notes), pedals + decoder.take_pedals()


def test_note_between_two_frames_has_its_exact_time_velocity_and_pitch():
    acts = activations(40)
    add_note(acts, 10.25, 20, velocity=100 / 127)
    notes, pedals = decode(acts, DecodingSettings())
    assert pedals == []
    (note,) = notes
    assert note.onset == pytest.approx(10.25 * 0.032, abs=1e-6)
    # Frame 19 is 1 and frame 20 is 0: the line between them crosses 0.5 half-way.
    assert note.offset == pytest.approx(19.5 * 0.032, abs=1e-6)
    assert (note.pitch, note.velocity) == (60, 100)


def test_velocity_is_weighted_by_the_two_onset_frames():
    acts = activations(20)
    add_note(acts, 5.25, 10)
    acts["velocity"][5, C4], acts["velocity"][6, C4] = 80 / 127, 40 / 127
    (note,), _ = decode(acts, DecodingSettings())
    assert note.velocity == 70


def test_confidence_is_the_geometric_mean_of_onset_score_and_frame_probability():
    acts = activations(20)
    acts["onset"][5, C4] = 0.81
    acts["frame"][5:8, C4] = 0.64
    (note,), _ = decode(acts, DecodingSettings())
    assert note.confidence == pytest.approx(0.9 * 0.8, abs=1e-3)


def test_struck_again_note_ends_the_earlier_one():
    acts = activations(40)
    add_note(acts, 10.0, 30)
    add_note(acts, 20.5, 30)
    notes, _ = decode(acts, DecodingSettings())
    assert [note.onset for note in notes] == pytest.approx([10 * 0.032, 20.5 * 0.032])
    assert notes[0].offset == notes[1].onset


def test_a_ripple_of_a_note_that_sounds_does_not_strike_it_again():
    acts = activations(60)
    add_note(acts, 10.0, 40)
    acts["onset"][20, C4], acts["onset"][30, C4] = 0.6, 0.8
    whole, _ = decode(acts, DecodingSettings())
    assert len(whole) == 3
    notes, _ = decode(acts, DecodingSettings(repeat_threshold=0.7))
    assert [note.onset for note in notes] == pytest.approx([10 * 0.032, 30 * 0.032])
    assert notes[0].offset == notes[1].onset
    one, _ = decode(acts, DecodingSettings(repeat_threshold=0.9))
    assert len(one) == 1
    assert one[0].offset == whole[2].offset
    # After a rest it begins a note, and on another key as well.
    acts["frame"][15:18, C4] = 0.0
    acts["onset"][25, C4 + 1] = 0.6
    notes, _ = decode(acts, DecodingSettings(repeat_threshold=0.9))
    assert [note.onset for note in notes] == pytest.approx([10 * 0.032, 20 * 0.032, 25 * 0.032])


def test_a_release_moves_ends_but_not_into_the_next_note_of_the_key():
    acts = activations(60)
    add_note(acts, 10.0, 20)
    add_note(acts, 22.0, 30)
    notes, _ = decode(acts, DecodingSettings(release_s=0.1))
    assert notes[0].offset == notes[1].onset == pytest.approx(22 * 0.032)
    assert notes[1].offset == pytest.approx(29.5 * 0.032 + 0.1)
    shorter, _ = decode(acts, DecodingSettings(release_s=-0.1))
    assert shorter[1].offset == pytest.approx(29.5 * 0.032 - 0.1)


def test_velocities_are_written_along_the_curve():
    acts = activations(80)
    heard = (16, 32, 48, 96, 112)
    for place, velocity in enumerate(heard):
        add_note(acts, 10.0 * place + 5.0, 10 * place + 9, velocity=velocity / 127)
    curve = {"velocity_at_32": 50.0, "velocity_at_64": 60.0, "velocity_at_96": 120.0}
    notes, _ = decode(acts, DecodingSettings(**curve))
    # Straight between the knots and on beyond them, within MIDI.
    assert [note.velocity for note in notes] == [45, 50, 55, 120, 127]


def test_dip_of_one_frame_ends_no_note_and_one_of_two_does():
    acts = activations(60)
    add_note(acts, 10.0, 50)
    acts["frame"][20, C4] = 0.0
    acts["frame"][30:32, C4] = 0.0
    (note,), _ = decode(acts, DecodingSettings())
    assert note.offset == pytest.approx(29.5 * 0.032)


def test_frame_probability_may_rise_two_frames_late():
    acts = activations(40)
    add_note(acts, 10.0, 20)
    acts["frame"][10:12, C4] = 0.0
    (note,), _ = decode(acts, DecodingSettings())
    assert note.offset == pytest.approx(19.5 * 0.032)


@pytest.mark.parametrize("minimum", [0.0, 0.03, 0.2])
def test_onset_without_sound_is_lengthened_to_the_minimum(minimum):
    acts = activations(40)
    acts["onset"][10, C4] = 1.0
    (note,), _ = decode(acts, DecodingSettings(minimum_duration_s=minimum))
    assert note.duration == pytest.approx(max(minimum, 0.001))


def test_short_notes_are_dropped_where_asked():
    acts = activations(60)
    add_note(acts, 10.0, 13)
    add_note(acts, 30.0, 50)
    settings = DecodingSettings(drop_shorter_than_s=0.2)
    notes, _ = decode(acts, settings)
    assert [note.onset for note in notes] == pytest.approx([30 * 0.032])


def test_minimum_duration_never_reaches_into_the_next_note():
    acts = activations(60)
    add_note(acts, 10.0, 12)
    add_note(acts, 14.0, 30)
    notes, _ = decode(acts, DecodingSettings(minimum_duration_s=1.0))
    assert notes[0].offset == notes[1].onset


def test_offset_head_ends_a_note_only_where_it_is_asked():
    acts = activations(60)
    add_note(acts, 10.0, 50)
    acts["offset"][30, C4], acts["offset"][31, C4] = 0.5, 0.5
    (note,), _ = decode(acts, DecodingSettings())
    assert note.offset == pytest.approx(49.5 * 0.032)
    (note,), _ = decode(acts, DecodingSettings(offset_threshold=0.9))
    assert note.offset == pytest.approx(30.5 * 0.032)


def test_note_held_at_the_end_ends_with_the_recording():
    acts = activations(30)
    add_note(acts, 10.0, 30)
    (note,), _ = decode(acts, DecodingSettings())
    assert note.offset == pytest.approx(30 * 0.032)


def test_onset_shift_moves_onsets_alone_and_never_before_the_start():
    acts = activations(40)
    add_note(acts, 0.0, 5)
    add_note(acts, 10.0, 20)
    notes, _ = decode(acts, DecodingSettings(onset_shift_s=-0.01))
    assert [note.onset for note in notes] == pytest.approx([0.0, 0.31])
    assert notes[1].offset == pytest.approx(19.5 * 0.032)


def test_times_count_from_frame_zero_of_the_grid():
    acts = activations(40)
    add_note(acts, 10.0, 20)
    late = piano_activations(
        acts["onset"], acts["offset"], acts["frame"], acts["velocity"], None, GRID, first_frame=1000
    )
    (note,), _ = decode(late, DecodingSettings())
    assert note.onset == pytest.approx(1010 * 0.032)


def test_pedal_wavering_between_the_thresholds_is_one_press():
    pedal = np.array([0.0, 0.0, 1.0, 0.45, 0.55, 0.45, 0.9, 0.0, 0.0], dtype=np.float32)
    _, pedals = decode(activations(9, pedal=pedal), DecodingSettings())
    # Up through 0.5 between frames 1 and 2; down through 0.4 at 5/9 of the way from 6 to 7.
    assert len(pedals) == 1
    assert pedals[0].onset == pytest.approx(1.5 * 0.032)
    assert pedals[0].offset == pytest.approx((6 + 5 / 9) * 0.032)


def test_pedal_held_throughout_lasts_from_start_to_end():
    pedal = np.ones(10, dtype=np.float32)
    _, pedals = decode(activations(10, pedal=pedal), DecodingSettings())
    assert pedals == [Pedal(0.0, 0.32)]


SETTINGS = [
    DecodingSettings(),
    DecodingSettings(0.3, 0.45, onset_half_width=1, minimum_duration_s=0.0),
    DecodingSettings(0.7, 0.5, 0.9, minimum_duration_s=0.25, onset_shift_s=-0.013),
    DecodingSettings(release_s=-0.05, velocity_at_32=40.0),
    DecodingSettings(0.3, 0.45, 0.8, repeat_threshold=0.6),
    DecodingSettings(0.9, 0.6, drop_shorter_than_s=0.1, onset_half_width=4),
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_decoding_in_chunks_gives_the_very_same_notes(rng, settings):
    acts = random_activations(rng, 400)
    whole = decode(acts, settings)
    assert len(whole[0]) > 400
    assert len(whole[1]) > 20
    for longest in (1, 7, 150):
        sizes = rng.integers(1, longest + 1, size=400).tolist()
        assert decode_in_chunks(acts, settings, sizes) == whole


def test_complete_notes_come_out_as_soon_as_they_can():
    acts = activations(100)
    add_note(acts, 10.0, 20)
    decoder = NoteDecoder(DecodingSettings(), GRID)
    assert len(decoder.feed(rows(acts, 0, 20))) == 0
    # The end at frame 20 is sure once two silent frames and the look-ahead are there.
    assert len(decoder.feed(rows(acts, 20, 23))) == 1


def test_state_between_chunks_does_not_grow(rng):
    acts = random_activations(rng, 200)
    decoder = NoteDecoder(DecodingSettings(), GRID)
    sizes = []
    for repeat in range(5):
        chunk = piano_activations(
            acts["onset"], acts["offset"], acts["frame"], acts["velocity"], None, GRID, 200 * repeat
        )
        decoder.feed(chunk)
        assert len(decoder._open.frame) <= 88
        sizes.append({len(kept) for kept in decoder._rows.values()})
        assert all(kept.base is None for kept in decoder._rows.values())
    assert sizes == [{4}] * 5


def test_half_precision_decodes_as_its_values_in_single_precision(rng):
    acts = random_activations(rng, 200)
    half = [acts[head].astype(np.float16) for head in ("onset", "offset", "frame")]
    velocity = acts["velocity"].astype(np.float16)
    single = [head.astype(np.float32) for head in half]
    kept = piano_activations(*half, velocity, None, GRID)
    live = piano_activations(*single, velocity.astype(np.float32), None, GRID)
    assert decode(kept, DecodingSettings()) == decode(live, DecodingSettings())


def test_nothing_fed_gives_nothing():
    assert decode(activations(0), DecodingSettings()) == ([], [])
    assert NoteDecoder(DecodingSettings(), GRID).finish() == []


def test_decoder_refuses_a_gap():
    decoder = NoteDecoder(DecodingSettings(), GRID)
    decoder.feed(activations(10))
    with pytest.raises(ValueError, match="expected a chunk from frame 10, got 0"):
        decoder.feed(activations(10))


def test_decoder_refuses_another_grid():
    decoder = NoteDecoder(DecodingSettings(), GRID)
    with pytest.raises(ValueError, match="hop_length=256"):
        decoder.feed(activations(10, grid=FrameGrid(16000, 256)))


def test_decoder_refuses_logits():
    acts = activations(10)
    acts["frame"][0, 0] = -4.0
    with pytest.raises(ValueError, match=r"frame must lie in .* sigmoid"):
        decode(acts, DecodingSettings())
