from __future__ import annotations

import os

import pytest
from killing import kill_once


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_no_acknowledged_edit_is_lost_when_the_process_is_killed(tmp_path):
    outcomes = [kill_once(tmp_path / str(seed), seed, longest=0.4) for seed in range(20)]
    assert [outcome.problems for outcome in outcomes] == [[]] * 20
    assert sum(outcome.acknowledged for outcome in outcomes) > 100
    assert sum(outcome.saves for outcome in outcomes) > 10
    assert max(outcome.seconds_to_open for outcome in outcomes) < 5.0


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_a_take_that_is_made_meanwhile_survives_as_well(tmp_path):
    outcomes = [
        kill_once(tmp_path / str(seed), seed, longest=1.5, records=True) for seed in range(20, 24)
    ]
    assert [outcome.problems for outcome in outcomes] == [[]] * 4
    assert sum(outcome.captured_s for outcome in outcomes) > 0.5


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_nothing_is_lost_where_the_log_is_being_brought_into_the_file(tmp_path):
    outcomes = [
        kill_once(tmp_path / str(seed), seed, longest=0.6, folds=True) for seed in range(40, 60)
    ]
    assert [outcome.problems for outcome in outcomes] == [[]] * 20
    assert sum(outcome.acknowledged for outcome in outcomes) > 100
