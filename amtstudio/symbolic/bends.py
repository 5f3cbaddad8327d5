"""What can be done to the pitch contour of one note."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from amtstudio.symbolic.notes import Bend, Note, bend_at, cut_bend

MOST_CENTS = 2400.0  # two octaves either way; nothing that is played bends farther
_STEP_S = 0.001  # between the contours of two notes
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


def joined_bend(notes: Sequence[Note]) -> Bend:
    """The contour of the one note that several of a pitch become, in the order of their onsets."""
    if not any(note.bend for note in notes):
        return ()
    begin = notes[0].onset
    points: list[tuple[float, float]] = []
    for note, following in zip(notes, [*notes[1:], None], strict=True):
        last = note.duration
        if following is not None:
            last = max(min(note.offset, following.onset) - note.onset - _STEP_S, 0.0)
        own = cut_bend(note.bend, 0.0, last) or ((0.0, 0.0),)
        if own[0][0] > 0.0:  # level until then, also after another note
            own = ((0.0, own[0][1]), *own)
        if following is not None and own[-1][0] < last:
            own = (*own, (last, own[-1][1]))
        shifted = [(note.onset - begin + second, cents) for second, cents in own]
        while points and points[-1][0] >= shifted[0][0]:
            points.pop()
        points += shifted
    return limited_bend(tuple(points))


def limited_bend(bend: Bend) -> Bend:
    """To a tenth of a cent and within ``MOST_CENTS``; nothing if it never leaves the pitch."""
    points = tuple(
        (second, round(min(max(value, -MOST_CENTS), MOST_CENTS), 1)) for second, value in bend
    )
    is_straight = all(abs(value) <= _LEAST_CENTS for _, value in points)
    return () if is_straight else points
