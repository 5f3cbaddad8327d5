"""From the fields of a file to a ``Note``, or an error that says where the file is wrong."""

from __future__ import annotations

import math

from amtstudio.errors import BadFileError
from amtstudio.symbolic import PIANO, Note, Pedal, Track, TrackKind
from amtstudio.symbolic.limits import MAX_TIME
from amtstudio.symbolic.notes import Bend

MAX_NOTES = 1_000_000  # some 30 hours of dense piano
DECIMALS = 6  # of times in text files: a microsecond


def checked_note(
    where: str,
    *,
    onset: float,
    offset: float,
    pitch: int,
    velocity: int = 80,
    confidence: float = 1.0,
    track: Track = PIANO,
    bend: Bend = (),
) -> Note:
    """Build a note. Raises ``BadFileError`` naming ``where`` and the value that cannot be."""
    _check_span(where, onset, offset)
    try:
        return Note(onset, offset, pitch, velocity, confidence, track, bend)
    except ValueError as error:
        raise BadFileError(f"{where}: {error}") from error


def checked_pedal(where: str, *, onset: float, offset: float, track: Track = PIANO) -> Pedal:
    """Build a pedal press. Raises ``BadFileError`` naming ``where`` and the values."""
    _check_span(where, onset, offset)
    try:
        return Pedal(onset, offset, track)
    except ValueError as error:
        raise BadFileError(f"{where}: {error}") from error


def checked_track(where: str, name: str, program: int, kind: str) -> Track:
    """Build a track. Raises ``BadFileError`` naming ``where`` and the value that cannot be."""
    try:
        return Track(name, program, TrackKind(kind))
    except ValueError as error:
        raise BadFileError(f"{where}: {error}") from error


def _check_span(where: str, onset: float, offset: float) -> None:
    if onset < 0.0:
        raise BadFileError(f"{where}: the start, {onset:.6g} s, is before 0 s")
    if not onset < offset:  # nor is anything less than not-a-number
        raise BadFileError(
            f"{where}: the end, {offset:.6g} s, is not after the start, {onset:.6g} s"
        )
    check_seconds(where, offset)


def check_seconds(where: str, seconds: float) -> None:
    if seconds > MAX_TIME:  # a damaged number
        raise BadFileError(f"{where}: a time of {seconds:.6g} s is longer than a week")


def check_count(name: str, n_notes: int) -> None:
    if n_notes > MAX_NOTES:
        raise BadFileError(f"{name} has more than {MAX_NOTES} notes")


def format_span(onset: float, offset: float) -> tuple[str, str]:
    """Seconds as text with ``DECIMALS`` decimals; the offset stays later than the onset."""
    onset_text, offset_text = f"{onset:.{DECIMALS}f}", f"{offset:.{DECIMALS}f}"
    if offset_text == onset_text:
        offset_text = f"{float(onset_text) + 10**-DECIMALS:.{DECIMALS}f}"
    return onset_text, offset_text


def nearest_key_of(pitch: float) -> tuple[int, Bend]:
    """The key nearest to a fractional pitch, the higher of 60.5, and the rest as a level bend."""
    key = math.floor(pitch + 0.5)
    cents = round(100.0 * (pitch - key), 6)
    return key, ((0.0, cents),) if cents else ()
