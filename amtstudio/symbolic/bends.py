"""What can be done to the pitch contour of one note."""

from __future__ import annotations

from itertools import pairwise

from amtstudio.symbolic.notes import Bend, bend_at

MOST_CENTS = 2400.0  # two octaves either way; nothing that is played bends farther
_LEAST_CENTS = 0.05  # contours are given to a tenth of a cent


def mean_cents(bend: Bend, duration: float) -> float:
    """The mean over the whole note, which lasts ``duration`` seconds."""
    if not bend:
        return 0.0
    inner = [seconds for seconds, _ in bend if 0.0 < seconds < duration]
    points = [(second, bend_at(bend, second)) for second in (0.0, *inner, duration)]
    area = sum((b - a) * (one + two) / 2.0 for (a, one), (b, two) in pairwise(points))
    return area / duration


def shifted_bend(bend: Bend, cents: float) -> Bend:
    """The whole contour higher by ``cents``; of a note that does not bend, a level one."""
    return limited_bend(tuple((second, value + cents) for second, value in bend or ((0.0, 0.0),)))


def scaled_bend(bend: Bend, factor: float, duration: float) -> Bend:
    """The contour with every way from its mean ``factor`` times as far."""
    mean = mean_cents(bend, duration)
    return limited_bend(
        tuple((second, mean + factor * (value - mean)) for second, value in bend),
    )


def limited_bend(bend: Bend) -> Bend:
    """To a tenth of a cent and within ``MOST_CENTS``; nothing if it never leaves the pitch."""
    points = tuple(
        (second, round(min(max(value, -MOST_CENTS), MOST_CENTS), 1)) for second, value in bend
    )
    is_straight = all(abs(value) <= _LEAST_CENTS for _, value in points)
    return () if is_straight else points
