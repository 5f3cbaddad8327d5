"""The sound device, through PortAudio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from amtstudio.errors import AudioDeviceError
from amtstudio.playback.output import BLOCK, BlockSource, OnLost

if TYPE_CHECKING:
    from types import ModuleType

NO_LIBRARY = "No sound: the PortAudio library is missing"
NO_LIBRARY_HINT = "on Debian and Ubuntu, install the package libportaudio2"
NO_DEVICE = "No sound: this computer has no playback device"
# Seconds: a busy machine held up calls by 70 ms and more. The cursor allows for it.
LATENCY = 0.15
LOST = "The sound device was unplugged or stopped responding"


@dataclass(frozen=True, slots=True)
class OutputDevice:
    """A device that can play."""

    index: int  # PortAudio's number, good until the list is read again
    name: str
    host: str  # "ALSA", "Core Audio", "Windows WASAPI"
    sample_rate: int  # Hz, its own
    channels: int
    is_default: bool


def output_devices(*, refresh: bool = False) -> list[OutputDevice]:
    """The devices that can play, the default one first.

    Parameters
    ----------
    refresh : bool
        Look for devices plugged in since. Ends every stream of this program, recording ones too:
        only while none is open.

    Raises
    ------
    AudioDeviceError
        If the PortAudio library is missing or fails.
    """
    sounddevice = _import_sounddevice()
    try:
        if refresh:
            # PortAudio reads the list once; there is no other way to refresh it.
            sounddevice._terminate()  # noqa: SLF001
            sounddevice._initialize()  # noqa: SLF001
        found = sounddevice.query_devices()
        hosts = sounddevice.query_hostapis()
        default = sounddevice.default.device[1]
    except sounddevice.PortAudioError as error:
        raise AudioDeviceError(f"The sound system is not responding: {_told(error)}") from error
    devices = [
        OutputDevice(
            index=int(device["index"]),
            name=str(device["name"]),
            host=str(hosts[device["hostapi"]]["name"]),
            sample_rate=round(device["default_samplerate"]),
            channels=int(device["max_output_channels"]),
            is_default=device["index"] == default,
        )
        for device in found
        if device["max_output_channels"] > 0
    ]
    return sorted(devices, key=lambda device: (not device.is_default, device.index))


def playback_available() -> tuple[bool, str]:
    """Whether there is a device to play on, and if not, why, in a sentence for the user."""
    try:
        devices = output_devices()
    except AudioDeviceError as error:
        return False, str(error)
    return (True, "") if devices else (False, NO_DEVICE)


class DeviceOutput:
    """A sound device: the one named, or the default one.

    Raises ``AudioDeviceError`` if there is none, or no PortAudio.
    """

    is_realtime = True

    def __init__(self, device: OutputDevice | None = None) -> None:
        if device is None:
            devices = output_devices()
            if not devices:
                raise AudioDeviceError(NO_DEVICE)
            device = devices[0]
        self.device = device
        self.sample_rate = device.sample_rate
        self.latency = 0.0
        self.n_underflows = 0  # times that the device ran out of samples, an audible stutter
        self._channels = min(device.channels, 2)
        self._stream: Any = None

    def open(self, source: BlockSource, on_lost: OnLost) -> None:
        self.close()
        sounddevice = _import_sounddevice()
        mono = np.zeros(BLOCK, dtype=np.float32)

        def callback(out: Any, n_samples: int, _time: Any, status: Any) -> None:
            self.n_underflows += bool(status.output_underflow)
            block = mono if n_samples == BLOCK else np.zeros(n_samples, dtype=np.float32)
            source.pull(block)
            out[:] = block[:, np.newaxis]

        def finished() -> None:
            if self._stream is stream:  # else it was closed on purpose
                on_lost(LOST)

        stream = None
        try:
            # A block size of PortAudio's own choice can be as small as two samples.
            stream = sounddevice.OutputStream(
                device=self.device.index,
                samplerate=self.sample_rate,
                blocksize=BLOCK,
                channels=self._channels,
                dtype="float32",
                latency=LATENCY,
                callback=callback,
                finished_callback=finished,
            )
            self._stream = stream
            stream.start()
            self.latency = float(stream.latency)
        except (sounddevice.PortAudioError, ValueError) as error:
            self._stream = None
            raise AudioDeviceError(
                f"Cannot play on {self.device.name}: {_told(error)}",
                hint="choose another sound device",
            ) from error

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)


def _import_sounddevice() -> ModuleType:
    try:
        import sounddevice  # noqa: PLC0415 - raises OSError where PortAudio is missing
    except OSError as error:
        raise AudioDeviceError(NO_LIBRARY, hint=NO_LIBRARY_HINT) from error
    return sounddevice  # type: ignore[no-any-return]


def _told(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0].rstrip(".")
