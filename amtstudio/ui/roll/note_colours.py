"""What the colour of a note says, and which it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from amtstudio.symbolic import NoteTable, Track
from amtstudio.ui.theme import N_INSTRUMENT_COLOURS, N_NOTE_COLOURS, Theme


class ColourBy(Enum):
    VELOCITY = "velocity"
    CONFIDENCE = "confidence"
    INSTRUMENT = "instrument"


@dataclass(frozen=True)
class NoteColours:
    """A way of colouring notes, the same in the roll and in all lanes.

    ``tracks`` has the places of the colours of tracks among the theme's; others have that of their
    index in the table.
    """

    by: ColourBy = ColourBy.VELOCITY
    tracks: Mapping[Track, int] = field(default_factory=lambda: MappingProxyType({}))

    def places(self, table: NoteTable) -> npt.NDArray[np.int64]:
        """The place of each note's colour in ``palette``, shape (n_notes,)."""
        if self.by is ColourBy.INSTRUMENT:
            of_track = [self.tracks.get(track, place) for place, track in enumerate(table.tracks)]
            return np.array(of_track, dtype=np.int64)[table.track] % N_INSTRUMENT_COLOURS
        share = table.velocity / 127.0 if self.by is ColourBy.VELOCITY else table.confidence
        return np.clip((share * N_NOTE_COLOURS).astype(np.int64), 0, N_NOTE_COLOURS - 1)

    def palette(self, theme: Theme) -> tuple[QColor, ...]:
        return theme.instruments if self.by is ColourBy.INSTRUMENT else theme.notes


def text_colour(ground: QColor) -> QColor:
    """In which a name can be read on a note of this colour."""
    red, green, blue = (value**2.2 for value in (ground.redF(), ground.greenF(), ground.blueF()))
    # As bright as this, both have the same contrast.
    is_bright = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.19
    return QColor("#0c0e12") if is_bright else QColor("#ffffff")
