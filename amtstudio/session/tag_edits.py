"""The edits of what a user says of who plays, each as a command; as for ``edits``.

All raise ``EditError`` for a stretch that cannot be.
"""

from __future__ import annotations

from amtstudio.errors import EditError
from amtstudio.session.command import Command, Content
from amtstudio.session.tables import INSTRUMENT_TAGS
from amtstudio.symbolic.instrument_tags import (
    InstrumentTag,
    InstrumentTags,
    with_tag,
    without_tags,
)
from amtstudio.symbolic.limits import MAX_TIME


def tag_instrument(
    content: Content, instrument: str, onset: float, offset: float, *, is_heard: bool
) -> Command:
    """Say that an instrument is heard from ``onset`` to ``offset``, in seconds, or is not."""
    tag = _checked(instrument, onset, offset, is_heard=is_heard)
    return _set_tags(
        content,
        with_tag(content.instrument_tags, tag),
        "Mark an instrument as heard" if is_heard else "Mark an instrument as not heard",
    )


def withdraw_instrument_tags(
    content: Content, instrument: str, onset: float, offset: float
) -> Command:
    """Take back what was said of an instrument from ``onset`` to ``offset``, in seconds."""
    tag = _checked(instrument, onset, offset, is_heard=True)
    kept = without_tags(content.instrument_tags, tag.instrument, tag.onset, tag.offset)
    return _set_tags(content, kept, "Remove the mark from an instrument")


def _checked(instrument: str, onset: float, offset: float, *, is_heard: bool) -> InstrumentTag:
    try:
        tag = InstrumentTag(float(onset), float(offset), instrument, is_heard)
    except ValueError as error:
        raise EditError(
            "A stretch must begin at 0 s or later, and end after it begins",
            hint="mark it again along the ruler",
        ) from error
    if tag.offset > MAX_TIME:
        raise EditError("A stretch cannot end more than a week after the start")
    return tag


def _set_tags(content: Content, tags: InstrumentTags, text: str) -> Command:
    change = content.change_to(INSTRUMENT_TAGS, [tags] if tags else [])
    return Command.of(text, (INSTRUMENT_TAGS, change))
