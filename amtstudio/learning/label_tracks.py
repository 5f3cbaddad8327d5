"""A teacher's labels for a recording, cell by cell, for a student to learn from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from amtstudio.atomic_file import write_atomically
from amtstudio.features import FrameGrid
from amtstudio.learning.expression import NO_FAMILY, render_expression
from amtstudio.learning.opinion import Opinion, TeacherNote, Trust, Verdict
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.request import UNSURE_S, Corrections, Passage
from amtstudio.learning.targets import Targets, render_targets
from amtstudio.symbolic import Note
from amtstudio.symbolic.heads import PIANO_KEYS, Axis, Drums
from amtstudio.symbolic.notes import bend_at

BEND = "bend"
Track = npt.NDArray[np.float16]
_UNSURE_FRAMES, _MAYBE_S = 2, 0.05  # at least, either side of an onset that may or may not be
_BEND_HZ = 100.0  # points of a contour
_EDGE_FRAMES = 1  # of a passage: an onset just outside may be found just inside


@dataclass(frozen=True, slots=True)
class LabelTracks:
    """Labels of a whole recording.

    Attributes
    ----------
    heads : dict of np.ndarray of float16, shape (n_frames, 88)
        By head: targets in [0, 1], those of ``bend`` in semitones; NaN where nothing is known.
    notes : tuple of Note
        The teacher's transcription, as a reference for comparison: notes nearer to ``surely`` than
        to ``surely_not``. Using only the sure ones would reward leaving notes out.
    """

    heads: dict[str, Track]
    notes: tuple[Note, ...]

    def clip(self, first_frame: int, n_frames: int) -> dict[str, Tensor]:
        """The labels of a stretch; NaN outside the recording."""
        cut = {}
        for head, track in self.heads.items():
            part = np.full((n_frames, track.shape[1]), np.nan, dtype=np.float32)
            begin, end = max(first_frame, 0), min(first_frame + n_frames, len(track))
            if end > begin:
                part[begin - first_frame : end - first_frame] = track[begin:end]
            cut[head] = torch.from_numpy(part)
        return cut


def save_tracks(path: Path, tracks: LabelTracks) -> None:
    """Save labels for a run that continues later, atomically."""
    rows = np.array([(n.onset, n.offset, n.pitch) for n in tracks.notes], float).reshape(-1, 3)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, notes=rows, **tracks.heads)  # type: ignore[arg-type]
    write_atomically(path, buffer.getvalue(), overwrite=True)


def load_tracks(path: Path) -> LabelTracks:
    with np.load(path, allow_pickle=False) as arrays:
        heads = {name: arrays[name] for name in arrays.files if name in ("onset", "frame")}
        notes = tuple(Note(on, off, int(pitch)) for on, off, pitch in arrays["notes"].tolist())
    return LabelTracks(heads, notes)


def draw_tracks(
    notes: Sequence[TeacherNote],
    grid: FrameGrid,
    n_frames: int,
    *,
    trust: Trust,
    teaches_frames: bool = False,
    axis: Axis = PIANO_KEYS,
) -> LabelTracks:
    """Labels from notes of ``axis`` that a teacher found with more or less confidence.

    A note that is taken is drawn as training draws onsets, shared between two frames. One that is
    ignored leaves the cells around its onset (and, for frames, its length) unknown. One that is not
    taken is, like silence, a 0.
    """
    sure = [note for note in notes if trust.verdict(note) is Verdict.TAKEN]
    rows = np.array([(n.onset, n.offset, n.pitch, 64.0) for n in sure], float).reshape(-1, 4)
    targets = render_targets(rows, np.zeros((0, 2)), grid, n_frames, axis=axis)
    onset = targets.onset.astype(np.float16)
    frame = targets.frame.astype(np.float16)
    certain = onset > 0
    for note in notes:
        if trust.verdict(note) is not Verdict.IGNORED:
            continue
        at, end = grid.to_frame(note.onset), grid.to_frame(note.offset)
        key = axis.column(note.pitch)
        around = _around(note, grid)
        onset[around, key][~certain[around, key]] = np.nan
        length = slice(max(at - _UNSURE_FRAMES, 0), max(end + _UNSURE_FRAMES + 1, 0))
        frame[length, key][targets.frame[length, key] == 0.0] = np.nan
    heads = {"onset": onset}
    if teaches_frames:
        heads["frame"] = frame
    likely = [note for note in notes if note.sureness >= 0.5 * (trust.surely + trust.surely_not)]
    kept = tuple(
        sorted(Note(max(n.onset, 0.0), max(n.offset, n.onset + 0.01), n.pitch) for n in likely)
    )
    return LabelTracks(heads, kept)


def tracks_of(opinion: Opinion, recording: UserRecording, axis: Axis = PIANO_KEYS) -> LabelTracks:
    """A student's labels from a teacher's opinion on a recording; ``axis``: of the columns."""
    n_frames = len(recording.level)
    return draw_tracks(opinion.notes, recording.grid, n_frames, trust=opinion.trust, axis=axis)


def with_corrections(
    tracks: LabelTracks, corrections: Corrections, grid: FrameGrid, axis: Axis = PIANO_KEYS
) -> LabelTracks:
    """The same labels with what the user decided in their place; ``axis``: of their columns.

    Notes that are none of it say nothing.

    Within a passage everything is known. Of single notes, the onset is: a right one is drawn, of
    a wrong one the cells around its onset become 0.
    """
    if not (corrections.passages or corrections.right or corrections.wrong):
        return tracks
    n_frames = len(tracks.heads["onset"])
    heads = {head: track.copy() for head, track in tracks.heads.items()}
    for head in () if isinstance(axis, Drums) else ("frame", "offset"):
        heads.setdefault(head, np.full((n_frames, len(axis)), np.nan, dtype=np.float16))
    for note in _of(axis, corrections.wrong):
        heads["onset"][_around(note, grid), axis.column(note.pitch)] = 0.0
    right = _of(axis, corrections.right)
    drawn = _drawn(right, grid, n_frames, axis).onset
    for note in right:
        cells = _around(note, grid), axis.column(note.pitch)
        heads["onset"][cells] = drawn[cells]
    # What the user corrected comes last, and so overrides what a score says.
    for knows in ("onsets", "played", "all"):
        passages = [passage for passage in corrections.passages if passage.knows == knows]
        _write_passages(heads, passages, grid, axis)
    return LabelTracks(heads, tracks.notes)


def _write_passages(
    heads: dict[str, Track], passages: Sequence[Passage], grid: FrameGrid, axis: Axis
) -> None:
    if not passages:
        return
    notes = _of(axis, [note for passage in passages for note in passage.notes])
    truth = _drawn(notes, grid, len(heads["onset"]), axis)
    for passage in passages:
        first = max(grid.to_frame(passage.start) + _EDGE_FRAMES, 0)
        end = grid.to_frame(passage.end) - _EDGE_FRAMES
        for head in ("onset",) if passage.knows == "onsets" else ("onset", "offset", "frame"):
            if head in heads:
                heads[head][first:end] = getattr(truth, head)[first:end]
        if passage.knows == "all":
            _write_bends(heads, passage, slice(first, end), grid, axis)
        for note in _of(axis, passage.unsure):
            _leave_unknown(heads, note, grid, axis)


def _write_bends(
    heads: dict[str, Track], passage: Passage, frames: slice, grid: FrameGrid, axis: Axis
) -> None:
    """The contours of the notes that bend; of the others, they are not known exactly."""
    notes = [note for note in _of(axis, passage.notes) if note.bend]
    if not notes:
        return
    n_frames = len(heads["onset"])
    curves = [
        np.array(
            [bend_at(note.bend, at) / 100.0 for at in np.arange(0.0, note.duration, 1.0 / _BEND_HZ)]
        )
        for note in notes
    ]
    drawn, _ = render_expression(
        _rows(notes),
        curves,
        np.full(len(notes), NO_FAMILY),
        grid,
        n_frames,
        control_hz=_BEND_HZ,
    )
    heads.setdefault(BEND, np.full((n_frames, len(axis)), np.nan, dtype=np.float16))
    heads[BEND][frames] = drawn[frames]


def without(
    tracks: LabelTracks, stretches: Sequence[tuple[float, float]], grid: FrameGrid
) -> LabelTracks:
    """The same labels with some stretches (in seconds) unknown: they are held out for judging."""
    heads = {head: track.copy() for head, track in tracks.heads.items()}
    for start, end in stretches:
        for track in heads.values():
            track[max(grid.to_frame(start), 0) : grid.to_frame(end) + 1] = np.nan
    return LabelTracks(heads, tracks.notes)


def _leave_unknown(heads: dict[str, Track], note: Note, grid: FrameGrid, axis: Axis) -> None:
    key = axis.column(note.pitch)
    length = slice(
        max(grid.to_frame(note.onset) - _UNSURE_FRAMES, 0),
        grid.to_frame(note.offset) + _UNSURE_FRAMES + 1,
    )
    heads["onset"][_widely_around(note, grid), key] = np.nan
    for head in heads.keys() & {"offset", "frame"}:
        heads[head][length, key] = np.nan


def _widely_around(note: Note, grid: FrameGrid) -> slice:
    at, reach = grid.to_frame(note.onset), grid.to_frame(UNSURE_S)
    return slice(max(at - reach, 0), at + reach + 1)


def _around(note: Note | TeacherNote, grid: FrameGrid) -> slice:
    at, reach = grid.to_frame(note.onset), max(_UNSURE_FRAMES, grid.to_frame(_MAYBE_S))
    return slice(max(at - reach, 0), max(at + reach + 1, 0))


def _of(axis: Axis, notes: Sequence[Note]) -> list[Note]:
    return [note for note in notes if note.pitch in axis]


def _drawn(notes: Sequence[Note], grid: FrameGrid, n_frames: int, axis: Axis) -> Targets:
    return render_targets(_rows(notes), np.zeros((0, 2)), grid, n_frames, axis=axis)


def _rows(notes: Sequence[Note]) -> npt.NDArray[np.float64]:
    rows = np.array([(n.onset, n.offset, n.pitch, n.velocity) for n in notes], float)
    return rows.reshape(-1, 4)
