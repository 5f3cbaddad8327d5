"""Documents that were never saved and outlived their program."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from amtstudio.errors import AmtStudioError
from amtstudio.session.document import SUFFIX
from amtstudio.session.folders import real_path, recovery_dir
from amtstudio.session.inspection import inspect
from amtstudio.session.labels import Labels, labels_of
from amtstudio.session.log import side_file
from amtstudio.session.store import check_not_open

KEPT_UNTOUCHED = 30


@dataclass(frozen=True, slots=True)
class RecoverableDocument:
    """A recovery file that no running program has open. ``Document.open(path)`` continues it."""

    path: Path
    changed_at: datetime  # UTC
    audio_name: str  # "" if it has no recording
    n_notes: int
    has_decisions: bool  # of the user's; else it holds what the model said and no more


def find_recoverable() -> list[RecoverableDocument]:
    """The documents to offer after a crash, the latest first; unreadable ones are left alone."""
    found = []
    for path in recovery_dir().glob(f"*{SUFFIX}"):
        try:
            check_not_open(path)
            saved = inspect(path)
            changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except (AmtStudioError, OSError):
            continue
        n_notes = sum(entry.state.sounds for entry in saved.content.notes.values())
        name = "" if saved.audio is None else saved.audio.path.name
        found.append(RecoverableDocument(path, changed_at, name, n_notes, saved.has_decisions))
    return sorted(found, key=lambda document: document.changed_at, reverse=True)


def remove_untouched(*, keep: int = KEPT_UNTOUCHED) -> None:
    """Remove the oldest recovery files that hold nothing of the user's; ``keep`` of them stay."""
    untouched = [document for document in find_recoverable() if not document.has_decisions]
    for document in untouched[keep:]:
        with contextlib.suppress(OSError, AmtStudioError):
            check_not_open(document.path)
            for suffix in ("", "-wal", "-shm"):
                side_file(document.path, suffix).unlink(missing_ok=True)


def read_labels(path: Path) -> Labels:
    """The labels of a project without opening it for editing.

    Of a damaged project those that can be read; raises what ``inspect`` raises.
    """
    path = real_path(path)
    check_not_open(path)
    saved = inspect(path)
    return labels_of(saved.content, saved.audio)
