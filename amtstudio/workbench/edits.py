"""What takes the steps on a project: the protocol, and the plain way, one step after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from amtstudio import session


class Edits(Protocol):
    """Takes the steps on a project, perhaps on another thread."""

    @property
    def project(self) -> session.Document:
        """At rest: for looking something up, and for saving."""
        ...

    @property
    def is_busy(self) -> bool: ...

    @property
    def is_read_only(self) -> bool: ...

    @property
    def has_other_recording(self) -> bool:
        """Whether there is another file where the recording was."""
        ...

    def take(self, step: Callable[[session.Document], object], *, n_notes: int = 1) -> bool: ...

    def wait(self) -> None: ...

    def close(self, *, keeps_untouched: bool = True) -> None: ...


class DirectEdits:
    """Takes each step at once, on the thread that asks for it; what goes wrong is raised there.

    Parameters
    ----------
    project : session.Document
    changed : callable
        Is given what each step changed, as one ``session.Change``.
    ended : callable
        Is called after each step, whether or not it changed anything.
    """

    is_busy = False

    def __init__(
        self,
        project: session.Document,
        *,
        changed: Callable[[session.Change], object],
        ended: Callable[[], object],
    ) -> None:
        self.project = project
        self._changed = changed
        self._ended = ended
        self._changes: list[session.Change] = []
        project.subscribe(self._changes.append)

    @property
    def is_read_only(self) -> bool:
        return self.project.is_read_only

    @property
    def has_other_recording(self) -> bool:
        return self.project.audio_status is session.AudioStatus.CHANGED

    def take(self, step: Callable[[session.Document], object], *, n_notes: int = 1) -> bool:  # noqa: ARG002
        """Take a step, however many notes it concerns."""
        try:
            step(self.project)
            changes, self._changes[:] = self._changes[:], []
            if changes:
                self._changed(session.Change.joined(changes))
        finally:
            self._ended()
        return True

    def wait(self) -> None:
        """Nothing is ever on its way."""

    def close(self, *, keeps_untouched: bool = True) -> None:
        if keeps_untouched or self.project.has_decisions:
            self.project.close()
        else:
            self.project.discard()
