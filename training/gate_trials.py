"""Which label-free scores tell better from worse: ``python -m training.gate_trials``.

``python -m training.gate_trials FOLDER [--pieces 4] [--seconds 26] [--cents -44 -20 0 20 44]``

Recordings with truth are detuned and transcribed as they are, retuned by the estimate of their
tuning, and retuned by 20 cents the wrong way. For each pair of transcriptions it prints by how much
F1 and the label-free scores change; then how well they agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.stats
import soxr

from amtstudio.audio import FloatArray, read_mono
from amtstudio.features.tuning import estimate_tuning
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.hearing import hear
from amtstudio.learning.label_free import LabelFreeScores, label_free_scores
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.scoring import score_notes
from amtstudio.symbolic import Transcription
from training.adaptation_conditions import SAMPLE_RATE, detuned, until
from training.datasets import Piece, find_pieces
from training.documented_parser import documented_parser
from training.text_table import text_table
from training.truth import read_truth

WRONG_CENTS = 20.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """A transcription's aligned F1 against the truth, and its label-free scores."""

    f1: float
    scores: LabelFreeScores


@dataclass(frozen=True, slots=True)
class Change:
    """Between two transcriptions of a recording; in points, the balance in % of the notes."""

    name: str
    f1: float
    balance: float
    support: float
    agreement: float


def change(name: str, before: Hearing, after: Hearing) -> Change:
    old, new = before.scores, after.scores
    notes = max(old.notes_per_second, 1e-6)
    return Change(
        name,
        100 * (after.f1 - before.f1),
        100 * (new.struck_balance - old.struck_balance) / notes,
        100 * (new.onset_support - old.onset_support),
        100 * (new.agreement - old.agreement),
    )


def hearings(
    base: Candidate, audio: FloatArray, truth: Transcription
) -> Iterator[tuple[str, Hearing]]:
    """As it is; in tune by the estimate; and 20 cents farther out."""
    cents = estimate_tuning(audio, SAMPLE_RATE) or 0.0
    tunings = {"as it is": 0.0, "in tune": cents, "wrong": -WRONG_CENTS if cents > 0 else 20.0}
    for name, tuning in tunings.items():
        candidate = replace(base, tuning_cents=round(tuning, 1))
        rate = candidate.heard_grid.sample_rate
        heard_audio: FloatArray = soxr.resample(audio, SAMPLE_RATE, rate).astype(np.float32)
        transcriber = candidate.transcriber()
        notes = hear(transcriber, heard_audio).notes()
        f1 = score_notes(truth, Transcription(notes)).note_aligned.f1
        yield name, Hearing(f1, label_free_scores(transcriber, [(heard_audio, rate)]))


def changes_of(
    base: Candidate, piece: Piece, seconds: float, cents: Sequence[float]
) -> Iterator[Change]:
    whole = read_mono(piece.audio, sample_rate=SAMPLE_RATE, end=seconds)
    truth = until(read_truth(piece.truth), seconds)
    for shift in cents:
        audio, moved = detuned(shift)(whole, truth)
        heard = dict(hearings(base, audio, moved))
        for first, second in (("as it is", "in tune"), ("wrong", "in tune")):
            name = f"{piece.audio.stem} {shift:+.0f}: {first}, {second}"
            yield change(name, heard[first], heard[second])


def summary(changes: Sequence[Change]) -> str:
    """How well each score agrees with F1 over all pairs."""
    f1 = np.array([entry.f1 for entry in changes])
    rows = []
    for name in ("balance", "support", "agreement"):
        values = np.array([getattr(entry, name) for entry in changes])
        rank = scipy.stats.spearmanr(f1, values).statistic
        rows.append([name, f"{rank:.2f}", f"{np.corrcoef(f1, values)[0, 1]:.2f}"])
    return text_table(["score", "rank correlation", "correlation"], rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = documented_parser("training.gate_trials", __doc__)
    parser.add_argument("folder", type=Path, help="recordings with truth")
    parser.add_argument("--pieces", type=int, default=4, metavar="N", help="the first N")
    parser.add_argument("--seconds", type=float, default=26.0, help="of each")
    parser.add_argument("--cents", type=float, nargs="+", default=[-44.0, -20.0, 0.0, 20.0, 44.0])
    parser.add_argument("--model", default="piano")
    options = parser.parse_args(arguments)
    model, card = load_transcription_model(find_model(options.model))
    base = Candidate(model, card, model.grid, "cpu")
    changes = []
    for piece in find_pieces(options.folder)[: options.pieces]:
        for entry in changes_of(base, piece, options.seconds, options.cents):
            changes.append(entry)
            print(
                f"{entry.name:<50} F1 {entry.f1:+6.1f}  balance {entry.balance:+6.1f}  "
                f"support {entry.support:+6.1f}  agreement {entry.agreement:+6.1f}",
                flush=True,
            )
    print(summary(changes))


if __name__ == "__main__":
    main()
