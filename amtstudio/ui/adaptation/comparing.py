"""Opens the windows beside the panel: what a profile changes, and what would be learned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from amtstudio.ui.adaptation.profile_list import ProfileList
from amtstudio.ui.adaptation.recordings import Recordings

if TYPE_CHECKING:
    from amtstudio.ui.adaptation.diff_window import DiffWindow
    from amtstudio.ui.adaptation.labels_window import LabelsWindow
    from amtstudio.ui.adaptation.setup_page import SetupPage
    from amtstudio.ui.shell import Shell


class Comparing(QObject):
    """At most one window of each kind is open at a time."""

    def __init__(self, window: Shell, recordings: Recordings, profiles: ProfileList) -> None:
        super().__init__(window)
        self._window, self._recordings, self._profiles = window, recordings, profiles
        self.diff_window: DiffWindow | None = None
        self.labels_window: LabelsWindow | None = None

    def show(self, profile: str) -> None:
        """Show what a profile changes, in a separate window."""
        paths = self._paths(profile)
        window = self._window
        if not paths:
            text = self.tr("Open a recording first: the two are compared on it.")
            window.say(text)
            return
        # Matching notes takes SciPy, which the window does without until here.
        from amtstudio.ui.adaptation.diff_window import DiffWindow  # noqa: PLC0415

        if self.diff_window is not None:
            self.diff_window.close()
        self.diff_window = DiffWindow(
            window.queue.engine,
            window.pool,
            window.playback,
            profile=profile,
            recordings=paths,
            parent=window,
        )
        self.diff_window.closed.connect(self._forget)
        self.diff_window.show()

    def show_labels(self, path: Path, setup: SetupPage) -> None:
        """Show what a run would learn from a recording, and take how sure it has to be."""
        from amtstudio.ui.adaptation.labels_window import LabelsWindow  # noqa: PLC0415 - as above

        if self.labels_window is not None:
            self.labels_window.close()
        window = self._window
        self.labels_window = LabelsWindow(
            window.pool,
            path,
            model=setup.model,
            device=window.queue.engine.device,
            trust=setup.trust,
            parent=window,
        )
        self.labels_window.trust_chosen.connect(setup.set_trust)
        self.labels_window.closed.connect(self._forget_labels)
        self.labels_window.show()

    def close(self) -> None:
        for window in (self.diff_window, self.labels_window):
            if window is not None:
                window.close()

    def _paths(self, profile: str) -> list[Path]:
        """Recordings at hand; first those only used for testing, which prove most."""
        known = [entry.path for entry in self._recordings.entries if entry.is_usable]
        shown = self._window.document
        paths = ([] if shown is None else [shown.path]) + known
        paths += [item.document.path for item in self._window.queue.items]
        described = self._profiles.profile(profile)
        judged = {
            entry.recording
            for entry in (() if described is None else described.ledger)
            if entry.role == "accept"
        }
        unique = dict.fromkeys(path for path in paths if path.is_file())
        return sorted(unique, key=lambda path: path.name not in judged)

    def _forget(self) -> None:
        self.diff_window = None

    def _forget_labels(self) -> None:
        self.labels_window = None
