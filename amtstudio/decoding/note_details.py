"""Who plays a note and how it bends, from a model's output in the frames in which it sounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.activations import Activations
from amtstudio.features import FrameGrid
from amtstudio.symbolic import NoteTable
from amtstudio.symbolic.contours import Contours
from amtstudio.symbolic.families import BEND_RANGE, FAMILIES, FAMILY_TRACKS, SOMEBODY
from amtstudio.symbolic.notes import Bend

Indices = npt.NDArray[np.intp]
Doubles = npt.NDArray[np.float64]
FloatArray = npt.NDArray[np.float32]

BEND, FAMILY = "bend", "family"
_SURE = 0.5  # mean probability of a family above which a note belongs to it
_LEAST_SHARE = 1e-4  # of a family in a frame
_CENTS = 2.0 * BEND_RANGE * 100.0
_MOST_FRAMES = 2048  # of a note that sounds on: a minute of the shipped models
# A note that moves less, and is this close to its key, does not bend: the rest is estimation noise.
# Larger deviations are audible; singers are often farther from their key without moving.
_LEAST_RANGE_CENTS = 30.0
_LEAST_OFFSET_CENTS = 15.0
_TOLERANCE_CENTS = 5.0  # what a contour may lose by leaving out points
_SMOOTH = np.array([0.25, 0.5, 0.25])


class NoteDetails:
    """Keeps the rows of ``bend`` and ``family`` for as long as a note needs them.

    Parameters
    ----------
    grid : FrameGrid
    """

    def __init__(self, grid: FrameGrid) -> None:
        self._seconds_per_frame = grid.hop_length / grid.sample_rate
        self._rows: dict[str, FloatArray] = {}
        self._first = 0

    @property
    def are_told(self) -> bool:
        """Whether the model outputs any of these."""
        return bool(self._rows)

    def append(self, activations: Activations) -> None:
        """Take the next chunk."""
        for name in (BEND, FAMILY):
            if name not in activations:
                continue
            new = activations[name].astype(np.float32, copy=False)
            kept = self._rows.get(name)
            if kept is None:
                self._first = activations.first_frame
                self._rows[name] = new
            else:
                self._rows[name] = np.concatenate((kept, new))

    def forget_before(self, frame: int) -> None:
        """Rows that no open note needs; of one that sounds on for long, only the last minute."""
        if not self._rows:
            return
        end = self._first + len(next(iter(self._rows.values())))
        keep_from = max(self._first, min(frame, end), end - _MOST_FRAMES)
        self._rows = {
            name: rows[keep_from - self._first :].copy() for name, rows in self._rows.items()
        }
        self._first = keep_from

    def told(self, notes: NoteTable, pitch: Indices, begin: Indices, end: Indices) -> NoteTable:
        """The notes with their bends, each on the track of its family.

        Parameters
        ----------
        notes : NoteTable, n_notes
        pitch : np.ndarray of int, shape (n_notes,)
            Columns of the rows.
        begin, end : np.ndarray of int, shape (n_notes,)
            Frames in which the notes sound; ``end`` is exclusive.
        """
        bends = self.bends(pitch, begin, end, notes.onset)
        contours = Contours.of(bends) if any(bends) else None
        if FAMILY not in self._rows:
            return replace(notes, bends=contours)
        shares = self.shares(pitch, begin, end)
        families = _likeliest(shares)
        of_family = [*(FAMILY_TRACKS[name] for name in FAMILIES), SOMEBODY]
        tracks = tuple(sorted({of_family[place] for place in np.unique(families).tolist()}))
        places = np.array([tracks.index(track) if track in tracks else 0 for track in of_family])
        return replace(
            notes,
            tracks=tracks or notes.tracks,
            track=places[families],
            bends=contours,
            shares=shares,
        )

    def families(self, pitch: Indices, begin: Indices, end: Indices) -> npt.NDArray[np.int64]:
        """The index in ``FAMILIES`` of each note's player; parameters as ``told``.

        ``len(FAMILIES)`` where none is likelier than all others together.
        """
        if FAMILY not in self._rows:
            return np.full(len(pitch), len(FAMILIES), np.int64)
        return _likeliest(self.shares(pitch, begin, end))

    def shares(self, pitch: Indices, begin: Indices, end: Indices) -> Doubles:
        """How likely each family plays each note, shape (n_notes, n_families).

        Parameters as ``told``; the model must have a family head.
        """
        rows = self._rows[FAMILY]
        found = np.zeros((len(pitch), len(FAMILIES)))
        for index, span in enumerate(self._spans(begin, end)):
            # The mean of logarithms: one frame that is sure of nothing says nothing.
            told = np.log(np.maximum(rows[span, pitch[index]], _LEAST_SHARE)).mean(axis=0)
            found[index] = np.exp(told - told.max())
        found /= found.sum(axis=1, keepdims=True)
        return found

    def bends(self, pitch: Indices, begin: Indices, end: Indices, onset: Doubles) -> list[Bend]:
        """The contour of each note; () where it stays on its key. Parameters as ``told``.

        ``onset``, shape (n_notes,), is that of each note in seconds.
        """
        if BEND not in self._rows:
            return [()] * len(pitch)
        rows = self._rows[BEND]
        found: list[Bend] = []
        for index, span in enumerate(self._spans(begin, end)):
            cents = (rows[span, pitch[index]].astype(np.float64) - 0.5) * _CENTS
            frames = np.arange(span.start, span.stop) + self._first
            seconds = frames * self._seconds_per_frame - onset[index]
            found.append(_contour(seconds, cents))
        return found

    def _spans(self, begin: Indices, end: Indices) -> list[slice]:
        n_rows = len(next(iter(self._rows.values())))
        first = np.clip(begin - self._first, 0, n_rows - 1)
        last = np.clip(end - self._first, first + 1, n_rows)
        return [slice(*span) for span in zip(first.tolist(), last.tolist(), strict=True)]


def _likeliest(shares: Doubles) -> npt.NDArray[np.int64]:
    """Places in ``FAMILIES``, and behind them where no family is likelier than all others."""
    sure = shares.max(axis=1, initial=0.0) > _SURE
    return np.where(sure, shares.argmax(axis=1), len(FAMILIES)).astype(np.int64)


def _contour(seconds: Doubles, cents: Doubles) -> Bend:
    """The points of a contour that matter; none where it does not bend."""
    if len(cents) >= 3:
        smooth = np.convolve(np.pad(cents, 1, mode="edge"), _SMOOTH, mode="valid")
    else:
        smooth = cents
    low, high = np.percentile(smooth, (5.0, 95.0))
    is_steady = high - low < _LEAST_RANGE_CENTS
    if is_steady and abs(float(np.median(smooth))) < _LEAST_OFFSET_CENTS:
        return ()
    seconds = np.maximum(seconds, 0.0)
    grows = np.concatenate([[True], np.diff(seconds) > 0.0])
    seconds, smooth = seconds[grows], smooth[grows]
    kept = _needed(seconds, smooth)
    rounded = np.round(smooth[kept], 1).tolist()
    return tuple(zip(np.round(seconds[kept], 4).tolist(), rounded, strict=True))


def _needed(seconds: Doubles, cents: Doubles) -> npt.NDArray[np.int64]:
    """Points between which straight lines stay within the tolerance.

    References
    ----------
    Douglas & Peucker, "Algorithms for the reduction of the number of points required to represent
    a digitized line or its caricature", Cartographica 10 (2), 1973; distances are in cents.
    """
    needed = np.zeros(len(seconds), dtype=bool)
    needed[[0, -1]] = True
    stack = [(0, len(seconds) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        ends = seconds[[first, last]], cents[[first, last]]
        line = np.interp(seconds[first + 1 : last], *ends)
        distance = np.abs(cents[first + 1 : last] - line)
        farthest = int(distance.argmax())
        if distance[farthest] > _TOLERANCE_CENTS:
            middle = first + 1 + farthest
            needed[middle] = True
            stack += [(first, middle), (middle, last)]
    return np.flatnonzero(needed)
