"""Times as people write them: 95, 1:35 or 0:01:35.5."""

from __future__ import annotations

CLOCK_TIME = r"(?:\d+:)?(?:\d+:)?\d+(?:\.\d+)?"  # a pattern


def seconds_of(text: str) -> float:
    """Seconds of a text that ``CLOCK_TIME`` matches; infinite if it has too many digits."""
    parts = reversed(text.split(":"))
    return sum(float(part) * 60.0**place for place, part in enumerate(parts))
