"""What the window does when something goes wrong in it."""

from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox

from amtstudio.errors import OutputWriteError
from amtstudio.ui.error_box import ErrorBox
from amtstudio.ui.failure import describe
from amtstudio.ui.faults import FaultCatcher


@pytest.fixture
def catcher(qapp):
    catcher = FaultCatcher()
    catcher.install()
    yield catcher
    catcher.remove()


def fail_in_one_place() -> None:
    raise ZeroDivisionError("no bars")


def raise_uncaught() -> None:
    try:
        fail_in_one_place()
    except ZeroDivisionError:
        sys.excepthook(*sys.exc_info())


def test_a_fault_is_logged_and_shown_once_for_each_place(catcher, qtbot, caplog):
    shown = []
    catcher.caught.connect(shown.append)
    for _ in range(3):
        raise_uncaught()
    qtbot.waitUntil(lambda: bool(shown))
    assert [str(error) for error in shown] == ["no bars"]
    assert caplog.text.count("ZeroDivisionError: no bars") == 3


def test_a_fault_on_another_thread_is_shown_on_that_of_the_window(catcher, qtbot):
    threads = []
    catcher.caught.connect(lambda _: threads.append(threading.current_thread()))
    thread = threading.Thread(target=fail_in_one_place)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: threads == [threading.main_thread()])


def test_the_box_tells_cause_and_next_step_and_gives_the_details_away(qtbot, monkeypatch, tmp_path):
    error = OutputWriteError("Cannot write song.mid: No space left on device", hint="free some")
    box = ErrorBox(describe(error))
    qtbot.addWidget(box)
    box.show()
    assert box.text() == "Cannot write song.mid: No space left on device."
    assert box.informativeText() == "Free some."

    box.copy_button.click()
    details = QGuiApplication.clipboard().text()
    for part in (
        "AMT Studio",
        "No space left on device",
        "next step: Free some.",
        "PySide6",
        "logs",
    ):
        assert part in details
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    box.logs_button.click()
    assert opened == [str(tmp_path / "logs")]
    assert box.isVisible()
    box.button(QMessageBox.StandardButton.Close).click()
    assert not box.isVisible()
