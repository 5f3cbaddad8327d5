"""The user's decisions in the editor, in a form that a model can learn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from amtstudio.audio import choose_track
from amtstudio.errors import ProjectError
from amtstudio.learning.request import NO_CORRECTIONS, Corrections, Passage, Request
from amtstudio.session import Labels, read_labels
from amtstudio.session.audio_reference import AudioStatus
from amtstudio.symbolic import Note
from amtstudio.symbolic.heads import PIANO_KEYS
from amtstudio.symbolic.instrument_tags import with_tags

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
        sha256="" if labels.audio is None else labels.audio.sha256,
        instruments=labels.instruments,
    )


def read_project(path: Path) -> tuple[Path, Corrections]:
    """The recording of a project and what the user decided on it.

    The recording is read through, to make sure that it is the one that the decisions are about:
    another piece under its name would be learned with wrong notes.

    Raises
    ------
    ProjectError
        If the project cannot be read, or its recording is not where it was, or is another one.
    """
    labels = read_labels(path)
    if labels.audio is None:
        raise ProjectError(f"{path.name} does not name a recording")
    found = labels.audio.verify(path, always=True)
    audio = found.reference.path
    if found.status is AudioStatus.MISSING:
        raise ProjectError(
            f"the recording of {path.name} is missing: {audio}",
            hint="open the project and choose the recording",
        )
    if found.status is AudioStatus.CHANGED:
        raise ProjectError(
            f"{audio.name} is not the recording that {path.name} was made from",
            hint="its content differs: open the project and say where the recording is",
        )
    choose_track(audio, labels.audio.track)  # the notes are those of that one
    return audio, corrections_from(labels)


def gathered(
    request: Request, *, on_refused: Callable[[ProjectError], None] | None = None
) -> Request:
    """The request with recordings in place of projects, and with what is known about them.

    Tags that the request gives for a project, or for its recording, join the project's own, and
    are right where they contradict it.

    ``on_refused`` is called with each project that cannot be used, and the others are gathered.
    Without it, or if nothing is left, the error is raised.
    """
    recordings, corrections = [], dict(request.corrections)
    scores = dict(request.scores)
    refused: list[ProjectError] = []
    for path in request.recordings:
        if path.suffix.lower() == PROJECT_SUFFIX:
            of_project = corrections.pop(path, NO_CORRECTIONS).instruments
            try:
                audio, known = read_project(path)
            except ProjectError as error:
                if on_refused is None:
                    raise
                refused.append(error)
                continue
            of_audio = corrections.get(audio, NO_CORRECTIONS).instruments
            tags = with_tags(known.instruments, [*of_audio, *of_project])
            corrections[audio] = replace(known, project=path, instruments=tags)
            recordings.append(audio)
            if path in scores:
                scores[audio] = scores.pop(path)
        else:
            recordings.append(path)
    if refused and not recordings:
        raise refused[0]
    if on_refused is not None:
        for refusal in refused:
            on_refused(refusal)
    unique = tuple(dict.fromkeys(recordings))
    return replace(request, recordings=unique, corrections=corrections, scores=scores)
