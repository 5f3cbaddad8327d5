"""How far a recording is out of tune, before it is transcribed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np

from amtstudio.audio import AudioSource, FloatArray, opened
from amtstudio.engine.run import IsCancelled, OnWarning
from amtstudio.errors import Cancelled
from amtstudio.features import FrameGrid
from amtstudio.features.tuning import WINDOW_S, Tuning, TuningEstimator

LISTEN_S = 60.0  # with struck notes; from then on parts will do
LEAST_PITCHES = 12  # that these notes have partials at: fewer may be a signal before the music
PART_S, EVERY_S = 8.0, 32.0  # the parts
SEARCH_S = 600.0  # where so much is clear, the rest is not read
SILENCE = 1e-4  # RMS; -80 dBFS
RETUNE_FROM_CENTS = 10.0  # less makes no difference to a model
IN_TUNE_CENTS = 3.0  # no ear tells
HALFWAY_CENTS = 45.0  # from here on it may as well be the next semitone


def grid_in_tune(
    source: Path | AudioSource,
    grid: FrameGrid,
    *,
    nominal_rate: int,
    start: float = 0.0,
    end: float | None = None,
    is_cancelled: IsCancelled | None = None,
    on_warning: OnWarning | None = None,
) -> FrameGrid:
    """The grid with which a model reads a recording as if it were tuned to 440 Hz.

    Parameters
    ----------
    source : Path or AudioSource
    grid : FrameGrid
        That of the model; a profile may have retuned it already.
    nominal_rate : int, Hz
        Sample rate that the model takes its audio for.
    start, end : float, seconds
        The stretch of the file to use: all of it, or the first ten minutes if these are clear.
    is_cancelled : callable, optional
    on_warning : callable, optional
        Called with a sentence for the user if another answer is nearly as likely.

    Returns
    -------
    FrameGrid
        ``grid`` itself if the recording is within ``RETUNE_FROM_CENTS`` or the tuning is unknown.

    Raises
    ------
    Cancelled, InputNotFoundError, InputUnreadableError, BadAudioError
        As ``audio.stream_mono``.
    """
    rate = grid.sample_rate
    with opened(source, start=start) as audio:
        stream = audio.stream_mono(sample_rate=rate, start=start, end=end)
        with closing(stream) as blocks:
            tuning = _heard(blocks, rate, TuningEstimator(nominal_rate), is_cancelled)
    if tuning is None:
        return grid
    if on_warning is not None:
        doubt = _doubt(tuning, 1200.0 * math.log2(grid.sample_rate / nominal_rate))
        if doubt is not None:
            on_warning(doubt)
    return grid if abs(tuning.cents) < RETUNE_FROM_CENTS else grid.retuned(tuning.cents)


def _heard(
    blocks: Iterable[FloatArray],
    sample_rate: int,
    estimator: TuningEstimator,
    is_cancelled: IsCancelled | None,
) -> Tuning | None:
    seconds = 0.0
    is_clear = False
    asked_at = LISTEN_S
    for block in blocks:
        if is_cancelled is not None and is_cancelled():
            raise Cancelled
        seconds += len(block) / sample_rate
        if is_clear and seconds > SEARCH_S:
            break
        if is_clear and seconds % EVERY_S > PART_S:
            continue
        if np.sqrt(np.mean(np.square(block))) < SILENCE:
            continue
        estimator.feed(block)
        if seconds >= asked_at:
            asked_at = seconds + PART_S
            is_clear = _is_clear(estimator.tuning())
    return estimator.tuning()


def _is_clear(tuning: Tuning | None) -> bool:
    return (
        tuning is not None
        and tuning.rival is None
        and tuning.n_windows * WINDOW_S > 0.9 * LISTEN_S
        and tuning.n_pitches >= LEAST_PITCHES
    )


def _doubt(tuning: Tuning, grid_cents: float) -> str | None:
    """The warning; ``grid_cents`` is the tuning that 0 cents stand for."""
    found = _in_words(tuning.cents + grid_cents)
    if tuning.rival is not None:
        rival = _in_words(tuning.rival + grid_cents)
        return (
            f"there are two tunings, {found}, and {rival}; the recording is"
            f" transcribed at the first, which covers more of it. Where notes come out"
            f" a semitone off, transcribe that part on its own"
        )
    if abs(tuning.cents) < HALFWAY_CENTS:
        return None
    way = "low" if tuning.cents > 0 else "high"
    return (
        f"the piano is tuned about halfway between two keys, {found}: all notes may come out a"
        f" semitone too {way}. If they do, transpose them by one"
    )


def _in_words(cents: float) -> str:
    if abs(cents) < IN_TUNE_CENTS:
        return "in tune with A = 440 Hz"
    return f"{abs(cents):.0f} cents {'above' if cents > 0 else 'below'} A = 440 Hz"
