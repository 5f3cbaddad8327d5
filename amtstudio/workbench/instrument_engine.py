"""The instrument detector of the window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amtstudio.audio import AudioSource
from amtstudio.decoding.suitability import Mismatch, find_mismatch
from amtstudio.profiles.store import find_profile
from amtstudio.symbolic.instruments import InstrumentActivity

if TYPE_CHECKING:
    from amtstudio.engine import InstrumentDetector

MODEL = "instruments"


@dataclass(frozen=True, slots=True)
class Heard:
    """The detection; ``mismatch`` if it is mostly something the note model was not made for."""

    activity: InstrumentActivity
    mismatch: Mismatch | None


class InstrumentEngine:
    """The detector, loaded when it is first needed. Importing this imports no torch."""

    def __init__(self, model: str = MODEL) -> None:
        self._model = model
        self._detector: InstrumentDetector | None = None
        self._loaded: tuple[str, int] | None = None  # the profile, and when it was written
        self._loading = threading.Lock()

    def find(
        self,
        source: AudioSource,
        profile: str = "",
        *,
        is_cancelled: Callable[[], bool],
        **_callbacks: object,
    ) -> Heard:
        """Call this on a worker thread. Raises as ``InstrumentDetector.load`` and ``detect_file``.

        ``profile``: what the detector has learned; "": nothing.
        """
        detector = self._load(profile)
        activity = detector.detect_file(source, is_cancelled=is_cancelled)
        return Heard(activity, find_mismatch(activity))

    def _load(self, profile: str) -> InstrumentDetector:
        from amtstudio.engine import InstrumentDetector  # noqa: PLC0415

        with self._loading:
            # A profile of this name may be another one by now.
            wanted = profile, find_profile(profile).stat().st_mtime_ns if profile else 0
            if self._detector is None or wanted != self._loaded:
                # The graphics processor is the notes': this takes a second a minute without one.
                self._detector = InstrumentDetector.load(
                    self._model, profile=profile or None, device="cpu"
                )
                self._loaded = wanted
            return self._detector
