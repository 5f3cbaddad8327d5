"""Which notes a model misses, which it invents, and how its times and velocities scatter."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.scoring.matching import Indices, match_notes
from amtstudio.symbolic import NoteTable, Transcription

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.str_]

TOLERANCE_S = 0.05
WIDE_S = 0.1
# Where the partials of a struck string lie above its own key, in semitones.
HARMONICS = {12: "octave above", 19: "twelfth above"} | dict.fromkeys(
    (24, 28, 31, 34, 36), "higher harmonic"
)
SUBHARMONICS = {-12: "octave below"} | dict.fromkeys((-19, -24), "lower subharmonic")
NO_HARMONIC = "no harmonic"

# Lower edges; each band ends where the next begins.
VELOCITY_BANDS = (1, 20, 30, 40, 50, 60, 70, 80, 90)
REGISTER_BANDS = {21: "A0-B1", 36: "C2-B2", 48: "C3-B3", 60: "C4-B4", 72: "C5-B5", 84: "C6-C8"}
COUNT_BANDS = (1, 2, 3, 4, 6, 9)
GAP_BANDS = {
    -np.inf: "still sounding",
    1e-3: "up to 50 ms",
    0.05: "50 to 250 ms",
    0.25: "0.25 to 1 s",
    1.0: "longer",
    np.inf: "first of its key",
}


@dataclass(frozen=True, slots=True)
class PieceErrors:
    """One piece: its truth, the estimate, and how the two are matched.

    Attributes
    ----------
    reference, estimate : NoteTable
    pairs, wide_pairs : np.ndarray, shape (n, 2)
        Reference and estimate matched within 50 ms, and within 100 ms, once the estimate is
        aligned as for ``note_aligned`` in ``amtstudio.scoring``.
    median_deviation : float, seconds
        By which the estimate is late.
    """

    name: str
    reference: NoteTable
    estimate: NoteTable
    pairs: Indices
    wide_pairs: Indices
    median_deviation: float

    @property
    def found(self) -> Bools:
        """Whether each reference note was found within 50 ms."""
        return _marked(len(self.reference), self.pairs[:, 0])

    @property
    def found_wide(self) -> Bools:
        return _marked(len(self.reference), self.wide_pairs[:, 0])

    @property
    def right(self) -> Bools:
        """Whether each estimated note is a reference note, within 50 ms."""
        return _marked(len(self.estimate), self.pairs[:, 1])


def compare(name: str, truth: Transcription, heard: Transcription) -> PieceErrors:
    """Align the estimate with the truth and match them."""
    reference, estimate = truth.notes, heard.notes
    wide = match_notes(reference, estimate, onset_tolerance=WIDE_S)
    lags = estimate.onset[wide[:, 1]] - reference.onset[wide[:, 0]]
    lag = float(np.median(lags)) if len(lags) else 0.0
    return PieceErrors(
        name,
        reference,
        estimate,
        match_notes(reference, estimate, onset_tolerance=TOLERANCE_S, lag=lag),
        match_notes(reference, estimate, onset_tolerance=WIDE_S, lag=lag),
        lag,
    )


def velocity_labels(notes: NoteTable) -> Labels:
    """The band of each note's velocity."""
    return _number_bands(notes.velocity.astype(float), VELOCITY_BANDS)


def register_labels(notes: NoteTable) -> Labels:
    return _named_bands(notes.pitch.astype(float), REGISTER_BANDS)


def polyphony_labels(notes: NoteTable) -> Labels:
    """How many notes sound just after each note's onset, itself included."""
    onsets, offsets = np.sort(notes.onset), np.sort(notes.offset)
    at = notes.onset
    begun = np.searchsorted(onsets, at, side="right")
    ended = np.searchsorted(offsets, at, side="right")
    return _number_bands(begun - ended, COUNT_BANDS)


def chord_labels(notes: NoteTable) -> Labels:
    """How many notes are struck within 50 ms of each, itself included."""
    onsets = np.sort(notes.onset)
    at = notes.onset
    struck = np.searchsorted(onsets, at + TOLERANCE_S, side="right") - np.searchsorted(
        onsets, at - TOLERANCE_S, side="left"
    )
    return _number_bands(struck, COUNT_BANDS)


def gap_labels(notes: NoteTable) -> Labels:
    """How long each note's key was silent before it."""
    gaps = np.full(len(notes), np.inf)
    for pitch in np.unique(notes.pitch):
        at = np.flatnonzero(notes.pitch == pitch)
        at = at[np.argsort(notes.onset[at], kind="stable")]
        last = np.maximum.accumulate(notes.offset[at])
        gaps[at[1:]] = notes.onset[at[1:]] - last[:-1]
    # A gap is never infinite but for the first note of a key.
    return _named_bands(gaps, GAP_BANDS)


def relation_labels(notes: NoteTable) -> Labels:
    """Whether another note struck within 50 ms has each note among its harmonics."""
    labels = [_relation(notes, onset, pitch, HARMONICS) for onset, pitch in _onsets(notes)]
    return np.array([label or NO_HARMONIC for label in labels], dtype=np.str_)


