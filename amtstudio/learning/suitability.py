"""Whether recordings are of an instrument that the model knows; others are not learned from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from amtstudio.audio import FloatArray
from amtstudio.engine import find_mismatch
from amtstudio.engine.instrument_detector import InstrumentDetector
from amtstudio.learning.label_free import LabelFreeScores
from amtstudio.learning.rehearsal import plays_piano_alone
from amtstudio.learning.report import Code, Reason
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity

# Electric pianos and organs are taken for one or the other; the model does well on many of them.
KEYBOARDS = ("piano", "organ", "synthesizer")
MOSTLY = 0.7  # of the seconds with sound in which no suitable instrument ranks first


@dataclass(frozen=True, slots=True)
class Suitability:
    """The requirements for recordings that a model may learn from.

    Attributes
    ----------
    instruments : tuple of str
        Classes of the detector, one of which has to be found.
    confidence, agreement, support : float, in [0, 1]
        The minimum of each of ``LabelFreeScores``.
    notes_per_second : float
    """

    instruments: tuple[str, ...]
    confidence: float
    agreement: float
    support: float
    notes_per_second: float = 0.3


# Measured with the piano model on stretches of 20 to 40 s. Pianos, near and far, in tune and a
# third of a semitone out: confidence 0.80 to 0.91, agreement 0.91 to 0.97. A band 0.75, harmonicas
# 0.69 and 0.75, drums 0.61; noise and silence give no notes. A guitar passes (0.82, 0.92): it takes
# the instrument detector to refuse it.
FOR_PIANO = Suitability(KEYBOARDS, confidence=0.77, agreement=0.70, support=0.70)
# With the melodic model on 12 s of each: harmonicas, voices, strings, winds and guitars confidence
# 0.56 to 0.86, agreement 0.70 to 0.97; drums alone and noise give no notes.
FOR_ANY = Suitability(
    tuple(name for name in INSTRUMENT_CLASSES if name not in ("drums", "cymbals")),
    confidence=0.48,
    agreement=0.60,
    support=0.0,
)


# With the drum model on half minutes: what ``training.drums.adaptation suitability`` prints.
FOR_DRUMS = Suitability(
    ("drums", "cymbals"), confidence=0.5, agreement=0.6, support=0.0, notes_per_second=0.5
)


def suitability_of(model: TranscriptionModel) -> Suitability:
    if model.plays_drums:
        return FOR_DRUMS
    return FOR_PIANO if plays_piano_alone(model) else FOR_ANY


def objection_to(scores: LabelFreeScores, suits: Suitability = FOR_PIANO) -> Reason | None:
    """Why recordings with these scores cannot be learned from; None if they can."""
    if scores.notes_per_second < suits.notes_per_second:
        return Reason(Code.HARDLY_ANY_NOTES)
    if scores.onset_support < suits.support:
        return Reason(Code.NOT_STRUCK)
    if scores.confidence < suits.confidence or scores.agreement < suits.agreement:
        return Reason(Code.TOO_UNCERTAIN)
    return None


def foreign_instruments(
    recordings: Sequence[FloatArray],
    detector: InstrumentDetector,
    suits: Suitability = FOR_PIANO,
    *,
    is_cancelled: Callable[[], bool] | None = None,
) -> tuple[str, ...]:
    """The instruments, of the detector's classes, that most recordings are of and that do not suit.

    Empty where half of them or more suit.

    Parameters
    ----------
    recordings : sequence of np.ndarray, each (n_samples,)
        Mono, near the sample rate of the detector: the cents by which a piano is out of tune make
        no difference to it.

    Raises
    ------
    Cancelled
    """
    heard = [detector.detect_blocks([audio], is_cancelled=is_cancelled) for audio in recordings]
    return mostly_foreign(heard, suits)


def mostly_foreign(heard: Sequence[InstrumentActivity], suits: Suitability) -> tuple[str, ...]:
    """As ``foreign_instruments``, of what was detected already."""
    named: list[str] = []
    n_foreign = 0
    for activity in heard:
        mismatch = find_mismatch(activity, made_for=suits.instruments, mostly=MOSTLY)
        if mismatch is not None:
            n_foreign += 1
            named += [name for name in mismatch.instruments if name not in named]
    return tuple(named) if 2 * n_foreign > len(heard) else ()
