"""Activations to notes and pedal, all at once or as they arrive: the same code, the same notes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.activations import Activations, Probs
from amtstudio.decoding.decoder import register_decoder
from amtstudio.decoding.note_details import NoteDetails
from amtstudio.decoding.offsets import ended_frames, falling_position, first_marked
from amtstudio.decoding.onsets import check_probs, peak_onsets, peak_velocities
from amtstudio.decoding.pedal import PedalDecoder
from amtstudio.decoding.settings import DecodingSettings
from amtstudio.decoding.velocity_curve import along_curve
from amtstudio.features import FrameGrid
from amtstudio.symbolic import NO_NOTES, NoteTable, Pedal
from amtstudio.symbolic.heads import PIANO_KEYS, Pitches

_GRACE_FRAMES = 2  # the frame head may rise a frame after the onset head
_SHORTEST_S = 1e-3  # a note of MIDI has to last at least a tick or two
# Sums of frame probabilities are taken over integers: exact in any order, so that the confidence
# of a note does not depend on where the chunks were cut.
_FIXED_POINT = 1 << 12

Indices = npt.NDArray[np.intp]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Onsets:
    """Notes that have begun; arrays of equal length."""

    frame: Indices
    pitch: Indices  # index, 0 = the lowest pitch of the model
    position: Doubles  # frames
    score: npt.NDArray[np.float32]
    velocity: npt.NDArray[np.int64]
    frame_sum: npt.NDArray[np.int64]  # of the frame probabilities so far, fixed point

    def take(self, which: npt.NDArray[np.bool_] | Indices) -> _Onsets:
        return _Onsets(
            self.frame[which],
            self.pitch[which],
            self.position[which],
            self.score[which],
            self.velocity[which],
            self.frame_sum[which],
        )

    def __add__(self, other: _Onsets) -> _Onsets:
        return _Onsets(
            np.concatenate((self.frame, other.frame)),
            np.concatenate((self.pitch, other.pitch)),
            np.concatenate((self.position, other.position)),
            np.concatenate((self.score, other.score)),
            np.concatenate((self.velocity, other.velocity)),
            np.concatenate((self.frame_sum, other.frame_sum)),
        )


def _no_onsets() -> _Onsets:
    indices, sums = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int64)
    return _Onsets(indices, indices, np.zeros(0), np.zeros(0, dtype=np.float32), sums, sums)


@register_decoder(DecodingSettings)
class NoteDecoder:
    """Turns activations that arrive in chunks into notes and pedal.

    A note starts at a peak of the onset activation (``peak_onsets``) and lasts until its frame
    probability has stayed below ``frame_threshold`` for two frames, until an offset peak where
    ``offset_threshold`` is set, or until the next onset of its pitch, unless that scores less than
    ``repeat_threshold``. The two frames from the
    onset on, and those within ``minimum_duration_s``, do not end it. ``release_s`` may move the end
    over the next onset of its pitch: ``completed`` sees to that. A note's ``confidence`` is
    the geometric mean of its onset score and of its mean frame probability.

    What is kept between chunks is at most one open note for each pitch and a few frames, however
    long the recording.

    Parameters
    ----------
    settings : DecodingSettings
    grid : FrameGrid
        Must be that of the activations fed.
    """

    def __init__(self, settings: DecodingSettings, grid: FrameGrid) -> None:
        self._settings = settings
        self._grid = grid
        self._pitches = PIANO_KEYS
        self._pedal = PedalDecoder(settings, grid)
        self._details = NoteDetails(grid)
        self._pedals: list[Pedal] = []
        frames_per_second = grid.sample_rate / grid.hop_length
        shortest = math.ceil(settings.minimum_duration_s * frames_per_second + 0.5)
        self._grace = max(_GRACE_FRAMES, shortest)
        self._open = _no_onsets()
        self._start: int | None = None  # first frame of all
        self._done = 0  # frames before this one are decoded
        self._first = 0  # frame of the first row kept
        self._rows: dict[str, Probs] = {}

    def feed(self, activations: Activations) -> NoteTable:
        """Take the next chunk; return the notes that are complete by now, sorted by onset.

        Raises
        ------
        ValueError
            If the chunk is on another grid, does not follow the one before, or leaves [0, 1].
        """
        self._append(activations)
        return self._advance(self._end - self._settings.onset_half_width)

    def finish(self) -> NoteTable:
        """The notes that were still open when the recording ended, sorted by onset."""
        if self._start is None:
            return NO_NOTES
        notes = self._advance(self._end)
        self._pedals += self._pedal.finish(self._end)
        n_open = len(self._open.frame)
        cut = np.full(n_open, float(self._end))
        last = self._make_notes(self._open, cut, np.full(n_open, self._end), self._shortest)
        self._open = _no_onsets()
        return notes.joined(last).in_order()

    def take_pedals(self) -> list[Pedal]:
        """The presses of the pedal completed since this was last asked."""
        pedals, self._pedals = self._pedals, []
        return pedals

    @property
    def _shortest(self) -> float:
        return max(self._settings.minimum_duration_s, _SHORTEST_S)

    @property
    def _end(self) -> int:
        return self._first + len(self._rows["onset"])

    def _append(self, activations: Activations) -> None:
        if activations.grid != self._grid:
            raise ValueError(f"expected {self._grid}, got {activations.grid}")
        if self._start is None:
            self._start = self._first = self._done = activations.first_frame
            axis = activations.head("onset").axis
            if not isinstance(axis, Pitches):
                raise ValueError(f"the onsets of notes must run along pitches, not {axis}")
            self._pitches = axis
        elif activations.first_frame != self._end:
            raise ValueError(
                f"expected a chunk from frame {self._end}, got {activations.first_frame}"
            )
        heads = ["onset", "frame", "velocity"]
        if self._settings.offset_threshold is not None:
            heads.append("offset")
        for head in heads:
            # Always float32: half precision has no fast arithmetic here, and loses no value.
            new = activations[head].astype(np.float32, copy=False)
            check_probs(head, new)
            kept = self._rows.get(head)
            self._rows[head] = new if kept is None else np.concatenate((kept, new))
        self._details.append(activations)
        if "pedal" in activations:
            self._pedals += self._pedal.feed(activations["pedal"], activations.first_frame)

    def _advance(self, end: int) -> NoteTable:
        """Decode the frames up to ``end`` (exclusive); drop the rows that no later one needs."""
        notes = NO_NOTES
        if end > self._done:
            begun = self._open + self._new_onsets(end)
            begun = begun.take(np.lexsort((begun.frame, begun.pitch)))
            notes = self._end_notes(begun, end)
            self._done = end
        keep_from = max(self._first, self._done - self._settings.onset_half_width)
        # Copied: a view would keep the whole chunk alive, and its owner may write into it.
        self._rows = {
            head: rows[keep_from - self._first :].copy() for head, rows in self._rows.items()
        }
        self._first = keep_from
        open_from = int(self._open.frame.min()) if len(self._open.frame) else self._done
        self._details.forget_before(min(open_from, keep_from))
        return notes

    def _new_onsets(self, end: int) -> _Onsets:
        peaks = peak_onsets(
            self._rows["onset"],
            threshold=self._settings.onset_threshold,
            half_width=self._settings.onset_half_width,
        ).between(self._done - self._first, end - self._first)
        velocity = peak_velocities(self._rows["onset"], self._rows["velocity"], peaks)
        return _Onsets(
            frame=peaks.frame + self._first,
            pitch=peaks.pitch,
            position=peaks.position + self._first,
            score=peaks.score,
            velocity=along_curve(velocity, self._settings.velocity_curve),
            frame_sum=np.zeros(len(peaks.frame), dtype=np.int64),
        )

    def _end_notes(self, begun: _Onsets, end: int) -> NoteTable:
        """Close those of ``begun`` (sorted by pitch, then frame) that end before ``end``."""
        if not len(begun.frame):
            self._open = begun
            return NO_NOTES
        off_frame, off_position = self._offs(begun, end)
        struck = self._struck(begun, off_frame)
        if not struck.all():
            begun, off_frame, off_position = (
                begun.take(struck), off_frame[struck], off_position[struck],
            )  # fmt: skip
        same_pitch = np.append(begun.pitch[1:] == begun.pitch[:-1], False)
        next_frame = np.where(same_pitch, np.roll(begun.frame, -1), end)
        next_position = np.roll(begun.position, -1)
        struck_again = same_pitch & (next_frame <= off_frame)
        closed = struck_again | (off_frame < end)
        end_frame = np.minimum(next_frame, off_frame)
        begun = self._with_sums(begun, end_frame)
        self._open = begun.take(~closed)
        again = struck_again[closed]
        ended = begun.take(closed)
        offset_s = np.where(again, next_position[closed], off_position[closed])
        # A note that is struck again must not be lengthened into the next one.
        shortest = np.where(again, _SHORTEST_S, self._shortest)
        shift = np.where(again, self._settings.onset_shift_s, self._settings.release_s)
        return self._make_notes(ended, offset_s, end_frame[closed], shortest, shift)

    def _struck(self, begun: _Onsets, off_frame: Indices) -> npt.NDArray[np.bool_]:
        """Which onsets are struck, and are no ripple of a note that still sounds."""
        struck = np.ones(len(begun.frame), dtype=bool)
        weak = begun.score < np.float32(self._settings.repeat_threshold)
        weak[1:] &= begun.pitch[1:] == begun.pitch[:-1]
        if not weak[1:].any():
            return struck
        before = 0  # the last one that was struck
        for index in range(1, len(struck)):
            if weak[index] and begun.frame[index] <= off_frame[before]:
                struck[index] = False
            else:
                before = index
        return struck

    def _offs(self, begun: _Onsets, end: int) -> tuple[Indices, Doubles]:
        """Frame and position at which each note falls silent; frame ``end`` if not before it."""
        done, first = self._done, self._first
        threshold = self._settings.frame_threshold
        probs = self._rows["frame"]
        ended = ended_frames(probs[done - first :], threshold=threshold)[: end - done]
        query = np.maximum(begun.frame + self._grace, done) - done
        off_frame = first_marked(ended, query, begun.pitch) + done
        row = np.minimum(off_frame, end - 1) - first
        before = probs[np.maximum(row - 1, 0), begun.pitch]
        after = probs[row, begun.pitch]
        position = off_frame - 1 + falling_position(before, after, threshold)
        # Where the frame head never rose there is nothing but the onset.
        position = np.where(before >= np.float32(threshold), position, begun.position)
        if self._settings.offset_threshold is None:
            return off_frame, position
        peak_frame, peak_position = self._offset_peaks(begun, end)
        earlier = peak_frame < off_frame
        return (
            np.where(earlier, peak_frame, off_frame),
            np.where(earlier, peak_position, position),
        )

    def _offset_peaks(self, begun: _Onsets, end: int) -> tuple[Indices, Doubles]:
        """The first peak of the offset activation after each onset; frame ``end`` if none."""
        peaks = peak_onsets(
            self._rows["offset"],
            threshold=self._settings.offset_threshold or 0.0,
            half_width=self._settings.onset_half_width,
        ).between(self._done - self._first, end - self._first)
        n_frames = end - self._done
        marked = np.zeros((n_frames + 1, len(self._pitches)), dtype=bool)
        positions = np.zeros(marked.shape)
        row = peaks.frame + self._first - self._done
        marked[row, peaks.pitch] = True
        positions[row, peaks.pitch] = peaks.position + self._first
        query = np.maximum(begun.frame + self._grace, self._done) - self._done
        found = np.minimum(first_marked(marked, query, begun.pitch), n_frames)
        return found + self._done, positions[found, begun.pitch]

    def _with_sums(self, begun: _Onsets, end_frame: Indices) -> _Onsets:
        """Add the frame probabilities of the frames decoded now."""
        done, first = self._done, self._first
        n_frames = int(end_frame.max()) - done
        rows = self._rows["frame"][done - first : done - first + n_frames]
        sums = np.zeros((n_frames + 1, len(self._pitches)), dtype=np.int64)
        np.cumsum((rows * np.float32(_FIXED_POINT)).astype(np.int32), axis=0, out=sums[1:])
        start = np.maximum(begun.frame - done, 0)
        new = sums[end_frame - done, begun.pitch] - sums[start, begun.pitch]
        return _Onsets(
            begun.frame,
            begun.pitch,
            begun.position,
            begun.score,
            begun.velocity,
            begun.frame_sum + new,
        )

    def _make_notes(
        self,
        ended: _Onsets,
        position: Doubles,
        end_frame: Indices,
        shortest: Doubles | float,
        shift: Doubles | float = 0.0,
    ) -> NoteTable:
        settings = self._settings
        seconds_per_frame = self._grid.hop_length / self._grid.sample_rate
        assert self._start is not None
        earliest = max(self._start, 0) * seconds_per_frame
        onset = np.maximum(ended.position * seconds_per_frame + settings.onset_shift_s, earliest)
        offset = position * seconds_per_frame + shift
        long_enough = offset - onset >= settings.drop_shorter_than_s
        if settings.drop_shorter_than_s == 0.0:
            long_enough[:] = True  # a negative duration is merely one to be lengthened
        offset = np.maximum(offset, onset + shortest)
        n_frames = np.maximum(end_frame - ended.frame, 1)
        mean_frame = ended.frame_sum / (n_frames * _FIXED_POINT)
        confidence = np.clip(np.sqrt(ended.score * mean_frame), 0.0, 1.0)
        pitch = (ended.pitch + self._pitches.lowest).astype(np.int64, copy=False)
        notes = NoteTable.of_columns(onset, offset, pitch, ended.velocity, confidence)
        if self._details.are_told:
            notes = self._details.told(notes, ended.pitch, ended.frame, end_frame)
        by_onset = np.argsort(onset[long_enough], kind="stable")
        return notes.take(np.flatnonzero(long_enough)[by_onset])
