"""Listens to a take as it grows, and gets another model ready where one suits it better."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from amtstudio.audio import FloatArray, StreamResampler
from amtstudio.computing.threads import compute_alone
from amtstudio.decoding import LiveEvent
from amtstudio.engine.instrument_detector import DEFAULT_MODEL, InstrumentDetector
from amtstudio.engine.live import LiveTranscriber
from amtstudio.engine.plan import AUTO, Plan, is_clear, plan_for
from amtstudio.engine.transcriber import Transcriber
from amtstudio.models import list_models

logger = logging.getLogger("amtstudio.engine")

FIRST_LOOK_S = 4.0  # one second more than a plan needs at least: the last one is not whole
LOOK_AGAIN_S = 2.0  # while nothing is clear yet
LOOK_EVERY_S = 10.0
WINDOW_S = 20.0  # of the newest sound: who has played until now may have changed instruments
HEARD_AGAIN_S = 15.0
_POLL_S = 0.2
_NEARLY_S = 0.3  # the thread that hears catches up with so much in one step
_SOUND_RMS = 10 ** (-60 / 20)  # of full scale: a quieter block does not count as playing


@dataclass(frozen=True, slots=True)
class ReadyStream:
    """Another model, which has heard the newest sound once more.

    ``first`` and ``end`` are the samples of the take that it has heard, ``events`` what it said;
    ``plan`` is None if the user has asked for the model.
    """

    model: str
    live: LiveTranscriber
    first: int
    end: int
    events: list[LiveEvent]
    plan: Plan | None


class LivePlanner(threading.Thread):
    """Decides as the plan of a recording does, on its own thread, with one core.

    ``feed``, ``audio_from`` and ``take_ready`` return at once. If the planner fails, the take goes
    on with the model that it has.

    Parameters
    ----------
    load : callable
        Returns the transcriber for the name of a model.
    first : str
        The model that hears from the beginning, and
    transcriber : Transcriber
        with which.
    new_stream : callable
        Returns a new stream of a transcriber, for audio of ``sample_rate``.
    sample_rate : int, Hz
    """

    def __init__(
        self,
        load: Callable[[str], Transcriber],
        first: str,
        transcriber: Transcriber,
        *,
        new_stream: Callable[[Transcriber], LiveTranscriber],
        sample_rate: int,
    ) -> None:
        super().__init__(name="live plan", daemon=True)
        self._load = load
        self._loaded = {first: transcriber}
        self._current = first
        self._sample_rate = sample_rate
        self._new_stream = new_stream
        self._available = frozenset(list_models())
        self._ended = threading.Event()
        self._lock = threading.Lock()  # of what follows
        self._blocks: list[FloatArray] = []
        self._n_samples = 0  # of the take
        self._n_kept = 0
        self._n_sounding = 0
        self._look_at = round(FIRST_LOOK_S * sample_rate)  # samples with sound
        self._ready: ReadyStream | None = None
        self._asked = AUTO

    # -- for the thread that hears ----------------------------------------------------------------

    def feed(self, block: FloatArray) -> None:
        """Take the next block of the take, mono float32, shape (n,)."""
        if not len(block):
            return
        is_sound = float(np.dot(block, block)) >= len(block) * _SOUND_RMS**2
        most = round(max(WINDOW_S, HEARD_AGAIN_S) * self._sample_rate)
        with self._lock:
            self._blocks.append(block)
            self._n_samples += len(block)
            self._n_kept += len(block)
            self._n_sounding += len(block) if is_sound else 0
            while self._n_kept - len(self._blocks[0]) >= most:
                self._n_kept -= len(self._blocks.pop(0))

    def take_ready(self) -> ReadyStream | None:
        """The other model, once it is there; it is then the one that hears."""
        with self._lock:
            ready, self._ready = self._ready, None
            if ready is not None:
                self._current = ready.model
            return ready

    def audio_from(self, sample: int) -> FloatArray:
        """What is kept of the take from a sample on."""
        with self._lock:
            blocks, start = list(self._blocks), self._n_samples - self._n_kept
        audio = np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.float32)
        return audio[max(0, sample - start) :]

    def transcriber(self, model: str) -> Transcriber:
        """The transcriber of a model that was handed out."""
        return self._loaded[model]

    def ask_for(self, model: str) -> None:
        """Have this model hear from now on; ``AUTO``: decide again."""
        with self._lock:
            self._asked = model
            self._look_at = self._n_sounding if model == AUTO else self._look_at

    def end(self) -> None:
        """No more comes. Does not wait for the thread."""
        self._ended.set()

    # -- on its own -------------------------------------------------------------------------------

    def run(self) -> None:
        try:
            self._watch()
        except Exception:
            logger.exception("nothing chooses the model of this take any more")

    def _watch(self) -> None:
        compute_alone()
        detector = None
        if DEFAULT_MODEL in self._available:
            detector = InstrumentDetector.load(DEFAULT_MODEL, device="cpu", n_threads=1)
        while not self._ended.wait(_POLL_S):
            with self._lock:
                asked, is_due = self._asked, self._n_sounding >= self._look_at
                hearing = self._ready.model if self._ready is not None else self._current
            if asked != AUTO:
                if asked != hearing:
                    self._prepare(asked, None)
            elif detector is not None and is_due:
                plan = self._look(detector)
                if plan is not None and plan.models[0] != hearing:
                    self._prepare(plan.models[0], plan)

    def _look(self, detector: InstrumentDetector) -> Plan | None:
        """The plan for the newest sound, if that is clear."""
        with self._lock:
            n_sounding, n_samples = self._n_sounding, self._n_samples
        audio = self.audio_from(n_samples - round(WINDOW_S * self._sample_rate))
        resampler = StreamResampler(self._sample_rate, detector.sample_rate)
        activity = detector.detect_blocks((resampler.process(audio), resampler.flush()))
        plan = plan_for(activity, self._available)
        clear = is_clear(plan, activity)
        wait_s = LOOK_EVERY_S if clear else LOOK_AGAIN_S
        with self._lock:
            self._look_at = n_sounding + round(wait_s * self._sample_rate)
        return plan if clear else None

    def _prepare(self, model: str, plan: Plan | None) -> None:
        """Let another model hear what was just played, until it has nearly caught up."""
        if model not in self._loaded:
            self._loaded[model] = self._load(model)
            compute_alone()  # a model is loaded for as many threads as it gets when it hears
        live = self._new_stream(self._loaded[model])
        live.warm_up()
        with self._lock:
            n_again = min(self._n_kept, round(HEARD_AGAIN_S * self._sample_rate))
            first = end = self._n_samples - n_again
        events: list[LiveEvent] = []
        while not self._ended.is_set():
            waiting = self.audio_from(end)
            events += live.feed(waiting)
            end += len(waiting)
            if len(waiting) <= _NEARLY_S * self._sample_rate:
                break
        with self._lock:
            if self._asked in (AUTO, model):  # the user may have changed their mind
                self._ready = ReadyStream(model, live, first, end, events, plan)
