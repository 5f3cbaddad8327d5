"""``--tag``: what the user says about who plays, such as ``0:10-0:25 drums no``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amtstudio.cli.clock_times import CLOCK_TIME, seconds_of
from amtstudio.errors import did_you_mean

if TYPE_CHECKING:
    from amtstudio.symbolic.instrument_tags import InstrumentTag

TAG_EXAMPLE = "'0:10-0:25 drums no', or 'drums no' for the whole recording"

_ANSWERS = {"yes": True, "no": False}
_TAG = re.compile(
    rf"\s*(?:(?P<onset>{CLOCK_TIME})\s*-\s*(?P<offset>{CLOCK_TIME})\s+)?"
    r"(?P<name>[^\W\d][\w -]*?)\s+(?P<answer>yes|no)\s*",
    re.IGNORECASE,
)


def parse_tag(text: str) -> InstrumentTag:
    """The tag that a text stands for. Raises ``ValueError`` in words for the user."""
    from amtstudio.symbolic.instrument_tags import InstrumentTag  # noqa: PLC0415 - imports numpy
    from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES  # noqa: PLC0415 - as above
    from amtstudio.symbolic.limits import MAX_TIME  # noqa: PLC0415 - as above

    found = _TAG.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a tag; write it as {TAG_EXAMPLE}")
    name = "_".join(re.split(r"[\s_-]+", found["name"].lower()))
    if name not in INSTRUMENT_CLASSES:
        question = did_you_mean(name, INSTRUMENT_CLASSES)
        known = question or f"choose from {', '.join(INSTRUMENT_CLASSES)}"
        raise ValueError(f"there is no instrument {found['name']!r}; {known}")
    onset, offset = 0.0, MAX_TIME  # longer than any recording: a tag of all of it
    if found["onset"] is not None:
        onset, offset = seconds_of(found["onset"]), seconds_of(found["offset"])
    if not onset < offset <= MAX_TIME:
        raise ValueError(f"in {text!r} the end must come after the beginning, and within a week")
    return InstrumentTag(onset, offset, name, _ANSWERS[found["answer"].lower()])
