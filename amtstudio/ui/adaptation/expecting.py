"""What such a run brought on recordings like these: said before it starts.

The figures are measured ones; training/ADAPTATION.md has them with the commands that print them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QCoreApplication

from amtstudio.ui.adaptation.recordings import Chosen


class Known(IntEnum):
    """What is known of the notes of some recordings, the more the higher."""

    NOTHING = 0
    SCORE = 1
    KEYBOARD = 2
    CORRECTED = 3


@dataclass(frozen=True, slots=True)
class Change:
    """Of a hundred notes of other recordings, how many were right before and after."""

    before: float
    after: float


# training.calibration_trials on a Disklavier, five minutes of known notes, three draws.
PIANO_LOUDNESS = Change(63.0, 68.5)
PIANO_NOTES = Change(84.3, 85.2)
# training.corrected_trials, within 100 ms: training alone, without the tests that may refuse it.
HARMONICA_NOTES = Change(61.3, 67.7)
# training.adaptation_benchmark on pianos; half of them had a minute of corrected notes.
PIANO_RUNS, PIANO_ADOPTED = 24, 0


def known_of(entries: Sequence[Chosen], *, uses_corrections: bool) -> Known:
    """The most that is known of any of the recordings that can be used."""
    return max((_known(entry, uses_corrections) for entry in entries), default=Known.NOTHING)


def expectation(model: str, known: Known) -> str:
    """What to expect of a run of this model, in sentences."""
    if model == "melodic":
        text = _of_melodic(known)
    elif model == "drums":
        text = _tr(
            "What to expect: it gains most if you corrected hits in the drum lane and accepted the"
            " passages; a minute of them, spread over several takes, is enough."
        )
    else:
        text = _of_piano(known)
    kept = _tr("A result is kept only if tests show that it is better.")
    return f"{text} {kept}"


def _of_melodic(known: Known) -> str:
    if known is not Known.CORRECTED:
        return _tr(
            "What to expect: most on an unusual instrument, and if you correct notes. What"
            " recordings alone, a score or a keyboard bring here has not been measured enough to"
            " say."
        )
    return _tr(
        "What to expect: more right notes. In a measured case, a harmonica, a minute of corrected"
        " notes brought those of other recordings from {before} to {after} of a hundred."
    ).format(before=f"{HARMONICA_NOTES.before:.0f}", after=f"{HARMONICA_NOTES.after:.0f}")


def _of_piano(known: Known) -> str:
    if known in (Known.NOTHING, Known.SCORE):
        text = _tr(
            "What to expect: on a piano in good order hardly any notes change, and the answer is"
            " usually “No improvement found”; then your model stays as it is. Of {runs} measured"
            " runs {adopted} found more right notes."
        ).format(runs=PIANO_RUNS, adopted=PIANO_ADOPTED or _tr("none"))
        more = {
            Known.NOTHING: _tr(
                "It gains more if you corrected notes, or recorded a MIDI keyboard together with"
                " the microphone. It is not needed for an out-of-tune piano."
            ),
            Known.SCORE: _tr("What a score adds to that has not been measured yet."),
        }[known]
        return f"{text} {more}"
    loudness = _tr(
        "What to expect: on a piano in good order hardly any notes change, but they are written"
        " with truer loudness. In a measured case five minutes of known notes, in several"
        " recordings, brought those that were about as loud as played from {before} to {after} of"
        " a hundred."
    ).format(before=f"{PIANO_LOUDNESS.before:.0f}", after=f"{PIANO_LOUDNESS.after:.0f}")
    if known is Known.KEYBOARD:
        return loudness
    notes = _tr(
        "With truer timing, right notes rose from {before} to {after} of a hundred."
    ).format(before=PIANO_NOTES.before, after=PIANO_NOTES.after)
    return f"{loudness} {notes}"


def _known(entry: Chosen, uses_corrections: bool) -> Known:
    if not entry.is_usable:
        return Known.NOTHING
    if entry.corrected is not None and uses_corrections:
        return Known.CORRECTED
    if entry.keyboard is not None:
        return Known.KEYBOARD
    return Known.NOTHING if entry.score is None else Known.SCORE


def _tr(text: str) -> str:
    return QCoreApplication.translate("Adaptation", text)
