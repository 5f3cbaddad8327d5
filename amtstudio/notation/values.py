"""Lengths as notes and rests that can be drawn: ties, dots and triplets."""

from __future__ import annotations

from dataclasses import dataclass

from amtstudio.notation.bars import DIVISIONS, SMALLEST, Bar

_WHOLE = 4 * DIVISIONS
_TYPES = {
    _WHOLE: "whole",
    _WHOLE // 2: "half",
    _WHOLE // 4: "quarter",
    _WHOLE // 8: "eighth",
    _WHOLE // 16: "16th",
    _WHOLE // 32: "32nd",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A stretch that one sign stands for. ``is_triplet``: three in the time of two."""

    onset: int
    length: int
    type: str  # as MusicXML calls it, such as "quarter"
    dots: int
    is_triplet: bool = False

    @property
    def offset(self) -> int:
        return self.onset + self.length


def plain_value(onset: int, length: int, *, is_triplet: bool = False) -> Value | None:
    """The one sign for a length; None if there is none."""
    shown = length * 3 // 2 if is_triplet else length
    if is_triplet and length % 2:
        return None
    for dots, (numerator, denominator) in enumerate(((1, 1), (3, 2))):
        plain = shown * denominator // numerator
        if plain in _TYPES and plain * numerator == shown * denominator:
            return Value(onset, length, _TYPES[plain], dots, is_triplet)
    return None


def values_of(
    onset: int,
    offset: int,
    bar: Bar,
    *,
    beat: int,
    triplet_beats: frozenset[int],
    is_rest: bool = False,
) -> list[Value]:
    """The signs for what lasts from ``onset`` to ``offset`` within a bar.

    ``triplet_beats``: where the beats begin, from the start of the bar, that fall into triplets.
    Rests hide no beat; notes may, where that is usual.
    """
    if onset == bar.onset and offset == bar.offset and is_rest:
        return [Value(onset, offset - onset, "whole", 0)]  # of a whole bar, whatever its length
    values: list[Value] = []
    at = onset
    for start in sorted(triplet_beats):
        begin, end = bar.onset + start, bar.onset + start + beat
        if end <= at or begin >= offset:
            continue
        if begin > at:
            values += _split(at, begin, bar, beat, is_rest=is_rest)
            at = begin
        stop = min(end, offset)
        if at == begin and stop == end:
            continue  # all of the beat: no triplet
        values += _triplets(at, stop, begin)
        at = stop
    if at < offset:
        values += _split(at, offset, bar, beat, is_rest=is_rest)
    return values


def _triplets(onset: int, offset: int, begin: int) -> list[Value]:
    whole = plain_value(onset, offset - onset, is_triplet=True)
    if whole is not None:
        return [whole]
    third = DIVISIONS // 3
    middle = begin + ((onset - begin) // third + 1) * third
    if onset < middle < offset:
        return [*_triplets(onset, middle, begin), *_triplets(middle, offset, begin)]
    return _by_size(onset, offset, is_triplet=True)


def _split(onset: int, offset: int, bar: Bar, beat: int, *, is_rest: bool) -> list[Value]:
    length = offset - onset
    if length <= 0:
        return []
    value = plain_value(onset, length)
    boundary, strength = _strongest_inside(onset, offset, bar, beat)
    if value is not None and _may_stand(onset, length, strength, bar, beat, is_rest=is_rest):
        return [value]
    if boundary is None:
        return _by_size(onset, offset)
    return [
        *_split(onset, boundary, bar, beat, is_rest=is_rest),
        *_split(boundary, offset, bar, beat, is_rest=is_rest),
    ]


def _may_stand(
    onset: int, length: int, strength: int, bar: Bar, beat: int, *, is_rest: bool
) -> bool:
    """Whether one sign from ``onset`` on may hide a place of that strength."""
    own = _strength(onset - bar.onset, bar, beat)
    if beat % 9 == 0 and strength <= 2:
        return own <= 2 and length % beat == 0
    if is_rest:
        return own <= strength and length % (SMALLEST) == 0 and own < 9
    return own <= strength + 1


def _strongest_inside(onset: int, offset: int, bar: Bar, beat: int) -> tuple[int | None, int]:
    best, strength = None, 9
    for place in range(onset - onset % SMALLEST + SMALLEST, offset, SMALLEST):
        if place <= onset:
            continue
        own = _strength(place - bar.onset, bar, beat)
        if own < strength:
            best, strength = place, own
    return best, strength


def _strength(place: int, bar: Bar, beat: int) -> int:
    """0 the bar line, 1 the middle of a bar of four, 2 a beat, 3 and more its parts."""
    if place in (0, bar.length):
        return 0
    # An upbeat counts from its end.
    if bar.is_upbeat:
        place += bar.length * -1 % (4 * beat)
    if bar.beats in (4, 12) and place % (2 * beat) == 0:
        return 1
    if place % beat == 0:
        return 2
    parts = (3, 6, 12) if beat % 9 == 0 else (2, 4, 8)
    for strength, count in enumerate(parts, start=3):
        if place * count % beat == 0:
            return strength
    return 9


def _by_size(onset: int, offset: int, *, is_triplet: bool = False) -> list[Value]:
    """The longest signs that fit, one after the other; what is too short for any is left out."""
    values: list[Value] = []
    at = onset
    sizes = [
        (size * 2 // 3 if is_triplet else size) * dotted // 2
        for size in _TYPES
        for dotted in (3, 2)
    ]
    while at < offset:
        for size in sizes:
            value = plain_value(at, size, is_triplet=is_triplet) if size else None
            if value is not None and at + size <= offset:
                values.append(value)
                at += size
                break
        else:
            break
    return values
