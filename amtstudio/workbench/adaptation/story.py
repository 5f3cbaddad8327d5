"""What a run reports, summarised for display."""

from __future__ import annotations

from dataclasses import dataclass, field

from amtstudio.learning.events import (
    Aligning,
    Event,
    GoingOn,
    Judged,
    Labelling,
    Learning,
    Listening,
    Loading,
    Paused,
    Tuning,
    stage_of,
)
from amtstudio.learning.report import JudgedStep

# Of the agreement of a step with its labels: a batch is four clips of ten seconds, which differ.
_SMOOTH = 0.15
_JUDGINGS = 1.5  # after the learning: thresholds, and one comparison


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
    judged : list of JudgedStep
    """

    stage: str = ""
    is_paused: bool = False
    done: int = 0
    total: int = 0
    fraction: float = 0.0
    minutes_left: float | None = None
    points: list[tuple[float, float]] = field(default_factory=list)
    smooth: list[tuple[float, float]] = field(default_factory=list)
    judged: list[JudgedStep] = field(default_factory=list)
    listening_s: float = 0.0  # what it took to judge one model, pauses included
    _since: float = 0.0

    def seconds_left(self, minutes: float) -> float | None:
        """About how long the rest takes, of a run of so many minutes; None: not known yet."""
        if not self.listening_s:
            return None
        if self.stage in ("thresholds", "judging"):
            return self.listening_s if self.fraction else None
        left = 60.0 * (minutes if self.minutes_left is None else self.minutes_left)
        return left + _JUDGINGS * self.listening_s

    def take(self, event: Event) -> None:
        self.is_paused = isinstance(event, Paused)
        if isinstance(event, Paused | GoingOn):
            return
        if isinstance(event, Judged):
            self.judged.append(event.verdict)
            return
        if isinstance(event, Listening):
            self._since = event.time
        elif isinstance(event, Tuning) and self._since:
            self.listening_s = max(event.time - self._since, 0.0)
        self.stage = stage_of(event)
        self.done = self.total = 0
        if isinstance(event, Loading | Aligning | Labelling):
            self.done, self.total = event.done, event.total
        if isinstance(event, Learning):
            self._learn(event)

    def _learn(self, event: Learning) -> None:
        self.fraction, self.minutes_left = event.fraction, event.minutes_left
        agreement = event.agreement
        if agreement is None:
            return
        if self.points and self.fraction < self.points[-1][0]:
            self._go_back()  # killed, and taken up at an earlier step
        self.points.append((self.fraction, agreement))
        former = self.smooth[-1][1] if self.smooth else agreement
        # The first few count fully, so that the line does not begin wherever the first one lay.
        weight = max(_SMOOTH, 1.0 / len(self.points))
        self.smooth.append((self.fraction, former + weight * (agreement - former)))

    def _go_back(self) -> None:
        kept = sum(place <= self.fraction for place, _ in self.points)
        del self.points[kept:]
        del self.smooth[kept:]
