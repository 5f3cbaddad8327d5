"""The stream of a level meter, and what is wrong with a take that ended early or is empty."""

from __future__ import annotations

from amtstudio.audio.input_devices import InputDevice
from amtstudio.audio.recording import End, OpenStream, Recorder, Take
from amtstudio.errors import AudioDeviceError, OutputWriteError


def is_empty(take: Take) -> bool:
    """Whether nothing came; the file, which is of no use, then is deleted."""
    if take.duration > 0.0:
        return False
    if take.path is not None:
        take.path.unlink(missing_ok=True)
    return True


def end_of(take: Take) -> Exception:
    """Why it ended without being stopped."""
    kind = AudioDeviceError if take.end is End.DEVICE_LOST else OutputWriteError
    return kind(take.message)


def nothing_recorded(take: Take) -> Exception:
    """Why it is empty."""
    if take.end is End.STOPPED:
        return AudioDeviceError(
            "no sound came in, so nothing was kept", hint="choose another device, or try again"
        )
    return end_of(take)


class Meter:
    """A stream for the level meter only, not kept. Opened and closed on the sound thread."""

    def __init__(self, device: InputDevice | None, open_stream: OpenStream) -> None:
        self.device = device
        self.recorder: Recorder | None = None
        self._open_stream = open_stream

    def open(self, **_callbacks: object) -> None:
        recorder = Recorder(None, device=self.device, open_stream=self._open_stream)
        recorder.start()
        self.recorder = recorder

    def close(self, **_callbacks: object) -> None:
        if self.recorder is not None:
            self.recorder.stop()
            self.recorder = None
