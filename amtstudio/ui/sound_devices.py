"""Which sound devices there are to play on, and which of them was chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject

from amtstudio.playback import AudioOutput, DeviceOutput, OutputDevice, VirtualOutput
from amtstudio.playback.device import NO_DEVICE, output_devices
from amtstudio.ui.failure import Failure
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.listing import Listing
from amtstudio.ui.translation import translated_message


class SoundSystem(Protocol):
    """The playback devices of a machine."""

    def devices(self, *, refresh: bool) -> list[OutputDevice]:
        """The default one first; ``refresh`` as in ``output_devices``."""

    def open(self, device: OutputDevice) -> AudioOutput:
        """An output on that device."""


class MachineSound:
    """The devices of this machine."""

    def devices(self, *, refresh: bool) -> list[OutputDevice]:
        return output_devices(refresh=refresh)

    def open(self, device: OutputDevice) -> AudioOutput:
        return DeviceOutput(device)


class NoSound:
    """One device that throws the sound away: a picture of the window is alike on all machines."""

    def devices(self, *, refresh: bool) -> list[OutputDevice]:  # noqa: ARG002 - always the same
        return [OutputDevice(0, "No sound", "AMT Studio", 44_100, 1, is_default=True)]

    def open(self, device: OutputDevice) -> AudioOutput:
        return VirtualOutput(sample_rate=device.sample_rate)


@dataclass(frozen=True, slots=True)
class Absence:
    """Why nothing can be played: a sentence, and what to do about it."""

    reason: str
    next_step: str = ""


class SoundDevices(Listing):
    """Looks for devices on another thread: the sound system of a machine may take a second.

    ``wanted`` is the key of the device that the user chose, "" for that of the system. Where it is
    not plugged in, the system's own is taken, and the wish is kept.
    """

    def __init__(
        self, system: SoundSystem, pool: JobPool, *, wanted: str = "", parent: QObject | None = None
    ) -> None:
        super().__init__(pool, parent)
        self.wanted = wanted
        self.found: list[OutputDevice] = []
        self.absence: Absence | None = Absence(self.tr("Looking for sound devices…"))
        self._system = system

    @property
    def chosen(self) -> OutputDevice | None:
        """The device to play on; None: there is none."""
        for device in self.found:
            if key_of(device) == self.wanted:
                return device
        return self.found[0] if self.found else None

    def look(self, *, refresh: bool = False, first: Callable[[], None] = lambda: None) -> None:
        """Find out what there is.

        Parameters
        ----------
        refresh : bool
            Look for devices plugged in since. Nothing of this program may be playing or recording.
        first : callable
            Called on the other thread before.
        """
        if self.is_looking:
            return

        def work() -> list[OutputDevice]:
            first()
            return self._system.devices(refresh=refresh)

        self._start(work)

    def choose(self, key: str) -> None:
        if key != self.wanted:
            self.wanted = key
            self.changed.emit()

    def open(self, device: OutputDevice) -> AudioOutput:
        return self._system.open(device)

    def _take(self, found: list[OutputDevice]) -> None:
        self.found = found
        self.absence = (
            None if found else Absence(f"{translated_message(NO_DEVICE)}.", self.tr("Plug one in."))
        )

    def _miss(self, failure: Failure) -> None:
        self.found = []
        self.absence = Absence(failure.cause, failure.next_step)


def key_of(device: OutputDevice) -> str:
    """The identifier of a device across runs: its number may change."""
    return f"{device.name} ({device.host})"
