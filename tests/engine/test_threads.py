import os
import subprocess
import sys

import pytest
import torch

from amtstudio.computing.threads import _container_limits, set_thread_count, usable_cores


def test_omp_num_threads_limits_the_cores(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert usable_cores() == 1


def test_more_threads_than_cores_are_not_taken(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "100000")
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("value", ["", "0", "many", "-2"])
def test_meaningless_omp_num_threads_is_ignored(monkeypatch, value):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    without = usable_cores()
    monkeypatch.setenv("OMP_NUM_THREADS", value)
    assert usable_cores() == without


def test_container_quota_counts_in_either_form(tmp_path):
    assert _container_limits(tmp_path) == []
    (tmp_path / "cpu.max").write_text("150000 100000\n")
    assert _container_limits(tmp_path) == [2]
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert _container_limits(tmp_path) == []
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("50000\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert _container_limits(tmp_path) == [1]
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("-1\n")
    assert _container_limits(tmp_path) == []


def test_thread_count_reaches_torch():
    before = torch.get_num_threads()
    try:
        assert set_thread_count(1) == 1
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def test_no_threads_are_refused():
    with pytest.raises(ValueError, match="n_threads must be 1 or more, got 0"):
        set_thread_count(0)


@pytest.mark.parametrize(
    ("set_by_user", "expected"),
    [({}, "10000"), ({"GOMP_SPINCOUNT": "7"}, "7"), ({"OMP_WAIT_POLICY": "active"}, None)],
)
def test_threads_do_not_wait_long_for_one_that_another_program_keeps_out(set_by_user, expected):
    kept = {k: v for k, v in os.environ.items() if k not in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")}
    code = (
        "import sys, amtstudio, os; print(os.environ.get('GOMP_SPINCOUNT'), 'torch' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=kept | set_by_user,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [str(expected), "False"]
