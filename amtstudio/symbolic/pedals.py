"""How pedal presses affect each other, and notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.note_table import NoteTable
from amtstudio.symbolic.notes import Pedal
from amtstudio.symbolic.tracks import Track


def joined_presses(pedals: Iterable[Pedal], *, touching: bool = False) -> list[Pedal]:
    """One press for presses of a track that overlap, or ``touching``, merely meet; sorted."""
    joined: list[Pedal] = []
    latest: dict[Track, int] = {}  # place in ``joined``
    for pedal in sorted(pedals):
        place = latest.get(pedal.track)
        end = -1.0 if place is None else joined[place].offset
        if place is not None and (pedal.onset < end or (touching and pedal.onset == end)):
            joined[place] = replace(joined[place], offset=max(end, pedal.offset))
        else:
            latest[pedal.track] = len(joined)
            joined.append(pedal)
    return joined


def held_until(
    notes: NoteTable, pedals: Iterable[Pedal], *, touching: bool = False
) -> npt.NDArray[np.float64]:
    """Until when each note sounds, shape (n_notes,), in seconds.

    To its offset, or, where the pedal of its track is down then, until that comes up. Presses are
    joined as by ``joined_presses``.
    """
    until = notes.offset.copy()
    presses = joined_presses(pedals, touching=touching)
    for place, track in enumerate(notes.tracks):
        own = [(press.onset, press.offset) for press in presses if press.track == track]
        if own:
            down, up = np.array(own).T
            at = np.flatnonzero(notes.track == place)
            press = np.searchsorted(down, until[at], side="right") - 1
            # Before the first press there is none: an end at 0 lengthens nothing.
            until[at] = np.maximum(until[at], np.where(press >= 0, up[press], 0.0))
    return until
