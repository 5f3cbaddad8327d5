"""Drum hits while the music plays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from amtstudio.decoding.activations import Activations
from amtstudio.decoding.decoder import register_live_decoder
from amtstudio.decoding.drum_decoder import DRUM_TRACK, LENGTH_S, DrumSettings, check_drums
from amtstudio.decoding.drum_hits import HALF_WIDTH, FoundHits, find_hits
from amtstudio.decoding.live_events import LiveEvent, LiveSettings
from amtstudio.features import FrameGrid
from amtstudio.symbolic.drums import DRUMS


@register_live_decoder(DrumSettings)
class DrumLiveDecoder:
    """The peaks of ``DrumDecoder``, each reported one frame after its maximum.

    ``DrumDecoder`` looks at two frames on either side. This decoder does not wait for the second
    one after the peak; instead, a drum is silent for ``HALF_WIDTH`` frames after a hit. Reported
    hits are final: they are confirmed immediately, and end a tenth of a second later.

    Parameters
    ----------
    settings : DrumSettings
    grid : FrameGrid
    live : LiveSettings, optional
        Ignored: nothing is reported before it is certain.
    """

    def __init__(
        self,
        settings: DrumSettings,
        grid: FrameGrid,
        live: LiveSettings | None = None,  # noqa: ARG002
    ) -> None:
        self._settings, self._grid = settings, grid
        self._next = 0  # frames before this one are decided
        self._free_from = np.zeros(len(DRUMS), dtype=np.int64)  # the frame, for each drum
        self._next_id = 1
        self._ringing: list[LiveEvent] = []

    @property
    def first_needed(self) -> int:
        """The frame with which the next view has to begin: that before the first undecided one."""
        return max(0, self._next - 1)

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
            If the view is on another grid or of other drums, does not begin at ``first_needed``,
            or leaves [0, 1].
        """
        view.check_place(self._grid, self.first_needed)
        axis = check_drums(view)
        hits = find_hits(
            view["onset"].astype(np.float32),
            view["velocity"].astype(np.float32),
            self._settings.thresholds,
            half_width=1,
        )
        end = view.first_frame + view.n_frames
        decided = end if is_last else max(self._next, end - 1)
        hits = hits.between(self._next - view.first_frame, decided - view.first_frame)
        events = []
        for place in range(len(hits.frame)):
            frame, drum = int(hits.frame[place]) + view.first_frame, int(hits.drum[place])
            if frame >= self._free_from[drum]:
                self._free_from[drum] = frame + HALF_WIDTH + 1
                events.append(self._hit(hits, place, view.first_frame, axis.pitches[drum], end))
        self._ringing += events
        self._next = decided
        return events + self._ends(end, is_last=is_last)

    def _hit(self, hits: FoundHits, place: int, first: int, pitch: int, end: int) -> LiveEvent:
        onset = self._grid.to_seconds(float(hits.position[place]) + first)
        self._next_id += 1
        return LiveEvent(
            kind="confirmed",
            id=self._next_id - 1,
            pitch=pitch,
            onset=max(onset + self._settings.onset_shift_s, 0.0),
            velocity=int(hits.velocity[place]),
            confidence=float(hits.score[place]),
            stream_time=self._grid.to_seconds(end),
            track=DRUM_TRACK,
        )

    def _ends(self, end: int, *, is_last: bool) -> list[LiveEvent]:
        """Of those that have rung for as long as they do; of all at the end of the stream."""
        now = self._grid.to_seconds(end)
        over = [hit for hit in self._ringing if is_last or hit.onset + LENGTH_S <= now]
        self._ringing = [hit for hit in self._ringing if hit not in over]
        return [
            replace(hit, kind="ended", offset=hit.onset + LENGTH_S, stream_time=now) for hit in over
        ]
