"""The user's corrections in projects, as far as a run can learn from them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from amtstudio import session
from amtstudio.errors import AmtStudioError, ProjectError
from amtstudio.learning.corrections import corrections_from
from amtstudio.learning.joined_corrections import joined
from amtstudio.learning.request import DETECTOR, NO_CORRECTIONS, Corrections
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
    known : Corrections
        The decisions themselves.
    earlier : tuple of Path
        Other projects of the recording that they come from as well; those of ``project`` are right
        where they contradict.
    """

    recording: Path
    seconds: float
    n_notes: int
    project: Path
    n_tags: int = 0
    known: Corrections = NO_CORRECTIONS
    earlier: tuple[Path, ...] = ()

    @property
    def projects(self) -> tuple[Path, ...]:
        """All that hold them, the last at the end."""
        return (*self.earlier, self.project)

    def teaches(self, model: str) -> bool:
        """Whether a model can learn from them: from marked instruments, or else from notes."""
        return self.n_tags > 0 if model == DETECTOR else self.seconds > 0.0 or self.n_notes > 0


def corrected_in(labels: session.Labels, project: Path, recording: Path) -> Corrected | None:
    """A summary of a recording's labels; None: there are none."""
    found = _summed_up(corrections_from(labels), project, recording.absolute())
    return found if found.seconds or found.n_notes or found.n_tags else None


def by_recording(found: Iterable[Corrected]) -> dict[Path, Corrected]:
    """The decisions on each recording: those in all of its projects, joined as for a run."""
    recordings: dict[Path, Corrected] = {}
    for entry in found:
        former = recordings.get(entry.recording)
        if former is not None:
            known = joined(former.known, entry.known)
            both = _summed_up(known, entry.project, entry.recording)
            entry = replace(both, earlier=former.projects)  # noqa: PLW2901 - one with the former
        recordings[entry.recording] = entry
    return recordings


def _summed_up(known: Corrections, project: Path, recording: Path) -> Corrected:
    return Corrected(
        recording,
        sum(passage.end - passage.start for passage in known.passages),
        len(known.right) + len(known.wrong),
        project,
        len(known.instruments),
        known,
    )


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
