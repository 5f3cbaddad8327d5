"""Whether recordings are of an instrument that the model knows: what is not is not learned from."""

from __future__ import annotations

from amtstudio.learning.label_free import LabelFreeScores

# Measured with the shipped model on stretches of 20 to 40 s. Pianos, near and far, in tune and a
# third of a semitone out: confidence 0.80 to 0.91, agreement 0.91 to 0.97. A band 0.75, harmonicas
# 0.69 and 0.75, drums 0.61; noise and silence give no notes. A guitar passes (0.82, 0.92).
LEAST_NOTES_PER_SECOND = 0.3
LEAST_CONFIDENCE = 0.77
LEAST_AGREEMENT = 0.70
LEAST_SUPPORT = 0.70


def objection_to(scores: LabelFreeScores) -> str:
    """Why recordings with these scores cannot be learned from, as a sentence; empty if they can."""
    if scores.notes_per_second < LEAST_NOTES_PER_SECOND:
        return "Hardly any piano notes are to be heard in these recordings."
    if scores.onset_support < LEAST_SUPPORT:
        return "Most of what is heard as notes in these recordings is not struck."
    if scores.confidence < LEAST_CONFIDENCE or scores.agreement < LEAST_AGREEMENT:
        return (
            "The notes of these recordings are too uncertain to learn from: another instrument, "
            "or too much noise."
        )
    return ""
