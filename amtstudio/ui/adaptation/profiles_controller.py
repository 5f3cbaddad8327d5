"""The window's operations on profiles, and their effect on open recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox

from amtstudio.errors import AmtStudioError, OutputExistsError, ProfileError
from amtstudio.profiles import has_profile
from amtstudio.profiles.profile import check_name
from amtstudio.profiles.store import SUFFIX
from amtstudio.ui.adaptation.profile_list import AS_SHIPPED, ProfileList, Uses
from amtstudio.ui.jobs import Job
from amtstudio.workbench.adaptation.profile_work import (
    Deleted,
    Forgotten,
    Listing,
    Renamed,
    Told,
    deleting,
    exporting,
    forgetting,
    importing,
    listing,
    renaming,
    restoring,
)

if TYPE_CHECKING:
    from amtstudio.ui.document import Document
    from amtstudio.ui.shell import Shell

_MOST_NUMBERED = 1000


class ProfilesController(QObject):
    """Ties the list of profiles to their files, to the settings and to what is open."""

    changed = Signal()  # which profiles there are
    forgotten = Signal(object)  # Forgotten
    failed = Signal(Exception)

    def __init__(self, window: Shell, view: ProfileList) -> None:
        super().__init__(window)
        self._window = window
        self.view = view
        self._jobs: list[Job] = []
        self._n_awaited = 0  # jobs whose answer has not been acted on
        self._deleted: Deleted | None = None
        self._import_path: Path | None = None
        view.use_wanted.connect(self.use_for_shown)
        view.default_wanted.connect(self.use_for_new)
        view.rename_wanted.connect(self._ask_name)
        view.export_wanted.connect(self._ask_target)
        view.import_wanted.connect(self._ask_source)
        view.delete_wanted.connect(self.delete)
        view.undo_wanted.connect(self.undo_delete)
        view.forget_wanted.connect(self._ask_forget)

    @property
    def is_idle(self) -> bool:
        return self._n_awaited == 0

    def refresh(self) -> None:
        """Read the list of profiles again."""
        self._do(listing)

    def restore(self) -> None:
        """At the start: a profile that no longer exists cannot be used for new recordings."""
        settings = self._window.preferences.settings
        if settings.profile and not has_profile(settings.profile):
            self._window.preferences.change(profile=AS_SHIPPED)
        if settings.instrument_profile and not has_profile(settings.instrument_profile):
            self._window.preferences.change(instrument_profile=AS_SHIPPED)
        self.show_uses()

    def show_uses(self) -> None:
        document, settings = self._window.document, self._window.preferences.settings
        of_shown = None if document is None else self._uses_of(document)
        self.view.set_uses(Uses(settings.profile, settings.instrument_profile), of_shown)

    def _uses_of(self, document: Document) -> Uses:
        of_instruments = document.instrument_profile
        if of_instruments is None and document.instruments is None:  # they are still to be found
            of_instruments = self._window.preferences.settings.instrument_profile
        return Uses(document.profile, of_instruments)

    # -- wishes -----------------------------------------------------------------------------------

    def use_for_shown(self, name: str) -> None:
        """Transcribe the open recording again with this profile, or find its instruments again.

        ``AS_SHIPPED``: whichever of the two a profile was used for.
        """
        item = self._window.item
        if item is None:
            return
        if name == AS_SHIPPED:
            used = self._uses_of(item.document)
            of_notes = used.notes != AS_SHIPPED
            of_instruments = used.instruments != AS_SHIPPED
        else:
            of_instruments = self._is_of_instruments(name)
            of_notes = not of_instruments
        if of_notes:
            self._window.transcription_wanted.emit(item, name)
        if of_instruments:
            self._window.instruments_wanted.emit(item, name)
        self.show_uses()

    def use_for_new(self, name: str, *, of_instruments: bool | None = None) -> None:
        """Use a profile for new recordings; ``AS_SHIPPED``: none, for notes or instruments.

        ``of_instruments``: whether it is one for instruments; None: as the list says.
        """
        if of_instruments is None:
            of_instruments = self._is_of_instruments(name)
        if name == AS_SHIPPED:
            self._window.preferences.change(profile=name, instrument_profile=name)
        elif of_instruments:
            self._window.preferences.change(instrument_profile=name)
        else:
            self._window.preferences.change(profile=name)
        self.show_uses()

    def _is_of_instruments(self, name: str) -> bool:
        profile = self.view.profile(name)
        return profile is not None and profile.is_of_instruments

    def rename(self, name: str, new_name: str) -> None:
        self._do(renaming(name, new_name))

    def export(self, name: str, path: Path) -> None:
        self._do(exporting(name, path))

    def import_from(self, path: Path, name: str | None = None) -> None:
        self._import_path = path
        self._do(importing(path, name))

    def delete(self, name: str) -> None:
        self._do(deleting(name))

    def undo_delete(self) -> None:
        if self._deleted is not None:
            self._do(restoring(self._deleted))

    def forget(self, name: str, sha256: str) -> None:
        """Take what a profile learned from a recording out of this machine."""
        self._do(forgetting(name, sha256))

    def forget_changes(self, name: str) -> None:
        """A profile of this name was replaced or removed: notify those that use it."""
        self._window.queue.engine.forget_profile(name)
        if not has_profile(name):
            self._replace(name, AS_SHIPPED)
        self.refresh()

    def _replace(self, name: str, new_name: str) -> None:
        for item in self._window.queue.items:
            if item.document.profile == name:
                item.document.profile = new_name
            if item.document.instrument_profile == name:  # deleted: its instruments stay
                item.document.instrument_profile = new_name or None
        settings = self._window.preferences.settings
        if settings.profile == name:
            self._window.preferences.change(profile=new_name)
        if settings.instrument_profile == name:
            self._window.preferences.change(instrument_profile=new_name)

    # -- asking -----------------------------------------------------------------------------------

    def _ask_name(self, name: str) -> None:
        new_name, is_sure = QInputDialog.getText(
            self._window,
            self.tr("Rename the profile"),
            self.tr("New name:"),
            QLineEdit.EchoMode.Normal,
            name,
        )
        if is_sure and new_name.strip() and new_name.strip() != name:
            self.rename(name, new_name.strip())

    def _ask_forget(self, name: str, sha256: str) -> None:
        profile = self.view.profile(name)
        entries = [entry for entry in (profile.ledger if profile else ()) if entry.sha256 == sha256]
        if not entries:
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Forget {recording}?").format(recording=entries[0].recording))
        if all(entry.role == "accept" for entry in entries):
            text = self.tr(
                "It was only used for testing: its name and figures are removed, and “{name}” stays"
                " as it is."
            )
        else:
            text = self.tr(
                "What “{name}” learned from it cannot be separated from the rest, so the profile is"
                " deleted immediately and permanently. It can be learned again from its other"
                " recordings. The recording itself stays where it is."
            )
        box.setInformativeText(text.format(name=name))
        forget = box.addButton(self.tr("Forget"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(keep)
        box.exec()
        if box.clickedButton() is forget:
            self.forget(name, sha256)

    def _ask_target(self, name: str) -> None:
        plain = "".join(char if char.isalnum() or char in " -_" else "-" for char in name)
        chosen, _ = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Export the profile"),
            str(Path.home() / f"{plain}{SUFFIX}"),
            self._pattern(),
        )
        if chosen:
            path = Path(chosen)
            has_suffix = path.suffix.lower() == SUFFIX
            self.export(name, path if has_suffix else path.with_name(path.name + SUFFIX))

    def _ask_source(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Import a profile"), str(Path.home()), self._pattern()
        )
        if chosen:
            self.import_from(Path(chosen))

    def _pattern(self) -> str:
        return self.tr("Profiles (*{suffix});;All files (*)").format(suffix=SUFFIX)

    # -- answers ----------------------------------------------------------------------------------

    def _do(self, work: Callable[..., object]) -> None:
        job = Job(work)
        self._jobs = [*(former for former in self._jobs if not former.is_done), job]
        job.signals.finished.connect(self._take)
        job.signals.failed.connect(self._fail)
        self._n_awaited += 1
        self._window.pool.start(job)

    def _take(self, answer: object) -> None:
        # Only now: what the answer asks for in its turn has begun, or the work is over.
        try:
            self._act_on(answer)
        finally:
            self._n_awaited -= 1

    def _act_on(self, answer: object) -> None:
        if isinstance(answer, Listing):
            self.view.show_profiles(answer.profiles, answer.problems)
            self.show_uses()
            self.changed.emit()
            return
        if isinstance(answer, Deleted):
            self._deleted = answer
            self.view.set_deleted(answer.name)
            self.forget_changes(answer.name)
        elif isinstance(answer, Renamed):
            self._window.queue.engine.forget_profile(answer.name)
            self._replace(answer.name, answer.new_name)
            self.refresh()
        elif isinstance(answer, Forgotten):
            self.forget_changes(answer.name)
            self.forgotten.emit(answer)
        elif isinstance(answer, Told):
            self._tell(answer)
            self.refresh()

    def _tell(self, told: Told) -> None:
        if told.path is not None:
            text = self.tr("Saved {path}").format(path=told.path)
        else:
            text = self.tr("The profile “{name}” was imported.").format(name=told.name)
            if self._deleted is not None and told.name == self._deleted.name:
                self._deleted = None
                self.view.set_deleted("")
        self._window.say(text)

    def _fail(self, error: Exception) -> None:
        self._n_awaited -= 1
        path, self._import_path = self._import_path, None
        if path is not None and isinstance(error, OutputExistsError):
            name, is_sure = QInputDialog.getText(
                self._window,
                self.tr("Import a profile"),
                self.tr("A profile with this name already exists. Import it as:"),
                QLineEdit.EchoMode.Normal,
                free_name(path.stem, self.view.names),
            )
            if is_sure and name.strip():
                self.import_from(path, name.strip())
            return
        self.failed.emit(error)
        self.refresh()


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """``wanted``, or the same with a number behind it."""
    known = {name.casefold() for name in taken}
    for number in range(1, _MOST_NUMBERED):
        name = wanted if number == 1 else f"{wanted} {number}"
        if name.casefold() not in known and not has_profile(name):
            return name
    return wanted


def name_problem(name: str) -> str:
    """Why this cannot be the name of a profile, as a sentence; "": it can."""
    try:
        check_name(name)
    except ProfileError as error:
        return _sentence(error)
    return ""


def _sentence(error: AmtStudioError) -> str:
    from amtstudio.ui.failure import describe  # noqa: PLC0415 - only here

    failure = describe(error)
    return failure.sentences
