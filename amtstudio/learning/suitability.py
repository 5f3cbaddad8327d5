"""Whether recordings are of an instrument that the model knows: what is not is not learned from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from amtstudio.audio import FloatArray
from amtstudio.engine import find_mismatch
from amtstudio.engine.instrument_detector import InstrumentDetector
from amtstudio.learning.label_free import LabelFreeScores
from amtstudio.learning.report import Code, Reason

# Measured with the shipped model on stretches of 20 to 40 s. Pianos, near and far, in tune and a
# third of a semitone out: confidence 0.80 to 0.91, agreement 0.91 to 0.97. A band 0.75, harmonicas
# 0.69 and 0.75, drums 0.61; noise and silence give no notes. A guitar passes (0.82, 0.92): it takes
# the instrument detector to refuse it.
LEAST_NOTES_PER_SECOND = 0.3
LEAST_CONFIDENCE = 0.77
LEAST_AGREEMENT = 0.70
LEAST_SUPPORT = 0.70
# Electric pianos and organs are taken for one or the other; the model does well on many of them.
KEYBOARDS = ("piano", "organ", "synthesizer")
MOSTLY = 0.7  # of the seconds with sound in which no keyboard is heard first


def objection_to(scores: LabelFreeScores) -> Reason | None:
    """Why recordings with these scores cannot be learned from; None if they can."""
    if scores.notes_per_second < LEAST_NOTES_PER_SECOND:
        return Reason(Code.HARDLY_ANY_NOTES)
    if scores.onset_support < LEAST_SUPPORT:
        return Reason(Code.NOT_STRUCK)
    if scores.confidence < LEAST_CONFIDENCE or scores.agreement < LEAST_AGREEMENT:
        return Reason(Code.TOO_UNCERTAIN)
    return None


def foreign_instruments(
    recordings: Sequence[FloatArray],
    detector: InstrumentDetector,
    *,
    is_cancelled: Callable[[], bool] | None = None,
) -> tuple[str, ...]:
    """The instruments, of the detector's classes, that most recordings are of instead of a piano.

    Empty where half of them or more are of a piano.

    Parameters
    ----------
    recordings : sequence of np.ndarray, each (n_samples,)
        Mono, near the sample rate of the detector: the cents by which a piano is out of tune make
        no difference to it.

    Raises
    ------
    Cancelled
    """
    named: list[str] = []
    n_foreign = 0
    for audio in recordings:
        activity = detector.detect_blocks([audio], is_cancelled=is_cancelled)
        mismatch = find_mismatch(activity, made_for=KEYBOARDS, mostly=MOSTLY)
        if mismatch is not None:
            n_foreign += 1
            named += [name for name in mismatch.instruments if name not in named]
    return tuple(named) if 2 * n_foreign > len(recordings) else ()
