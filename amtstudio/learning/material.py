"""The batches of an adaptation: rehearsed music, and the user's recordings with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from amtstudio.learning.altered_views import AS_RECORDED, Alteration
from amtstudio.learning.label_tracks import LabelTracks
from amtstudio.learning.moved_labels import moved_labels
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.rehearsal import Clips
from amtstudio.learning.trainer import Batch

N_FRAMES = 320  # of a clip: ten seconds at 32 ms
# Where there are corrected passages: clips of every batch that hold some, and the share of others.
# The model's own notes elsewhere hold back what these teach.
_CORRECTED_CLIPS, _CORRECTED_SHARE = 1, 0.9
_CHECK_CLIPS = 6


@dataclass(frozen=True, slots=True)
class Labelled:
    """A recording and what is known of it; ``tracks`` None: labelled while learning."""

    recording: UserRecording
    tracks: LabelTracks | None


class AdaptationMaterial:
    """Batches by the number of the step: the same number always gives the same batch.

    Parameters
    ----------
    replay : Clips
    adapt, tune : sequence of Labelled
        Recordings to learn from, and others by which to see when to stop.
    margin : int, samples
    clips : int
        Of each kind in a batch: so at least half of it is rehearsed.
    alteration : Alteration
        Of the clips of the user.
    """

    def __init__(
        self,
        replay: Clips,
        adapt: Sequence[Labelled],
        tune: Sequence[Labelled],
        *,
        margin: int,
        n_frames: int = N_FRAMES,
        clips: int = 4,
        seed: int = 0,
        alteration: Alteration = AS_RECORDED,
    ) -> None:
        if not adapt:
            raise ValueError("need at least one recording to learn from")
        self._replay, self._adapt, self._tune = replay, list(adapt), list(tune)
        self._margin, self._n_frames, self._clips, self._seed = margin, n_frames, clips, seed
        self._alteration = alteration
        self._weights = np.array([entry.recording.seconds for entry in self._adapt])
        self._weights /= self._weights.sum()
        self._passages = [
            (entry, passage) for entry in self._adapt for passage in entry.recording.passages
        ]

    def labelled(self, step: int) -> Batch:
        return _stacked([self._replay.clip(step * self._clips + i) for i in range(self._clips)])

    def taught(self, step: int) -> Batch:
        rng = np.random.default_rng([self._seed, step, 1])
        return _stacked(
            [
                self._user_clip(rng, is_corrected=number < _CORRECTED_CLIPS)
                for number in range(self._clips)
            ]
        )

    def check(self) -> list[Batch]:
        """Clips of the recordings for tuning, evenly spread; none where they have no labels."""
        labelled = [entry for entry in self._tune if entry.tracks is not None]
        if not labelled:
            return []
        batches = []
        for number in range(_CHECK_CLIPS):
            entry = labelled[number % len(labelled)]
            last = max(len(entry.recording.level) - self._n_frames, 0)
            first = round(last * (number + 0.5) / _CHECK_CLIPS)
            batches.append(_stacked([self._cut(entry, first)]))
        return batches

    def _user_clip(self, rng: np.random.Generator, *, is_corrected: bool) -> Batch:
        if self._passages and (is_corrected or rng.random() < _CORRECTED_SHARE):
            entry, passage = self._passages[int(rng.integers(len(self._passages)))]
            grid = entry.recording.grid
            middle = grid.to_frame(rng.uniform(passage.start, passage.end))
            first = middle - int(rng.integers(self._n_frames // 4, 3 * self._n_frames // 4))
        else:
            entry = self._adapt[int(rng.choice(len(self._adapt), p=self._weights))]
            last = max(len(entry.recording.level) - self._n_frames, 0)
            first = int(rng.integers(last + 1))
        first = max(first, 0)
        view = self._alteration.view(entry.recording, first, self._n_frames, self._margin, rng)
        if entry.tracks is None:
            return self._cut(entry, first) | view.beside_the_clean_one()
        labels = entry.tracks.clip(first, view.n_source_frames)
        return view.batch() | moved_labels(labels, view.ratio, view.semitones, self._n_frames)

    def _cut(self, entry: Labelled, first_frame: int) -> Batch:
        clip: dict[str, Any] = entry.recording.clip(first_frame, self._n_frames, self._margin)
        if entry.tracks is not None:
            clip |= entry.tracks.clip(first_frame, self._n_frames)
        return clip


def _stacked(clips: Sequence[Batch]) -> Batch:
    """Clips as one batch; a head that some clips know nothing of is NaN for them."""
    heads = sorted({name for clip in clips for name in clip})
    batch = {}
    for head in heads:
        like = next(clip[head] for clip in clips if head in clip)
        batch[head] = torch.stack(
            [clip[head] if head in clip else torch.full_like(like, torch.nan) for clip in clips]
        )
    return batch
