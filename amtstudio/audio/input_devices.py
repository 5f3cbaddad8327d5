"""Microphones and line inputs: what there is, and a stream of blocks from one of them."""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from amtstudio.audio.info import FloatArray
from amtstudio.errors import AudioDeviceError

OnInput = Callable[[FloatArray, float, bool], None]
OnFinished = Callable[[], None]

BLOCK_S = 0.01  # PortAudio left to itself gave blocks of two to five samples
MAX_CHANNELS = 2


@dataclass(frozen=True, slots=True)
class InputDevice:
    """A device that can record."""

    index: int
    name: str
    system: str  # such as "ALSA" or "Core Audio"
    channels: int
    sample_rate: int  # Hz, the one it has by default
    is_default: bool


class InputStream(Protocol):
    """A stream from an input device, not yet started."""

    name: str
    sample_rate: int  # Hz
    channels: int

    def start(self) -> None: ...
    def close(self) -> None: ...


def list_input_devices(*, rescan: bool = False) -> list[InputDevice]:
    """The devices there are, the default one first.

    Parameters
    ----------
    rescan : bool
        Look for devices that were plugged in since the process first asked. Ends every open sound
        stream of the process, playback included.

    Raises
    ------
    AudioDeviceError
        If the sound library PortAudio is missing or does not work.
    """
    sd = _sounddevice()
    if rescan:
        _rescan(sd)
    try:
        default = int(sd.default.device[0])
        systems = [entry["name"] for entry in sd.query_hostapis()]
        devices = [
            InputDevice(
                index=index,
                name=entry["name"],
                system=systems[entry["hostapi"]],
                channels=entry["max_input_channels"],
                sample_rate=round(entry["default_samplerate"]),
                is_default=index == default,
            )
            for index, entry in enumerate(sd.query_devices())
            if entry["max_input_channels"] > 0
        ]
    except sd.PortAudioError as error:
        raise AudioDeviceError(f"the sound devices cannot be listed: {_reason(error)}") from error
    return sorted(devices, key=lambda device: not device.is_default)


def find_input_device(name: str | None = None) -> InputDevice:
    """The device of this name, part of a name, or index; None: the default one.

    Raises
    ------
    AudioDeviceError
        If there is none, or several fit the name.
    """
    devices = list_input_devices()
    if not devices:
        raise AudioDeviceError(
            "there is no device to record from", hint="is a microphone plugged in?"
        )
    if name is None:
        return devices[0]
    if name.isascii() and name.isdigit():
        fitting = [device for device in devices if device.index == int(name)]
    else:
        fitting = [device for device in devices if device.name == name] or [
            device for device in devices if name.lower() in device.name.lower()
        ]
    if len(fitting) == 1:
        return fitting[0]
    names = "; ".join(f"{device.index}: {device.name}" for device in fitting or devices)
    what = "several input devices fit" if fitting else "no input device is called"
    raise AudioDeviceError(f"{what} {name!r}", hint=f"there are {names}")


def open_input_stream(
    device: InputDevice | None, *, on_input: OnInput, on_finished: OnFinished
) -> InputStream:
    """Open a device at its own rate, with at most two channels.

    Parameters
    ----------
    device : InputDevice, or None
        None: the default one.
    on_input : callable
        Given each block, shape (n, channels), the time of its arrival on ``time.monotonic()``, and
        whether samples were lost before it. Called on a thread of the sound system: it must not
        wait.
    on_finished : callable
        Called when the device has gone.

    Raises
    ------
    AudioDeviceError
        If the device is not there, is taken by another program, or refuses.
    """
    return _PortAudioStream(device or find_input_device(), on_input, on_finished)


class _PortAudioStream:
    def __init__(self, device: InputDevice, on_input: OnInput, on_finished: OnFinished) -> None:
        sd = _sounddevice()
        self.name = device.name
        self.sample_rate = device.sample_rate
        self.channels = min(device.channels, MAX_CHANNELS)
        self._closed = False
        self._error: type[Exception] = sd.PortAudioError

        def callback(data: FloatArray, _n: int, _times: object, status: Any) -> None:
            on_input(np.array(data), time.monotonic(), bool(status.input_overflow))

        try:
            self._stream = sd.InputStream(
                samplerate=self.sample_rate,
                blocksize=round(BLOCK_S * self.sample_rate),
                device=device.index,
                channels=self.channels,
                dtype="float32",
                latency="low",
                callback=callback,
                finished_callback=on_finished,
            )
        except (sd.PortAudioError, ValueError) as error:
            raise self._cannot_open(error) from error

    def start(self) -> None:
        try:
            self._stream.start()
        except self._error as error:
            raise self._cannot_open(error) from error

    def close(self) -> None:
        if self._closed:  # PortAudio would look at memory that it has freed
            return
        self._closed = True
        with contextlib.suppress(self._error):  # the device may be gone, and the stream with it
            self._stream.close()

    def _cannot_open(self, error: Exception) -> AudioDeviceError:
        return AudioDeviceError(
            f"cannot record from {self.name}: {_reason(error)}",
            hint="another program may be using it",
        )


def _sounddevice() -> Any:
    """The module, imported late: it loads PortAudio, which a machine may lack."""
    try:
        return importlib.import_module("sounddevice")
    except OSError as error:
        raise AudioDeviceError(
            "the sound library PortAudio is not installed", hint="on Debian: libportaudio2"
        ) from error
    except ImportError as error:
        raise AudioDeviceError("the package sounddevice is not installed") from error


def _rescan(sd: Any) -> None:
    # PortAudio lists devices once; sounddevice has no public name for doing it anew.
    sd._terminate()  # noqa: SLF001
    try:
        sd._initialize()  # noqa: SLF001
    except sd.PortAudioError as error:
        raise AudioDeviceError(f"the sound system does not work: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """The first line of what PortAudio says."""
    return str(error).partition("\n")[0]
