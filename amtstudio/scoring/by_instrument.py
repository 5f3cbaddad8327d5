"""Scores by who plays, where the reference names instruments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import numpy as np

from amtstudio.scoring.compare import ONSET_TOLERANCE_S
from amtstudio.scoring.matching import match_notes, pitches_of
from amtstudio.scoring.scores import PRF
from amtstudio.symbolic import PIANO, NoteTable, Transcription
from amtstudio.symbolic.families import family_of
from amtstudio.symbolic.tracks import Track

DRUMS = "drums"


@dataclass(frozen=True, slots=True)
class InstrumentCounts:
    """Notes of one family of instruments.

    Attributes
    ----------
    n_reference, n_estimate : int
    n_found : int
        Reference notes that were found, on any track.
    n_matched : int
        Reference notes that were found on a track of the same family.
    """

    n_reference: int = 0
    n_estimate: int = 0
    n_found: int = 0
    n_matched: int = 0

    @property
    def prf(self) -> PRF:
        """Of notes with the right instrument."""
        return PRF.from_counts(self.n_matched, self.n_reference, self.n_estimate)

    @property
    def found(self) -> float:
        """Recall of the notes, regardless of the instrument, in [0, 1]."""
        return self.n_found / max(self.n_reference, 1)

    def __add__(self, other: InstrumentCounts) -> InstrumentCounts:
        return InstrumentCounts(
            self.n_reference + other.n_reference,
            self.n_estimate + other.n_estimate,
            self.n_found + other.n_found,
            self.n_matched + other.n_matched,
        )

    def to_dict(self) -> dict[str, float]:
        prf = self.prf
        scores = {"precision": prf.precision, "recall": prf.recall, "f1": prf.f1}
        return {**asdict(self), **scores, "found": self.found}


def names_instruments(reference: Transcription) -> bool:
    """Whether a reference names more than a piano, as older references did."""
    return any(track != PIANO for track in reference.notes.tracks)


def score_instruments(
    reference: Transcription,
    estimate: Transcription,
    *,
    lag: float = 0.0,
    estimate_cents: float = 0.0,
) -> dict[str, InstrumentCounts]:
    """Count notes by the family that plays them; onsets within 50 ms, offsets ignored.

    Families, because a model detects strings, not whether a violin or a viola plays. An instrument
    of no known family goes by its own name. ``lag`` in seconds is subtracted from the times of the
    estimate first; pitches and ``estimate_cents`` are as for ``score_notes``.
    """
    ref, est = reference.notes, estimate.notes
    pitches = None
    if ref.bends is not None:
        pitches = pitches_of(ref, est, estimate_cents=estimate_cents)
    ref_names, est_names = _names(ref), _names(est)
    found = match_notes(ref, est, onset_tolerance=ONSET_TOLERANCE_S, lag=lag, pitches=pitches)
    counts = {}
    for name in sorted({*ref_names.tolist(), *est_names.tolist()}):
        ref_at, est_at = np.flatnonzero(ref_names == name), np.flatnonzero(est_names == name)
        matched = match_notes(
            ref.take(ref_at),
            est.take(est_at),
            onset_tolerance=ONSET_TOLERANCE_S,
            lag=lag,
            pitches=None if pitches is None else (pitches[0][ref_at], pitches[1][est_at]),
        )
        n_found = int(np.isin(ref_at, found[:, 0]).sum())
        counts[name] = InstrumentCounts(len(ref_at), len(est_at), n_found, len(matched))
    return counts


def summed(pieces: Iterable[Mapping[str, InstrumentCounts]]) -> dict[str, InstrumentCounts]:
    """The counts of several pieces together."""
    total: dict[str, InstrumentCounts] = {}
    for counts in pieces:
        for name, count in counts.items():
            total[name] = total.get(name, InstrumentCounts()) + count
    return dict(sorted(total.items()))


def _names(notes: NoteTable) -> np.ndarray:
    names = np.array([_name(track) for track in notes.tracks], dtype=object)
    return names[notes.track]


def _name(track: Track) -> str:
    return DRUMS if track.is_drums else family_of(track) or track.name
