"""What a window asked of a run, and what becomes of its result."""

from __future__ import annotations

import pytest

from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import RunFolder, run_path
from amtstudio.profiles.store import path_of
from amtstudio.ui.adaptation.asked import Asked, find_asked


@pytest.fixture
def asked(tmp_path):
    return Asked("Flügel", (tmp_path / "a.wav", tmp_path / "b.wav"), 2.0, "piano", "cpu")


def write_profile_bytes(name, data):
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_it_is_found_again_until_it_is_settled(asked):
    assert find_asked() is None
    asked.begin()
    assert find_asked() == asked
    assert asked.report is None
    assert not asked.can_go_on
    with RunFolder.open(asked.request(), resume=False):  # as the process does
        assert asked.can_go_on
        assert find_asked() == asked
    asked.settle()
    assert find_asked() is None


def test_one_at_work_comes_before_a_later_one(asked, tmp_path):
    asked.begin()
    other = Asked("Klavier", (tmp_path / "c.wav",), 1.0)
    with RunFolder.open(asked.request(), resume=False):
        other.begin()
        assert find_asked() == asked
    assert find_asked() in (asked, other)


def test_what_a_former_run_left_is_cleared_away(asked):
    folder = run_path(asked.name)
    folder.mkdir(parents=True)
    for name in ("report.json", "request.json", "events.jsonl"):
        (folder / name).write_text('{"adopted": true}')
    asked.begin()
    assert asked.report is None
    assert not asked.can_go_on


def test_a_damaged_note_of_it_is_left_alone(asked):
    asked.begin()
    (asked.folder / "asked.json").write_text('{"name": 7}')
    assert find_asked() is None


def test_discarding_takes_a_new_profile_away(asked):
    asked.begin()
    write_profile_bytes(asked.name, b"new")
    asked.take_back()
    assert not path_of(asked.name).exists()
    assert find_asked() is None


def test_discarding_brings_back_the_profile_that_was_replaced(asked, tmp_path):
    write_profile_bytes("Flügel", b"former")
    again = Asked("Flügel", asked.recordings, 2.0, replaces=True)
    again.begin()
    write_profile_bytes("Flügel", b"new")
    again.take_back()
    assert path_of("Flügel").read_bytes() == b"former"


def test_a_profile_is_replaced_only_where_that_was_asked(asked):
    assert asked.request() == Request(
        "Flügel", asked.recordings, 2.0, "piano", "cpu", overwrite=False
    )
    write_profile_bytes(asked.name, b"its own, made before it was killed")
    assert not asked.request().overwrite
    assert asked.request(resume=True).overwrite
