"""What a window asked of a run, and what becomes of its result."""

from __future__ import annotations

import pytest

from amtstudio.learning.control import RunControl
from amtstudio.learning.events import Loading
from amtstudio.learning.report import Stopped, read_outcome
from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import RunFolder, run_path
from amtstudio.profiles.store import path_of
from amtstudio.workbench.adaptation.asked import Asked, find_asked


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def asked(tmp_path):
    return asked_for(tmp_path, "Flügel")


def asked_for(tmp_path, name, **changes):
    paths = (tmp_path / "a.wav", tmp_path / "b.wav")
    return Asked(Request(name, paths, 2.0, "piano", "cpu", **changes))


def begun(asked):
    """As the window begins a run, and its process takes it."""
    asked.begin()
    return RunFolder.open(asked.request, resume=False)


def write_profile_bytes(name, data):
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_it_is_found_again_until_it_is_settled(asked):
    assert find_asked() is None
    with begun(asked) as folder:
        assert find_asked() == asked
        assert not asked.can_go_on  # it has done nothing yet
        RunControl(folder.path).tell(Loading())
        assert asked.can_go_on
    asked.settle()
    assert find_asked() is None


def test_one_at_work_comes_before_a_later_one(asked, tmp_path):
    other = asked_for(tmp_path, "Klavier")
    with begun(asked):
        begun(other).close()
        assert find_asked() == asked
    assert find_asked() in (asked, other)


def test_what_a_former_run_left_is_cleared_away(asked):
    with begun(asked) as folder:
        RunControl(folder.path).tell(Loading())
        folder.end(Stopped())
    begun(asked).close()
    assert read_outcome(run_path(asked.name)) is None
    assert not asked.can_go_on


def test_a_damaged_note_of_it_is_left_alone(asked):
    begun(asked).close()
    (run_path(asked.name) / "request.json").write_text('{"name": 7}')
    assert find_asked() is None


def test_discarding_takes_a_new_profile_away(asked):
    asked.begin()
    write_profile_bytes(asked.name, b"new")
    asked.take_back()
    assert not path_of(asked.name).exists()
    assert find_asked() is None


def test_discarding_brings_back_the_profile_that_was_replaced(asked, tmp_path):
    write_profile_bytes("Flügel", b"former")
    again = asked_for(tmp_path, "Flügel", overwrite=True)
    again.begin()
    write_profile_bytes("Flügel", b"new")
    again.take_back()
    assert path_of("Flügel").read_bytes() == b"former"


def test_a_profile_is_replaced_only_where_that_was_asked(asked):
    assert not asked.resumed.overwrite
    write_profile_bytes(asked.name, b"its own, made before it was killed")
    assert not asked.request.overwrite
    assert asked.resumed.overwrite
