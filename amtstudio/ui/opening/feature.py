"""Opening and saving in the window: entries of the menu, the empty page, what was left unsaved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from amtstudio.ui.opening.files import Opener, RecentFiles
from amtstudio.ui.opening.first_good import FirstGood
from amtstudio.ui.opening.project_actions import ProjectActions
from amtstudio.ui.opening.unfinished_jobs import UnfinishedJobs
from amtstudio.ui.shell import Shell


class Opening(QObject):
    """Opens what other features want opened, too."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.opener = Opener(shell.queue, shell.projects, shell.preferences, shell.pool, shell)
        self.project_actions = ProjectActions(shell.projects)
        self._first_good = FirstGood(shell)
        self.offer_banner = shell.banner(self.tr("Unsaved work"))
        self.jobs_banner = shell.banner(self.tr("Unfinished recordings"))
        self.unfinished_jobs: UnfinishedJobs | None = None
        if shell.preferences.keeps:
            self.unfinished_jobs = UnfinishedJobs(
                shell.queue, shell.projects, shell.pool, self.jobs_banner
            )
            self._connect_jobs(self.unfinished_jobs)
        self._add_entries()
        empty_page = shell.empty_page
        self._recent_files = RecentFiles(self.recent_menu, self.opener, shell.preferences)
        self._recent_files.filled.connect(empty_page.set_recent)
        self._recent_files.fill()
        self.project_actions.unsaved_found.connect(empty_page.set_unsaved)
        self.project_actions.add_banners(shell.page.banner, self.offer_banner, self.unsaved_menu)
        empty_page.open_wanted.connect(self.opener.ask_files)
        empty_page.example_wanted.connect(self.opener.open_example)
        self._connect()

    def _connect(self) -> None:
        shell, opener = self._shell, self.opener
        shell.open_wanted.connect(opener.open_paths)
        shell.follow_document(self.project_actions.set_document)
        shell.idle_checks.append(lambda: opener.is_idle)
        opener.opened.connect(self._first_good.follow)
        opener.said.connect(shell.say)
        opener.failed.connect(shell.show_error)
        self.project_actions.said.connect(shell.say)
        shell.projects.saved.connect(self._tell_saved)
        shell.projects.failed.connect(shell.fail_project)
        if shell.preferences.keeps:
            shell.begun.connect(shell.projects.look_for_recoverable)

    def _connect_jobs(self, jobs: UnfinishedJobs) -> None:
        shell = self._shell
        jobs.shown.connect(shell.show_item)
        shell.idle_checks.append(lambda: jobs.is_idle)
        shell.begun.connect(jobs.look)
        shell.closing.connect(jobs.close)

    def _add_entries(self) -> None:
        shell, opener, tr = self._shell, self.opener, self.tr
        section = shell.section("file", "open")
        section.add(tr("&Open…"), opener.ask_files, QKeySequence.StandardKey.Open)
        section.add(tr("Open &Folder…"), opener.ask_folder, "Ctrl+Shift+O")
        section = shell.section("file", "recent")
        self.recent_menu = section.add_menu(tr("Open &Recent")).menu
        section.add(tr("Open the &Example"), opener.open_example)
        section = shell.section("file", "project")
        section.add(tr("Open &Project…"), opener.ask_project)
        self.unsaved_menu = section.add_menu(tr("&Unsaved Projects")).menu
        actions = self.project_actions
        save = section.add(
            tr("&Save"), actions.save, QKeySequence.StandardKey.Save, needs=shell.has_project
        )
        save.setToolTip(
            tr("Edits are kept as you make them; saving gives the project a name and a place")
        )
        section.add(tr("Save &As…"), actions.save_as, "Ctrl+Shift+S", needs=shell.has_project)
        self.revert = section.add(tr("Re&vert to Saved"), actions.revert, needs=actions.can_revert)
        self.revert.setToolTip(
            tr("Go back to the project as it was last saved or opened; Undo brings your edits back")
        )
        self.find = section.add(
            tr("Find the Recor&ding…"), actions.find_recording, needs=actions.lacks_recording
        )
        self.find.setToolTip(tr("Say where the recording of this project is now"))
        self.only_start = shell.section("transcribe", "limit").add(
            tr("Limit New Files to the &First 30 Seconds"), lambda: None, checkable=True
        )
        self.only_start.toggled.connect(opener.set_only_start)

    def _tell_saved(self, path: Path) -> None:
        self._shell.preferences.remember_file(path)
        self._shell.say_saved(path)
