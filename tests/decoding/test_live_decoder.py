import numpy as np
import pytest
from piano_activations import piano_activations

from amtstudio.decoding import DecodingSettings, LiveSettings, NoteLiveDecoder
from amtstudio.features import FrameGrid

GRID = FrameGrid(16000, 512)  # 32 ms to a frame
S = 0.032


def activations(onset, frame=None, velocity=None, first_frame=0):
    frame = np.zeros_like(onset) if frame is None else frame
    velocity = np.full_like(onset, 0.5) if velocity is None else velocity
    return piano_activations(onset, onset * 0, frame, velocity, None, GRID, first_frame)


def play(decoder, at_frame, n_frames, step=1):
    """Feed views of what ``at_frame(n)`` gives: the activations of frames 0 to n as seen at n."""
    events = []
    for newest in range(step - 1, n_frames, step):
        onset, frame = at_frame(newest)
        first, end = decoder.first_needed, newest + 1
        is_last = end + step > n_frames
        view = activations(onset[first:end], frame[first:end], first_frame=first)
        events += decoder.update(view, is_last=is_last)
    return events


def one_note(pitch=60, onset=10, end=30, n_frames=50, height=0.9):
    onsets, frames = np.zeros((2, n_frames, 88), dtype=np.float32)
    onsets[onset, pitch - 21] = height
    frames[onset:end, pitch - 21] = 1.0
    return onsets, frames


def told(events):
    return [(event.kind, event.id, round(event.stream_time / S)) for event in events]


def test_a_note_is_announced_confirmed_and_ended():
    events = play(NoteLiveDecoder(DecodingSettings(), GRID), lambda newest: one_note(), 50)
    # frame 10 with one frame after it: 12 frames heard; with three: 14; frame 30 is silent, and is
    # settled when eight more have come
    assert told(events) == [("provisional", 1, 12), ("confirmed", 1, 14), ("ended", 1, 39)]
    assert {event.pitch for event in events} == {60}
    assert {event.velocity for event in events} == {64}  # 0.5 * 127, rounded to even
    assert [event.onset for event in events] == [10 * S] * 3
    # the straight line from 1 to 0 crosses 0.5 half a frame after frame 29
    assert events[-1].offset == pytest.approx(29.5 * S)


def test_an_onset_that_does_not_hold_is_withdrawn():
    def seen(newest):
        onset, frame = one_note()
        return (onset, frame) if newest < 12 else (onset * 0.1, frame)

    events = play(NoteLiveDecoder(DecodingSettings(), GRID), seen, 50)
    assert told(events) == [("provisional", 1, 12), ("withdrawn", 1, 19)]


def test_a_weak_onset_may_grow_until_it_is_given_up():
    def seen(newest):
        onset, frame = one_note()
        return (onset, frame) if newest >= 16 else (onset * 0.3, frame)

    assert told(play(NoteLiveDecoder(DecodingSettings(), GRID), seen, 25))[0] == (
        "confirmed",
        1,
        17,
    )
    late = LiveSettings(give_up_frames=5)
    assert play(NoteLiveDecoder(DecodingSettings(), GRID, late), seen, 25) == []


def test_a_peak_that_wanders_by_a_frame_stays_one_note():
    def seen(newest):
        return one_note(onset=10 if newest < 13 else 11)

    events = play(NoteLiveDecoder(DecodingSettings(), GRID), seen, 50)
    assert [kind for kind, *_ in told(events)] == ["provisional", "confirmed", "ended"]
    assert {event.id for event in events} == {1}
    assert events[1].onset == pytest.approx(11 * S)


def test_a_key_struck_again_ends_the_note_before():
    onsets, frames = one_note(end=50)
    onsets[20, 39] = 0.8
    events = play(NoteLiveDecoder(DecodingSettings(), GRID), lambda newest: (onsets, frames), 50)
    assert [(event.kind, event.id) for event in events] == [
        ("provisional", 1),
        ("confirmed", 1),
        ("provisional", 2),
        ("ended", 1),
        ("confirmed", 2),
        ("ended", 2),
    ]
    assert events[3].offset == events[4].onset == 20 * S
    assert events[5].offset == 50 * S  # where the recording ends


def test_a_ripple_of_a_note_that_sounds_is_neither_announced_nor_told():
    onsets, frames = one_note(end=50)
    onsets[20, 39] = 0.8
    settings = DecodingSettings(repeat_threshold=0.85)
    events = play(NoteLiveDecoder(settings, GRID), lambda newest: (onsets, frames), 50)
    assert [event.kind for event in events] == ["provisional", "confirmed", "ended"]
    assert events[2].offset == 50 * S
    frames[15:18] = 0.0  # it fell silent before
    events = play(NoteLiveDecoder(settings, GRID), lambda newest: (onsets, frames), 50)
    assert [event.kind for event in events if event.id == 2] == [
        "provisional",
        "confirmed",
        "ended",
    ]


def test_the_end_of_the_recording_decides_what_is_open():
    onsets, frames = one_note(onset=18, end=20, n_frames=20)
    events = play(NoteLiveDecoder(DecodingSettings(), GRID), lambda newest: (onsets, frames), 20)
    assert told(events) == [("confirmed", 1, 20), ("ended", 1, 20)]
    assert events[1].offset == pytest.approx(20 * S)


def test_a_higher_threshold_of_the_decoding_holds_for_announcements_too():
    decoder = NoteLiveDecoder(DecodingSettings(onset_threshold=0.95), GRID)
    assert play(decoder, lambda newest: one_note(height=0.9), 50) == []
    # between 0.4 and 0.5 a note is confirmed without having been announced
    decoder = NoteLiveDecoder(DecodingSettings(onset_threshold=0.4), GRID)
    events = play(decoder, lambda newest: one_note(height=0.45), 50)
    assert [event.kind for event in events] == ["confirmed", "ended"]


def test_onset_shift_moves_the_onset():
    settings = DecodingSettings(onset_shift_s=0.01)
    events = play(NoteLiveDecoder(settings, GRID), lambda newest: one_note(), 50)
    assert events[0].onset == pytest.approx(10 * S + 0.01)


def test_a_calibration_holds_live_too():
    plain = play(NoteLiveDecoder(DecodingSettings(), GRID), lambda newest: one_note(), 50)
    settings = DecodingSettings(release_s=0.05, velocity_at_32=40.0, velocity_at_64=70.0)
    moved = play(NoteLiveDecoder(settings, GRID), lambda newest: one_note(), 50)
    assert moved[-1].offset == pytest.approx(plain[-1].offset + 0.05)
    assert moved[0].velocity > plain[0].velocity


def test_wrong_views_are_refused():
    zeros = np.zeros((5, 88), dtype=np.float32)
    with pytest.raises(ValueError, match="from frame 0, got 3"):
        NoteLiveDecoder(DecodingSettings(), GRID).update(activations(zeros, first_frame=3))
    with pytest.raises(ValueError, match="expected FrameGrid"):
        NoteLiveDecoder(DecodingSettings(), FrameGrid(8000, 512)).update(activations(zeros))
    with pytest.raises(ValueError, match="sigmoid"):
        NoteLiveDecoder(DecodingSettings(), GRID).update(activations(zeros - 3.0))


def test_settings_that_contradict_are_refused():
    with pytest.raises(ValueError, match="announce <= confirm"):
        LiveSettings(announce_frames=4, confirm_frames=3)
    with pytest.raises(ValueError, match="provisional_threshold"):
        LiveSettings(provisional_threshold=1.5)
