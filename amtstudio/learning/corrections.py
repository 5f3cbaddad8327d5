"""The user's decisions in the editor, in a form that a model can learn from."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from amtstudio.audio import choose_track
from amtstudio.errors import ProjectError
from amtstudio.learning.joined_corrections import joined
from amtstudio.learning.request import (
    NO_CORRECTIONS,
    Corrections,
    Passage,
    Request,
    may_be_same,
)
from amtstudio.session import Labels, read_labels
from amtstudio.session.audio_reference import AudioStatus
from amtstudio.symbolic import Note
from amtstudio.symbolic.heads import PIANO_KEYS

PROJECT_SUFFIX = ".amts"


def corrections_from(labels: Labels) -> Corrections:
    """Accepted passages with all their notes; single notes that were set, accepted or rejected.

    In these passages notes of tracks that were deleted may be there or not.
    """
    passages = []
    for span in sorted(labels.accepted, key=lambda span: span.onset):
        notes = tuple(entry.note for entry in labels.notes if span.holds(entry.note.onset))
        dropped = tuple(
            note
            for note in labels.dropped
            if span.holds(note.onset) and not may_be_same(note, notes)
        )
        passages.append(Passage(span.onset, span.offset, notes, dropped))

    def outside(note: Note) -> bool:
        return note.pitch in PIANO_KEYS and not any(
            span.holds(note.onset) for span in labels.accepted
        )

    return Corrections(
        tuple(passages),
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

    What is said of a recording in several places is joined (``joined``): in one project after the
    other, and in the request, which takes precedence over projects. A recording counts as one
    whether it is named directly, by a link, or by its project.

    ``on_refused`` is called with each project that cannot be used, and the others are gathered.
    Without it, or if nothing is left, the error is raised.
    """
    readable = _readable(request.recordings, on_refused)
    refused = set(request.recordings) - set(readable)
    audio_of: dict[Path, Path] = {}  # of what is named
    places: dict[str, Path] = {}  # the first name of each recording
    corrections: dict[Path, Corrections] = {}

    def add(audio: Path, known: Corrections) -> None:
        if known is not NO_CORRECTIONS:
            corrections[audio] = joined(corrections.get(audio, NO_CORRECTIONS), known)

    for path, (found, known) in readable.items():
        audio = audio_of[path] = places.setdefault(os.path.realpath(found), found)
        add(audio, known)

    def audio_named(path: Path) -> Path:
        return audio_of.get(path) or places.get(os.path.realpath(path), path)

    for path, known in request.corrections.items():
        if path not in refused:
            add(audio_named(path), known)
    scores = {audio_named(path): of for path, of in request.scores.items() if path not in refused}
    unique = tuple(dict.fromkeys(audio_of.values()))
    return replace(request, recordings=unique, corrections=corrections, scores=scores)


def _readable(
    paths: Sequence[Path], on_refused: Callable[[ProjectError], None] | None
) -> dict[Path, tuple[Path, Corrections]]:
    """By what was named, the recording and what its project says of it; as ``gathered``."""
    found: dict[Path, tuple[Path, Corrections]] = {}
    refused: list[ProjectError] = []
    for path in paths:
        if path.suffix.lower() != PROJECT_SUFFIX:
            found[path] = path, NO_CORRECTIONS
            continue
        try:
            audio, known = read_project(path)
        except ProjectError as error:
            if on_refused is None:
                raise
            refused.append(error)
        else:
            found[path] = audio, replace(known, project=path)
    if refused and not found:
        raise refused[0]
    if on_refused is not None:
        for refusal in refused:
            on_refused(refusal)
    return found
