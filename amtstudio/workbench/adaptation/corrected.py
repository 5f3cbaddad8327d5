"""The user's corrections in projects, as far as a run can learn from them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amtstudio import session
from amtstudio.errors import AmtStudioError, ProjectError
from amtstudio.learning.request import DETECTOR
from amtstudio.session.audio_reference import AudioStatus


@dataclass(frozen=True, slots=True)
class Corrected:
    """The decisions on one recording.

    Attributes
    ----------
    recording : Path
    seconds : float
        Of passages that were accepted as they are.
    n_notes : int
        Single notes outside of these that were set, accepted or rejected.
    project : Path
        The file that holds them.
    n_tags : int
        Stretches in which an instrument was marked as heard or as not heard.
    """

    recording: Path
    seconds: float
    n_notes: int
    project: Path
    n_tags: int = 0

    def teaches(self, model: str) -> bool:
        """Whether a model can learn from them: from marked instruments, or else from notes."""
        return self.n_tags > 0 if model == DETECTOR else self.seconds > 0.0 or self.n_notes > 0


def corrected_in(labels: session.Labels, project: Path, recording: Path) -> Corrected | None:
    """A summary of a recording's labels; None: there are none."""

    def is_outside(onset: float) -> bool:
        return not any(span.holds(onset) for span in labels.accepted)

    seconds = sum(span.offset - span.onset for span in labels.accepted)
    n_notes = sum(is_outside(entry.note.onset) for entry in labels.notes)
    n_notes += sum(is_outside(note.onset) for note in labels.rejected)
    n_tags = len(labels.instruments)
    if not seconds and not n_notes and not n_tags:
        return None
    return Corrected(recording.absolute(), seconds, n_notes, project, n_tags)


def of_files(projects: Sequence[Path], **_callbacks: object) -> list[Corrected]:
    """The decisions in projects that are not open; those that cannot be read are left out."""
    found = []
    for path in projects:
        with contextlib.suppress(AmtStudioError, OSError):
            labels = session.read_labels(path)
            if labels.audio is None:
                continue
            status, audio = labels.audio.locate(path)
            corrected = corrected_in(labels, path, audio)
            if status is AudioStatus.PRESENT and corrected is not None:
                found.append(corrected)
    return found


def recording_of(project: Path) -> Path:
    """The recording of a project that is not open.

    Raises ``ProjectError`` if it cannot be read, or its recording is not where it was.
    """
    audio = session.read_labels(project).audio
    if audio is None:
        raise ProjectError(f"{project.name} does not name a recording")
    status, place = audio.locate(project)
    if status is not AudioStatus.PRESENT:
        raise ProjectError(
            f"the recording of {project.name} is missing: {place}",
            hint="open the project and say where it is",
        )
    return place.absolute()
