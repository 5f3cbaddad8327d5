"""A teacher's labels for one recording, outside of a run, to look at before it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from amtstudio.audio import AudioSource
from amtstudio.engine.run import IsCancelled
from amtstudio.engine.tuning import RETUNE_FROM_CENTS
from amtstudio.features.tuning import estimate_tuning
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.opinion import Opinion
from amtstudio.learning.recordings import UserRecording, check_usable
from amtstudio.learning.teacher_choice import AUTO, choose_teacher
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model


def teacher_opinion(
    path: Path,
    model: str,
    *,
    device: str = "auto",
    teacher: str = AUTO,
    seconds: float | None = None,
    on_progress: Callable[[float, float | None], None] | None = None,
    is_cancelled: IsCancelled = lambda: False,
) -> Opinion:
    """The labels that a run's teacher would give a recording, before anything is learned.

    Parameters
    ----------
    path : Path
        A file of sound.
    model : str
        Name or path of the model that is to learn.
    device, teacher : str
        As of a ``Request``; a teacher that labels while the model learns says nothing before.
    seconds : float, optional
        Of the recording, from its beginning; None: all of it.

    Raises
    ------
    AmtStudioError
        If the recording cannot be read or is too short, or model or teacher cannot be used.
    ValueError
        If there is no teacher before the learning.
    Cancelled
    """
    network, card = load_transcription_model(find_model(model))
    student = Candidate(network, card, network.grid, device)
    rate = network.grid.sample_rate
    with AudioSource(path) as source:
        audio = source.read_mono(sample_rate=rate, end=seconds)
        check_usable(path, len(audio) / rate)
        cents = None if network.plays_drums else estimate_tuning(audio, rate)
        if cents is not None and abs(cents) >= RETUNE_FROM_CENTS:
            student = replace(student, tuning_cents=round(cents, 1))
            audio = source.read_mono(sample_rate=student.heard_grid.sample_rate, end=seconds)
    recording = UserRecording(
        path.name, "", audio, student.heard_grid, dereverberates=network.dereverberates
    )
    chosen = choose_teacher(teacher, student)
    if chosen is None:
        raise ValueError(f"{teacher} labels while the model learns, and not before")
    return chosen.opinion(recording, is_cancelled=is_cancelled, on_progress=on_progress)
