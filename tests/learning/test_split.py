import numpy as np
import pytest

from amtstudio.features import FrameGrid
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.request import Corrections, Passage
from amtstudio.learning.split import split_recordings
from amtstudio.learning.wording import sentence

GRID = FrameGrid(16000, 512)


def recording(number, seconds, **corrections):
    audio = np.zeros(round(seconds * 16000), np.float32)
    return UserRecording(f"{number}.wav", f"{number:064d}", audio, GRID, Corrections(**corrections))


def test_each_role_gets_whole_recordings_of_about_its_share():
    recordings = [recording(number, 60.0) for number in range(10)]
    split = split_recordings(recordings)
    assert [len(role) for role in (split.adapt, split.tune, split.accept)] == [6, 2, 2]
    assert len(split.everything) == 10
    assert split.too_little is None
    roles = [split.role(entry) for entry in recordings]
    assert roles == ["accept"] * 2 + ["tune"] * 2 + ["adapt"] * 6


def test_the_split_does_not_depend_on_the_order_and_counts_doubles_once():
    recordings = [recording(number, 30.0 + number) for number in range(8)]
    split = split_recordings(recordings)
    again = split_recordings([*reversed(recordings), recordings[3]])
    for role in ("adapt", "tune", "accept"):
        names = [entry.name for entry in getattr(split, role)]
        assert names == [entry.name for entry in getattr(again, role)]


def test_a_long_recording_is_learned_from_rather_than_held_back():
    split = split_recordings([recording(0, 600.0), *(recording(n, 60.0) for n in range(1, 6))])
    assert split.adapt[0].name == "0.wav"
    assert sum(entry.seconds for entry in split.accept) <= 300.0


@pytest.mark.parametrize(
    ("lengths", "reason"),
    [([300.0], "only one recording"), ([300.0, 300.0], "2 recordings"), ([10.0] * 5, "50 s")],
)
def test_too_little_leaves_the_weights_alone_and_says_why(lengths, reason):
    split = split_recordings([recording(n, seconds) for n, seconds in enumerate(lengths)])
    assert reason in sentence(split.too_little)
    assert split.adapt
    assert split.tune
    assert split.accept


def test_nothing_cannot_be_split():
    with pytest.raises(ValueError, match="at least one"):
        split_recordings([])


def test_a_clip_has_zeros_and_the_nearest_level_outside():
    audio = np.full(32 * 512, 0.5, np.float32)
    entry = UserRecording("x.wav", "0" * 64, audio, GRID)
    clip = entry.clip(-2, 6, margin=1024)
    assert len(clip["audio"]) == 5 * 512 + 2048
    assert clip["audio"][: 2 * 512 + 1024].abs().max() == 0.0
    assert clip["audio"][2 * 512 + 1024 :].min() == 0.5
    assert clip["level"].numpy() == pytest.approx(0.5)


def test_corrected_seconds_are_counted():
    passages = (Passage(1.0, 3.5, ()), Passage(8.0, 9.0, ()))
    assert recording(0, 20.0, passages=passages).corrected_s == 3.5
