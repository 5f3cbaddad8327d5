"""From a sound file to mono audio at a given sample rate, block by block."""

from __future__ import annotations

import logging
from collections.abc import Generator
from pathlib import Path

import numpy as np

from amtstudio.audio.info import AudioInfo, FloatArray
from amtstudio.audio.input_file import open_input
from amtstudio.audio.mono_reading import MonoReading, OnPosition, OnWarning, Stretch
from amtstudio.audio.opening import opened_reader

logger = logging.getLogger("amtstudio.audio")


def probe(path: Path, *, track: int | None = None) -> AudioInfo:
    """The information in the header.

    ``track`` is as for ``stream_mono``; of several tracks and channels, some is decoded to choose.

    Raises
    ------
    InputNotFoundError, InputUnreadableError
        See ``check_input``.
    BadAudioError
        If the file is empty, is not audio, or has no sound track or one beyond the limits (64
        channels, 1 kHz to 768 kHz), or is protected against copying.
    OptionError
        If the file does not have that many tracks.
    """
    with (
        open_input(path) as file,
        opened_reader(file, path, track=track, warn=log_warning, remark=_log_remark) as reader,
    ):
        return reader.info


def read_mono(
    path: Path,
    *,
    sample_rate: int,
    start: float = 0.0,
    end: float | None = None,
    track: int | None = None,
    on_warning: OnWarning | None = None,
) -> FloatArray:
    """A whole file, or a stretch of it, in one array; see ``stream_mono``.

    Returns
    -------
    np.ndarray, shape (n_samples,)
    """
    blocks = stream_mono(
        path,
        sample_rate=sample_rate,
        start=start,
        end=end,
        track=track,
        on_warning=on_warning,
    )
    return np.concatenate(list(blocks))


def stream_mono(
    path: Path,
    *,
    sample_rate: int,
    start: float = 0.0,
    end: float | None = None,
    track: int | None = None,
    block_seconds: float = 1.0,
    on_position: OnPosition | None = None,
    on_warning: OnWarning | None = None,
) -> Generator[FloatArray, None, None]:
    """Decode a file, mix it down and resample it, lazily.

    The mix is the mean of the channels, unless they cancel each other in it: see ``choose_mix``.

    Nothing is opened before the first block is requested; closing the generator closes the file.

    Parameters
    ----------
    path : Path
    sample_rate : int, Hz
        Of the blocks, 1 kHz to 768 kHz.
    start, end : float, seconds
        The stretch to read, each rounded to the nearest sample of the file. ``end`` None, or
        beyond the end of the file, reads to its end.
    track : int, optional
        Which of several sound tracks, from 1; None: the first that can be decoded and is not
        silent.
    block_seconds : float
        Length of the blocks; the last one may be shorter.
    on_position : callable, optional
        Called before each block with the position in the file, in seconds.
    on_warning : callable, optional
        Called with a sentence for the user if a file is damaged or cut off and was read as far as
        possible, and about which part was used if there was a choice. Warnings also go to the
        logger ``amtstudio.audio``.

    Yields
    ------
    np.ndarray, shape (round(block_seconds * sample_rate),)
        Mono, float32, full scale 1 (float files may exceed it).

    Raises
    ------
    InputNotFoundError, InputUnreadableError
        See ``check_input``.
    BadAudioError
        If nothing can be read, a sample is not finite, the file ends before ``start``, or the
        header is beyond the limits (64 channels, 1 kHz to 768 kHz).
    OptionError
        If the track does not exist.
    ValueError
        If an argument is out of range.
    """
    stretch = Stretch(sample_rate, start, end, block_seconds)
    return _stream(path, stretch, track, on_position, on_warning)


def _stream(
    path: Path,
    stretch: Stretch,
    track: int | None,
    on_position: OnPosition | None,
    on_warning: OnWarning | None,
) -> Generator[FloatArray, None, None]:
    def warn(message: str) -> None:
        log_warning(message)
        if on_warning is not None:
            on_warning(message)

    with MonoReading(path, track=track, warn=warn) as reading:
        native = reading.blocks(stretch.first_sample(reading.sample_rate))
        yield from stretch.blocks(native, reading.info, on_position)


def _log_remark(message: str) -> None:
    logger.debug("%s", message)


def log_warning(message: str) -> None:
    logger.warning("%s", message)
