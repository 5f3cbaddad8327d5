"""Where the window logs what happened, for finding faults."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_MAX_BYTES = 500_000
_N_KEPT = 3
_SERIOUS = (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)


def log_folder() -> Path:
    """The user's folder for logs, or ``AMTSTUDIO_LOG_DIR``; made if it is not there."""
    override = os.environ.get("AMTSTUDIO_LOG_DIR")
    folder = Path(override or platformdirs.user_log_dir("amtstudio", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def start_logging() -> None:
    """Write the program's log to a file; without a folder there is none."""
    logger = logging.getLogger("amtstudio")
    logger.setLevel(logging.INFO)
    try:
        handler = RotatingFileHandler(
            log_folder() / "window.log",
            maxBytes=_MAX_BYTES,
            backupCount=_N_KEPT,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        return
    qInstallMessageHandler(_log_qt_message)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)


def _log_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt's messages are for developers, not for a user's terminal."""
    level = logging.ERROR if kind in _SERIOUS else logging.INFO
    logging.getLogger("amtstudio.qt").log(level, "%s", text)
