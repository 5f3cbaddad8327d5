"""Record from an input device to a file that survives whatever happens to the program."""

from __future__ import annotations

import logging
import os
import queue
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

import numpy as np

from amtstudio.audio.info import FloatArray, shown_name
from amtstudio.audio.input_devices import (
    InputDevice,
    InputStream,
    OnFinished,
    OnInput,
    open_input_stream,
)
from amtstudio.audio.level_meter import Level, LevelMeter
from amtstudio.audio.mixdown import LiveMix
from amtstudio.audio.resampler import StreamResampler
from amtstudio.audio.sample_clock import Pace, SampleClock
from amtstudio.audio.wav_writer import GrowingWav, NoWav
from amtstudio.errors import CannotCreateOutputError, OutputExistsError

logger = logging.getLogger("amtstudio.audio")

OnBlock = Callable[[FloatArray, float], None]
OnRemark = Callable[[str], None]

# PortAudio reports a device that was unplugged, but not one that stalls. A machine that
# is too busy to deliver sound for a moment has lost nothing yet.
LOST_AFTER_S = 2.0
HEADER_INTERVAL_S = 0.25
SYNC_INTERVAL_S = 1.0
_POLL_S = 0.1

_UNUSED = 1e-4  # of the energy of the loudest input: below, nothing is plugged in; -40 dB
_FADING_S = 5.0


class End(Enum):
    """How a take ended."""

    STOPPED = "stopped"
    DEVICE_LOST = "device lost"
    WRITE_FAILED = "write failed"


@dataclass(frozen=True, slots=True)
class Take:
    """A finished recording.

    Attributes
    ----------
    path : Path, or None
        None: it was not kept.
    duration : float, seconds
    sample_rate : int, Hz
    channels : int
    end : End
    message : str
        What to tell the user about its end; empty if it was stopped.
    clipped : bool
        Whether the input was ever driven to full scale.
    n_gaps : int
        How often the system lost samples because the machine was too busy.
    """

    path: Path | None
    duration: float
    sample_rate: int
    channels: int
    end: End
    message: str
    clipped: bool
    n_gaps: int


class OpenStream(Protocol):
    """The type of ``open_input_stream``."""

    def __call__(
        self, device: InputDevice | None, /, *, on_input: OnInput, on_finished: OnFinished
    ) -> InputStream: ...


