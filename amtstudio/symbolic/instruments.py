"""Which instruments sound when, as the instrument detector says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float32]

# Those of OpenMIC-2018, in its order.
INSTRUMENT_CLASSES = (
    "accordion",
    "banjo",
    "bass",
    "cello",
    "clarinet",
    "cymbals",
    "drums",
    "flute",
    "guitar",
    "mallet_percussion",
    "mandolin",
    "organ",
    "piano",
    "saxophone",
    "synthesizer",
    "trombone",
    "trumpet",
    "ukulele",
    "violin",
    "voice",
)
ATTENTION_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch in which an instrument is heard without a break; times in seconds."""

    onset: float
    offset: float
    score: float  # its highest, 0 to 1


@dataclass(frozen=True, eq=False)
class InstrumentActivity:
    """Scores of the classes for each instance (about a second) of a recording.

    Attributes
    ----------
    classes : tuple of str
    onsets, offsets : np.ndarray, shape (n_instances,), seconds
        Where each instance begins and ends; they follow one another without gaps.
    scores : np.ndarray, shape (n_instances, n_classes)
        Probability in [0, 1] that the instrument sounds in the instance.
    attention : np.ndarray, shape (n_instances, n_classes)
        Share of each instance in the score of the recording; sums to one for each class. It says
        what the model looked at, not where the instrument is.
    track_scores : np.ndarray, shape (n_classes,)
        Probability in [0, 1] for the recording as a whole: the scores weighted by the attention.
    thresholds : np.ndarray, shape (n_classes,)
        Probability from which on an instrument is named.
    duration : float, seconds
    file, model : str

    Raises
    ------
    ValueError
        If shapes do not fit together, a probability leaves [0, 1], or attention does not sum to 1.
    """

    classes: tuple[str, ...]
    onsets: FloatArray
    offsets: FloatArray
    scores: FloatArray
    attention: FloatArray
    track_scores: FloatArray
    thresholds: FloatArray
    duration: float
    file: str = ""
    model: str = ""

    def __post_init__(self) -> None:
        for name in ("onsets", "offsets", "scores", "attention", "track_scores", "thresholds"):
            values = np.array(getattr(self, name), dtype=np.float32)
            values.setflags(write=False)
            object.__setattr__(self, name, values)
        shape = (len(self.onsets), len(self.classes))
        if self.offsets.shape != shape[:1]:
            raise ValueError(f"offsets must have shape {shape[:1]}, got {self.offsets.shape}")
        for name in ("scores", "attention"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} must have shape {shape}, got {getattr(self, name).shape}")
        for name in ("track_scores", "thresholds"):
            if getattr(self, name).shape != shape[1:]:
                raise ValueError(
                    f"{name} must have shape {shape[1:]}, got {getattr(self, name).shape}"
                )
        for name in ("scores", "attention", "track_scores", "thresholds"):
            values = getattr(self, name)
            if not np.all((values >= 0) & (values <= 1)):  # also refuses NaN
                raise ValueError(f"{name} must lie in [0, 1]")
        totals = self.attention.sum(axis=0, dtype=np.float64)
        if len(self.onsets) and np.any(np.abs(totals - 1.0) > ATTENTION_TOLERANCE):
            raise ValueError("attention must sum to 1 for each class")

    @property
    def n_instances(self) -> int:
        return len(self.onsets)

    def index(self, name: str) -> int:
        """Raises ``ValueError`` if there is no such class."""
        return self.classes.index(name)

    def pooled(self, seconds: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Onsets, offsets and scores at a coarser resolution: the highest score in each stretch.

        Parameters
        ----------
        seconds : float
            Length of a stretch; at least that of an instance. ``math.inf``: the whole recording.

        References
        ----------
        Gururani, Summers & Lerch, "Instrument Activity Detection in Polyphonic Music Using Deep
        Neural Networks", ISMIR 2018: scores at 1 s, 5 s, 10 s and of the track by max-pooling.
        """
        first = self._stretches(seconds)
        if not len(first):
            return self.onsets, self.offsets, self.scores
        last = np.append(first[1:], self.n_instances) - 1
        return self.onsets[first], self.offsets[last], np.maximum.reduceat(self.scores, first)

    def coarser(self, seconds: float) -> InstrumentActivity:
        """At a coarser resolution: scores as ``pooled``, the attention of each stretch summed.

        What is told of the recording as a whole stays as it is.
        """
        first = self._stretches(seconds)
        if not len(first):
            return self
        onsets, offsets, scores = self.pooled(seconds)
        attention = np.add.reduceat(self.attention, first, dtype=np.float64)
        return replace(self, onsets=onsets, offsets=offsets, scores=scores, attention=attention)

    def _stretches(self, seconds: float) -> npt.NDArray[np.intp]:
        """The first instance of each stretch: one belongs to that in which its middle lies."""
        if not seconds > 0:
            raise ValueError(f"seconds must be positive, got {seconds}")
        stretch = np.floor((self.onsets + self.offsets) / 2 / seconds)
        return np.flatnonzero(np.diff(stretch, prepend=-1.0))

    def passages(self, name: str, *, longest_gap: float = 1.5) -> list[Passage]:
        """Where an instrument is heard, in order; breaks up to ``longest_gap`` seconds do not part.

        Raises
        ------
        ValueError
            If there is no such class.
        """
        column = self.index(name)
        heard = self.scores[:, column] >= self.thresholds[column]
        found: list[Passage] = []
        for instance in np.flatnonzero(heard):
            onset, offset = float(self.onsets[instance]), float(self.offsets[instance])
            score = float(self.scores[instance, column])
            if found and onset - found[-1].offset <= longest_gap:
                last = found.pop()
                found.append(Passage(last.onset, offset, max(last.score, score)))
            else:
                found.append(Passage(onset, offset, score))
        return found

    def named(self) -> list[str]:
        """The instruments that the recording is said to hold, the surest first."""
        order = np.argsort(-(self.track_scores - self.thresholds), kind="stable")
        return [self.classes[i] for i in order if self.track_scores[i] >= self.thresholds[i]]
