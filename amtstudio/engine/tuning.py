"""How far a recording is out of tune, before it is transcribed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np

from amtstudio.audio import stream_mono
from amtstudio.engine.run import IsCancelled
from amtstudio.errors import Cancelled
from amtstudio.features import FrameGrid
from amtstudio.features.tuning import TuningEstimator

LISTEN_S = 60.0  # of sound
SEARCH_S = 600.0  # after so much silence it is not worth more reading
SILENCE = 1e-4  # RMS; -80 dBFS
RETUNE_FROM_CENTS = 10.0  # less makes no difference to a model


def grid_in_tune(
    path: Path,
    grid: FrameGrid,
    *,
    nominal_rate: int,
    start: float = 0.0,
    end: float | None = None,
    track: int | None = None,
    is_cancelled: IsCancelled | None = None,
) -> FrameGrid:
    """The grid by which a model hears a recording as if it were tuned to 440 Hz.

    Parameters
    ----------
    path : Path
    grid : FrameGrid
        That of the model; a profile may have retuned it already.
    nominal_rate : int, Hz
        Sample rate that the model takes its audio for.
    start, end : float, seconds
        The stretch of the file to go by, the first minute of sound in it.
    track : int, optional
        Which sound track of several, as for ``audio.stream_mono``.
    is_cancelled : callable, optional

    Returns
    -------
    FrameGrid
        ``grid`` itself where the recording is within ``RETUNE_FROM_CENTS`` or nothing can be told.

    Raises
    ------
    Cancelled, InputNotFoundError, InputUnreadableError, BadAudioError
        As ``audio.stream_mono``.
    """
    estimator = TuningEstimator(nominal_rate)
    last = start + SEARCH_S if end is None else min(end, start + SEARCH_S)
    n_left = round(LISTEN_S * grid.sample_rate)
    stream = stream_mono(path, sample_rate=grid.sample_rate, start=start, end=last, track=track)
    with closing(stream) as blocks:
        for block in blocks:
            if is_cancelled is not None and is_cancelled():
                raise Cancelled
            if np.sqrt(np.mean(np.square(block))) < SILENCE:
                continue
            estimator.feed(block)
            n_left -= len(block)
            if n_left <= 0:
                break
    cents = estimator.cents()
    if cents is None or abs(cents) < RETUNE_FROM_CENTS:
        return grid
    return grid.retuned(cents)
