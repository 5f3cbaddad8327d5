"""Work on project files that takes a while: opening them, and finding those without a name."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from amtstudio import session
from amtstudio.errors import ProjectError
from amtstudio.session import RecoverableDocument
from amtstudio.workbench.transcribing import Recalled, Suggest, recall


def read_reference(
    path: Path,
    *,
    on_progress: Callable[[float, float | None], None],
    on_part: Callable[[object], None],  # noqa: ARG001 - there are none
    is_cancelled: Callable[[], bool],
) -> session.AudioReference:
    return session.AudioReference.read(path, on_progress=on_progress, is_cancelled=is_cancelled)


def open_project(
    path: Path, suggest: Suggest, *, is_cancelled: Callable[[], bool], **_callbacks: object
) -> tuple[session.Document, Recalled | None]:
    project = session.Document.open(path)
    try:
        with contextlib.suppress(ProjectError):  # of an unreadable recording: it is reported
            project.check_audio(is_cancelled=is_cancelled)
        return project, recall(project, suggest)
    except BaseException:
        project.close()
        raise


def find_recoverable(**_callbacks: object) -> list[RecoverableDocument]:
    session.remove_untouched()
    return session.find_recoverable()
