"""Which teacher is used: the best one available, or the one requested."""

from __future__ import annotations

import tempfile
from pathlib import Path

import soundfile

from amtstudio.audio import FloatArray
from amtstudio.engine.plan import PIANO
from amtstudio.engine.plugins import TranscriptionEngine, engine_names, load_engine
from amtstudio.engine.run import IsCancelled
from amtstudio.errors import CheckpointError
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.drums.teacher import DrumTeacher
from amtstudio.learning.teachers import VIEWS, EngineTeacher, EnsembleTeacher, Teacher
from amtstudio.models import find_model, list_models
from amtstudio.models.checkpoint import load_transcription_model

AUTO, ENSEMBLE, MOVING_AVERAGE = "auto", "ensemble", "moving-average"
LARGER = "{}_teacher"  # the name of a larger model shipped to teach, after that of the student


def choose_teacher(name: str, student: Candidate) -> Teacher | None:
    """The teacher of this name; None: the student's own moving average, as in the seed.

    Parameters
    ----------
    name : str
        ``auto``: an installed engine, else a larger model that ships to teach this one, else the
        ensemble. Or ``ensemble``, ``moving-average``, the name of an engine, or the name or path
        of a model.
    student : Candidate

    Raises
    ------
    CheckpointError
        If the teacher does not exist or cannot be used.
    """
    if name == MOVING_AVERAGE:
        return None
    if name == AUTO:
        return _best_at_hand(student)
    if name == ENSEMBLE:
        return _ensemble(student)
    if student.model.plays_drums:
        raise CheckpointError(
            f"{name} cannot teach drums", hint="leave out the teacher, or choose the ensemble"
        )
    if name in engine_names():
        return _engine_teacher(load_engine(name))
    return _model_teacher(name, student)


def _best_at_hand(student: Candidate) -> Teacher:
    # The engines of other programs are for pianos.
    for name in engine_names() if PIANO in student.model.plays[:1] else ():
        try:
            return _engine_teacher(load_engine(name))
        except CheckpointError:
            continue  # announced, but its package is not installed
    larger = LARGER.format(student.card.name)
    if larger in list_models() and not student.model.plays_drums:
        return _model_teacher(larger, student)
    return _ensemble(student)


def _ensemble(student: Candidate) -> Teacher:
    if student.model.plays_drums:
        return DrumTeacher(student.transcriber())
    return EnsembleTeacher(student.transcriber())


def _model_teacher(name: str, student: Candidate) -> Teacher:
    model, card = load_transcription_model(find_model(name))
    if model.grid.sample_rate != student.grid.sample_rate:
        raise CheckpointError(
            f"the model {name} works at {model.grid.sample_rate} Hz and cannot teach one that works"
            f" at {student.grid.sample_rate} Hz"
        )
    teacher = Candidate(
        model, card, model.grid, student.device, student.n_threads, student.tuning_cents
    )
    return EnsembleTeacher(teacher.transcriber(), views=VIEWS[:1], name=name, is_better=True)


def _engine_teacher(engine: TranscriptionEngine) -> Teacher:
    def notes_of(
        audio: FloatArray, sample_rate: int, is_cancelled: IsCancelled
    ) -> list[tuple[float, float, int]]:
        with tempfile.TemporaryDirectory(prefix="amtstudio-") as folder:
            path = Path(folder) / "recording.wav"
            soundfile.write(path, audio, sample_rate, subtype="PCM_16")
            heard = engine.transcribe(path, on_progress=None, is_cancelled=is_cancelled)
        return [(note.onset, note.offset, note.pitch) for note in heard.notes]

    return EngineTeacher(engine.name, notes_of)
