"""What the user has made right in projects, as far as a run can learn from it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from amtstudio import session
from amtstudio.errors import AmtStudioError, ProjectError
from amtstudio.session.audio_reference import AudioStatus
from amtstudio.ui.document import Document


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
    """

    recording: Path
    seconds: float
    n_notes: int
    project: Path


def corrected_in(labels: session.Labels, project: Path, recording: Path) -> Corrected | None:
    """What labels say of a recording; None: nothing."""

    def is_outside(onset: float) -> bool:
        return not any(span.holds(onset) for span in labels.accepted)

    seconds = sum(span.offset - span.onset for span in labels.accepted)
    n_notes = sum(is_outside(entry.note.onset) for entry in labels.notes)
    n_notes += sum(is_outside(note.onset) for note in labels.rejected)
    if not seconds and not n_notes:
        return None
    return Corrected(recording.absolute(), seconds, n_notes, project)


def of_documents(documents: Iterable[Document]) -> list[Corrected]:
    """The decisions in what is open."""
    found = []
    for document in documents:
        project = None if document.edits is None or document.edits.is_busy else document.project
        if project is None or not project.has_decisions or project.audio_path is None:
            continue
        if corrected := corrected_in(project.labels(), project.path, project.audio_path):
            found.append(corrected)
    return found


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


class Copies:
    """Copies of projects for a run to read: those that are open are locked.

    Parameters
    ----------
    folder : Path
        Of the copies.
    corrected : sequence of Corrected
    documents : sequence of Document
        What is open in the window.
    """

    def __init__(
        self, folder: Path, corrected: Sequence[Corrected], documents: Sequence[Document]
    ) -> None:
        self._targets = {
            entry.recording: (entry.project, folder / f"project-{number}{session.SUFFIX}")
            for number, entry in enumerate(corrected)
        }
        self._open = {
            project.path: document
            for document in documents
            if (project := document.project) is not None
        }

    def in_place_of(self, recordings: Iterable[Path]) -> tuple[Path, ...]:
        """The copy of its project for each recording that has one."""
        return tuple(
            self._targets[path][1] if path in self._targets else path for path in recordings
        )

    def write_open(self) -> None:
        """Copy what is open, on the thread of the window. Raises ``AmtStudioError``."""
        for project, target in self._targets.values():
            if (document := self._open.get(project)) is not None:
                document.settle()
                target.parent.mkdir(parents=True, exist_ok=True)
                if document.project is not None:
                    document.project.write_copy(target)

    def write_others(self) -> None:
        """Copy the rest, on any thread. Raises ``AmtStudioError``."""
        for project, target in self._targets.values():
            if project not in self._open:
                with session.Document.open(project) as document:
                    document.write_copy(target)


def recording_of(project: Path) -> Path:
    """The recording of a project that is not open.

    Raises ``ProjectError`` if it cannot be read, or its recording is not where it was.
    """
    audio = session.read_labels(project).audio
    if audio is None:
        raise ProjectError(f"{project.name} names no recording")
    status, place = audio.locate(project)
    if status is not AudioStatus.PRESENT:
        raise ProjectError(
            f"the recording of {project.name} is not there: {place}",
            hint="open the project and say where it is",
        )
    return place.absolute()
