"""A second start hands its files to the window that is open, and ends."""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import json
import logging
import os
import stat
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from amtstudio.settings import config_dir

logger = logging.getLogger("amtstudio.ui")

_ANSWER = b"ok\n"
_PATIENCE_S = 5.0  # of a second start: so long may the first one be about to open its window
_STEP_MS = 100
_MAX_BYTES = 4 << 20


class SingleInstance(QObject):
    """The first start of a user waits for files of the later ones.

    The program counts as another where it has other settings (``AMTSTUDIO_CONFIG_DIR``).

    Attributes
    ----------
    is_first : bool
        Whether no other is running; this one then receives.
    """

    received = Signal(list)  # of Path; empty: the window is wanted, and no file

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_first = False
        self._sockets: dict[QLocalSocket, bytes] = {}
        self._server: QLocalServer | None = None
        folder = _private_folder()
        if folder is None:
            logger.warning("no private folder for a socket: every start opens its own window")
            return
        key = hashlib.sha256(str(config_dir().absolute()).encode()).hexdigest()[:16]
        # On Windows a pipe has a separate kind of name, which all users see.
        self._name = (
            f"amtstudio-{getpass.getuser()}-{key}" if os.name == "nt" else str(folder / key)
        )
        self._lock = QLockFile(str(folder / f"{key}.lock"))
        self._lock.setStaleLockTime(0)  # it goes stale with its process, and not with time
        self.is_first = self._lock.tryLock(0) and self._listen()

    def hand_over(self, files: Sequence[Path], *, patience_s: float = _PATIENCE_S) -> bool:
        """Give files to the program that runs; whether it has taken them."""
        message = json.dumps({"files": [str(path.absolute()) for path in files]}).encode() + b"\n"
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if self._send(message, deadline):
                return True
            time.sleep(_STEP_MS / 1e3)
        return False

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
            self._lock.unlock()

    def _listen(self) -> bool:
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._name)  # of a process that was killed: the lock is ours
        if not server.listen(self._name):
            logger.warning("cannot listen for other starts: %s", server.errorString())
            self._lock.unlock()
            return False
        server.newConnection.connect(self._greet)
        self._server = server
        return True

    def _greet(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            self._sockets[socket] = b""
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(self._forget)

    def _read(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket) or socket not in self._sockets:
            return
        self._sockets[socket] += bytes(socket.readAll().data())
        line, end, _ = self._sockets[socket].partition(b"\n")
        if end:
            self._take(socket, line)
        elif len(self._sockets[socket]) > _MAX_BYTES:
            socket.abort()

    def _take(self, socket: QLocalSocket, line: bytes) -> None:
        try:
            paths = [Path(name) for name in json.loads(line)["files"]]
        except (ValueError, TypeError, KeyError, RecursionError):
            logger.warning("ignoring an unrecognised message on the instance socket")
            socket.abort()
            return
        socket.write(_ANSWER)
        socket.flush()
        socket.disconnectFromServer()
        self.received.emit(paths)

    def _forget(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._sockets.pop(socket, None)
            socket.deleteLater()

    def _send(self, message: bytes, deadline: float) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_left_ms(deadline)):
            return False
        socket.write(message)
        answer = b""
        while not answer.endswith(_ANSWER) and socket.waitForReadyRead(_left_ms(deadline)):
            answer += bytes(socket.readAll().data())
        return answer == _ANSWER


def _left_ms(deadline: float) -> int:
    return max(1, round(1e3 * (deadline - time.monotonic())))


def _private_folder() -> Path | None:
    """A folder that no other user can put anything into; None if there is none."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    with contextlib.suppress(OSError):
        if os.name == "nt":
            folder = base / "amtstudio"
            folder.mkdir(exist_ok=True)
            return folder
        folder = base / f"amtstudio-{os.geteuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        if is_ours and not found.st_mode & 0o077:
            return folder
    return None
