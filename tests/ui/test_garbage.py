import gc
import threading
import weakref

import pytest

from amtstudio.ui.garbage import collect_on_this_thread


class Ring:
    """Refers to itself: only the collector can free it."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def collector(qapp):
    was_enabled = gc.isenabled()
    yield collect_on_this_thread()
    if was_enabled:
        gc.enable()


def make_rings(freed, n):
    for _ in range(n):
        weakref.finalize(Ring(), lambda: freed.append(threading.get_ident()))


def test_what_another_thread_has_left_is_freed_on_the_thread_of_the_window(qtbot, collector):
    gc.disable()
    freed = []
    worker = threading.Thread(target=make_rings, args=(freed, 5000))
    worker.start()
    worker.join()
    assert not freed
    qtbot.waitUntil(lambda: len(freed) == 5000)
    assert set(freed) == {threading.get_ident()}


def test_there_is_one_collector_and_it_leaves_little_alone(collector):
    assert collect_on_this_thread() is collector
    gc.collect()
    freed = []
    make_rings(freed, 3)
    collector.collect()
    assert not freed


def test_an_application_is_needed(monkeypatch):
    monkeypatch.setattr("amtstudio.ui.garbage.QCoreApplication.instance", lambda: None)
    with pytest.raises(RuntimeError, match="no application"):
        collect_on_this_thread()