class Recorder:
    """Records one take into a WAV file, 24 bits, at the device's own rate.

    Some devices, such as headsets also used for playback, state one sample rate and deliver
    another: this is detected after a second, the file gets the true rate, and blocks are resampled
    to the stated one. With more than two channels, those that are silent compared with the others
    are excluded from the mix.

    The callback of the sound system only puts blocks into a queue; a thread of the recorder writes
    them. The header is brought up to date four times a second, so that a program that is killed
    loses less than a second, and a machine that loses power little more. The take ends by itself
    when the device goes away or the disk is full; what was recorded stays.

    Parameters
    ----------
    path : Path, or None
        The new file; its name should end in ``.wav``. None: nothing is kept, for a level meter or
        live transcription only.
    device : InputDevice, optional
        By default the system's default.
    on_block : callable, optional
        Called on the recorder's thread with each block, mono, shape (n,), at ``sample_rate``, and
        the ``time.monotonic()`` of its arrival. If it raises, it is not called again and the take
        continues.
    on_remark : callable, optional
        Called on the recorder's thread with a sentence about a peculiarity of the device: that its
        rate differs from the stated one, or that its channels cancel each other and how the blocks
        for ``on_block`` are mixed from now on; the file keeps the channels unchanged.
    open_stream : callable
        The source of blocks.

    Raises
    ------
    AudioDeviceError
        As ``open_input_stream``.
    OutputExistsError
        If there is a file at ``path``.
    CannotCreateOutputError
        If none can be created there.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        device: InputDevice | None = None,
        on_block: OnBlock | None = None,
        on_remark: OnRemark | None = None,
        open_stream: OpenStream = open_input_stream,
    ) -> None:
        self.path = path
        self._on_block = on_block
        self._on_remark = on_remark
        self._queue: queue.SimpleQueue[tuple[FloatArray, float, bool]] = queue.SimpleQueue()
        self._finished = threading.Event()  # the device has gone
        self._asked_to_stop = threading.Event()
        self._n_gaps = 0
        self._began = float("inf")
        self._take: Take | None = None
        self._stream = open_stream(
            device,
            on_input=lambda *block: self._queue.put(block),
            on_finished=self._finished.set,
        )
        self.device_name = self._stream.name
        self.sample_rate = self._stream.sample_rate
        self._meter = LevelMeter(self.sample_rate)
        self._clock = SampleClock(self.sample_rate)
        self._resampler: StreamResampler | None = None  # from the true rate to the stated one
        self._energies: FloatArray | None = None  # of the channels, of late
        self._mix = LiveMix(self.sample_rate)
        self._file = self._create_file()
        self._thread = threading.Thread(target=self._write, name="recording", daemon=True)

    def start(self) -> None:
        """Begin; raises ``AudioDeviceError`` if the device refuses, and then leaves no file."""
        try:
            self._stream.start()
        except Exception:
            self._stream.close()
            self._file.close()
            if self.path is not None:
                self.path.unlink()
            raise
        self._thread.start()

    def stop(self) -> Take:
        """End the take, unless it has ended by itself, and close the file."""
        self._asked_to_stop.set()
        self._thread.join()
        assert self._take is not None
        return self._take

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the take to end by itself, at most ``timeout`` seconds; whether it did."""
        self._thread.join(timeout)
        return self._take is not None

    @property
    def take(self) -> Take | None:
        """The take once it has ended, else None."""
        return self._take

    @property
    def duration(self) -> float:
        """Seconds in the file by now."""
        return self._file.n_samples / self._file.sample_rate

    @property
    def began(self) -> float:
        """When the first sample was recorded, on ``time.monotonic()``; infinite: none yet.

        An estimate: blocks arrive late and never early.
        """
        return self._began

    @property
    def level(self) -> Level:
        return self._meter.level

    @property
    def clipped(self) -> bool:
        """Whether the input was driven to full scale since the start."""
        return self._meter.clipped

    @property
    def silent_s(self) -> float:
        """For how long nothing but zeros have arrived: the device may be muted or gone."""
        return self._meter.silent_s

    @property
    def seconds_left(self) -> float:
        """How much longer a take in this format fits on the disk."""
        if self.path is None:
            return float("inf")
        return shutil.disk_usage(self.path.parent).free / self._file.bytes_per_second

    def _create_file(self) -> GrowingWav | NoWav:
        rate, channels = self._stream.sample_rate, self._stream.channels
        if self.path is None:
            return NoWav(sample_rate=rate, channels=channels)
        try:
            return GrowingWav(self.path, sample_rate=rate, channels=channels)
        except OSError as error:
            self._stream.close()
            raise _cannot_create(self.path, error) from error

    def _write(self) -> None:
        end, message = End.WRITE_FAILED, ""
        try:
            end, message = self._write_until_the_end()
        except OSError as error:
            message = f"the recording ended: {error.strerror}; what came before is kept"
        finally:
            self._stream.close()
            try:
                self._file.close()
            except OSError as error:
                logger.warning("%s: %s", self.path, error.strerror)
            self._take = Take(
                path=self.path,
                duration=self.duration,
                sample_rate=self._file.sample_rate,
                channels=self._file.channels,
                end=end,
                message=message,
                clipped=self.clipped,
                n_gaps=self._n_gaps,
            )

    def _write_until_the_end(self) -> tuple[End, str]:
        last_look = last_header = last_sync = time.monotonic()
        waited_s = 0.0
        while True:
            # Asked before looking: blocks that are in the queue by now belong to the take.
            finished = self._finished.is_set()
            stopping = self._asked_to_stop.is_set()
            if stopping:
                self._stream.close()
            found = self._write_next(0.0 if stopping or finished else _POLL_S)
            now = time.monotonic()
            # Where the machine was too busy to let even this thread run, the device waited, too.
            waited_s = 0.0 if found else waited_s + min(now - last_look, 2.0 * _POLL_S)
            last_look = now
            if stopping and not found:
                return End.STOPPED, ""
            if not found and (finished or waited_s > LOST_AFTER_S):
                return End.DEVICE_LOST, (
                    f"the device {self.device_name} has gone; what was recorded is kept"
                )
            if now - last_header >= HEADER_INTERVAL_S:
                last_header = now
                to_disk = now - last_sync >= SYNC_INTERVAL_S
                self._file.update_header(to_disk=to_disk)
                last_sync = now if to_disk else last_sync

    def _write_next(self, timeout: float) -> bool:
        """Write the next block; false if none came in time."""
        try:
            block, arrival, gap = self._queue.get(timeout=timeout)
        except queue.Empty:
            return False
        self._n_gaps += gap
        # A driver may hand out anything.
        block = np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0)
        self._meter.add(block)
        self._file.write(block)
        if not self._n_gaps:  # afterwards the file is shorter than the time that has passed
            self._began = min(self._began, arrival - self.duration)
        self._watch_clock(len(block), arrival, gap)
        self._tell(block, arrival)
        return True

    def _watch_clock(self, n_samples: int, arrival: float, gap: bool) -> None:
        was_settled = self._clock.is_settled
        self._clock.add(n_samples, arrival, gap=gap)
        pace = self._clock.pace
        if was_settled or pace is None:
            return
        if pace.is_certain:
            self._file.sample_rate = pace.rate
            self._resampler = StreamResampler(pace.rate, self.sample_rate)
        self._remark(_of_pace(self.device_name, self.sample_rate, pace))

    def _remark(self, text: str) -> None:
        logger.warning("%s", text)
        if self._on_remark is None:
            return
        try:
            self._on_remark(text)
        except Exception:  # as for blocks
            logger.exception("a listener of the recording failed; the recording goes on")
            self._on_remark = None

    def _used(self, block: FloatArray) -> FloatArray:
        """``block``, zero where a channel of more than two has nothing plugged in."""
        if block.shape[1] <= 2:
            return block
        energies = np.sum(np.square(block, dtype=np.float32), axis=0)
        if self._energies is None:
            self._energies = np.zeros_like(energies)
        fading = 0.5 ** (len(block) / (_FADING_S * self.sample_rate))
        self._energies = np.asarray(fading * self._energies + energies, dtype=np.float32)
        is_used = self._energies > _UNUSED * self._energies.max()
        if not is_used.any():
            return block
        gain = np.float32(block.shape[1] / np.count_nonzero(is_used))
        used: FloatArray = block * np.where(is_used, gain, np.float32(0.0))
        return used

    def _tell(self, block: FloatArray, arrival: float) -> None:
        if self._on_block is None:
            return
        was_mean = not self._mix.mix.reason
        mono = self._mix.feed(self._used(block))
        if was_mean and self._mix.mix.reason:
            self._remark(f"{self.device_name} {self._mix.mix.reason}")
        if self._resampler is not None:
            mono = self._resampler.process(mono)
            if not len(mono):
                return
        try:
            self._on_block(mono, arrival)
        except Exception:  # the take is worth more than its listener
            logger.exception("a listener of the recording failed; the recording goes on")
            self._on_block = None


def _of_pace(name: str, stated: int, pace: Pace) -> str:
    gives = f"{name} reports a sample rate of {stated} Hz, but delivers {pace.rate} Hz"
    if pace.is_certain:
        return (
            f"{gives}: the recording is kept at {pace.rate} Hz. If it sounds too high or too low,"
            " choose another input"
        )
    return (
        f"{gives}: pitch and times of this take may be wrong. Choose another rate in the sound"
        " settings of the system, or another input"
    )


def _cannot_create(path: Path, error: OSError) -> OutputExistsError | CannotCreateOutputError:
    if isinstance(error, FileExistsError):
        return OutputExistsError(f"{shown_name(path)} already exists", hint="choose another name")
    return CannotCreateOutputError(
        f"cannot create {os.fsdecode(path)}: {error.strerror}", hint="choose another folder"
    )
