"""Notes from activations that are still changing, while the music plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.activations import Activations
from amtstudio.decoding.decoder import register_live_decoder
from amtstudio.decoding.live_events import Kind, LiveEvent, LiveSettings
from amtstudio.decoding.offsets import ended_frames, falling_position
from amtstudio.decoding.onsets import check_probs, peak_onsets, peak_velocities
from amtstudio.decoding.settings import DecodingSettings
from amtstudio.decoding.velocity_curve import along_curve
from amtstudio.features import FrameGrid
from amtstudio.symbolic.heads import PIANO_KEYS, Pitches

FloatArray = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

_SAME_ONSET_FRAMES = 2  # a peak that wanders by this much is still the same note
_GRACE_FRAMES = 2  # the frame head may rise a frame after the onset head
_SHORTEST_S = 0.03


@dataclass(slots=True)
class _Sounding:
    """A note that was announced and has not ended."""

    id: int
    pitch: int  # index, 0 = the lowest pitch of the model
    frame: int
    onset: float  # seconds
    velocity: int
    score: float


@register_live_decoder(DecodingSettings)
class NoteLiveDecoder:
    """Turns overlapping views of the newest activations into events.

    What is decided is decided from the view in which it first could be, so that the events do not
    depend on how the audio was cut into blocks.

    Parameters
    ----------
    settings : DecodingSettings
        ``offset_threshold`` and ``drop_shorter_than_s`` are ignored: how long a note will be is not
        known when it is reported.
    grid : FrameGrid
    live : LiveSettings, optional
    """

    def __init__(
        self, settings: DecodingSettings, grid: FrameGrid, live: LiveSettings | None = None
    ) -> None:
        self.live = live or LiveSettings()
        self._settings = settings
        self._grid = grid
        self._lowest_pitch = PIANO_KEYS.lowest
        self._next = 0  # frames before this one are settled
        self._next_id = 1
        self._provisional: dict[int, _Sounding] = {}  # by pitch index
        self._sounding: dict[int, _Sounding] = {}
        self._last_onset: dict[int, int] = {}  # frame

    @property
    def first_needed(self) -> int:
        """The frame with which the next view has to begin."""
        return max(0, self._next - self._settings.onset_half_width)

    def update(self, view: Activations, *, is_last: bool = False) -> list[LiveEvent]:
        """Take the activations from ``first_needed`` to the newest frame.

        Parameters
        ----------
        view : Activations
        is_last : bool
            The recording ends with this view: everything is decided now.

        Returns
        -------
        list of LiveEvent
            In the order in which they are to be reported.

        Raises
        ------
        ValueError
            If the view is on another grid, does not begin at ``first_needed``, or leaves [0, 1].
        """
        view.check_place(self._grid, self.first_needed)
        axis = view.head("onset").axis
        if isinstance(axis, Pitches):
            self._lowest_pitch = axis.lowest
        end = view.first_frame + view.n_frames
        settled = end if is_last else max(self._next, end - self.live.give_up_frames)
        probs = view["frame"].astype(np.float32)
        check_probs("frame_probs", probs)
        ended = ended_frames(probs, threshold=self._settings.frame_threshold)
        events = list(self._onsets(view, probs, ended, is_last=is_last))
        for note in sorted(self._sounding.values(), key=lambda note: note.onset):
            offset = self._offset(note, probs, ended, view.first_frame, settled)
            if offset is None and is_last:
                offset = self._seconds(end)
            if offset is not None:
                events.append(self._end(note, offset, end))
        events += self._withdrawals(settled, end)
        self._next = settled
        return events

    def _onsets(
        self, view: Activations, probs: FloatArray, ended: Bools, *, is_last: bool
    ) -> Iterator[LiveEvent]:
        live, end = self.live, view.first_frame + view.n_frames
        onset_probs = view["onset"].astype(np.float32)
        threshold = self._settings.onset_threshold
        peaks = peak_onsets(
            onset_probs, threshold=threshold, half_width=self._settings.onset_half_width
        )
        heard = peak_velocities(onset_probs, view["velocity"].astype(np.float32), peaks)
        velocities = along_curve(heard, self._settings.velocity_curve)
        for index in range(len(peaks.frame)):
            frame, pitch = int(peaks.frame[index]) + view.first_frame, int(peaks.pitch[index])
            # Frames that are settled are there only as neighbours.
            if frame < self._next or frame <= self._last_frame(pitch):
                continue
            score, ahead = float(peaks.score[index]), end - 1 - frame
            former = self._sounding.get(pitch)
            ended_at = None
            if former is not None:
                ended_at = self._offset(former, probs, ended, view.first_frame, frame)
                if ended_at is None and score < self._settings.repeat_threshold:
                    continue  # it only ripples
            note = _Sounding(
                id=0,
                pitch=pitch,
                frame=frame,
                onset=self._seconds(float(peaks.position[index]) + view.first_frame),
                velocity=int(velocities[index]),
                score=score,
            )
            if is_last or ahead >= live.confirm_frames:
                if former is not None:
                    struck_again = note.onset
                    offset = struck_again if ended_at is None else ended_at
                    yield self._end(former, offset, end, latest=struck_again)
                yield self._confirm(note, end)
            elif (
                ahead >= live.announce_frames
                and score >= max(threshold, live.provisional_threshold)
                and pitch not in self._provisional
            ):
                note.id = self._new_id()
                self._provisional[pitch] = note
                yield self._event("provisional", note, end)

    def _confirm(self, note: _Sounding, end: int) -> LiveEvent:
        announced = self._provisional.get(note.pitch)
        if announced is not None and abs(announced.frame - note.frame) <= _SAME_ONSET_FRAMES:
            note.id = announced.id
            del self._provisional[note.pitch]
        else:
            note.id = self._new_id()
        self._last_onset[note.pitch] = note.frame
        self._sounding[note.pitch] = note
        return self._event("confirmed", note, end)

    def _offset(
        self, note: _Sounding, probs: FloatArray, ended: Bools, first: int, before: int
    ) -> float | None:
        """When the note fell silent, in seconds; None if not before the frame ``before``."""
        start = max(note.frame + _GRACE_FRAMES, self._next)
        found = np.flatnonzero(ended[max(0, start - first) : max(0, before - first), note.pitch])
        if not len(found):
            return None
        row = max(0, start - first) + int(found[0])
        threshold = self._settings.frame_threshold
        if row == 0 or probs[row - 1, note.pitch] < threshold:
            return note.onset  # the frame head never rose: there is nothing but the onset
        pair = probs[row - 1 : row, note.pitch], probs[row : row + 1, note.pitch]
        position = first + row - 1 + float(falling_position(*pair, threshold)[0])
        return self._grid.to_seconds(position) + self._settings.release_s

    def _end(
        self, note: _Sounding, offset: float, end: int, *, latest: float = float("inf")
    ) -> LiveEvent:
        del self._sounding[note.pitch]
        shortest = max(self._settings.minimum_duration_s, _SHORTEST_S)
        offset = min(max(offset, note.onset + shortest), latest)
        return self._event("ended", note, end, offset=max(offset, note.onset + 1e-3))

    def _withdrawals(self, settled: int, end: int) -> Iterator[LiveEvent]:
        for note in [note for note in self._provisional.values() if note.frame < settled]:
            del self._provisional[note.pitch]
            yield self._event("withdrawn", note, end)

    def _last_frame(self, pitch: int) -> int:
        """The last frame that still belongs to the latest onset of this pitch."""
        return self._last_onset.get(pitch, -1 - _SAME_ONSET_FRAMES) + _SAME_ONSET_FRAMES

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _seconds(self, frame: float) -> float:
        return max(0.0, self._grid.to_seconds(frame) + self._settings.onset_shift_s)

    def _event(
        self, kind: Kind, note: _Sounding, end: int, *, offset: float | None = None
    ) -> LiveEvent:
        return LiveEvent(
            kind=kind,
            id=note.id,
            pitch=note.pitch + self._lowest_pitch,
            onset=note.onset,
            velocity=note.velocity,
            confidence=note.score,
            stream_time=self._grid.to_seconds(end),
            offset=offset,
        )
