"""Which beats begin bars, by the beat network and by musical cues in the notes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.beat_division import is_in_threes
from amtstudio.symbolic.tempo import TempoMap

Doubles = npt.NDArray[np.float64]

ACCENTS = ("bass", "length", "harmony", "depth", "number")
_FEWEST_NOTES = 24
_FEWEST_BEATS = 12
_BASS_SHARE = 0.3  # of the notes, the lowest
_ON_BEAT = 0.15  # of a beat: how far a note may be from it
_LONGEST = 6.0  # beats: beyond that a note is as long as any
_HELD_S = 4.0
_N_CHROMA = 12
_USUAL_TEMPO = 90.0
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class PitchedNotes:
    """Notes of any instruments but drums, sorted by onset: arrays of shape (n_notes,).

    ``onset`` and ``offset`` in seconds, ``pitch`` in MIDI.
    """

    onset: Doubles
    offset: Doubles
    pitch: npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the evidence for bars; fitted by ``training.beats.bar_weights``.

    Attributes
    ----------
    of_bars : tuple of float
        For each column of ``Listener.bar_features``.
    of_beats : tuple of float
        For each column of ``Listener.beat_features``.
    bias : float
        What is added to the sum of the latter: the log odds of a bar line on a beat.
    """

    of_bars: tuple[float, ...]
    of_beats: tuple[float, ...]
    bias: float


# Printed by training.beats.bar_weights.
WEIGHTS = Weights(
    of_bars=(
        *(0.556, 1.081, 1.863, 4.15, 1.264, 0.137, 0.497),
        *(-0.566, 0.002, 0.787, 1.087, 0.51, -0.359, -0.151, 0.327),
    ),
    of_beats=(0.756, 0.05, 0.18, 0.374, 0.094, 0.002),
    bias=-0.388,
)


class Listener:
    """Hears accents of beats.

    Parameters
    ----------
    beats : np.ndarray, shape (n_beats,), seconds
    share : np.ndarray, shape (n_beats,)
        How likely each begins a bar by the network, in (0, 1).
    notes : PitchedNotes
    """

    def __init__(self, beats: Doubles, share: Doubles, notes: PitchedNotes) -> None:
        self._share = share
        self._odds = np.log(share / (1.0 - share))
        self._accents = _accents(beats, notes)
        gap = float(np.median(np.diff(beats)))
        begins = notes.onset[0] - _ON_BEAT * gap
        self._first = int(np.searchsorted(beats, begins))  # beat with music
        n_chords = len(np.unique(np.round(notes.onset, 2)))
        self._tempo = float(np.log2(60.0 / gap / _USUAL_TEMPO))
        self._density = float(np.log2(n_chords / len(beats) + 0.2))
        # Bars of 6/8 are usual, of 12/8 rare.
        tempo = TempoMap(beats, np.zeros(len(beats), bool))
        self._in_threes = float(is_in_threes(notes.onset, tempo))

    @staticmethod
    def can_hear(beats: Doubles, notes: PitchedNotes) -> bool:
        """Whether there is enough to go by."""
        return len(beats) >= _FEWEST_BEATS and len(notes.onset) >= _FEWEST_NOTES

    def bar_features(self, meter: int, phase: int) -> Doubles:
        """The evidence for bars of ``meter`` beats throughout, the first of them at ``phase``."""
        number = np.arange(len(self._share))
        begins = number % meter == phase
        likely = np.where(begins, np.log(self._share), np.log(1.0 - self._share)).mean()
        kind = np.array([1.0, self._tempo, self._density, self._in_threes])
        return np.concatenate(
            [
                [likely],
                self._accents[begins].mean(axis=0),
                [float((phase - self._first) % meter == 0)],
                kind * (meter == 2),
                kind * (meter == 3),
            ]
        )

    def beat_features(self) -> Doubles:
        """Of each beat, shape (n_beats, 1 + len(ACCENTS)).

        The log odds of a bar line by the network, and by how much each accent is stronger than on
        the beats beside.
        """
        around = np.pad(self._accents, ((1, 1), (0, 0)))
        stronger = self._accents - 0.5 * (around[:-2] + around[2:])
        return np.column_stack([self._odds, stronger])

    def likeliest_meter(self, meters: tuple[int, ...], weights: Weights) -> int:
        """Of these the one that most speaks for, wherever its bars begin."""
        scores = {
            meter: np.logaddexp.reduce(
                [
                    float(self.bar_features(meter, phase) @ np.array(weights.of_bars))
                    for phase in range(meter)
                ]
            )
            for meter in meters
        }
        return max(scores, key=lambda meter: scores[meter])

    def odds(self, weights: Weights) -> Doubles:
        """Log odds of a bar line on each beat."""
        return np.asarray(self.beat_features() @ np.array(weights.of_beats) + weights.bias)


def _accents(beats: Doubles, notes: PitchedNotes) -> Doubles:
    """How accented each beat is, by each of ``ACCENTS``, standardised over the piece."""
    n_beats = len(beats)
    gap = float(np.median(np.diff(beats)))
    nearest = np.clip(np.searchsorted(beats, notes.onset + 0.12 * gap) - 1, 0, n_beats - 1)
    on_beat = np.abs(notes.onset - beats[nearest]) < _ON_BEAT * gap
    at, pitch = nearest[on_beat], notes.pitch[on_beat].astype(np.float64)
    lasting = np.minimum((notes.offset - notes.onset)[on_beat] / gap, _LONGEST)
    is_low = pitch <= np.quantile(notes.pitch, _BASS_SHARE)
    bass, length, number = np.zeros(n_beats), np.zeros(n_beats), np.zeros(n_beats)
    np.maximum.at(bass, at[is_low], lasting[is_low])
    np.maximum.at(length, at, lasting)
    np.add.at(number, at, 1.0)
    lowest = np.full(n_beats, np.inf)
    np.minimum.at(lowest, at, pitch)
    struck = np.isfinite(lowest)
    middle = float(np.median(lowest[struck])) if struck.any() else 0.0
    depth = np.where(struck & (bass > 0), middle - np.where(struck, lowest, middle), 0.0)
    harmony = _changes(np.append(beats, beats[-1] + gap), notes)
    columns = np.stack([bass, length, harmony, depth, np.log1p(number)], axis=1)
    return np.asarray((columns - columns.mean(axis=0)) / (columns.std(axis=0) + _TINY))


def _changes(edges: Doubles, notes: PitchedNotes) -> Doubles:
    """By how much the harmony of each beat differs from that of the one before, 0 to 1."""
    sounding = np.zeros((len(edges) - 1, _N_CHROMA))
    ends = np.minimum(notes.offset, notes.onset + _HELD_S)
    for step in range(_N_CHROMA):
        own = notes.pitch % _N_CHROMA == step
        if own.any():
            begun, ended = _since(np.sort(notes.onset[own]), edges), _since(ends[own], edges)
            sounding[:, step] = np.diff(begun - ended)
    norms = np.linalg.norm(sounding, axis=1) + _TINY
    alike = (sounding[1:] * sounding[:-1]).sum(axis=1) / (norms[1:] * norms[:-1])
    return np.append(0.0, 1.0 - alike)


def _since(times: Doubles, edges: Doubles) -> Doubles:
    """Seconds that have passed at each edge since each of the times before it, all together."""
    times = np.sort(times)
    place = np.searchsorted(times, edges)
    return np.asarray(place * edges - np.append(0.0, np.cumsum(times))[place])
