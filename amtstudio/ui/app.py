"""Starts the window, and takes its picture where that is all that is wanted."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from amtstudio import __version__
from amtstudio.atomic_file import write_atomically
from amtstudio.errors import DeviceError
from amtstudio.resources import resource_path
from amtstudio.settings import Settings, load_settings
from amtstudio.ui.cleaning import clean_up_soon
from amtstudio.ui.exporting import png_bytes
from amtstudio.ui.faults import FaultCatcher
from amtstudio.ui.logs import start_logging
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.sound_devices import NoSound
from amtstudio.ui.thread_priority import SWITCH_INTERVAL_S
from amtstudio.ui.translation import ENGLISH, install, wanted_language
from amtstudio.workbench.transcribing import AUTO, Engine

if TYPE_CHECKING:
    from amtstudio.ui.single_instance import SingleInstance

logger = logging.getLogger("amtstudio.ui")

_LOOK_MS = 50


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """The command line's options for the window."""

    files: tuple[Path, ...] = ()
    snapshot: Path | None = None
    model: str | None = None  # None: what the settings say
    device: str | None = None
    overwrite: bool = False
    new_window: bool = False  # also where a window is open already


def run_window(
    options: WindowOptions, *, is_stopped: Callable[[], bool] = lambda: False
) -> list[tuple[str, Exception]]:
    """Show the window until it is closed, or until its picture is taken.

    Parameters
    ----------
    options : WindowOptions
    is_stopped : callable
        Checked regularly; once it is true, the window closes.

    Returns
    -------
    list of (file, error)
        With a picture: what failed of the files. Otherwise empty: the window has shown it.

    Raises
    ------
    DeviceError
        If there is no display.
    OutputExistsError, CannotCreateOutputError, OutputWriteError
        If the picture cannot be written.
    """
    _check_display(wants_picture=options.snapshot is not None)
    start_logging()
    app = make_app()
    # A picture looks the same whatever was done in the window before, and whatever the machine has.
    is_picture = options.snapshot is not None
    settings = Settings() if is_picture else load_settings()
    install(ENGLISH if is_picture else wanted_language(settings.language))
    instance = _claim(options, settings)
    if instance is not None and not instance.is_first and instance.hand_over(options.files):
        return []
    engine = Engine(
        options.model or settings.model or AUTO,
        options.device or settings.device,
        profile="" if options.model else settings.profile,
    )
    window = MainWindow(engine, keeps_state=not is_picture, sound=NoSound() if is_picture else None)
    faults = FaultCatcher(window)
    faults.caught.connect(window.show_error)
    if not is_picture:
        faults.install()
        clean_up_soon(window)
    if instance is not None:
        instance.received.connect(window.come_forward)
    window.show()
    window.begin()
    window.open_paths(list(options.files))
    stop = _Stop(window, is_stopped)
    snapshot = None
    if options.snapshot is not None:
        snapshot = Snapshot(window, options.snapshot, overwrite=options.overwrite)
        snapshot.start()
    app.exec()
    stop.end()
    window.close()
    faults.remove()
    if instance is not None:
        instance.close()
    return snapshot.failures() if snapshot is not None else []


def make_app() -> QApplication:
    """The application of this process; made if there is none."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    app = QApplication(["amtstudio"])
    app.setApplicationName("amtstudio")
    app.setApplicationDisplayName("AMT Studio")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("amtstudio")
    app.setWindowIcon(QIcon(str(resource_path("icons", "amtstudio.svg"))))
    return app


def _claim(options: WindowOptions, settings: Settings) -> SingleInstance | None:
    """Whether this is the first window of the user; None: it does not matter."""
    wants_own = options.new_window or options.model is not None or options.device is not None
    if options.snapshot is not None or wants_own or not settings.single_instance:
        return None
    try:
        from amtstudio.ui.single_instance import SingleInstance  # noqa: PLC0415
    except ImportError as error:  # QtNetwork wants a library that nothing else needs
        logger.warning("every start opens its own window: %s", error)
        return None
    return SingleInstance()


class Snapshot(QObject):
    """Waits until everything is on the screen, and keeps a picture of it."""

    def __init__(self, window: MainWindow, path: Path, *, overwrite: bool = False) -> None:
        super().__init__(window)
        self._window = window
        self._path = path
        self._overwrite = overwrite
        self._error: Exception | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        self._timer.start(_LOOK_MS)

    def failures(self) -> list[tuple[str, Exception]]:
        """What went wrong with the files. Raises what went wrong with the picture."""
        if self._error is not None:
            raise self._error
        failed = [
            (str(item.document.path), item.error)
            for item in self._window.queue.items
            if item.error is not None
        ]
        return failed + self._window.failures

    def _look(self) -> None:
        if not (self._window.isVisible() and self._window.is_settled):
            return
        self._timer.stop()
        try:
            data = png_bytes(self._window.grab())
            write_atomically(self._path, data, overwrite=self._overwrite)
        except Exception as error:  # noqa: BLE001 - raised again by failures()
            self._error = error
        self._window.close()


class _Stop(QObject):
    """Closes the window when a signal asks the process to end.

    Its timer also gives Python the chance to see the signal: Qt's loop alone would not.
    """

    def __init__(self, window: MainWindow, is_stopped: Callable[[], bool]) -> None:
        super().__init__()
        self._window = window
        self._is_stopped = is_stopped
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(200)

    def end(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        if self._is_stopped():
            self._window.close_unasked()  # a signal waits for no answer


def _check_display(*, wants_picture: bool) -> None:
    """Qt ends the process, with a text for developers, where it finds no display."""
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return
    if any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        return
    if not wants_picture:
        raise DeviceError(
            "there is no display to open a window on",
            hint="start it from a desktop, or use --snapshot or transcribe",
        )
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
