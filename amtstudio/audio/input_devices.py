"""Microphones and line inputs: what there is, and a stream of blocks from one of them."""

from __future__ import annotations

import contextlib
import importlib
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from amtstudio.audio.info import FloatArray
from amtstudio.errors import AudioDeviceError

OnInput = Callable[[FloatArray, float, bool], None]
OnFinished = Callable[[], None]

BLOCK_S = 0.01  # PortAudio left to itself gave blocks of two to five samples
MAX_CHANNELS = 64  # of the hardware; a file cannot hold more
# Devices of ALSA that stand for others take as many channels as one likes, and fill them up.
SOFTWARE_CHANNELS = 2
RATES = (48000, 44100, 96000, 32000, 16000, 22050, 88200, 192000, 8000)  # that are tried in turn

# Errors of PortAudio: no more than another rate or number of channels may be wanted.
_HOST_ERROR, _BAD_RATE, _BAD_CHANNELS = -9999, -9997, -9998
_CODE = re.compile(r"PaErrorCode (-\d+)")


@dataclass(frozen=True, slots=True)
class InputDevice:
    """A device that can record.

    ``inputs`` are the channels to record, from 1; empty: all.
    """

    index: int
    name: str
    system: str  # such as "ALSA" or "Core Audio"
    channels: int
    sample_rate: int  # Hz, the one it has by default
    is_default: bool
    inputs: tuple[int, ...] = ()


class InputStream(Protocol):
    """A stream from an input device, not yet started."""

    name: str
    sample_rate: int  # Hz
    channels: int

    def start(self) -> None: ...
    def close(self) -> None: ...


