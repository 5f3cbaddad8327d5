"""Transcribing and drawing a recording of the list, and finding its beats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from amtstudio import session
from amtstudio.audio import AudioSource, check_input
from amtstudio.decoding import DecoderSettings
from amtstudio.errors import AmtStudioError, ProjectError
from amtstudio.symbolic import Meter, NoteTable
from amtstudio.workbench.recording_picture import draw_recording
from amtstudio.workbench.transcribing import (
    Engine,
    EngineWarning,
    Transcribed,
    make_project,
    transcribe_for_window,
    with_beats,
)


def transcribe_checked(
    engine: Engine,
    path: Path,
    open_recording: Callable[[], AudioSource],
    span: tuple[float, float | None],
    settings: DecoderSettings,
    *,
    profile: str,
    model: str,
    changes: Mapping[str, float],
    instruments: Sequence[str],
    makes_project: bool,
    known: session.AudioReference | None,
    on_progress: Callable[[float, float | None], None],
    on_part: Callable[[object], None],
    is_cancelled: Callable[[], bool],
) -> Transcribed:
    """Transcribe a recording; a wrong file is refused before the model is loaded.

    ``known`` is the recording to which the notes belong that are replaced.
    """

    def warn(text: str) -> None:
        on_part(EngineWarning(text))

    check_input(path)
    if known is not None and not known.is_at(path, is_cancelled=is_cancelled):
        raise ProjectError(
            f"{path.name} is not the recording that these notes were made from",
            hint="open it separately, or say where the recording of the project is",
        )
    source = open_recording()
    on_part(source.info)
    transcribed = transcribe_for_window(
        engine,
        source,
        start=span[0],
        end=span[1],
        settings=settings,
        profile=profile,
        model=model,
        changes=changes,
        instruments=instruments,
        on_progress=on_progress,
        on_part=on_part,
        is_cancelled=is_cancelled,
    )
    transcribed = with_beats(engine, transcribed, on_part=on_part, is_cancelled=is_cancelled)
    if not makes_project:
        return transcribed
    try:
        return replace(transcribed, project=make_project(path, transcribed, info=source.info))
    except AmtStudioError as error:  # the notes are there all the same
        warn(f"edits cannot be kept: {error.cause}; export the notes before you close the window")
        return transcribed


def open_and_draw(
    open_recording: Callable[[], AudioSource],
    *,
    on_progress: Callable[[float, float | None], None],  # noqa: ARG001
    on_part: Callable[[object], None],
    is_cancelled: Callable[[], bool],
) -> None:
    source = open_recording()
    on_part(source.info)
    draw_recording(source, on_part=on_part, is_cancelled=is_cancelled)


def find_beats(
    engine: Engine,
    notes: NoteTable,
    tempo: float | None,
    meter: Meter | None,
    *,
    on_progress: Callable[[float, float | None], None],
    is_cancelled: Callable[[], bool],
    **_callbacks: object,
) -> object:
    """Find beats on a thread of the pool."""
    from amtstudio.engine import BeatHints  # noqa: PLC0415 - imports torch

    tracker = engine.beat_tracker()
    if tracker is None:
        return None
    return tracker.track(
        notes,
        BeatHints(tempo, meter),
        on_progress=lambda share: on_progress(share, 1.0),
        is_cancelled=is_cancelled,
    )
