"""Teachers, which label unlabelled recordings for the student."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import soxr
import torch
from torch import Tensor

from amtstudio.audio import FloatArray
from amtstudio.decoding import peak_onsets
from amtstudio.engine import Transcriber
from amtstudio.engine.run import IsCancelled
from amtstudio.learning.hearing import hear, note_settings
from amtstudio.learning.label_free import recoloured
from amtstudio.learning.opinion import Opinion, TeacherNote, Trust
from amtstudio.learning.pseudo_labels import (
    LOWER,
    UPPER,
    match_distribution,
    onset_labels,
    threshold_labels,
)
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.train_state import MovingAverage
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.heads import PIANO_KEYS

_FAINTEST = 0.05  # lowest score at which a peak is considered
_SAME_ONSET_S = 0.04
_ALL_TRUSTED = Trust(0.9, 0.1)
_NOTE_S = 0.3  # length given to notes of which only the onset is a label

OnProgress = Callable[[float, float | None], None]  # done, in all


class Teacher(Protocol):
    """Listens to whole recordings before the student begins.

    ``is_better``: whether its notes are known to be better than those of the model it teaches, so
    that agreeing with it is a gain.
    """

    name: str
    is_better: bool

    def opinion(
        self,
        recording: UserRecording,
        *,
        is_cancelled: IsCancelled,
        on_progress: OnProgress | None = None,
    ) -> Opinion:
        """Raises ``Cancelled`` soon after ``is_cancelled()`` has become true."""


@dataclass(frozen=True, slots=True)
class View:
    """A recording listened to in another way: higher, later, or in another tone colour."""

    cents: float = 0.0
    delay: int = 0  # samples
    recolour: int | None = None  # seed of the tone colour


VIEWS = (
    View(),
    View(delay=128),
    View(delay=256),
    View(delay=384),
)


class EnsembleTeacher:
    """A model that averages its output over several views of the recording.

    Views are shifted in pitch by resampling, or in time, and the output is shifted back. Onsets of
    one pitch within 40 ms are merged; a view without the onset counts as 0. With a larger model of
    ours and ``VIEWS[:1]``, this is the teacher that ships for the purpose.

    Measured on nine pieces of a Disklavier, the ensemble over ``VIEWS`` finds 0.2 points more note
    F1 than the shipped model alone, and no more with other pitches and tone colours beside: it
    steadies, it does not know better. ``training/ADAPTATION.md`` has the table.
    """

    def __init__(
        self,
        transcriber: Transcriber,
        *,
        views: Sequence[View] = VIEWS,
        name: str = "ensemble",
        is_better: bool = False,
    ) -> None:
        if not views:
            raise ValueError("need at least one view")
        self.name = name
        self.is_better = is_better
        self._transcriber = transcriber
        self._views = tuple(views)

    def opinion(
        self,
        recording: UserRecording,
        *,
        is_cancelled: IsCancelled,
        on_progress: OnProgress | None = None,
    ) -> Opinion:
        """Every onset found in any view, with its mean score."""
        threshold = note_settings(self._transcriber).onset_threshold
        notes = heard_in_views(
            self._views,
            lambda view: self._peaks(recording, view, is_cancelled),
            on_progress,
        )
        return Opinion(tuple(notes), Trust.about(threshold))

    def _peaks(
        self, recording: UserRecording, view: View, is_cancelled: IsCancelled
    ) -> npt.NDArray[np.float64]:
        """Onset in seconds, pitch and score of each peak, (n, 3)."""
        rows = peaks_in_view(self._transcriber, recording, view, is_cancelled)
        rows[:, 1] += PIANO_KEYS.lowest - round(view.cents / 100)
        return rows[(rows[:, 1] >= PIANO_KEYS.lowest) & (rows[:, 1] <= PIANO_KEYS.highest)]


def heard_in_views(
    views: Sequence[View],
    peaks_of: Callable[[View], npt.NDArray[np.float64]],
    on_progress: OnProgress | None,
) -> list[TeacherNote]:
    """The peaks of all views, each (n, 3), as ``merged`` takes them together."""
    heard = []
    for number, view in enumerate(views, 1):
        heard.append(peaks_of(view))
        if on_progress is not None:
            on_progress(number, len(views))
    return merged(heard)


def peaks_in_view(
    transcriber: Transcriber, recording: UserRecording, view: View, is_cancelled: IsCancelled
) -> npt.NDArray[np.float64]:
    """Seconds of the recording, column of the onset head and score of each peak, (n, 3)."""
    rate = recording.grid.sample_rate
    audio = recording.audio
    if view.recolour is not None:
        audio = recoloured(audio, rate, seed=view.recolour)
    ratio = 2.0 ** (view.cents / 1200.0)
    if view.cents:
        # Fewer samples at the same rate: everything sounds higher and comes sooner.
        audio = soxr.resample(audio, ratio, 1.0).astype(np.float32)
    audio = np.concatenate([np.zeros(view.delay, dtype=np.float32), audio])
    activations = hear(transcriber, audio, is_cancelled=is_cancelled).activations
    peaks = peak_onsets(activations["onset"].astype(np.float32), threshold=_FAINTEST)
    seconds = (peaks.position * activations.grid.hop_length - view.delay) / rate * ratio
    rows = np.column_stack([seconds, peaks.pitch, peaks.score])
    return rows[(rows[:, 0] >= 0.0) & (rows[:, 0] < recording.seconds)]


class EngineTeacher:
    """Notes of another program's engine, all of them trusted.

    Parameters
    ----------
    name : str
    notes_of : callable
        From mono audio and its rate in Hz to notes as (onset, offset, pitch), seconds.
    """

    is_better = True

    def __init__(
        self,
        name: str,
        notes_of: Callable[[FloatArray, int, IsCancelled], list[tuple[float, float, int]]],
    ) -> None:
        self.name = name
        self._notes_of = notes_of

    def opinion(
        self,
        recording: UserRecording,
        *,
        is_cancelled: IsCancelled,
        on_progress: OnProgress | None = None,
    ) -> Opinion:
        rate = recording.grid.sample_rate
        notes = tuple(
            TeacherNote(onset, offset, pitch, 1.0)
            for onset, offset, pitch in self._notes_of(recording.audio, rate, is_cancelled)
            if pitch in PIANO_KEYS
        )
        if on_progress is not None:
            on_progress(1, 1)
        return Opinion(notes, _ALL_TRUSTED)


class MovingAverageTeacher:
    """The seed's teacher, hardened: the student's moving average, in eval mode, on clean audio.

    It labels each batch again. Onsets are trusted note by note (``onset_labels``), frames cell by
    cell, and both are matched to the proportions of ones to zeros that are usual in music.

    Parameters
    ----------
    model : TranscriptionModel
        A copy of the student to hold the average; put into eval mode and given no gradients.
    proportions : dict
        By head the lowest and highest proportion of ones to zeros.
    """

    name = "moving average"

    def __init__(
        self,
        model: TranscriptionModel,
        proportions: dict[str, tuple[float, float]],
        *,
        lower: float = LOWER,
        upper: float = UPPER,
    ) -> None:
        self._model = model.eval().requires_grad_(requires_grad=False)
        self._proportions = proportions
        self._lower, self._upper = lower, upper

    @torch.no_grad()
    def follow(self, average: MovingAverage) -> None:
        """Take over the student's averaged weights."""
        state = self._model.state_dict()
        for name, value in average.values.items():
            state[name].copy_(value)

    @torch.no_grad()
    def labels(
        self, audio: Tensor, level: Tensor, *, generator: torch.Generator | None = None
    ) -> dict[str, Tensor]:
        logits = self._model(audio, level)
        bounds = {"lower": self._lower, "upper": self._upper}
        labels = {"onset": onset_labels(logits["onset"].float().sigmoid(), **bounds)}
        if "frame" in logits:
            labels["frame"] = threshold_labels(logits["frame"].float().sigmoid(), **bounds)
        return {
            head: match_distribution(values, *self._proportions[head], generator=generator)
            for head, values in labels.items()
        }


def merged(heard: Sequence[npt.NDArray[np.float64]]) -> list[TeacherNote]:
    """Peaks of several views as notes, whose sureness is the mean score over the views."""
    rows = np.concatenate(
        [np.column_stack([peaks, np.full(len(peaks), view)]) for view, peaks in enumerate(heard)]
    )
    notes = []
    for pitch in np.unique(rows[:, 1]):
        same = rows[rows[:, 1] == pitch]
        same = same[np.argsort(-same[:, 2], kind="stable")]
        free = np.ones(len(same), dtype=bool)
        for row in same:
            near = free & (np.abs(same[:, 0] - row[0]) < _SAME_ONSET_S)
            if not near.any() or row[2] < same[near, 2].max():
                continue
            best = np.zeros(len(heard))
            np.maximum.at(best, same[near, 3].astype(int), same[near, 2])
            onset = float(np.average(same[near, 0], weights=same[near, 2]))
            free &= ~near
            notes.append(TeacherNote(onset, onset + _NOTE_S, int(pitch), float(best.mean())))
    return sorted(notes, key=lambda note: (note.onset, note.pitch))
