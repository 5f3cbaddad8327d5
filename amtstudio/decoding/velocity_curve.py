"""From the velocity that a model predicts to the one that was played."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

KNOTS = (32.0, 64.0, 96.0)  # predicted velocities at which a curve is specified
NO_CURVE = KNOTS

Integers = npt.NDArray[np.int64]
Curve = tuple[float, float, float]


def check_curve(curve: Curve) -> None:
    """Raise ``ValueError`` unless it rises, or stays, from each knot to the next within MIDI."""
    low, middle, high = curve
    if not 1.0 <= low <= middle <= high <= 127.0:
        raise ValueError(f"a velocity curve must rise within 1 to 127, got {curve}")


def as_settings(curve: Curve) -> dict[str, float]:
    """By the names that ``DecodingSettings`` and the thresholds of a model have for it."""
    return {f"velocity_at_{round(knot)}": to for knot, to in zip(KNOTS, curve, strict=True)}


def along_curve(velocity: Integers, curve: Curve) -> Integers:
    """Each velocity as the curve has it.

    Parameters
    ----------
    velocity : np.ndarray of int, any shape
        MIDI, 1 to 127, as predicted.
    curve : (float, float, float)
        What 32, 64 and 96 become; linear between them, and extrapolated beyond.
    """
    if curve == NO_CURVE:
        return velocity
    bent = hats(velocity) @ np.asarray(curve)
    written: Integers = np.clip(np.rint(bent), 1, 127).astype(np.int64)
    return written


def hats(velocity: Integers) -> npt.NDArray[np.float64]:
    """By how much each of the knots counts for each velocity, shape (*velocity.shape, 3)."""
    heard = np.asarray(velocity, np.float64)
    low = (heard - KNOTS[0]) / (KNOTS[1] - KNOTS[0])
    high = (heard - KNOTS[1]) / (KNOTS[2] - KNOTS[1])
    lower = np.stack([1.0 - low, low, np.zeros_like(low)], axis=-1)
    upper = np.stack([np.zeros_like(high), 1.0 - high, high], axis=-1)
    return np.where((heard < KNOTS[1])[..., None], lower, upper)
