"""Listens to each recording with the models that suit it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from amtstudio.audio import AudioSource, opened
from amtstudio.computing.device import Device
from amtstudio.decoding import DecoderSettings, NoSettings, with_players
from amtstudio.engine.instrument_detector import DEFAULT_MODEL as DETECTOR
from amtstudio.engine.instrument_detector import InstrumentDetector
from amtstudio.engine.parts import named_parts
from amtstudio.engine.plan import (
    AUTO,
    DRUMS,
    MELODIC,
    PIANO,
    Plan,
    Reason,
    plan_asked,
)
from amtstudio.engine.plan_by_ear import plan_by_ear
from amtstudio.engine.run import FileOptions, IsCancelled, OnProgress, Result
from amtstudio.engine.settings_of_models import settings_with
from amtstudio.engine.transcriber import Transcriber
from amtstudio.features import FrameGrid
from amtstudio.models import list_models
from amtstudio.symbolic import NO_NOTES

OnPlan = Callable[[Plan], None]


class PlannedTranscriber:
    """Chooses models by the first minute of a recording, and joins their notes.

    Each model is loaded when it is first needed, and stays.

    Parameters
    ----------
    load : callable
        Returns the transcriber for the name of a model.
    changes : mapping, optional
        The user's thresholds by name; each model takes those it has.
    instruments : sequence of str
        Those to transcribe, of ``INSTRUMENTS``; none: those detected.
    on_plan : callable, optional
        Called with the plan for each recording, before it is transcribed.
    """

    name = AUTO
    profile = None

    def __init__(
        self,
        load: Callable[[str], Transcriber],
        *,
        changes: Mapping[str, float] | None = None,
        instruments: Sequence[str] = (),
        on_plan: OnPlan | None = None,
    ) -> None:
        self.settings: DecoderSettings = NoSettings()  # each model has its own
        self._load = load
        self.changes = dict(changes or {})
        self.instruments = tuple(instruments)
        self.on_plan = on_plan
        self._loaded: dict[str, Transcriber] = {}
        self._available = frozenset(list_models())
        self._first = self._transcriber(PIANO)  # what most people record
        self._detector: InstrumentDetector | None = None
        if DETECTOR in self._available and {MELODIC, DRUMS} & self._available:
            n_threads = self.n_threads or None
            self._detector = InstrumentDetector.load(DETECTOR, device="cpu", n_threads=n_threads)

    @property
    def device(self) -> Device:
        return self._first.device

    @property
    def n_threads(self) -> int:
        return self._first.n_threads

    def plan(
        self,
        source: Path | AudioSource,
        *,
        start: float = 0.0,
        end: float | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> Plan:
        """The models for a recording.

        Raises
        ------
        Cancelled, InputNotFoundError, InputUnreadableError, BadAudioError
            As ``audio.stream_mono``.
        """
        if self.instruments:
            return plan_asked(self.instruments, self._available)
        if self._detector is None:
            return Plan((PIANO,), Reason.NOTHING_ELSE)
        return plan_by_ear(
            self._detector, source, self._available, start=start, end=end, is_cancelled=is_cancelled
        )

    def transcribe_file(self, source: Path | AudioSource, **options: Unpack[FileOptions]) -> Result:
        """Transcribe a sound file with each model of its plan; as ``Transcriber.transcribe_file``.

        ``settings`` have no effect. Activations are kept of each model: ``Result.of_models``.
        """
        start = options.get("start", 0.0)
        with opened(source, track=options.get("track"), start=start) as audio:
            plan, piano_grid = self._planned(audio, options)
            if self.on_plan is not None:
                self.on_plan(plan)
            grids = [piano_grid if name == PIANO else None for name in plan.models]
            results = [
                self._part(audio, plan, number, grid, options) for number, grid in enumerate(grids)
            ]
        first, *others = results
        if not others and not plan.parts and plan.players is None:
            return first
        notes = NO_NOTES.joined(*(result.transcription.notes for result in results))
        metadata = first.transcription.metadata
        if plan.players is not None and notes.shares is not None:
            notes = with_players(notes, plan.players)
            metadata = metadata | plan.players.to_metadata()
        else:
            notes = named_parts(notes, plan.parts)
        joined = replace(
            first.transcription,
            notes=notes.in_order(),
            model="+".join(plan.models),
            metadata=metadata,
        )
        return replace(first, transcription=joined, of_models=tuple(results))

    def _planned(self, audio: AudioSource, options: FileOptions) -> tuple[Plan, FrameGrid | None]:
        """The models to use, and the tuning of the piano, if it is one and the tuning is known.

        The one does not need the other: with a core for each, the first notes are there earlier.
        """
        start, end = options.get("start", 0.0), options.get("end")
        is_cancelled = options.get("is_cancelled")
        if self.instruments or self._detector is None:  # nothing to listen for
            return self.plan(audio), None
        doubts: list[str] = []
        with ThreadPoolExecutor(1) as beside:
            planning = beside.submit(
                self.plan, audio, start=start, end=end, is_cancelled=is_cancelled
            )
            grid = self._first.grid_for(
                audio, start=start, end=end, is_cancelled=is_cancelled, on_warning=doubts.append
            )
            plan = planning.result()
        on_warning = options.get("on_warning")
        if PIANO in plan.models and on_warning is not None:
            for doubt in doubts:
                on_warning(doubt)
        return plan, grid

    def _part(
        self,
        audio: AudioSource,
        plan: Plan,
        number: int,
        grid: FrameGrid | None,
        options: FileOptions,
    ) -> Result:
        """The transcription by one of the models of a plan; ``grid`` is its own, if known."""
        transcriber = self._transcriber(plan.models[number])
        of_this = options.copy()
        of_this["settings"] = settings_with(transcriber.settings, self.changes)
        of_this["on_progress"] = _part_of(options.get("on_progress"), number, len(plan.models))
        if number > 0:
            of_this["on_warning"] = None  # each model reads the same file
        return transcriber.transcribe_file(audio, grid=grid, **of_this)

    def _transcriber(self, name: str) -> Transcriber:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]


def _part_of(on_progress: OnProgress | None, number: int, count: int) -> OnProgress | None:
    """Progress of one of several models as that of all."""
    if on_progress is None or count == 1:
        return on_progress

    def told(done: float, total: float | None) -> None:
        before = 0.0 if total is None else number * total
        on_progress((before + done) / count, total)

    return told
