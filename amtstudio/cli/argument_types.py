"""What is written at the command line as values: for ``type=`` of an argument.

Each raises ``argparse.ArgumentTypeError`` with what is wrong, in words of who wrote it.
"""

from __future__ import annotations

import argparse
import math
import re
from typing import TYPE_CHECKING

from amtstudio.cli.clock_times import CLOCK_TIME, seconds_of
from amtstudio.cli.tag_option import parse_tag
from amtstudio.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amtstudio.symbolic import Meter
    from amtstudio.symbolic.instrument_tags import InstrumentTag
    from amtstudio.symbolic.keys import Key
    from amtstudio.symbolic.note_filter import Scale

SCORE_PARTS = ("triplets", "swing", "dynamics", "pedal")  # that may be left out
_DEVICE = re.compile(r"auto|cpu|cuda(:\d+)?|mps")


def pitch(text: str) -> int:
    from amtstudio.symbolic.pitches import pitch_of  # noqa: PLC0415 - numpy, for who asks for it

    try:
        return pitch_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a key, such as C4, F#3 or 60") from error


def scale(text: str) -> Scale:
    from amtstudio.symbolic.note_filter import SCALES, Scale  # noqa: PLC0415 - as above

    try:
        return Scale.parse(text)
    except ValueError as error:
        known = ", ".join(SCALES)
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a scale: a note such as C, F# or Bb, and one of {known}"
        ) from error


def score_parts(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip().casefold() for part in text.split(","))
    for part in parts:
        if part not in SCORE_PARTS:
            question = did_you_mean(part, SCORE_PARTS) or f"choose from {', '.join(SCORE_PARTS)}"
            raise argparse.ArgumentTypeError(f"there is no {part!r} in a score; {question}")
    return parts


def key(text: str) -> Key:
    from amtstudio.symbolic.keys import Key  # noqa: PLC0415 - as above

    try:
        return Key.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a key of a piece, such as C major, Eb minor or F#, with at most"
            " seven sharps or flats"
        ) from error


def guitar_tuning(text: str) -> tuple[int, ...]:
    from amtstudio.notation import tablature  # noqa: PLC0415 - as above

    return _tuning(text, tablature.GUITARS)


def bass_tuning(text: str) -> tuple[int, ...]:
    from amtstudio.notation import tablature  # noqa: PLC0415 - as above

    return _tuning(text, tablature.BASSES)


def _tuning(text: str, names: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    from amtstudio.notation.tablature import tuning_of  # noqa: PLC0415 - as above

    try:
        return tuning_of(text, names)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a tuning: {', '.join(names)}, or open strings such as D2 A2 D3"
        ) from error


def capo(text: str) -> int:
    value = number(text)
    if value != int(value) or not 0 <= value <= 12:
        raise argparse.ArgumentTypeError(f"{text} is not a fret from 0 to 12")
    return int(value)


def tag(text: str) -> InstrumentTag:
    try:
        return parse_tag(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def probability(text: str) -> float:
    value = number(text)
    if not 0.0 < value < 1.0:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def drum_threshold(text: str) -> dict[str, float]:
    """The threshold of each drum that it is for."""
    from amtstudio.symbolic.drums import DRUMS  # noqa: PLC0415 - imports numpy

    name, equals, value = text.rpartition("=")
    if not equals:
        return dict.fromkeys(DRUMS, probability(text))
    drum = "_".join(name.casefold().replace("hi-hat", "hihat").replace("-", " ").split())
    if drum not in DRUMS:
        raise argparse.ArgumentTypeError(f"there is no drum {name!r}: {', '.join(DRUMS)}")
    return {drum: probability(value)}


def share(text: str) -> float:
    share = number(text)
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to 1")
    return share


def seconds(text: str) -> float:
    value = number(text)
    if value < 0.0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return value


def tempo(text: str) -> float:
    value = number(text)
    if not 15.0 <= value <= 400.0:
        raise argparse.ArgumentTypeError(f"{text} is not between 15 and 400")
    return value


def meter(text: str) -> Meter:
    from amtstudio.symbolic import Meter  # noqa: PLC0415 - imports numpy

    try:
        return Meter.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def channels(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        raise argparse.ArgumentTypeError(f"{text} is not a list of inputs such as 3 or 1,2")
    numbers = tuple(dict.fromkeys(int(part) for part in parts))
    if min(numbers) < 1:
        raise argparse.ArgumentTypeError("inputs are numbered from 1")
    return numbers


def positive_number(text: str) -> float:
    value = number(text)
    if value <= 0.0:
        raise argparse.ArgumentTypeError(f"{text} is not greater than 0")
    return value


def length(text: str) -> float:
    value = time(text)
    if value == 0.0:
        raise argparse.ArgumentTypeError(f"{text} is not greater than 0")
    return value


def time(text: str) -> float:
    """Seconds of a time written as 90, 1:30 or 0:01:30.5."""
    if ":" not in text:
        return seconds(text)
    if not re.fullmatch(CLOCK_TIME, text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 90, 1:30 or 0:01:30.5")
    return _finite(seconds_of(text), text)


def track(text: str) -> int:
    value = number(text)
    if value < 1 or value != int(value):
        raise argparse.ArgumentTypeError(
            f"{text} is not a track number; tracks are numbered from 1"
        )
    return int(value)


def number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number{_meant(text)}") from None
    return _finite(value, text)


def _finite(value: float, text: str) -> float:
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a finite number")
    return value


def _meant(text: str) -> str:
    """The question after the number that was written as people write it."""
    number = text.strip().removesuffix("%").rstrip()
    if not re.fullmatch(r"[+-]?\d+([.,]\d+)?", number):
        return ""
    value = float(number.replace(",", "."))
    return f"; did you mean {value / 100 if number != text.strip() else value:g}?"


def device(text: str) -> str:
    if not _DEVICE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not one of auto, cpu, cuda, cuda:N, mps")
    return text
