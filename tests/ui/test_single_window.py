"""A second start hands its files over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket

from amtstudio.settings import Settings, load_settings, save_settings
from amtstudio.ui.app import WindowOptions, _claim
from amtstudio.ui.single_instance import SingleInstance, _private_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _own_sockets(tmp_path_factory, monkeypatch):
    # Short: the name of a socket has room for some hundred characters.
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))


@pytest.fixture
def first(qapp):
    first = SingleInstance()
    assert first.is_first
    yield first
    first.close()


HAND_OVER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from amtstudio.ui.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance()
print(instance.is_first, instance.hand_over([Path(name) for name in sys.argv[1:]]), flush=True)
"""


def second_start(*names: str, cwd: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HAND_OVER, *names],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_second_start_gives_its_files_to_the_first_and_knows_it(first, qtbot, tmp_path):
    with qtbot.waitSignal(first.received, timeout=60_000) as received:
        child = second_start("Übung #1.wav", "/music/b.mp3", cwd=tmp_path)
    assert received.args[0] == [tmp_path / "Übung #1.wav", Path("/music/b.mp3")]
    assert child.communicate(timeout=30)[0] == "False True\n"


def test_the_window_opens_what_it_is_given_and_comes_forward(window, finish, recording):
    window.showMinimized()
    window.come_forward([recording])
    finish()
    assert not window.isMinimized()
    assert window.document.path == recording
    window.come_forward()
    assert window.document.path == recording


def test_after_the_first_one_has_ended_the_next_is_first(first, qapp):
    other = SingleInstance()
    assert not other.is_first
    first.close()
    third = SingleInstance()
    assert third.is_first
    third.close()


KILLED = """
from PySide6.QtCore import QCoreApplication
from amtstudio.ui.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance()
print(instance.is_first, flush=True)
app.exec()
"""


def test_a_killed_program_does_not_stand_in_the_way(qapp):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout.readline() == "True\n"
        assert not SingleInstance().is_first
        child.kill()
    heir = SingleInstance()
    assert heir.is_first
    heir.close()


def test_a_first_one_that_does_not_answer_is_not_waited_for_long(first):
    # Its event loop does not run here, as in a program that hangs.
    other = SingleInstance()
    assert not other.hand_over([], patience_s=0.5)


@pytest.mark.parametrize(
    "line", [b"GET / HTTP/1.1\n", b'{"files": 7}\n', b'{"files": [1]}\n', b"[]\n"]
)
def test_what_is_no_list_of_files_is_not_taken(first, qtbot, line):
    socket = QLocalSocket()
    with qtbot.assertNotEmitted(first.received):
        socket.connectToServer(first._name)
        assert socket.waitForConnected(5000)
        socket.write(line)
        socket.flush()
        qtbot.waitUntil(
            lambda: (
                socket.state() == QLocalSocket.LocalSocketState.UnconnectedState
                or socket.waitForDisconnected(10)
            )
        )


def test_programs_with_other_settings_are_others(first, monkeypatch, tmp_path):
    monkeypatch.setenv("AMTSTUDIO_CONFIG_DIR", str(tmp_path / "elsewhere"))
    other = SingleInstance()
    assert other.is_first
    other.close()


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_folder_that_others_may_write_to_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = _private_folder()
    assert folder is not None
    folder.chmod(0o777)
    assert _private_folder() is None
    assert not SingleInstance().is_first


def test_the_options_and_the_settings_can_ask_for_a_window_of_its_own(qapp):
    assert _claim(WindowOptions(new_window=True), Settings()) is None
    assert _claim(WindowOptions(model="piano"), Settings()) is None
    assert _claim(WindowOptions(device="cpu"), Settings()) is None
    assert _claim(WindowOptions(snapshot=Path("a.png")), Settings()) is None
    save_settings(Settings(single_instance=False))
    assert _claim(WindowOptions(), load_settings()) is None
    claimed = _claim(WindowOptions(), Settings())
    assert claimed is not None
    assert claimed.is_first
    claimed.close()


def test_the_command_hands_over_and_ends(first, qtbot, recording):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    with qtbot.waitSignal(first.received, timeout=60_000) as received:
        child = subprocess.Popen(
            [sys.executable, "-m", "amtstudio", "gui", str(recording)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert received.args[0] == [recording]
    assert child.communicate(timeout=60)[1] == ""
    assert child.returncode == 0
