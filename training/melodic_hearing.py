"""What a melodic model says of a recording: its activations, and notes with bends and families."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from amtstudio.audio import stream_mono
from amtstudio.decoding import LOWEST_PITCH, Activations, DecodingSettings, decode
from amtstudio.engine.segments import SegmentPlan, cut_into_segments
from amtstudio.engine.tuning import grid_in_tune
from amtstudio.features.dereverberation import dereverberated

if TYPE_CHECKING:
    import numpy.typing as npt

    from amtstudio.features import FrameGrid
    from amtstudio.models.transcription_model import TranscriptionModel
    from amtstudio.symbolic import Note

    Audio = npt.NDArray[np.float32]

_CORE_FRAMES = 512
_SAMPLE_RATE = 16000  # Hz


@dataclass(frozen=True)
class Heard:
    """A recording's activations.

    Attributes
    ----------
    activations : Activations
    bend : np.ndarray, shape (n_frames, 88), or None
        Semitones against the key, of the recording in tune.
    family : np.ndarray, shape (n_frames, 88, n_families), or None
        Log-probabilities.
    cents : float
        By which the recording was found to be out of tune.
    """

    activations: Activations
    bend: npt.NDArray[np.float32] | None
    family: npt.NDArray[np.float32] | None
    cents: float


@dataclass(frozen=True)
class HeardNote:
    """A note with its mean bend in semitones, and its likeliest family (-1: not told)."""

    note: Note
    bend: float
    family: int

    @property
    def pitch(self) -> float:
        """Fractional MIDI pitch."""
        return self.note.pitch + self.bend


def hear_file(model: TranscriptionModel, path: Path, *, in_tune: bool = True) -> Heard:
    """Listen to a file as the program does; ``in_tune``: after finding out its tuning."""
    grid = model.grid
    if in_tune:
        grid = grid_in_tune(path, grid, nominal_rate=_SAMPLE_RATE)
    cents = 1200.0 * float(np.log2(grid.sample_rate / _SAMPLE_RATE))
    blocks: Iterator[Audio] = stream_mono(path, sample_rate=grid.sample_rate)
    if model.dereverberates:
        blocks = dereverberated(blocks, grid.sample_rate)
    return _hear(model, blocks, grid, cents)


def hear_clip(model: TranscriptionModel, audio: Audio, level: Audio) -> Heard:
    """Listen to one synthesised clip, its margins and running level included."""
    with torch.inference_mode():
        outputs = model(torch.from_numpy(audio)[None], torch.from_numpy(level)[None])
    parts = {name: value[0].numpy() for name, value in outputs.items()}
    return _heard([parts], model.grid, 0.0)


def _hear(
    model: TranscriptionModel, blocks: Iterator[Audio], grid: FrameGrid, cents: float
) -> Heard:
    plan = SegmentPlan(
        grid=grid,
        margin=model.margin,
        context=model.context,
        uses_level=model.uses_level,
        core_frames=_CORE_FRAMES,
        first_core_frames=_CORE_FRAMES,
    )
    chunks = []
    for segment in cut_into_segments(blocks, plan):
        assert segment.level is not None
        audio, level = torch.from_numpy(segment.audio), torch.from_numpy(segment.level)
        with torch.inference_mode():
            outputs = model(audio[None], level[None])
        valid = slice(segment.skip, segment.skip + segment.n_frames)
        chunks.append({name: value[0, valid].numpy() for name, value in outputs.items()})
    return _heard(chunks, grid, cents)


def _heard(
    chunks: list[dict[str, npt.NDArray[np.float32]]], grid: FrameGrid, cents: float
) -> Heard:
    logits = {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}
    probs = {
        name: 1.0 / (1.0 + np.exp(-logits[name]))
        for name in ("onset", "offset", "frame", "velocity")
    }
    activations = Activations(**probs, pedal=None, grid=grid)
    family = logits.get("family")
    if family is not None:
        family = family - np.logaddexp.reduce(family, axis=-1, keepdims=True)
    return Heard(activations, logits.get("bend"), family, cents)


def notes_of(heard: Heard, settings: DecodingSettings) -> list[HeardNote]:
    """Decode the notes, and read their bends and families off the frames in which they sound."""
    notes, _ = decode(heard.activations, settings)
    grid = heard.activations.grid
    frame = heard.activations.frame
    found = []
    for note in notes:
        key = note.pitch - LOWEST_PITCH
        first = min(max(round(note.onset * grid.sample_rate / grid.hop_length), 0), len(frame) - 1)
        last = max(round(note.offset * grid.sample_rate / grid.hop_length), first + 1)
        bend, family = 0.0, -1
        weights = frame[first:last, key]
        if heard.bend is not None:
            bend = _weighted_median(heard.bend[first:last, key], weights)
        if heard.family is not None:
            family = int(np.argmax((heard.family[first:last, key] * weights[:, None]).sum(axis=0)))
        found.append(HeardNote(note, bend + heard.cents / 100.0, family))
    return found


def _weighted_median(values: npt.NDArray[np.float32], weights: npt.NDArray[np.floating]) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][int(np.searchsorted(total, total[-1] / 2.0))])


def with_thresholds(
    settings: DecodingSettings, *, onset: float, frame: float, offset: float | None
) -> DecodingSettings:
    return replace(settings, onset_threshold=onset, frame_threshold=frame, offset_threshold=offset)