def list_input_devices(*, rescan: bool = False) -> list[InputDevice]:
    """The devices there are, the default one first.

    Where several of a system have the same name, they are numbered: "USB mic #1", "USB mic #2".

    Parameters
    ----------
    rescan : bool
        Look for devices that were plugged in since the first query. Ends every open sound
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
        raise AudioDeviceError(
            f"the sound devices cannot be listed: {_reason(error)}",
            hint="check the sound settings of the system, and try again",
        ) from error
    return sorted(_told_apart(devices), key=lambda device: not device.is_default)


def _told_apart(devices: list[InputDevice]) -> list[InputDevice]:
    total = Counter((device.name, device.system) for device in devices)
    seen: Counter[tuple[str, str]] = Counter()
    apart = []
    for device in devices:
        called = device.name, device.system
        seen[called] += 1
        name = f"{device.name} #{seen[called]}" if total[called] > 1 else device.name
        apart.append(replace(device, name=name))
    return apart


def find_input_device(name: str | None = None) -> InputDevice:
    """The device of this name, part of a name, or index; None: the default one.

    A name may have its system, or a part of it, behind it: "Microphone (Realtek), WASAPI".

    Raises
    ------
    AudioDeviceError
        If there is none, or several fit the name.
    """
    devices = list_input_devices()
    if not devices:
        raise AudioDeviceError("no recording device was found", hint="is a microphone plugged in?")
    if name is None:
        return devices[0]
    fitting = _fitting(devices, name)
    if len(fitting) == 1:
        return fitting[0]
    names = "; ".join(f"{device.index}: {_full_name(device)}" for device in fitting or devices)
    if not fitting:
        raise AudioDeviceError(f"no input device is called {name!r}", hint=f"there are {names}")
    raise AudioDeviceError(
        f"several input devices match {name!r}",
        hint=f"there are {names}; choose one by its number, or add what comes after the comma",
    )


def _fitting(devices: list[InputDevice], name: str) -> list[InputDevice]:
    if name.isascii() and name.isdigit():
        return [device for device in devices if device.index == int(name)]
    wanted = name.lower()
    exact = [
        device
        for device in devices
        if name in (device.name, _full_name(device), f"{device.name} ({device.system})")
    ]
    if exact:
        return exact
    partly = [device for device in devices if wanted in device.name.lower()]
    if partly:
        return partly
    called, comma, system = wanted.rpartition(",")
    if not comma:
        return []
    return [
        device
        for device in devices
        if called.strip() in device.name.lower() and system.strip() in device.system.lower()
    ]


def _full_name(device: InputDevice) -> str:
    return f"{device.name}, {device.system}"


def open_input_stream(
    device: InputDevice | None, *, on_input: OnInput, on_finished: OnFinished
) -> InputStream:
    """Open a device with all of its inputs, or the requested ones, at its own rate.

    If it refuses, other rates, fewer channels and the other sound systems that list it are tried;
    the stream describes the result.

    Parameters
    ----------
    device : InputDevice, or None
        None: the default one.
    on_input : callable
        Called with each block, shape (n, channels), the time of its arrival on
        ``time.monotonic()``, and whether samples were lost before it, on a thread of the sound
        system: it must not block.
    on_finished : callable
        Called when the device has gone.

    Raises
    ------
    AudioDeviceError
        If the device is missing, in use by another program, refuses, or has fewer inputs than
        requested.
    """
    wanted = device or find_input_device()
    if max(wanted.inputs, default=0) > wanted.channels:
        raise AudioDeviceError(
            f"{wanted.name} has no input {max(wanted.inputs)}",
            hint=f"its inputs are 1 to {wanted.channels}",
        )
    try:
        return _PortAudioStream(wanted, on_input, on_finished)
    except AudioDeviceError:
        for other in _elsewhere(wanted):
            with contextlib.suppress(AudioDeviceError):
                return _PortAudioStream(other, on_input, on_finished)
        raise


def _elsewhere(device: InputDevice) -> list[InputDevice]:
    """The same device under other sound systems of the machine."""
    return [
        replace(other, inputs=device.inputs)
        for other in list_input_devices()
        if other.name == device.name
        and other.system != device.system
        and max(device.inputs, default=0) <= other.channels
    ]


class _PortAudioStream:
    def __init__(self, device: InputDevice, on_input: OnInput, on_finished: OnFinished) -> None:
        self._sd = _sounddevice()
        self.name = device.name
        self._device = device
        self._inputs = [number - 1 for number in device.inputs]
        self._on_input = on_input
        self._on_finished = on_finished
        self._closed = False
        self._error: type[Exception] = self._sd.PortAudioError
        self._stream, self.sample_rate, n_open = self._opened()
        self.channels = len(self._inputs) or n_open

    def _opened(self) -> tuple[Any, int, int]:
        """The stream, its rate, and the number of channels that it was opened with."""
        own = self._device.sample_rate
        rates = (own, *(rate for rate in RATES if rate != own))
        first: Exception | None = None
        for channels in self._channels():
            for rate in rates:
                try:
                    return self._open(rate, channels), rate, channels
                except (self._error, ValueError) as error:
                    first = first or error
                    code = _code_of(error)
                    if code == _BAD_CHANNELS:
                        break
                    if code not in (_BAD_RATE, _HOST_ERROR):
                        raise self._cannot_open(first) from error
        assert first is not None
        raise self._cannot_open(first, tried=rates) from first

    def _channels(self) -> list[int]:
        """Numbers of channels to try, the best one first."""
        if self._inputs:
            # Some drivers give all channels or none.
            return list(dict.fromkeys((max(self._inputs) + 1, self._device.channels)))
        is_software = self._device.system == "ALSA" and "(hw:" not in self._device.name
        most = SOFTWARE_CHANNELS if is_software else MAX_CHANNELS
        return list(dict.fromkeys((min(self._device.channels, most), 2, 1)))

    def _open(self, rate: int, channels: int) -> Any:
        inputs, on_input = self._inputs, self._on_input

        def callback(data: FloatArray, _n: int, _times: object, status: Any) -> None:
            block = data[:, inputs] if inputs else np.array(data)
            on_input(block, time.monotonic(), bool(status.input_overflow))

        return self._sd.InputStream(
            samplerate=rate,
            blocksize=round(BLOCK_S * rate),
            device=self._device.index,
            channels=channels,
            dtype="float32",
            latency="low",
            callback=callback,
            finished_callback=self._on_finished,
        )

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

    def _cannot_open(self, error: Exception, *, tried: Sequence[int] = ()) -> AudioDeviceError:
        said = f"cannot record from {_full_name(self._device)}: {_reason(error)}"
        if tried:
            return AudioDeviceError(
                f"{said}; {', '.join(map(str, tried[:-1]))} and {tried[-1]} Hz were tried",
                hint="check whether the sound settings of the system show a level for it, or choose"
                " another input",
            )
        return AudioDeviceError(
            said,
            hint="another program may be using it, or the system may not allow recording",
        )


def _code_of(error: Exception) -> int | None:
    """PortAudio's number of an error."""
    found = _CODE.search(str(error))
    return int(found[1]) if found else None


def _sounddevice() -> Any:
    """The module, imported late: it loads PortAudio, which a machine may lack."""
    try:
        return importlib.import_module("sounddevice")
    except OSError as error:
        raise AudioDeviceError(
            "the sound library PortAudio is not installed", hint="on Debian: libportaudio2"
        ) from error
    except ImportError as error:
        raise AudioDeviceError(
            "the package sounddevice is not installed", hint="pip install sounddevice"
        ) from error


def _rescan(sd: Any) -> None:
    # PortAudio lists devices once; sounddevice has no public function for refreshing the list.
    sd._terminate()  # noqa: SLF001
    try:
        sd._initialize()  # noqa: SLF001
    except sd.PortAudioError as error:
        raise AudioDeviceError(
            f"the sound system does not work: {_reason(error)}",
            hint="check the sound settings of the system, and try again",
        ) from error


def _reason(error: Exception) -> str:
    """The first line of PortAudio's message."""
    return str(error).partition("\n")[0]
