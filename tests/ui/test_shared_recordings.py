"""A recording is opened once for all who listen to it, and not kept longer than that."""

from __future__ import annotations

import os

import numpy as np
import pytest

from amtstudio.errors import InputNotFoundError
from amtstudio.workbench.shared_recordings import MOST_OPEN, SharedRecordings


@pytest.fixture
def recordings():
    recordings = SharedRecordings()
    yield recordings
    recordings.close()


def test_the_same_source_until_it_is_let_go(recordings, recording, openings):
    source = recordings.open("a", recording)
    assert recordings.open("a", recording, start=2.0) is source
    assert openings == [recording]
    recordings.let_go("a")
    assert not recordings.is_open("a")
    assert recordings.open("a", recording) is not source


def test_a_file_that_was_replaced_is_opened_anew(recordings, recording):
    source = recordings.open("a", recording)
    os.utime(recording, ns=(1, 1))
    assert recordings.open("a", recording) is not source


def test_the_one_opened_longest_ago_makes_room_and_is_heard_to_its_end(recordings, recording):
    whole = np.concatenate(list(recordings.open(0, recording).stream_mono(sample_rate=16000)))
    stream = recordings.open(0, recording).stream_mono(sample_rate=16000)
    begun = [next(stream)]
    for key in range(1, MOST_OPEN + 1):
        recordings.open(key, recording)
    assert [recordings.is_open(key) for key in range(MOST_OPEN + 1)] == [False] + [True] * MOST_OPEN
    np.testing.assert_array_equal(np.concatenate([*begun, *stream]), whole)


def test_a_file_that_is_not_there(recordings, tmp_path):
    with pytest.raises(InputNotFoundError):
        recordings.open("a", tmp_path / "none.wav")
