"""Bends of strings as tablature writes them: how far, and whether the string is let back."""

from __future__ import annotations

import numpy as np

from amtstudio.symbolic.notes import Bend

_STEP_S = 0.01
_BEGINS_WITHIN = 50.0  # cents of the pitch that is fretted
_LEAST = 75.0  # cents; vibrato stays below
_HELD_S = 0.08  # as far as it is bent, in all: what is shorter is a slip
_BACK_WITHIN = 50.0  # cents
_END_S = 0.03  # of the note, in which a string is back


def string_bend(bend: Bend, duration: float) -> tuple[float, ...]:
    """How far a string is bent up, and then, if it is let back, how far down, as a negative number.

    Parameters
    ----------
    bend : Bend
        Contour of the note.
    duration : float, seconds

    Returns
    -------
    tuple of float, semitones
        In halves. Empty for vibrato, for bends too small or too short to be meant, and for a note
        that begins elsewhere than at its pitch, such as one that slides in: it is not clear where
        that one is fretted.
    """
    if not bend:
        return ()
    at = np.arange(0.0, duration, _STEP_S)
    seconds, values = zip(*bend, strict=True)
    cents = np.interp(at, seconds, values)
    n_held = round(_HELD_S / _STEP_S)
    if len(cents) < n_held or abs(cents[0]) > _BEGINS_WITHIN:
        return ()
    peak = float(np.sort(cents)[-n_held])
    if peak < _LEAST:
        return ()
    up = round(peak / 50.0) / 2.0
    is_back = abs(float(np.mean(cents[-round(_END_S / _STEP_S) :]))) <= _BACK_WITHIN
    return (up, -up) if is_back else (up,)
