"""Whether a transcribed note was struck: whether sound at its own pitch begins there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from amtstudio.audio import FloatArray
from amtstudio.symbolic import Note

_WINDOW_S = 0.256
# The lowest partial considered: below, the window does not resolve neighbouring keys.
_LOWEST_HZ = 110.0
_BEFORE_S = -0.14  # centres of the windows, from the onset
_AFTER_S = (0.03, 0.065, 0.1, 0.135)
_NEAR_CENTS = 35.0  # of the partial, at the tuning of the instrument: the next key is 100 away
_STRETCHED_FROM = 84  # keys above are tuned sharp, by up to 30 cents at the top
_RISE = 2.0  # of the magnitude: from before the onset to after it
# Of the strongest line within a tone: what is weaker may be a side lobe of it (-31 dB).
_DEPTH = 0.08
_TONE = 2.0 ** (200.0 / 1200.0)
_NOTES_AT_ONCE = 128


def struck(
    notes: Sequence[Note], audio: FloatArray, sample_rate: int, *, tuning_cents: float = 0.0
) -> npt.NDArray[np.bool_]:
    """For each note, whether a spectral line at its own pitch rose at its onset.

    The line has to be a peak within 35 cents of the note's fundamental (of the first partial above
    110 Hz for low notes), at the tuning of the instrument, and has to double. This distinguishes a
    note predicted one key away from the one that was struck, where a rise anywhere nearby would
    confirm both: a piano 44 cents flat can be transcribed as either.

    Parameters
    ----------
    notes : sequence of Note
    audio : np.ndarray, shape (n_samples,)
        Mono.
    sample_rate : int, Hz
    tuning_cents : float
        Of the instrument, above 440 Hz.

    Returns
    -------
    np.ndarray of bool, shape (n_notes,)
    """
    found = [
        _struck(notes[first : first + _NOTES_AT_ONCE], audio, sample_rate, tuning_cents)
        for first in range(0, len(notes), _NOTES_AT_ONCE)
    ]
    return np.concatenate(found) if found else np.zeros(0, dtype=bool)


def struck_balance(
    notes: Sequence[Note], audio: FloatArray, sample_rate: int, *, tuning_cents: float = 0.0
) -> float:
    """Notes that were struck minus notes that were not, per second of audio.

    A note more that is right adds one and a note more that is wrong takes one away, as they do to
    what F1 counts; a mere share of struck notes would reward leaving soft ones out.
    """
    is_struck = struck(notes, audio, sample_rate, tuning_cents=tuning_cents)
    return (2.0 * float(is_struck.sum()) - len(is_struck)) * sample_rate / max(len(audio), 1)


def _struck(
    notes: Sequence[Note], audio: FloatArray, sample_rate: int, tuning_cents: float
) -> npt.NDArray[np.bool_]:
    n_window = round(_WINDOW_S * sample_rate)
    onsets = np.array([note.onset for note in notes])
    centres = onsets[:, None] + np.array([_BEFORE_S, *_AFTER_S])
    first = np.rint(centres * sample_rate).astype(int)  # n_window // 2 samples of zeros lead in
    padded = np.pad(audio, (n_window // 2 + 1, 2 * n_window))
    first = np.clip(first, 0, len(padded) - n_window)
    windows = np.lib.stride_tricks.sliding_window_view(padded, n_window)[first]
    n_fft = 2 * n_window  # lines between the lines: a peak is seen wherever it lies
    shape = np.hanning(n_window).astype(np.float32)
    spectra = np.abs(np.fft.rfft(windows * shape, n_fft))
    before, after = spectra[:, 0], spectra[:, 1:].max(axis=1)
    per_line = sample_rate / n_fft
    own = np.array([_own_line(note.pitch, tuning_cents) for note in notes])
    near = _NEAR_CENTS + np.maximum([note.pitch - _STRETCHED_FROM for note in notes], 0)
    width = np.maximum(own * (2.0 ** (near / 1200.0) - 1.0), 1.2 * per_line)
    lows = np.maximum(np.rint((own - width) / per_line).astype(int), 1)
    highs = np.minimum(np.rint((own + width) / per_line).astype(int), before.shape[1] - 2)
    found = np.zeros(len(notes), dtype=bool)
    for i, (low, high) in enumerate(zip(lows, highs, strict=True)):
        around = after[i, int(low / _TONE) : int(high * _TONE) + 2]
        inside = after[i, low - 1 : high + 2]
        found[i] = inside.max() > _DEPTH * around.max() and _grew(inside, before[i, low : high + 1])
    return found


def _own_line(pitch: int, tuning_cents: float) -> float:
    frequency = 440.0 * 2.0 ** ((pitch - 69 + tuning_cents / 100.0) / 12.0)
    return float(frequency * np.ceil(_LOWEST_HZ / frequency))


def _grew(after: npt.NDArray[np.floating], before: npt.NDArray[np.floating]) -> bool:
    """``after`` has an extra line at either end, to tell a peak from a flank."""
    at = int(np.argmax(after[1:-1])) + 1
    is_peak = after[at] >= after[at - 1] and after[at] >= after[at + 1]
    return bool(is_peak and after[at] > _RISE * before.max())
