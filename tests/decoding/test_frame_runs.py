import itertools

import numpy as np
import pytest

from amtstudio.decoding import (
    Activations,
    FrameRunDecoder,
    FrameRunSettings,
    decode,
    make_decoder,
    make_live_decoder,
)
from amtstudio.decoding.frame_runs import FRAME_RUNS
from amtstudio.features import FrameGrid
from amtstudio.symbolic.heads import FRAME, Drums, Head, HeadKind

GRID = FrameGrid(sample_rate=16000, hop_length=1600)  # ten frames a second
C4 = 60 - 21  # column


def activations(frame, *, first_frame=0, grid=GRID, head=FRAME):
    return Activations((head,), {"frame": frame}, grid, first_frame, FRAME_RUNS)


def frames(n_frames, *runs):
    """``runs`` as (column, first frame, frame after the last, probability)."""
    frame = np.zeros((n_frames, 88), dtype=np.float32)
    for column, first, end, prob in runs:
        frame[first:end, column] = prob
    return frame


def test_a_run_of_frames_is_a_note():
    frame = frames(30, (C4, 5, 12, 0.75), (C4 + 7, 5, 30, 0.5), (C4, 20, 21, 1.0))
    notes, pedals = decode(activations(frame), FrameRunSettings())
    assert pedals == []
    found = [(note.onset, note.offset, note.pitch, note.confidence) for note in notes]
    expected = [(0.5, 1.2, 60, 0.75), (0.5, 3.0, 67, 0.5), (2.0, 2.1, 60, 1.0)]
    np.testing.assert_allclose(found, expected)
    assert {note.velocity for note in notes} == {80}


def test_the_threshold_is_reached_by_what_equals_it():
    frame = frames(10, (C4, 2, 4, 0.6), (C4 + 1, 2, 4, 0.59))
    notes, _ = decode(activations(frame), FrameRunSettings(frame_threshold=0.6))
    assert [note.pitch for note in notes] == [60]


def test_notes_shorter_than_asked_for_are_left_out():
    frame = frames(20, (C4, 2, 4, 1.0), (C4 + 1, 2, 5, 1.0))
    notes, _ = decode(activations(frame), FrameRunSettings(drop_shorter_than_s=0.3))
    assert [note.pitch for note in notes] == [61]


def test_a_shift_moves_the_whole_note_and_no_onset_before_the_start():
    frame = frames(20, (C4, 0, 4, 1.0), (C4, 10, 12, 1.0))
    notes, _ = decode(activations(frame), FrameRunSettings(onset_shift_s=-0.05))
    times = [(note.onset, note.offset) for note in notes]
    np.testing.assert_allclose(times, [(0.0, 0.35), (0.95, 1.15)])


@pytest.mark.parametrize("sizes", [[1] * 90, [7, 1, 40, 2], [90]])
def test_chunks_give_the_same_notes_as_the_whole(rng, sizes):
    smooth = rng.random((95, 88)).astype(np.float32)
    frame = sum(smooth[shift : shift + 90] for shift in range(5)) / np.float32(5)
    whole, _ = decode(activations(frame), FrameRunSettings())
    assert len(whole) > 500
    decoder = FrameRunDecoder(FrameRunSettings(), GRID)
    cuts = [0, *(cut for cut in itertools.accumulate(sizes) if cut < 90), 90]
    notes = []
    for first, end in itertools.pairwise(cuts):
        notes += decoder.feed(activations(frame[first:end], first_frame=first))
    notes += decoder.finish()
    assert sorted(notes) == whole


def test_the_notes_of_a_recording_that_starts_later_keep_its_time():
    decoder = FrameRunDecoder(FrameRunSettings(), GRID)
    assert list(decoder.feed(activations(frames(10, (C4, 4, 10, 1.0)), first_frame=100))) == []
    assert list(decoder.feed(activations(frames(0), first_frame=110))) == []
    (note,) = decoder.finish()
    assert (note.onset, note.offset) == (pytest.approx(10.4), pytest.approx(11.0))
    assert list(decoder.finish()) == []
    assert list(FrameRunDecoder(FrameRunSettings(), GRID).finish()) == []


def test_chunks_that_do_not_fit_are_refused():
    decoder = FrameRunDecoder(FrameRunSettings(), GRID)
    decoder.feed(activations(frames(10)))
    with pytest.raises(ValueError, match="expected a chunk from frame 10, got 11"):
        decoder.feed(activations(frames(10), first_frame=11))
    with pytest.raises(ValueError, match="expected FrameGrid"):
        decoder.feed(activations(frames(10), first_frame=10, grid=FrameGrid(16000, 512)))
    with pytest.raises(ValueError, match="apply a sigmoid"):
        decoder.feed(activations(frames(10, (C4, 1, 2, 1.5)), first_frame=10))
    drum = Head("frame", HeadKind.SOUND, Drums(("kick",), (36,)))
    with pytest.raises(ValueError, match="must run along pitches"):
        FrameRunDecoder(FrameRunSettings(), GRID).feed(
            activations(np.zeros((4, 1), dtype=np.float32), head=drum)
        )


def test_a_card_tells_the_settings():
    settings = FrameRunSettings.from_card({"frame": 0.3}, onset_shift_s=0.01)
    assert settings == FrameRunSettings(0.3, 0.0, 0.01)
    assert FrameRunSettings.required() == ("frame",)
    with pytest.raises(ValueError, match="knows no setting 'onset'"):
        FrameRunSettings.from_card({"frame": 0.3, "onset": 0.4})


def test_settings_survive_being_kept_and_can_be_moved():
    settings = FrameRunSettings(0.3, 0.05)
    assert FrameRunSettings.from_plain(settings.to_plain()) == settings
    names = [entry.name for entry in settings.adjustable()]
    assert names == ["frame_threshold", "drop_shorter_than_s"]
    assert settings.changed({"frame_threshold": 0.6}) == FrameRunSettings(0.6, 0.05)
    assert settings.value("drop_shorter_than_s") == 0.05
    assert settings.lowered(settings, 0.5) == settings
    with pytest.raises(KeyError):
        settings.changed({"onset_shift_s": 1.0})


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"frame_threshold": 1.1}, "frame_threshold must lie in"),
        ({"frame_threshold": float("nan")}, "frame_threshold must lie in"),
        ({"drop_shorter_than_s": -0.1}, "must not be negative"),
        ({"onset_shift_s": float("inf")}, "must be finite"),
    ],
)
def test_settings_out_of_range_are_refused(values, match):
    with pytest.raises(ValueError, match=match):
        FrameRunSettings(**values)


def test_the_decoder_is_known_by_name_and_cannot_work_live():
    assert isinstance(make_decoder(FRAME_RUNS, FrameRunSettings(), GRID), FrameRunDecoder)
    with pytest.raises(ValueError, match="cannot work while the music plays"):
        make_live_decoder(FRAME_RUNS, FrameRunSettings(), GRID)
