"""A live stream whose model may change while the music plays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from amtstudio.audio import FloatArray
from amtstudio.decoding import LiveEvent
from amtstudio.engine.live import LiveTranscriber
from amtstudio.engine.live_planner import LivePlanner
from amtstudio.engine.plan import Plan
from amtstudio.engine.run import OnWarning
from amtstudio.engine.settings_of_models import settings_with
from amtstudio.engine.transcriber import Transcriber


@dataclass(frozen=True, slots=True)
class Switch:
    """From now on another model hears.

    Attributes
    ----------
    model : str
    plan : Plan, or None
        Why; None: the user has asked for it.
    begin : float, seconds
        It has heard the take again from here on.
    now : float, seconds
        How much of the take has come.
    ended : list of LiveEvent
        The last of the former model.
    events : list of LiveEvent
        What the new one says of the stretch between ``begin`` and ``now``.
    """

    model: str
    plan: Plan | None
    begin: float
    now: float
    ended: list[LiveEvent]
    events: list[LiveEvent]


class PlannedLive:
    """Hears like ``LiveTranscriber``; ``switch`` goes over to the model that the plan has.

    Times and ids of events are those of the take, whichever model reports them. All methods but
    ``ask_for`` belong to one thread, which never waits for the planner.

    Parameters
    ----------
    transcriber : Transcriber
        Hears from the beginning.
    sample_rate : int, Hz
    max_lag_s : float, seconds
        As for ``LiveTranscriber``.
    changes : mapping, optional
        The user's thresholds by name; each model takes those it has.
    on_warning : callable, optional
    """

    def __init__(
        self,
        transcriber: Transcriber,
        *,
        sample_rate: int,
        max_lag_s: float,
        changes: Mapping[str, float] | None = None,
        on_warning: OnWarning | None = None,
    ) -> None:
        self.model = transcriber.name
        self._sample_rate = sample_rate
        self._n_samples = 0
        self._n_streams = 0
        self._begin = 0.0  # of the stream, in the take
        self._planner: LivePlanner | None = None
        self._changes = dict(changes or {})
        self._max_lag_s = max_lag_s
        self._on_warning = on_warning
        self._transcriber = transcriber
        self._live = self._new_stream(self._transcriber)

    def follow_plan(self, load: Callable[[str], Transcriber]) -> Self:
        """Let the instruments that are heard choose the model; ``load`` returns one by its name."""
        self._planner = LivePlanner(
            load,
            self.model,
            self._transcriber,
            new_stream=self._new_stream,
            sample_rate=self._sample_rate,
        )
        return self

    @property
    def duration(self) -> float:
        """Seconds of audio that have arrived, or were left out."""
        return self._n_samples / self._sample_rate

    def warm_up(self) -> None:
        """As ``LiveTranscriber.warm_up``; the planner begins to listen after that."""
        self._live.warm_up()
        if self._planner is not None:
            self._planner.start()

    def feed(self, block: FloatArray) -> list[LiveEvent]:
        """As ``LiveTranscriber.feed``."""
        self._n_samples += len(block)
        if self._planner is not None:
            self._planner.feed(block)
        return self._of_take(self._live.feed(block))

    def leave_out(self, block: FloatArray) -> None:
        """Do not listen to this block, and begin anew after it. Notes that sound are not ended."""
        self._n_samples += len(block)
        if self._planner is not None:
            self._planner.feed(block)
        self._begin, self._n_streams = self.duration, self._n_streams + 1
        self._live = self._new_stream(self._transcriber)

    def switch(self) -> Switch | None:
        """Go over to another model, if one is ready."""
        ready = None if self._planner is None else self._planner.take_ready()
        if ready is None:
            return None
        assert self._planner is not None
        ended = self._of_take(self._live.finish())
        self.model, self._live = ready.model, ready.live
        self._transcriber = self._planner.transcriber(ready.model)
        self._begin, self._n_streams = ready.first / self._sample_rate, self._n_streams + 1
        events = [*ready.events, *self._live.feed(self._planner.audio_from(ready.end))]
        return Switch(
            ready.model, ready.plan, self._begin, self.duration, ended, self._of_take(events)
        )

    def ask_for(self, model: str) -> None:
        """Have this model hear, as soon as it is loaded; ``AUTO``: the one that suits."""
        if self._planner is not None:
            self._planner.ask_for(model)

    def finish(self) -> list[LiveEvent]:
        """As ``LiveTranscriber.finish``."""
        self.close()
        return self._of_take(self._live.finish())

    def close(self) -> None:
        """No more comes, and nothing more is to be said."""
        if self._planner is not None:
            self._planner.end()

    def _new_stream(self, transcriber: Transcriber) -> LiveTranscriber:
        return transcriber.live(
            settings=settings_with(transcriber.settings, self._changes),
            sample_rate=self._sample_rate,
            max_lag_s=self._max_lag_s,
            on_warning=self._on_warning,
        )

    def _of_take(self, events: list[LiveEvent]) -> list[LiveEvent]:
        if not self._n_streams:
            return events
        return [event.in_take(self._n_streams, self._begin) for event in events]
