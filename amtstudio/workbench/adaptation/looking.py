"""Whether a recording can be learned from, found out before a run is begun with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from amtstudio.audio import AudioSource, probe
from amtstudio.errors import AmtStudioError, BadAudioError
from amtstudio.learning.report import Code, Reason
from amtstudio.learning.request import DETECTOR, LEAST_SECONDS

if TYPE_CHECKING:
    from amtstudio.engine.instrument_detector import InstrumentDetector
    from amtstudio.learning.candidate import Candidate

_LOOK_S = 30.0  # as long as the run itself looks before it begins
_TUNING_S = 60.0
_LEAST_CENTS = 6.0

IsCancelled = Callable[[], bool]
Objection = Reason | AmtStudioError


@dataclass(frozen=True, slots=True)
class Looked:
    """The findings: the length in seconds, if known, and an objection to learning from it."""

    path: Path
    seconds: float | None = None
    objection: Objection | None = None
    was_heard: bool = False  # and not only its header read


class Looker:
    """Looks at one recording at a time, on whichever thread.

    Parameters
    ----------
    model : str
        Name or path.
    device : str
    """

    def __init__(self, model: str, device: str) -> None:
        self._model, self._device = model, device
        self._candidate: Candidate | None = None
        self._detector: InstrumentDetector | None = None

    def header(self, path: Path) -> Looked:
        """Read the header."""
        try:
            seconds = probe(path).duration
        except AmtStudioError as error:
            return Looked(path, objection=error, was_heard=True)
        if _is_short(seconds):
            return Looked(path, seconds, _too_short(), was_heard=True)
        return Looked(path, seconds)

    def hear(self, path: Path, is_cancelled: IsCancelled) -> Looked:
        """Listen to half a minute, as the run does. Raises ``Cancelled``."""
        seconds = None
        objection: Objection | None
        try:
            with AudioSource(path) as source:
                seconds = source.info.duration
                if _is_short(seconds):
                    objection = _too_short()
                else:
                    objection = self._objection(source, is_cancelled)
        except AmtStudioError as error:
            objection = error
        return Looked(path, seconds, objection, was_heard=True)

    def _objection(self, source: AudioSource, is_cancelled: IsCancelled) -> Objection | None:
        if self._model == DETECTOR:
            return None  # any music teaches it: what is marked in it decides
        candidate = self._base()
        objection = self._heard_by(candidate, source, is_cancelled)
        if objection and not candidate.model.plays_drums:
            # A piano far out of tune is not another instrument.
            tuned = _in_tune(candidate, source)
            if tuned is not None:
                objection = self._heard_by(tuned, source, is_cancelled)
        return objection or self._of_another_instrument(source, is_cancelled)

    def _heard_by(
        self, candidate: Candidate, source: AudioSource, is_cancelled: IsCancelled
    ) -> Objection | None:
        from amtstudio.learning.label_free import label_free_scores  # noqa: PLC0415 - torch
        from amtstudio.learning.suitability import (  # noqa: PLC0415 - as above
            objection_to,
            suitability_of,
        )

        rate = candidate.heard_grid.sample_rate
        audio = source.read_mono(sample_rate=rate, end=_LOOK_S)
        if len(audio) < LEAST_SECONDS * rate:
            return _too_short()
        transcriber = candidate.transcriber()
        scores = label_free_scores(transcriber, [(audio, rate)], is_cancelled=is_cancelled)
        return objection_to(scores, suitability_of(candidate.model))

    def _of_another_instrument(
        self, source: AudioSource, is_cancelled: IsCancelled
    ) -> Objection | None:
        from amtstudio.engine.instrument_detector import InstrumentDetector  # noqa: PLC0415 - torch
        from amtstudio.learning.suitability import (  # noqa: PLC0415 - as above
            foreign_instruments,
            suitability_of,
        )

        if self._detector is None:
            self._detector = InstrumentDetector.load(device=self._device)
        audio = source.read_mono(sample_rate=self._detector.sample_rate, end=_LOOK_S)
        suits = suitability_of(self._base().model)
        named = foreign_instruments([audio], self._detector, suits, is_cancelled=is_cancelled)
        return Reason(Code.OTHER_INSTRUMENT, names=named) if named else None

    def _base(self) -> Candidate:
        from amtstudio.learning.candidate import Candidate  # noqa: PLC0415 - torch
        from amtstudio.models import find_model  # noqa: PLC0415 - as above
        from amtstudio.models.checkpoint import load_transcription_model  # noqa: PLC0415

        if self._candidate is None:
            model, card = load_transcription_model(find_model(self._model))
            self._candidate = Candidate(model, card, model.grid, self._device)
        return self._candidate


def _in_tune(candidate: Candidate, source: AudioSource) -> Candidate | None:
    """The same, retuned for this recording; None if it is in tune."""
    from amtstudio.features.tuning import estimate_tuning  # noqa: PLC0415

    rate = candidate.grid.sample_rate
    cents = estimate_tuning(source.read_mono(sample_rate=rate, end=_TUNING_S), rate)
    if cents is None or abs(cents) < _LEAST_CENTS:
        return None
    return replace(candidate, tuning_cents=round(cents, 1))


def _is_short(seconds: float | None) -> bool:
    return seconds is not None and seconds < LEAST_SECONDS


def _too_short() -> Objection:
    return BadAudioError("it is shorter than five seconds")
