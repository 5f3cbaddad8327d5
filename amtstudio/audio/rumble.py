"""Rumble, as of turntables, wind and footsteps: too low to be heard, and often as loud as music.

It raises the level at which a model takes a recording to be played, so that soft notes are lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import soxr

from amtstudio.audio.info import FloatArray
from amtstudio.audio.mixdown import CELL, WINDOW, Channels, Mix

LOWEST_NOTE_HZ = 27.5  # A0
MOST_HZ = 20.0
MOST_SHARE = 0.2  # of the energy: it raises the level by 1 dB
LEAST_MUSIC = 1e-4  # of the energy, above an octave over A0: else it is what was recorded
SILENT = 1e-4  # RMS: in less, such as a constant as it is rounded, there is nothing to tell
SLOW_RATE = 50  # Hz: resampled to this, sound up to 23 Hz is kept, and none above 25 Hz
_LEAD_S = 2  # more than the resampler looks around


def has_rumble(windows: Sequence[Channels], mix: Mix, sample_rate: int) -> bool:
    """Whether more than a fifth of the energy is below 20 Hz, but not all; no offset is counted.

    Parameters
    ----------
    windows : sequence of np.ndarray, shape (n_samples, n_channels)
        Stretches of the recording, full scale 1; up to ``WINDOW`` samples of each are analysed.
    mix : Mix
    sample_rate : int, Hz
        Where a window is too short to tell low from lower (above 96 kHz), there is none.
    """
    low = high = total = 0.0
    for window in windows:
        mono = mix.apply(window[:WINDOW]).astype(np.float64)
        if len(mono) < CELL or not np.isfinite(mono).all():
            continue
        centred = mono - mono.mean()
        if centred.std() < SILENT:
            continue
        powers = np.square(np.abs(np.fft.rfft(centred * np.hanning(len(mono)))))
        # A tone spreads over two bins on either side.
        bin_hz = sample_rate / len(mono)
        n_low = int(min(MOST_HZ, LOWEST_NOTE_HZ - 2.0 * bin_hz) / bin_hz) + 1
        low += float(powers[: max(n_low, 0)].sum())
        high += float(powers[int(2.0 * LOWEST_NOTE_HZ / bin_hz) + 1 :].sum())
        total += float(powers.sum())
    return low > MOST_SHARE * total and high > LEAST_MUSIC * total


def lead_before(first: int, sample_rate: int) -> int:
    """Samples to read before sample ``first``, so that it comes out as in the whole recording.

    From a whole second on: the slow samples are then the same ones.
    """
    return first - max(first // sample_rate - _LEAD_S, 0) * sample_rate


def without_rumble(blocks: Iterable[FloatArray], sample_rate: int) -> Iterator[FloatArray]:
    """Mono sound without what is below 23 Hz; what is above 25 Hz stays as it is, in its place.

    As many samples come out as go in, up to two seconds later.
    """
    down = soxr.ResampleStream(sample_rate, SLOW_RATE, 1, dtype="float32")
    up = soxr.ResampleStream(SLOW_RATE, sample_rate, 1, dtype="float32")
    waiting = rumble = ending = np.zeros(0, dtype=np.float32)
    n_skip = sample_rate
    for block in _led_in(blocks, n_skip):
        waiting = np.concatenate([waiting, block])
        rumble = np.concatenate([rumble, up.resample_chunk(down.resample_chunk(block))])
        ending = np.concatenate([ending, block])[-sample_rate - 1 :]
        n_ready = min(len(waiting), len(rumble))
        if n_ready > n_skip:
            yield waiting[n_skip:n_ready] - rumble[n_skip:n_ready]
        n_skip = max(n_skip - n_ready, 0)
        waiting, rumble = waiting[n_ready:], rumble[n_ready:]
    if len(waiting):
        beyond = _mirrored(ending, (0, sample_rate))[len(ending) :]
        slow = down.resample_chunk(beyond, last=True)
        rumble = np.concatenate([rumble, up.resample_chunk(slow, last=True)])
        yield (waiting - rumble[: len(waiting)])[n_skip:]


def _led_in(blocks: Iterable[FloatArray], n_lead: int) -> Iterator[FloatArray]:
    """The stream after ``n_lead`` samples of what it may have been before."""
    coming = iter(blocks)
    beginning = np.zeros(0, dtype=np.float32)
    for block in coming:
        beginning = np.concatenate([beginning, block])
        if len(beginning) > n_lead:
            break
    if len(beginning):
        yield _mirrored(beginning, (n_lead, 0))
    yield from coming


def _mirrored(sound: FloatArray, beyond: tuple[int, int]) -> FloatArray:
    """Continued before and after it, without a step or a bend: silence there would be a stroke."""
    return np.pad(sound, beyond, mode="reflect", reflect_type="odd")
