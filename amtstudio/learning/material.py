"""The batches of an adaptation: rehearsed music, and the user's recordings with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from amtstudio.learning.label_tracks import LabelTracks
from amtstudio.learning.recording_conditions import filter_sound, record
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.rehearsal import Clips
from amtstudio.learning.trainer import Batch

N_FRAMES = 320  # of a clip: ten seconds at 32 ms
# Where there are corrected passages: clips of every batch that hold some, and the share of others.
_CORRECTED_CLIPS, _CORRECTED_SHARE = 1, 0.35
_ALTERED_SHARE = 0.6  # of the user's clips, augmented as if recorded differently
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
    ) -> None:
        if not adapt:
            raise ValueError("need at least one recording to learn from")
        self._replay, self._adapt, self._tune = replay, list(adapt), list(tune)
        self._margin, self._n_frames, self._clips, self._seed = margin, n_frames, clips, seed
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
        clip = self._cut(entry, max(first, 0))
        if rng.random() < _ALTERED_SHARE:
            rate = entry.recording.grid.sample_rate
            clip["audio"], clip["level"] = self._altered(clip, rate, rng)
        return clip

    def _cut(self, entry: Labelled, first_frame: int) -> Batch:
        clip: dict[str, Any] = entry.recording.clip(first_frame, self._n_frames, self._margin)
        if entry.tracks is not None:
            clip |= entry.tracks.clip(first_frame, self._n_frames)
        return clip

    def _altered(
        self, clip: Batch, sample_rate: int, rng: np.random.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The clip through another equaliser, with noise, and at another level."""
        audio = clip["audio"].numpy()
        before = float(np.sqrt(np.mean(audio**2)))
        altered = record(filter_sound(audio, None, rng, sample_rate), rng)
        after = float(np.sqrt(np.mean(altered**2)))
        # The running level moves with the gain; its shape over time stays what it was.
        gain = after / before if before > 1e-7 else 1.0
        return torch.from_numpy(altered), clip["level"] * gain


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
