"""How much of a score a program hears, and what else, where no exact truth exists.

Beside <stem>.ogg lies <stem>.aligned.csv: the notes of the score that was played and, in the column
``aligned_onset_s``, when they sound, as nearly as score and recording could be aligned. That is
too coarse for note F1 within 50 ms. Within 150 ms, the share of the score that was heard and the
share of what was heard that is not in the score compare programs on pianos that nobody measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from amtstudio.scoring.matching import match_notes
from amtstudio.symbolic import NoteTable
from training.text_table import percent, text_table

NEAR_S = 0.15
ALIGNED_SUFFIX = ".aligned.csv"
_SHARES = ("matched", "extra", "partials")
_PARTIALS = (12, 19, 24, 28)  # semitones above a note, where what is heard may be its partials


@dataclass(frozen=True, slots=True)
class ScoreShares:
    """What one program heard of one piece.

    Attributes
    ----------
    matched : float
        Of the score's notes, the share heard within 150 ms, in [0, 1]; pairs are one to one.
    extra : float
        Of what was heard, the share that is no note of the score, in [0, 1]: false notes, but also
        ornaments that are not written out, and wrong notes of the player.
    partials : float
        Of what was heard, the share that is not in the score, but lies an octave, a twelfth, two
        octaves or two and a third above a note of it that begins within 150 ms, in [0, 1].
    """

    piece: str
    n_written: int
    n_heard: int
    matched: float
    extra: float
    partials: float


def score_shares(piece: str, written: NoteTable, heard: NoteTable) -> ScoreShares:
    pairs = match_notes(written, heard, onset_tolerance=NEAR_S)
    extra = np.setdiff1d(np.arange(len(heard)), pairs[:, 1])
    above = sum(_is_above(written, float(heard.onset[i]), int(heard.pitch[i])) for i in extra)
    return ScoreShares(
        piece,
        len(written),
        len(heard),
        len(pairs) / max(1, len(written)),
        len(extra) / max(1, len(heard)),
        above / max(1, len(heard)),
    )


def shares_table(systems: Mapping[str, Sequence[ScoreShares]]) -> str:
    """For each piece and on average over pieces: percentages matched, extra and on partials."""
    headings = ["piece", "notes", *(f"{name} {what}" for name in systems for what in _SHARES)]
    rows = [
        [found[0].piece, str(found[0].n_written), *(cell for f in found for cell in _cells([f]))]
        for found in zip(*systems.values(), strict=True)
    ]
    written = sum(int(row[1]) for row in rows)
    means = [cell for found in systems.values() for cell in _cells(found)]
    return text_table(headings, rows, foot=[["mean", str(written), *means]])


def shares_report(systems: Mapping[str, Sequence[ScoreShares]]) -> dict[str, Any]:
    """All figures as JSON."""
    return {name: [asdict(shares) for shares in found] for name, found in systems.items()}


def aligned_score_of(audio: Path) -> Path:
    return audio.with_name(audio.stem + ALIGNED_SUFFIX)


def _cells(found: Sequence[ScoreShares]) -> list[str]:
    return [percent(float(np.mean([getattr(one, what) for one in found]))) for what in _SHARES]


def _is_above(written: NoteTable, onset: float, pitch: int) -> bool:
    near = np.abs(written.onset - onset) < NEAR_S
    return bool(np.isin(pitch - written.pitch[near], _PARTIALS).any())
