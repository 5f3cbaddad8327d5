"""What the user says of the score of one recording, where the program would decide otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from amtstudio.symbolic.keys import Key

MOST_CAPO = 12  # fret
_FEWEST_STRINGS, _MOST_STRINGS = 3, 12

Tuning = tuple[int, ...]  # pitches of the open strings, the lowest first


@dataclass(frozen=True, slots=True)
class ScoreChoices:
    """Its key, and how its guitars and basses are tuned; None: nothing is said of that.

    ``guitar`` and ``bass`` may be empty: the tuning that the notes suggest. ``capo`` is the fret at
    which guitars have one, 0 for none.

    Raises ``ValueError`` for a tuning or a capo that cannot be.
    """

    key: Key | None = None
    guitar: Tuning | None = None
    bass: Tuning | None = None
    capo: int | None = None

    def __post_init__(self) -> None:
        for tuning in filter(None, (self.guitar, self.bass)):
            check_tuning(tuning)
        check_capo(self.capo or 0)


def check_tuning(tuning: Tuning) -> None:
    """Raises ``ValueError`` unless it has 3 to 12 strings with MIDI pitches."""
    if not _FEWEST_STRINGS <= len(tuning) <= _MOST_STRINGS:
        raise ValueError(f"a tuning has 3 to 12 strings, not {len(tuning)}")
    if not all(0 <= pitch <= 127 for pitch in tuning):
        raise ValueError(f"strings must have pitches from 0 to 127, got {tuning}")


def check_capo(fret: int) -> None:
    """Raises ``ValueError`` unless it is 0, for none, to 12."""
    if not 0 <= fret <= MOST_CAPO:
        raise ValueError(f"capo must be 0 to {MOST_CAPO}, got {fret}")


NO_CHOICES = ScoreChoices()
