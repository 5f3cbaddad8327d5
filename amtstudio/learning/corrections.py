"""What the user decided in the editor, as a model can learn from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from amtstudio.errors import ProjectError
from amtstudio.learning.recordings import Corrections, Passage
from amtstudio.session import Labels, read_labels
from amtstudio.session.audio_reference import AudioStatus
from amtstudio.symbolic import Note
from amtstudio.symbolic.heads import PIANO_KEYS

PROJECT_SUFFIX = ".amts"


def corrections_from(labels: Labels) -> Corrections:
    """Accepted passages with all their notes; single notes that were set, accepted or rejected."""
    passages = tuple(
        Passage(
            span.onset,
            span.offset,
            tuple(entry.note for entry in labels.notes if span.holds(entry.note.onset)),
        )
        for span in sorted(labels.accepted, key=lambda span: span.onset)
    )

    def outside(note: Note) -> bool:
        return note.pitch in PIANO_KEYS and not any(
            span.holds(note.onset) for span in labels.accepted
        )

    return Corrections(
        passages,
        tuple(entry.note for entry in labels.notes if outside(entry.note)),
        tuple(note for note in labels.rejected if outside(note)),
    )


def read_project(path: Path) -> tuple[Path, Corrections]:
    """The recording of a project and what the user decided on it.

    Raises
    ------
    ProjectError
        If the project cannot be read, or its recording is not where it was.
    """
    labels = read_labels(path)
    if labels.audio is None:
        raise ProjectError(f"{path.name} names no recording")
    status, audio = labels.audio.locate(path)
    if status is AudioStatus.MISSING:
        raise ProjectError(
            f"the recording of {path.name} is not there: {audio}", hint="open it and say where"
        )
    return audio, corrections_from(labels)


def gather(paths: Sequence[Path]) -> tuple[list[Path], dict[Path, Corrections]]:
    """Recordings, and projects with theirs, as the recordings and what is known of them."""
    recordings, corrections = [], {}
    for path in paths:
        if path.suffix.lower() == PROJECT_SUFFIX:
            audio, known = read_project(path)
            corrections[audio] = replace(known, project=path)
            recordings.append(audio)
        else:
            recordings.append(path)
    return list(dict.fromkeys(recordings)), corrections
