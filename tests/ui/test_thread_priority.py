import os
import sys
import threading

import pytest

from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.thread_priority import Urgency

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt does it elsewhere")


def niceness_of(pool, urgency, qtbot):
    found = []

    def work(**_callbacks):
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    job = Job(work, urgency=urgency)
    with qtbot.waitSignal(job.signals.finished):
        pool.start(job)
    return found[0]


@linux
def test_work_that_takes_its_time_gives_way_to_the_window(qtbot):
    pool = JobPool()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    for _ in range(2):  # a thread that is used again must not become nicer
        assert niceness_of(pool, Urgency.AT_ONCE, qtbot) == own
        assert niceness_of(pool, Urgency.STEADY, qtbot) == min(own + 1, 19)
        assert niceness_of(pool, Urgency.BESIDES, qtbot) == min(own + 3, 19)
    pool.close()
    assert os.getpriority(os.PRIO_PROCESS, 0) == own


def test_jobs_of_all_urgencies_are_ended_with_the_pool(qtbot):
    pool, ended = JobPool(), []

    def work(*, is_cancelled, **_callbacks):
        while not is_cancelled():
            threading.Event().wait(0.001)
        ended.append(True)

    jobs = [pool.start(Job(work, urgency=urgency)) for urgency in Urgency]
    assert not pool.is_idle
    pool.close()
    assert len(ended) + sum(job.is_done for job in jobs) >= len(jobs)
    assert all(job.is_done for job in jobs)
