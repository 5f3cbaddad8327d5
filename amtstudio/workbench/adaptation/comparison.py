"""Hears one recording twice: by the model as it ships, and by a profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amtstudio.symbolic import Note, Pedal
from amtstudio.workbench.adaptation.note_diff import NoteDiff, diff_notes
from amtstudio.workbench.transcribing import Engine


@dataclass(frozen=True, slots=True)
class Heard:
    """The notes found by one of the two."""

    notes: tuple[Note, ...]
    pedals: tuple[Pedal, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    before: Heard
    after: Heard
    diff: NoteDiff


def compare(
    engine: Engine,
    path: Path,
    profile: str,
    *,
    on_progress: Callable[[float, float | None], None],
    is_cancelled: Callable[[], bool],
    **_callbacks: object,
) -> Compared:
    """The work of a job. Raises what transcribing raises, and ``ProfileError``."""
    heard = []
    for turn, name in enumerate(("", profile)):

        def tell(done: float, total: float | None, turn: int = turn) -> None:
            if total:
                on_progress(0.5 * (turn + done / total), 1.0)

        result = engine.transcriber(name).transcribe_file(
            path, on_progress=tell, is_cancelled=is_cancelled
        )
        transcription = result.transcription
        heard.append(Heard(tuple(transcription.notes), tuple(transcription.pedals)))
    before, after = heard
    return Compared(before, after, diff_notes(before.notes, after.notes))
