"""Activations, small enough to keep in the project, so that thresholds can be moved later.

Half precision, as the engine computes it, and only what decoding looks at: events such as onsets
near a cell that could be one at the lowest threshold of the program, everything that sounds at all,
and values and classes where the head that they qualify is kept; for drums every onset, because
those are few, and faint ones also reveal repeating patterns. So decoding the kept activations gives
exactly the same notes as decoding the model's output; eight-bit levels would be half as large, and
move nearly every onset by a fraction of a frame.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding import Activations
from amtstudio.decoding.activations import NOTES, Probs
from amtstudio.features import FrameGrid
from amtstudio.session.rows import PARSE_ERRORS, Row, sealed, unsealed
from amtstudio.symbolic.heads import (
    NOTE_HEADS,
    PIANO_HEADS,
    Drums,
    Head,
    HeadKind,
    heads_from_plain,
    heads_to_plain,
)

logger = logging.getLogger("amtstudio.session")

LOWEST_THRESHOLD = 0.05  # of the window's sliders
# A peak shares its score with both neighbours, so it is at least a third of a threshold.
_PEAK_FLOOR = 0.3 * LOWEST_THRESHOLD
_DRUM_FLOOR = 0.01  # of a stroke, which what repeats around it may lift
_REACH = 2  # frames beside a peak that are used
_FRAME_FLOOR = 0.004  # of a probability: what the view cannot draw
_BLOCK = 2048  # frames in a row of the table
_MOST_FRAMES = 1_000_000  # nine hours of the shipped model; they take 1.4 GB in single precision
_LEVEL = 6
_MOST_COLUMNS = 4096  # numbers in a frame; the largest model that ships has some 1,200
_LONGEST_HEADS = 100_000  # characters

# In place of the heads a row may say whether a piano model detected the pedal: that is how projects
# were written when there was no other model.
_PIANO_HEADS = {0: NOTE_HEADS, 1: PIANO_HEADS}

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class KeptActivations:
    """Activations as rows of a project file.

    Attributes
    ----------
    rows : tuple of rows
        Each with its first frame, the number of its frames, the heads, the grid, the stretch and
        the packed values.
    start, end : float, and float or None
        The stretch of the recording that was transcribed, in seconds; None: to its end.
    """

    rows: tuple[Row, ...]
    start: float = 0.0
    end: float | None = None

    @classmethod
    def of(
        cls, activations: Activations, *, start: float = 0.0, end: float | None = None
    ) -> KeptActivations:
        """Pack activations; those that are too long to be kept come out empty.

        Takes 20 ms for a minute of the shipped model, which becomes some 0.2 MB.
        """
        n_frames, grid = activations.n_frames, activations.grid
        if not 0 < n_frames <= _MOST_FRAMES:
            return cls(())
        rows = []
        heads = _told(activations.heads, activations.decoder)
        for begin in range(0, n_frames, _BLOCK):
            stop = min(begin + _BLOCK, n_frames)
            rows.append(
                (
                    activations.first_frame + begin,
                    stop - begin,
                    heads,
                    grid.sample_rate,
                    grid.hop_length,
                    float(start),
                    None if end is None else float(end),
                    _pack(activations, begin, stop),
                )
            )
        return cls(tuple(sealed(row) for row in rows), float(start), end)

    @classmethod
    def from_rows(cls, rows: Iterable[Row]) -> KeptActivations | None:
        """The content of a file, or None if there is none or it is incomplete.

        The notes do not depend on it, so what is damaged here counts as not there.
        """
        rows = tuple(rows)
        if not rows:
            return None
        try:
            start, end = _check(rows)
        except PARSE_ERRORS as error:
            logger.warning("the activations of a project cannot be read: %s", error)
            return None
        return cls(rows, start, end)

    @property
    def name(self) -> str:
        """Identifies them, as opposed to those of another model or stretch; takes 1 ms for 1 MB.

        Based on their values alone: the same model on the same audio gives the same name.
        """
        digest = hashlib.sha256()
        for *told, data, _ in self.rows:
            digest.update(repr(told).encode())
            digest.update(data)
        return digest.hexdigest()[:32]

    @property
    def n_bytes(self) -> int:
        return sum(len(row[7]) for row in self.rows)

    def unpack(self) -> Activations | None:
        """The activations in single precision, or None if there are none that can be read."""
        if not self.rows:
            return None
        try:
            first = self.rows[0]
            heads, decoder = _heads(first[2])
            blocks = [_unpack(row[7], row[1], heads) for row in self.rows]
            values = {
                head.name: np.concatenate([block[head.name] for block in blocks]) for head in heads
            }
            return Activations(heads, values, FrameGrid(first[3], first[4]), first[0], decoder)
        except (*PARSE_ERRORS, zlib.error, MemoryError) as error:
            logger.warning("the activations of a project cannot be read: %s", error)
            return None


def by_name(rows: Iterable[Row]) -> dict[str, KeptActivations]:
    """Those of the rows of a file, each behind the name of its set, that are whole."""
    sets: dict[str, list[Row]] = {}
    for name, *row in rows:
        sets.setdefault(name, []).append(tuple(row))
    found = {name: KeptActivations.from_rows(rows) for name, rows in sets.items()}
    return {name: kept for name, kept in found.items() if kept is not None}


def named_rows(sets: Mapping[str, KeptActivations]) -> list[Row]:
    """As ``by_name`` takes them."""
    return [(name, *row) for name, kept in sets.items() for row in kept.rows]


def _told(heads: tuple[Head, ...], decoder: str) -> int | str:
    """The information about the heads in a row."""
    for number, known in _PIANO_HEADS.items():
        if decoder == NOTES and heads == known:
            return number
    return json.dumps({"decoder": decoder, "heads": heads_to_plain(heads)})


def _heads(told: object) -> tuple[tuple[Head, ...], str]:
    """Heads and decoder of a row. Raises one of ``PARSE_ERRORS`` if they are not in it."""
    if isinstance(told, int):
        return _PIANO_HEADS[int(bool(told))], NOTES
    if not isinstance(told, str) or len(told) > _LONGEST_HEADS:
        raise TypeError("the heads must be a short text")
    plain = json.loads(told)
    heads, decoder = heads_from_plain(plain["heads"]), plain["decoder"]
    if not isinstance(decoder, str) or sum(map(_n_columns, heads)) > _MOST_COLUMNS:
        raise ValueError("the heads are not those of a model")
    return heads, decoder


def _check(rows: tuple[Row, ...]) -> tuple[float, float | None]:
    """The stretch that they tell. Raises one of ``PARSE_ERRORS`` if they are not whole."""
    values = [unsealed(row) for row in rows]
    first, _, *others = values[0]
    _heads(others[0])
    frame = first
    for begin, n_frames, *rest, data in values:
        if not all(isinstance(value, int) for value in (begin, n_frames, *rest[1:3])):
            raise TypeError("frames and grid must be whole numbers")
        if not isinstance(data, bytes):
            raise TypeError("the values must be bytes")
        if begin != frame or not 0 < n_frames <= _BLOCK or rest != others[:-1]:
            raise ValueError("they do not follow one another")
        frame += n_frames
    start, end = float(others[3]), None if others[4] is None else float(others[4])
    if frame - first > _MOST_FRAMES:
        raise ValueError("they are too long")
    if not (start >= 0.0 and (end is None or start < end)):
        raise ValueError(f"there is no stretch from {start} to {end}")
    return start, end


def _n_columns(head: Head) -> int:
    return int(np.prod(head.shape(1)))


def _pack(activations: Activations, begin: int, end: int) -> bytes:
    """The frames from ``begin`` to ``end``, compressed.

    Head by head and column by column, and the high bytes of all values before their low bytes:
    like stands beside like.
    """
    counts = _cells_that_count(activations, begin, end)
    parts = []
    for head in activations.heads:
        part = activations[head.name][begin:end]
        if head.name in counts:
            cells = counts[head.name]
            part = np.where(cells[..., np.newaxis] if head.classes else cells, part, 0.0)
        parts.append(part.reshape(end - begin, -1).astype("<f2").T.reshape(-1))
    planes = np.concatenate(parts).view(np.uint8).reshape(-1, 2)[:, ::-1].T
    return zlib.compress(np.ascontiguousarray(planes).tobytes(), _LEVEL)


def _cells_that_count(
    activations: Activations, begin: int, end: int
) -> dict[str, npt.NDArray[np.bool_]]:
    """By head which cells decoding may look at; heads with a single column count as a whole."""
    counts: dict[str, npt.NDArray[np.bool_]] = {}
    onsets: dict[object, npt.NDArray[np.bool_]] = {}  # by axis, those of its first event head
    columns = [head for head in activations.heads if head.axis is not None]
    for head in columns:
        if head.kind is HeadKind.EVENT:
            floor = _DRUM_FLOOR if _is_of_drums(head) else _PEAK_FLOOR
            counts[head.name] = _beside(activations[head.name], floor, begin, end)
            onsets.setdefault(head.axis, counts[head.name])
    for head in columns:
        if head.kind is HeadKind.SOUND:
            probs = activations[head.name]
            # A note ends between a frame above the threshold and whatever follows; and one that
            # the frame head missed has its confidence from the little that is there.
            cells = _beside(probs, _PEAK_FLOOR, begin, end) | (probs[begin:end] >= _FRAME_FLOOR)
            counts[head.name] = cells | onsets[head.axis] if head.axis in onsets else cells
    for head in columns:
        if head.where in counts:
            counts[head.name] = counts[head.where]
    whole = [head.name for head in columns if _is_of_drums(head)]
    return {name: cells for name, cells in counts.items() if name not in whole}


def _is_of_drums(head: Head) -> bool:
    return head.kind is HeadKind.EVENT and isinstance(head.axis, Drums)


def _beside(probs: Probs, floor: float, begin: int, end: int) -> npt.NDArray[np.bool_]:
    """Which cells of the frames from ``begin`` to ``end`` have one like a peak within reach."""
    first, last = max(begin - _REACH, 0), min(end + _REACH, len(probs))
    high = np.zeros((end - begin + 2 * _REACH, probs.shape[1]), dtype=bool)
    at = first - (begin - _REACH)
    high[at : at + last - first] = probs[first:last] >= floor
    beside = np.zeros((end - begin, probs.shape[1]), dtype=bool)
    for shift in range(2 * _REACH + 1):
        beside |= high[shift : shift + end - begin]
    return beside


def _unpack(data: bytes, n_frames: int, heads: tuple[Head, ...]) -> dict[str, Probs]:
    widths = [_n_columns(head) for head in heads]
    n_bytes = 2 * n_frames * sum(widths)
    # Bounded: a few bytes can be packed zeros without end.
    raw = zlib.decompressobj().decompress(data, n_bytes + 1)
    if len(raw) != n_bytes:
        raise ValueError(f"expected {n_bytes} bytes, got {len(raw)}")
    planes: Bytes = np.frombuffer(raw, dtype=np.uint8).reshape(2, -1)
    values = np.ascontiguousarray(planes[::-1].T).reshape(-1).view("<f2")
    columns = values.reshape(sum(widths), n_frames).T.astype(np.float32)
    if not (np.all(columns >= 0.0) and np.all(columns <= 1.0)):
        raise ValueError("a probability leaves [0, 1]")
    parts = np.split(columns, np.cumsum(widths)[:-1], axis=1)
    return {
        head.name: np.ascontiguousarray(part).reshape(head.shape(n_frames))
        for head, part in zip(heads, parts, strict=True)
    }
