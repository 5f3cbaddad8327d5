import weakref

from PySide6.QtCore import QObject

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


class Window(QObject):
    def __init__(self):
        super().__init__()
        self.taken = []

    def take(self, result):
        self.taken.append(result)


def test_a_pool_is_idle_once_what_came_of_its_jobs_has_been_taken(qtbot):
    pool, window = JobPool(), Window()
    job = Job(Recording().look)
    job.signals.finished.connect(window.take)
    pool.start(job)
    pool.finish()  # without an event loop: the result waits for this thread
    assert job.is_done
    assert window.taken == []
    assert not pool.is_idle
    qtbot.waitUntil(lambda: pool.is_idle)
    assert window.taken == ["seen"]
    pool.close()
