"""The user's corrections in the open projects, as far as a run can learn from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from amtstudio.learning.corrections import corrections_from
from amtstudio.learning.joined_corrections import joined
from amtstudio.learning.request import NO_CORRECTIONS, Corrections
from amtstudio.ui.document import Document
from amtstudio.workbench.adaptation.corrected import Corrected, corrected_in


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


def handed_over(
    corrected: Iterable[Corrected], documents: Iterable[Document]
) -> tuple[dict[Path, Corrections], dict[Path, tuple[Path, ...]]]:
    """By recording: what is decided in projects that are open; the files of those that are not."""
    documents_of = {
        project.path: document
        for document in documents
        if (project := document.project) is not None
    }
    decided: dict[Path, Corrections] = {}
    files: dict[Path, tuple[Path, ...]] = {}
    for recording, place in ((entry.recording, it) for entry in corrected for it in entry.projects):
        document = documents_of.get(place)
        if document is None:
            files[recording] = (*files.get(recording, ()), place)
            continue
        document.settle()
        if (project := document.project) is not None:
            # An unnamed project is gone when it is closed: the recording takes its place.
            source = None if project.is_recovery else project.path
            known = replace(corrections_from(project.labels()), project=source)
            decided[recording] = joined(decided.get(recording, NO_CORRECTIONS), known)
    return decided, files
