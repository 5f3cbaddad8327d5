"""The output of a network without onsets on recordings, and the threshold that suits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from amtstudio.decoding import Activations, FrameRunSettings, decode
from amtstudio.engine import Transcriber
from amtstudio.errors import BadAudioError
from amtstudio.symbolic import Transcription
from training.datasets import Piece
from training.paper_scores import PaperScores, frame_roll, frame_scores, paper_scores
from training.truth import read_truth

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))


@dataclass(frozen=True, slots=True)
class HeardFrames:
    """A network's output on a recording, and the truth; another threshold only decodes again."""

    reference: Transcription
    activations: Activations

    def frame_f1(self, threshold: float) -> float:
        roll = frame_roll(self.reference, self.activations)
        return frame_scores(roll, self.activations["frame"], threshold)[0].f1

    def scores(self, threshold: float) -> PaperScores:
        settings = FrameRunSettings(frame_threshold=threshold)
        notes, _ = decode(self.activations, settings)
        estimate = Transcription(notes)
        return paper_scores(self.reference, estimate, self.activations, threshold=threshold)


def hear_frames(
    transcriber: Transcriber,
    pieces: Sequence[Piece],
    *,
    retune: bool = True,
    extend_by_pedal: bool = True,
) -> list[HeardFrames]:
    """Let the engine hear each recording; ``retune`` as ``Transcriber.transcribe_file`` has it.

    Raises
    ------
    BadAudioError
        If a recording has no sound at all.
    """
    heard = []
    for piece in pieces:
        reference = read_truth(piece.truth, extend_by_pedal=extend_by_pedal)
        result = transcriber.transcribe_file(piece.audio, keep_activations=True, retune=retune)
        if result.activations is None:
            raise BadAudioError(f"{piece.audio.name} gave no activations")
        heard.append(HeardFrames(reference, result.activations))
    return heard


def best_threshold(heard: Sequence[HeardFrames]) -> float:
    """The threshold with the best mean frame F1; of equal ones that in the middle.

    Raises ``ValueError`` if there are no recordings.
    """
    if not heard:
        raise ValueError("need at least one recording to tune on")
    means = {
        value: float(np.mean([recording.frame_f1(value) for recording in heard]))
        for value in THRESHOLDS
    }
    highest = max(means.values())
    best = [value for value, mean in means.items() if mean == highest]
    return best[len(best) // 2]
