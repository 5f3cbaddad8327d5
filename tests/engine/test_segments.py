import numpy as np
import pytest

from amtstudio.engine.segments import SegmentPlan, cut_into_segments
from amtstudio.features import FrameGrid, hop_energies, running_level

HOP = 100
GRID = FrameGrid(sample_rate=1000, hop_length=HOP)  # 10 frames a second


def plan(**changes):
    values = {
        "grid": GRID,
        "margin": 130,
        "context": 3,
        "uses_level": True,
        "core_frames": 40,
        "first_core_frames": 15,
    }
    return SegmentPlan(**{**values, **changes})


def blocks_of(audio, rng):
    begin = 0
    while begin < len(audio):
        size = int(rng.integers(1, 2000))
        yield audio[begin : begin + size]
        begin += size


@pytest.mark.parametrize("size_step", [1, 10, 46, 64])
@pytest.mark.parametrize("n_samples", [1, 99, 100, 101, 1500, 1801, 5500, 5801, 33333])
def test_segments_carry_the_audio_and_level_of_the_whole_recording(rng, n_samples, size_step):
    audio = rng.standard_normal(n_samples).astype(np.float32)
    audio[: n_samples // 2] *= 0.01
    level = running_level(hop_energies(audio, HOP), HOP, 1000)
    n_frames = GRID.n_frames(n_samples)
    padded = np.concatenate([np.zeros(130), audio, np.zeros(400)]).astype(np.float32)
    covered = 0
    for segment in cut_into_segments(blocks_of(audio, rng), plan(size_step=size_step)):
        assert segment.first_frame == covered
        covered += segment.n_frames
        start = segment.first_frame - segment.skip
        end = start + (len(segment.audio) - 2 * 130) // HOP + 1
        assert start == 0 or (end - start) % size_step == 0
        assert max(0, segment.first_frame - 3 - size_step) < max(start, 1)
        assert start <= max(0, segment.first_frame - 3)
        assert end == n_frames or end == covered + 3
        np.testing.assert_array_equal(
            segment.audio, padded[start * HOP : (end - 1) * HOP + 2 * 130]
        )
        np.testing.assert_allclose(segment.level, level[start:end], rtol=1e-6)
    assert covered == n_frames


def test_segments_of_nothing_are_none():
    assert list(cut_into_segments([], plan())) == []


def test_first_segment_is_short_and_those_within_are_of_one_length(rng):
    audio = np.ones(60_000, dtype=np.float32)
    segments = list(cut_into_segments(blocks_of(audio, rng), plan()))
    assert segments[0].n_frames == 15
    assert len({len(segment.audio) for segment in segments[1:-1]}) == 1


def test_windows_of_recordings_of_any_length_have_few_lengths(rng):
    lengths = set()
    for n_frames in range(62, 200):
        audio = np.ones(n_frames * HOP, dtype=np.float32)
        segments = list(cut_into_segments(blocks_of(audio, rng), plan(size_step=23)))
        assert len(segments[0].audio) == 17 * HOP + 2 * 130  # 15 frames and 3 of context
        lengths |= {(len(segment.audio) - 2 * 130) // HOP + 1 for segment in segments[1:]}
    assert lengths == {23, 46}


def test_no_more_is_read_ahead_than_margin_and_level_need():
    read = 0

    def endless():
        nonlocal read
        while True:
            read += HOP
            yield np.ones(HOP, dtype=np.float32)

    segment = next(cut_into_segments(endless(), plan()))
    assert segment.n_frames == 15
    assert read <= (15 + 3 + 51 + 2) * HOP
    read = 0
    next(cut_into_segments(endless(), plan(uses_level=False)))
    assert read <= (15 + 3 + 2) * HOP
