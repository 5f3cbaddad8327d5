"""Which instruments play in a recording's first minute, and which models suit them."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from amtstudio.audio import AudioSource, opened
from amtstudio.engine.instrument_detector import DEFAULT_MODEL, InstrumentDetector
from amtstudio.engine.plan import LISTEN_S, Plan, plan_for
from amtstudio.engine.run import IsCancelled
from amtstudio.models import list_models
from amtstudio.symbolic.instruments import InstrumentActivity


def plan_by_ear(
    detector: InstrumentDetector,
    source: Path | AudioSource,
    available: Collection[str],
    *,
    start: float = 0.0,
    end: float | None = None,
    is_cancelled: IsCancelled | None = None,
) -> Plan:
    """The models for a recording, or for the stretch between two times.

    ``available`` are the names of the models that are installed.

    Raises
    ------
    Cancelled, InputNotFoundError, InputUnreadableError, BadAudioError
        As ``audio.stream_mono``.
    """
    return plan_for(_first_minute(detector, source, start, end, is_cancelled), available)


def _first_minute(
    detector: InstrumentDetector,
    source: Path | AudioSource,
    start: float,
    end: float | None,
    is_cancelled: IsCancelled | None,
) -> InstrumentActivity:
    last = start + LISTEN_S if end is None else min(end, start + LISTEN_S)
    with opened(source, start=start) as audio:
        stream = audio.stream_mono(sample_rate=detector.sample_rate, start=start, end=last)
        with closing(stream):
            return detector.detect_blocks(stream, is_cancelled=is_cancelled)


class SuitabilityCheck:
    """Says what a recording would be transcribed with, if another model was requested."""

    def __init__(self) -> None:
        self._available = frozenset(list_models())
        self._detector: InstrumentDetector | None = None

    def heard(
        self,
        source: Path | AudioSource,
        *,
        start: float = 0.0,
        end: float | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> InstrumentActivity | None:
        """What plays in the first minute; None where the detector is not installed.

        Raises what ``plan_by_ear`` raises.
        """
        if DEFAULT_MODEL not in self._available:
            return None
        if self._detector is None:
            self._detector = InstrumentDetector.load(DEFAULT_MODEL, device="cpu")
        return _first_minute(self._detector, source, start, end, is_cancelled)

    def plan_of(self, activity: InstrumentActivity) -> Plan:
        """The models for what plays."""
        return plan_for(activity, self._available)
