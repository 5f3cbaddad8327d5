"""Audio in memory, transcribed by a model: its notes, and its activations for later use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.decoding import Activations, DecoderSettings, DecodingSettings, decode
from amtstudio.engine import Transcriber
from amtstudio.engine.run import IsCancelled
from amtstudio.symbolic import NoteTable

_BLOCK_SAMPLES = 160_000


@dataclass(frozen=True, slots=True)
class Heard:
    """A model's output on a recording; moving a threshold only decodes again."""

    activations: Activations
    settings: DecoderSettings

    def notes(self, **thresholds: float) -> NoteTable:
        """At the thresholds it was transcribed with, or at others, as for ``at``."""
        return decode(self.activations, self.at(**thresholds).settings)[0]

    def at(self, **thresholds: float) -> Heard:
        """The same at other thresholds, as ``onset=0.4``; drums have none that are their names."""
        if not thresholds:
            return self
        if not isinstance(self.settings, DecodingSettings):
            raise ValueError("there are no thresholds of onsets and frames to change")  # noqa: TRY004
        changed: dict[str, Any] = {f"{name}_threshold": to for name, to in thresholds.items()}
        return replace(self, settings=replace(self.settings, **changed))


def hear(
    transcriber: Transcriber, audio: FloatArray, *, is_cancelled: IsCancelled | None = None
) -> Heard:
    """Run the model over mono audio at the rate of the model's grid.

    Raises
    ------
    ValueError
        If there is no audio.
    Cancelled
        Soon after ``is_cancelled()`` has become true.
    """
    result = transcriber.transcribe_blocks(
        _blocks(audio), is_cancelled=is_cancelled, keep_activations=True
    )
    if result.activations is None:
        raise ValueError("there is no audio to hear")
    return Heard(result.activations, transcriber.settings)


def note_settings(transcriber: Transcriber) -> DecodingSettings:
    """The thresholds of a model with onset and frame heads.

    Raises
    ------
    ValueError
        If it is another kind of model.
    """
    settings = transcriber.settings
    if not isinstance(settings, DecodingSettings):
        raise ValueError(f"{transcriber.name} does not tell onsets and frames")  # noqa: TRY004
    return settings


def _blocks(audio: FloatArray) -> Iterator[FloatArray]:
    for start in range(0, len(audio), _BLOCK_SAMPLES):
        yield np.ascontiguousarray(audio[start : start + _BLOCK_SAMPLES])
