import weakref

from amtstudio.ui.jobs import Job, JobPool


class Recording:
    """Something large that a job works on."""

    def look(self, *, on_progress, on_part, is_cancelled):
        on_progress(1.0, 1.0)
        return "seen"


def test_a_job_that_is_done_lets_go_of_what_it_worked_on(qtbot):
    pool, results = JobPool(), []
    recording = Recording()
    job = Job(recording.look)
    job.signals.finished.connect(results.append)
    pool.start(job)
    qtbot.waitUntil(lambda: results == ["seen"])
    pool.finish()
    gone = weakref.ref(recording)
    del recording
    assert gone() is None
    pool.close()
