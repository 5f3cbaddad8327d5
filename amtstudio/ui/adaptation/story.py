"""What a run tells of itself, as it can be shown: read on from where one was, and summed up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amtstudio.learning.control import EVENTS

PAUSED, GOING_ON, JUDGED, LEARNING = "paused", "going on", "judged", "learning"
LISTENING, TUNING, THRESHOLDS, JUDGING = "listening", "tuning", "thresholds", "judging"
Event = dict[str, Any]

# Of the agreement of a step with its labels: a batch is four clips of ten seconds, which differ.
_SMOOTH = 0.15
_JUDGINGS = 1.5  # after the learning: thresholds, and one comparison


class EventTail:
    """Reads what was added to the events of a run: the whole of a long run takes too long."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / EVENTS
        self._place = 0

    def read(self) -> list[Event]:
        """The events since the last call; none where there is no file, or only half a line."""
        try:
            with self._path.open("rb") as file:
                file.seek(0, 2)
                if file.tell() < self._place:  # begun anew
                    self._place = 0
                file.seek(self._place)
                data = file.read()
        except OSError:
            return []
        whole, _, rest = data.rpartition(b"\n")
        self._place += len(data) - len(rest)
        events = []
        for line in whole.splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                continue  # cut off when a run was killed
            if isinstance(event, dict) and isinstance(event.get("stage"), str):
                events.append(event)
        return events


@dataclass
class Story:
    """Where a run is.

    Attributes
    ----------
    stage : str
        What it is at, "" before it has said anything; never that it is paused.
    is_paused : bool
    done, total : int
        Recordings of the present stage; 0 where it does not count.
    fraction : float
        Of the time for learning, 0 to 1.
    minutes_left : float or None
        Of the learning alone; None before it begins.
    points : list of (float, float)
        Share of the time for learning, and how far the student agreed with its teacher then.
    smooth : list of (float, float)
        The same, evened out.
    judged : list of dict
        Each step with its verdict.
    """

    stage: str = ""
    is_paused: bool = False
    done: int = 0
    total: int = 0
    fraction: float = 0.0
    minutes_left: float | None = None
    points: list[tuple[float, float]] = field(default_factory=list)
    smooth: list[tuple[float, float]] = field(default_factory=list)
    judged: list[Event] = field(default_factory=list)
    listening_s: float = 0.0  # what it took to judge one model, pauses included
    _since: float = 0.0

    def seconds_left(self, minutes: float) -> float | None:
        """About how long the rest takes, of a run of so many minutes; None: not known yet."""
        if not self.listening_s:
            return None
        if self.stage in (THRESHOLDS, JUDGING):
            return self.listening_s if self.fraction else None
        left = 60.0 * (minutes if self.minutes_left is None else self.minutes_left)
        return left + _JUDGINGS * self.listening_s

    def take(self, event: Event) -> None:
        stage, time = event["stage"], float(event.get("time", 0.0))
        if stage in (PAUSED, GOING_ON):
            self.is_paused = stage == PAUSED
            return
        self.is_paused = False
        if stage == JUDGED:
            self.judged.append(event)
            return
        if stage == LISTENING:
            self._since = time
        elif stage == TUNING and self._since:
            self.listening_s = max(time - self._since, 0.0)
        self.stage = stage
        self.done, self.total = int(event.get("done", 0)), int(event.get("total", 0))
        if stage == LEARNING:
            self._learn(event)

    def _learn(self, event: Event) -> None:
        self.fraction = float(event.get("fraction", 0.0))
        self.minutes_left = float(event.get("minutes_left", 0.0))
        agreement = event.get("agreement")
        if not isinstance(agreement, int | float):
            return
        if self.points and self.fraction < self.points[-1][0]:
            self._go_back()  # killed, and taken up at an earlier step
        self.points.append((self.fraction, float(agreement)))
        former = self.smooth[-1][1] if self.smooth else float(agreement)
        # The first few count fully, so that the line does not begin wherever the first one lay.
        weight = max(_SMOOTH, 1.0 / len(self.points))
        self.smooth.append((self.fraction, former + weight * (float(agreement) - former)))

    def _go_back(self) -> None:
        kept = sum(place <= self.fraction for place, _ in self.points)
        del self.points[kept:]
        del self.smooth[kept:]
