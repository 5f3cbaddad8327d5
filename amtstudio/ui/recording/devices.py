"""Which microphones there are, and which one the user has chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from amtstudio.audio.input_devices import InputDevice, list_input_devices
from amtstudio.ui.failure import Failure
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.listing import Listing


class DeviceList(Listing):
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

    # PortAudio looks for new devices only when every stream is closed.
    about_to_rescan = Signal()

    def __init__(self, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(pool, parent)
        self.devices: list[InputDevice] | None = None
        self.chosen = ""
        self.reason = ""
        self.list_devices: Callable[..., list[InputDevice]] = list_input_devices

    @property
    def device(self) -> InputDevice | None:
        """The device to record from. None: the default one, whatever that is."""
        fitting = [device for device in self.devices or () if label_of(device) == self.chosen]
        return fitting[0] if fitting else None

    def look(self, *, rescan: bool = False) -> None:
        """Look for devices; ``rescan``: also for those plugged in since the start."""
        if self.is_looking:
            return
        if rescan:
            self.about_to_rescan.emit()
        self._start(partial(self.list_devices, rescan=rescan))
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

    def _miss(self, failure: Failure) -> None:
        self.devices = []
        self.reason = failure.sentences


def label_of(device: InputDevice) -> str:
    """The name of a device in the list and in the settings."""
    return f"{device.name} ({device.system})"
