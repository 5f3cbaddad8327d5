"""Which microphones there are, and which one the user has chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from amtstudio.audio.input_devices import InputDevice, list_input_devices
from amtstudio.ui.failure import describe
from amtstudio.ui.jobs import Job, JobPool


class DeviceList(QObject):
    """The input devices as they were found last.

    Attributes
    ----------
    devices : list of InputDevice, or None
        None until they have been looked for.
    chosen : str
        Label of the user's choice; empty: the default of the system.
    reason : str
        Why nothing can be recorded, in sentences; empty if something can.
    list_devices : callable
        As ``audio.input_devices.list_input_devices``.
    """

    changed = Signal()
    # PortAudio looks for new devices only when every stream is closed.
    about_to_rescan = Signal()

    def __init__(self, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.devices: list[InputDevice] | None = None
        self.chosen = ""
        self.reason = ""
        self.list_devices: Callable[..., list[InputDevice]] = list_input_devices
        self._pool = pool
        self._job: Job | None = None

    @property
    def is_looking(self) -> bool:
        return self._job is not None

    @property
    def device(self) -> InputDevice | None:
        """What to record from. None: the default one, whatever that is."""
        fitting = [device for device in self.devices or () if label_of(device) == self.chosen]
        return fitting[0] if fitting else None

    def look(self, *, rescan: bool = False) -> None:
        """Look for devices; ``rescan``: also for those plugged in since the start."""
        if self._job is not None:
            return
        if rescan:
            self.about_to_rescan.emit()
        self._job = Job(_Looking(self.list_devices, rescan=rescan))
        self._job.signals.finished.connect(self._take)
        self._job.signals.failed.connect(self._fail)
        self._pool.start(self._job)
        self.changed.emit()

    def choose(self, label: str) -> None:
        if label != self.chosen:
            self.chosen = label
            self.changed.emit()

    def _take(self, devices: list[InputDevice]) -> None:
        self.devices = devices
        self.reason = (
            ""
            if devices
            else self.tr("There is no microphone. Plug one in, then look for it again.")
        )
        self._end()

    def _fail(self, error: Exception) -> None:
        failure = describe(error)
        self.devices = []
        self.reason = " ".join(part for part in (failure.cause, failure.next_step) if part)
        self._end()

    def _end(self) -> None:
        self._job = None
        self.changed.emit()


def label_of(device: InputDevice) -> str:
    """How a device is called in the list, and remembered."""
    return f"{device.name} ({device.system})"


class _Looking:
    def __init__(self, list_devices: Callable[..., list[InputDevice]], *, rescan: bool) -> None:
        self._list_devices = list_devices
        self._rescan = rescan

    def __call__(self, **_callbacks: object) -> list[InputDevice]:
        return self._list_devices(rescan=self._rescan)