def false_positive_labels(piece: PieceErrors) -> Labels:
    """What kind of mistake each estimated note is that is not ``right``; the first that fits.

    *mistimed*: an otherwise unmatched note of the truth begins within 100 ms.
    *re-trigger*: its key is sounding in the truth, and was struck 50 ms before or earlier; *and
    harmonic*: another key is struck there of which it is a harmonic. *octave above* and the like:
    only that. *neighbour*: a key a semitone away is struck.
    """
    reference, estimate = piece.reference, piece.estimate
    mistimed = _marked(len(estimate), piece.wide_pairs[:, 1])
    labels = []
    for index in np.flatnonzero(~piece.right):
        onset = float(estimate.onset[index]) - piece.median_deviation
        pitch = int(estimate.pitch[index])
        harmonic = _relation(reference, onset, pitch, HARMONICS | SUBHARMONICS)
        if mistimed[index]:
            labels.append("mistimed")
        elif _sounds(reference, onset, pitch):
            labels.append("re-trigger and harmonic" if harmonic else "re-trigger")
        else:
            neighbour = _relation(reference, onset, pitch, {1: "neighbour", -1: "neighbour"})
            labels.append(harmonic or neighbour or "other")
    return np.array(labels, dtype=np.str_)


def band_order(labels: Labels) -> list[str]:
    """The labels that occur: numbers in their order, then names in the order of their bands."""
    names = [*REGISTER_BANDS.values(), *GAP_BANDS.values(), *HARMONICS.values(), NO_HARMONIC]

    def rank(label: str) -> tuple[bool, int]:
        number = label.partition("-")[0].rstrip("+")
        return (False, int(number)) if number.isdigit() else (True, names.index(label))

    return sorted((str(label) for label in np.unique(labels)), key=rank)


def deviations(piece: PieceErrors) -> tuple[Floats, Labels]:
    """Seconds by which each note found within 100 ms is late, aligned, and its velocity band."""
    ref_at, est_at = piece.wide_pairs[:, 0], piece.wide_pairs[:, 1]
    late = piece.estimate.onset[est_at] - piece.reference.onset[ref_at]
    return late - piece.median_deviation, velocity_labels(piece.reference)[ref_at]


@dataclass(frozen=True, slots=True)
class VelocityLine:
    """How true velocities follow from estimated ones in a piece.

    Attributes
    ----------
    slope, offset : float
        Of the line from estimated to true MIDI velocity, least squares.
    spread : float
        Standard deviation about it, in steps of MIDI velocity.
    bias : float
        Mean of estimated minus true velocity.
    correlation : float
        0 where one of the two does not vary.
    """

    slope: float
    offset: float
    spread: float
    bias: float
    correlation: float


def velocity_line(true: Floats, estimated: Floats) -> VelocityLine:
    """See ``VelocityLine``; raises ``ValueError`` if there are fewer than two notes."""
    if len(true) < 2:
        raise ValueError(f"need two notes at least, got {len(true)}")
    basis = np.column_stack([estimated, np.ones_like(estimated)])
    slope, offset = np.linalg.lstsq(basis, true, rcond=None)[0]
    varies = np.ptp(true) > 0 and np.ptp(estimated) > 0
    return VelocityLine(
        float(slope),
        float(offset),
        float(np.std(true - basis @ (slope, offset))),
        float(np.mean(estimated - true)),
        float(np.corrcoef(true, estimated)[0, 1]) if varies else 0.0,
    )


def matched_velocities(piece: PieceErrors) -> tuple[Floats, Floats]:
    """True and estimated velocities of the notes found."""
    return (
        piece.reference.velocity[piece.pairs[:, 0]].astype(float),
        piece.estimate.velocity[piece.pairs[:, 1]].astype(float),
    )


def pooled(
    pieces: Sequence[PieceErrors], labels_of: Callable[[NoteTable], Labels]
) -> tuple[Labels, Bools, Bools]:
    """Labels of all reference notes, and whether each was found within 50 and 100 ms."""
    return (
        np.concatenate([labels_of(piece.reference) for piece in pieces]),
        np.concatenate([piece.found for piece in pieces]),
        np.concatenate([piece.found_wide for piece in pieces]),
    )


def _onsets(notes: NoteTable) -> list[tuple[float, int]]:
    pairs = zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True)
    return [(float(onset), int(pitch)) for onset, pitch in pairs]


def _relation(notes: NoteTable, onset: float, pitch: int, relations: dict[int, str]) -> str | None:
    """What ``pitch`` is to a note of ``notes`` struck within 50 ms of ``onset``."""
    near = np.abs(notes.onset - onset) <= TOLERANCE_S
    steps = {pitch - int(other) for other in notes.pitch[near]}
    return next((relations[step] for step in relations if step in steps), None)


def _sounds(notes: NoteTable, onset: float, pitch: int) -> bool:
    began, ends = notes.onset < onset - TOLERANCE_S, notes.offset > onset
    return bool(np.any(began & ends & (notes.pitch == pitch)))


def _marked(length: int, indices: npt.NDArray[np.intp]) -> Bools:
    marked = np.zeros(length, dtype=bool)
    marked[indices] = True
    return marked


def _number_bands(values: npt.NDArray[np.generic], edges: Sequence[int]) -> Labels:
    names = [
        str(low) if high == low + 1 else f"{low}-{high - 1}"
        for low, high in itertools.pairwise(edges)
    ] + [f"{edges[-1]}+"]
    return np.array(names)[np.searchsorted(edges, values, side="right") - 1]


def _named_bands(values: Floats, bands: dict[int, str] | dict[float, str]) -> Labels:
    edges = np.array(list(bands), dtype=float)
    return np.array(list(bands.values()))[np.searchsorted(edges, values, side="right") - 1]
