"""Which instruments sound when, as the instrument detector says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float32]
    BoolArray = npt.NDArray[np.bool_]

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
_FLOATS = ("onsets", "offsets", "scores", "attention", "track_scores", "thresholds")


def _not_given() -> npt.NDArray[np.float32]:
    return np.zeros(0, dtype=np.float32)


def _not_told() -> BoolArray:
    return np.zeros(0, dtype=bool)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch in which an instrument plays without a break; times in seconds."""

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
        Share of each instance in the score of the recording; sums to one for each class. It shows
        what the model attends to, not where the instrument is.
    track_scores : np.ndarray, shape (n_classes,)
        Probability in [0, 1] for the recording as a whole: the scores weighted by the attention.
    thresholds : np.ndarray, shape (n_classes,)
        Probability above which a single instance suggests an instrument.
    duration : float, seconds
    file, model : str
    track_thresholds : np.ndarray, shape (n_classes,)
        Probability above which it is named for the recording; if empty, the same.
    heard : np.ndarray of bool, shape (n_instances, n_classes)
        Where each instrument is named, which may depend on more than the score of the instance; if
        empty, where the score reaches the threshold.
    is_named : np.ndarray of bool, shape (n_classes,)
        Whether it is named for the recording; if empty, by its score and threshold.

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
    track_thresholds: FloatArray = field(default_factory=_not_given)
    heard: BoolArray = field(default_factory=_not_told)
    is_named: BoolArray = field(default_factory=_not_told)

    def __post_init__(self) -> None:
        for name in _FLOATS:
            self._set(name, np.array(getattr(self, name), dtype=np.float32))
        shape = (len(self.onsets), len(self.classes))
        self._check_shape("offsets", shape[:1])
        for name in ("scores", "attention"):
            self._check_shape(name, shape)
        for name in ("track_scores", "thresholds"):
            self._check_shape(name, shape[1:])
        for name, otherwise in (
            ("track_thresholds", self.thresholds),
            ("heard", self.scores >= self.thresholds),
        ):
            given = np.array(getattr(self, name), dtype=otherwise.dtype)
            self._set(name, given if given.size else otherwise.copy())
            self._check_shape(name, otherwise.shape)
        by_score = self.track_scores >= self.track_thresholds
        named = np.array(self.is_named, dtype=bool)
        self._set("is_named", named if named.size else by_score)
        self._check_shape("is_named", by_score.shape)
        for name in ("scores", "attention", "track_scores", "thresholds", "track_thresholds"):
            values = getattr(self, name)
            if not np.all((values >= 0) & (values <= 1)):  # also refuses NaN
                raise ValueError(f"{name} must lie in [0, 1]")
        totals = self.attention.sum(axis=0, dtype=np.float64)
        if len(self.onsets) and np.any(np.abs(totals - 1.0) > ATTENTION_TOLERANCE):
            raise ValueError("attention must sum to 1 for each class")

    def _set(self, name: str, values: npt.NDArray[Any]) -> None:
        values.setflags(write=False)
        object.__setattr__(self, name, values)

    def _check_shape(self, name: str, shape: tuple[int, ...]) -> None:
        found = getattr(self, name).shape
        if found != shape:
            raise ValueError(f"{name} must have shape {shape}, got {found}")

    @property
    def n_instances(self) -> int:
        return len(self.onsets)

    def index(self, name: str) -> int:
        """Raises ``ValueError`` if the class does not exist."""
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

        An instrument plays in a stretch if it does in one of its instances. Values for the
        recording as a whole are unchanged.
        """
        first = self._stretches(seconds)
        if not len(first):
            return self
        onsets, offsets, scores = self.pooled(seconds)
        attention = np.add.reduceat(self.attention, first, dtype=np.float64)
        heard = np.logical_or.reduceat(self.heard, first)
        return replace(
            self, onsets=onsets, offsets=offsets, scores=scores, attention=attention, heard=heard
        )

    def _stretches(self, seconds: float) -> npt.NDArray[np.intp]:
        """The first instance of each stretch: one belongs to that in which its middle lies."""
        if not seconds > 0:
            raise ValueError(f"seconds must be positive, got {seconds}")
        stretch = np.floor((self.onsets + self.offsets) / 2 / seconds)
        return np.flatnonzero(np.diff(stretch, prepend=-1.0))

    def passages(self, name: str, *, longest_gap: float = 1.5) -> list[Passage]:
        """Where an instrument plays, in order; breaks up to ``longest_gap`` seconds are bridged.

        Raises
        ------
        ValueError
            If the class does not exist.
        """
        column = self.index(name)
        heard = self.heard[:, column]
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
        order = np.argsort(-(self.track_scores - self.track_thresholds), kind="stable")
        return [self.classes[i] for i in order if self.is_named[i]]
