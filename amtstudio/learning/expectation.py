"""What similar runs have achieved: shown before a run starts, here in English.

The figures are measured, and appear nowhere else in the program. Update them here after a new
measurement; training/ADAPTATION.md has the commands that print them and what they were run on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from amtstudio.learning.request import DETECTOR, Corrections
from amtstudio.learning.wording import QT_TRANSLATE_NOOP, Translate


class Known(IntEnum):
    """What is known about the notes of some recordings, in increasing order."""

    NOTHING = 0
    SCORE = 1
    KEYBOARD = 2
    CORRECTED = 3

    @classmethod
    def of(cls, corrections: Corrections) -> Known:
        """The most that is known about a recording for which the user made these decisions."""
        kinds = {"all": cls.CORRECTED, "played": cls.KEYBOARD, "onsets": cls.SCORE}
        found = [kinds[passage.knows] for passage in corrections.passages]
        if corrections.right or corrections.wrong:
            found.append(cls.CORRECTED)
        return max(found, default=cls.NOTHING)


@dataclass(frozen=True, slots=True)
class Change:
    """Of a hundred notes of other recordings, how many were right before and after."""

    before: float
    after: float


# training.calibration_trials on a Disklavier, five minutes of known notes, three draws.
PIANO_LOUDNESS = Change(62.8, 68.3)
PIANO_NOTES = Change(84.4, 85.3)
# training.adaptation_benchmark on a harmonica and singers, three draws each, and a guitar, four, a
# minute of corrected notes, within 100 ms: mean of the runs that were kept, of so many.
MELODIC_NOTES, MELODIC_RUNS, MELODIC_ADOPTED = Change(75.5, 78.7), 10, 8
# training.drums.adaptation stems, a minute of corrected hits.
DRUM_HITS = Change(72.8, 74.3)
# training.adaptation_benchmark on pianos; half of them had a minute of corrected notes.
PIANO_RUNS, PIANO_ADOPTED = 24, 0

_KEPT = QT_TRANSLATE_NOOP("Adaptation", "A result is kept only if tests show that it is better.")
_DRUMS = QT_TRANSLATE_NOOP(
    "Adaptation",
    "What to expect: it helps most if you correct hits in the drum lane and"
    " accept the passages; a minute of corrected passages, spread over"
    " several takes, is enough. In one measured case, this raised the share of right hits from"
    " {before} to {after} %.",
)
_INSTRUMENTS = QT_TRANSLATE_NOOP(
    "Adaptation",
    "What to expect: it learns from passages in which you marked an instrument as heard or as not"
    " heard. Mark a few of each kind, in several recordings: a quarter of them is kept for testing."
    " It takes a minute or two.",
)
_MELODIC = QT_TRANSLATE_NOOP(
    "Adaptation",
    "What to expect: the most improvement on an unusual instrument, and if"
    " you correct notes. How much recordings alone, a score or a keyboard"
    " would help has not been measured well enough to say.",
)
_MELODIC_CORRECTED = QT_TRANSLATE_NOOP(
    "Adaptation",
    "What to expect: on an unusual instrument, often more right notes. Of {runs} measured runs with"
    " a minute of corrected notes (a harmonica, singers, a guitar), {adopted} were kept. They"
    " raised the share of right notes in other recordings from {before} to {after} %.",
)
_PIANO = QT_TRANSLATE_NOOP(
    "Adaptation",
    "What to expect: on a piano in good order hardly any notes change, and"
    " the result is usually “No improvement found”; your model then stays as"
    " it is. Of {runs} measured runs, {adopted} found more right notes.",
)
_NONE = QT_TRANSLATE_NOOP("Adaptation", "none")
_PIANO_ALONE = QT_TRANSLATE_NOOP(
    "Adaptation",
    "It helps more if you correct notes, or record a MIDI keyboard along"
    " with the microphone. An out-of-tune piano does not need it.",
)
_PIANO_SCORE = QT_TRANSLATE_NOOP(
    "Adaptation", "What a score adds to that has not been measured yet."
)
_PIANO_KNOWN = QT_TRANSLATE_NOOP(
    "Adaptation",
    "What to expect: on a piano in good order hardly any notes change, but their loudness"
    " becomes more accurate. In one measured case, five minutes of known"
    " notes, in several recordings, raised the share of notes about as loud"
    " as played from {before} to {after} %.",
)
_PIANO_TIMING = QT_TRANSLATE_NOOP(
    "Adaptation",
    "With more accurate timing, the share of right notes rose from {before} to {after} %.",
)


def expectation(model: str, known: Known, translate: Translate = str) -> str:
    """What to expect from a run with this model, in sentences.

    ``translate``: from the English sentence, with its gaps, to that of the user's language.
    """
    if model == DETECTOR:
        parts = [translate(_INSTRUMENTS)]
    elif model == "drums":
        parts = [_rounded(DRUM_HITS, translate(_DRUMS))]
    elif model == "melodic" and known is Known.CORRECTED:
        counts = {"runs": MELODIC_RUNS, "adopted": MELODIC_ADOPTED}
        parts = [_rounded(MELODIC_NOTES, translate(_MELODIC_CORRECTED), **counts)]
    elif model == "melodic":
        parts = [translate(_MELODIC)]
    elif known in (Known.NOTHING, Known.SCORE):
        adopted = PIANO_ADOPTED or translate(_NONE)
        parts = [translate(_PIANO).format(runs=PIANO_RUNS, adopted=adopted)]
        parts.append(translate(_PIANO_SCORE if known is Known.SCORE else _PIANO_ALONE))
    else:
        parts = [_rounded(PIANO_LOUDNESS, translate(_PIANO_KNOWN))]
        if known is Known.CORRECTED:
            notes = PIANO_NOTES
            parts.append(translate(_PIANO_TIMING).format(before=notes.before, after=notes.after))
    return " ".join([*parts, translate(_KEPT)])


def _rounded(change: Change, text: str, **others: int) -> str:
    return text.format(before=f"{change.before:.0f}", after=f"{change.after:.0f}", **others)
