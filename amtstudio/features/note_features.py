"""Input features of the beat tracker: notes that begin and that sound in each 1/50 s."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.features.frame_grid import FrameGrid

FloatArray = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

GRID = FrameGrid(16000, 320)  # 20 ms: beats are perceived to within a few of these
# Registers in which onsets are counted separately: the bass indicates bars, the tune beats.
_REGISTERS = (0, 48, 60, 72, 128)
_N_CHROMA = 12
# Drums by General MIDI numbers: kicks, snares and side stick, hi-hats, cymbals and rides, toms.
_DRUMS = (
    (35, 36),
    (37, 38, 39, 40),
    (42, 44, 46),
    (49, 51, 52, 53, 55, 57, 59),
    (41, 43, 45, 47, 48, 50),
)
N_FEATURES = (len(_REGISTERS) - 1) + 4 + 2 * _N_CHROMA + len(_DRUMS)
_LONG_S = 4.0  # beyond it a note is as long as any
_CHORD_S = 0.03  # what begins within it is struck together


def note_features(
    onset: Doubles,
    offset: Doubles,
    pitch: npt.NDArray[np.integer],
    velocity: npt.NDArray[np.integer],
    is_drum: npt.NDArray[np.bool_],
    *,
    n_frames: int,
) -> FloatArray:
    """Draw notes on the frames of ``GRID``.

    Parameters
    ----------
    onset, offset : np.ndarray, shape (n_notes,), seconds
        Sorted by onset.
    pitch, velocity : np.ndarray of int, shape (n_notes,)
        MIDI; the pitch of a drum is its General MIDI number.
    is_drum : np.ndarray of bool, shape (n_notes,)
    n_frames : int

    Returns
    -------
    np.ndarray, shape (n_frames, N_FEATURES)
        None negative, most of them 0: loudness of the onsets in four registers; of the lowest note
        of each chord; how many begin; how long those that begin last; how many sound; pitch
        classes that begin, and that sound; loudness of five groups of drums. An onset is shared
        between the two frames nearest to it.
    """
    features = np.zeros((n_frames, N_FEATURES), dtype=np.float32)
    if not len(onset) or not n_frames:
        return features
    per_second = GRID.sample_rate / GRID.hop_length
    loudness = velocity / 127.0
    pitched = ~is_drum

    def mark(which: npt.NDArray[np.bool_], column: npt.ArrayLike, value: Doubles) -> None:
        """Add ``value`` of each note at its onset."""
        position = onset[which] * per_second
        first = np.floor(position).astype(np.int64)
        share = position - first
        columns = np.broadcast_to(np.asarray(column), first.shape)
        for frame, part in ((first, 1.0 - share), (first + 1, share)):
            inside = (frame >= 0) & (frame < n_frames)
            np.add.at(features, (frame[inside], columns[inside]), (part * value[which])[inside])

    n_registers = len(_REGISTERS) - 1
    register = np.searchsorted(_REGISTERS, pitch, side="right") - 1
    mark(pitched, register[pitched], loudness)
    at = n_registers
    mark(pitched & _is_lowest(onset, pitch, pitched), at, loudness)
    mark(pitched, at + 1, np.ones(len(onset)))
    lasting = np.log1p(np.clip(offset - onset, 0.0, _LONG_S))
    mark(pitched, at + 2, lasting)
    at += 4
    mark(pitched, at + pitch[pitched] % _N_CHROMA, loudness)
    sounding = _sounding(onset[pitched], offset[pitched], pitch[pitched] % _N_CHROMA, n_frames)
    features[:, at - 1] = sounding.sum(axis=1)
    features[:, at + _N_CHROMA : at + 2 * _N_CHROMA] = sounding
    at += 2 * _N_CHROMA
    for group, numbers in enumerate(_DRUMS):
        mark(is_drum & np.isin(pitch, numbers), at + group, loudness)
    return np.log1p(features)


def _is_lowest(
    onset: Doubles, pitch: npt.NDArray[np.integer], pitched: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Whether each note is the lowest of those that begin together with it."""
    lowest = np.zeros(len(onset), dtype=bool)
    places = np.flatnonzero(pitched)
    if not len(places):
        return lowest
    starts = onset[places]
    chord = np.concatenate([[0], np.cumsum(np.diff(starts) > _CHORD_S)])
    order = np.lexsort((pitch[places], chord))
    first = np.unique(chord[order], return_index=True)[1]
    lowest[places[order[first]]] = True
    return lowest


def _sounding(
    onset: Doubles, offset: Doubles, pitch_class: npt.NDArray[np.integer], n_frames: int
) -> FloatArray:
    """How many notes of each pitch class sound in each frame, (n_frames, 12)."""
    change = np.zeros((n_frames + 1, _N_CHROMA), dtype=np.float32)
    per_second = GRID.sample_rate / GRID.hop_length
    begin = np.clip(np.round(onset * per_second), 0, n_frames).astype(np.int64)
    end = np.clip(np.round(offset * per_second), begin, n_frames).astype(np.int64)
    np.add.at(change, (begin, pitch_class), 1.0)
    np.add.at(change, (end, pitch_class), -1.0)
    sounding: FloatArray = np.cumsum(change, axis=0)[:-1]
    return sounding
