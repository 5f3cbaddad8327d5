"""Personal fine-tuning in the window: ties the panel to the run, the queue and the settings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QTabBar

from amtstudio import session
from amtstudio.audio import RECORDING_SUFFIXES
from amtstudio.audio.take_files import recordings_folder
from amtstudio.errors import AmtStudioError
from amtstudio.learning.report import Report
from amtstudio.learning.request import DETECTOR, Request
from amtstudio.profiles import has_profile
from amtstudio.settings import Settings
from amtstudio.ui.adaptation.comparing import Comparing
from amtstudio.ui.adaptation.controller import AdaptationController, State
from amtstudio.ui.adaptation.corrected import handed_over
from amtstudio.ui.adaptation.correction_count import CorrectionCount
from amtstudio.ui.adaptation.panel import AdaptationPanel
from amtstudio.ui.adaptation.profile_list import ProfileList
from amtstudio.ui.adaptation.profile_offer import ProfileOffer
from amtstudio.ui.adaptation.profiles_controller import (
    ProfilesController,
    free_name,
    name_problem,
)
from amtstudio.ui.adaptation.recordings import Recordings
from amtstudio.ui.adaptation.setup_page import SetupPage
from amtstudio.ui.example import EXAMPLE
from amtstudio.ui.panel_dock import PanelDock
from amtstudio.ui.queue import QueueItem
from amtstudio.ui.queue import State as QueueState
from amtstudio.ui.shell import Shell
from amtstudio.workbench.adaptation.asked import Asked
from amtstudio.workbench.adaptation.looking import Looker
from amtstudio.workbench.adaptation.profile_work import Forgotten

_BESIDE_TABS_PX = 12
_WIDEST_PX = 420


class Adaptation(QObject):
    """One for each window."""

    def __init__(self, window: Shell) -> None:
        super().__init__(window)
        self._window = window
        self.recordings = Recordings(window.pool, self._make_looker, self.what_comes_first, self)
        self.controller = AdaptationController(window.pool, self.what_comes_first, self)
        self.setup = SetupPage(self.recordings, name_problem)
        self.profiles = ProfilesController(window, ProfileList())
        self.offer = ProfileOffer(window, self.profiles)
        self.panel = AdaptationPanel(self.controller, self.setup, self.profiles.view)
        self.panel.setWindowTitle(self.tr("My instrument"))
        self.banner = window.banner(self.tr("Learning status"), is_on_top=True)
        self._dock = PanelDock(self.tr("My Instrument"), "adaptation", self.panel, window)
        self.corrections = CorrectionCount(window, self.recordings, self.panel)
        self.comparing = Comparing(window, self.recordings, self.profiles.view)
        self._restore(window.preferences.settings)
        self._connect()
        self._place()
        self._add_entries()

    def _connect(self) -> None:
        window, setup, panel = self._window, self.setup, self.panel
        setup.start_wanted.connect(self.start)
        setup.files_wanted.connect(self.ask_files)
        setup.all_wanted.connect(self.add_all)
        setup.score_wanted.connect(self.ask_score)
        setup.labels_wanted.connect(self.show_labels)
        setup.model_changed.connect(self.recordings.hear_again)
        setup.changed.connect(self._keep_choices)
        setup.name_box.textChanged.connect(self._look_at_name)
        panel.dropped.connect(self.add)
        panel.shown.connect(self._show_panel)
        panel.run.stop_wanted.connect(self.controller.stop)
        panel.stopped.go_on_wanted.connect(self.controller.go_on)
        panel.stopped.discard_wanted.connect(self._throw_away)
        panel.result.keep_wanted.connect(self.keep)
        panel.result.discard_wanted.connect(self.discard)
        panel.result.close_wanted.connect(self.controller.keep)
        panel.result.compare_wanted.connect(self._compare_result)
        self.profiles.view.compare_wanted.connect(self.comparing.show)
        self.profiles.failed.connect(window.show_error)
        self.profiles.changed.connect(self._propose_name)
        self.profiles.forgotten.connect(self._offer_anew)
        self.recordings.failed.connect(window.show_error)
        self.recordings.found.connect(self._take_found)
        self.controller.ended.connect(self._take_end)
        self.controller.changed.connect(self._show_can_start)
        window.preferences.changed.connect(self._follow_preferences)
        window.queue.added.connect(self._watch_item)
        window.item_shown.connect(self._show_item)
        window.closing.connect(self.close)
        window.idle_checks.append(lambda: self.is_idle)
        if window.preferences.keeps:
            window.begun.connect(self.begin)

    @property
    def is_idle(self) -> bool:
        """Whether nothing was begun in the window that is still to end; a run is not meant."""
        return self.corrections.is_idle and self.profiles.is_idle and self.recordings.is_idle

    # -- from one run of the program to the next --------------------------------------------------

    def close(self) -> None:
        """The window is closed."""
        self.recordings.close()
        self.comparing.close()
        self.controller.close(goes_on=self._window.preferences.settings.adapts_in_background)

    def _place(self) -> None:
        window = self._window
        self._dock.visibilityChanged.connect(self._name_tabs)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
        self._dock.hide()

    def _name_tabs(self) -> None:
        """Qt makes the tabs of docks that share a place, and gives them no name to be said."""
        for tabs in self._window.findChildren(QTabBar):
            if tabs.parentWidget() is self._window:
                tabs.setAccessibleName(self.tr("Panels"))
                tabs.setElideMode(Qt.TextElideMode.ElideNone)
                if self._dock.isVisible():  # four names beside one another: none is cut short
                    wanted = min(tabs.sizeHint().width() + _BESIDE_TABS_PX, _WIDEST_PX)
                    self._dock.setMinimumWidth(max(wanted, self._dock.minimumWidth()))

    def begin(self) -> None:
        """Look at the profiles, and for a run that an earlier window began."""
        self.profiles.restore()
        self.profiles.refresh()
        self.controller.look_for_run()
        asked = self.controller.asked
        if self.controller.state is State.STOPPED and asked is not None:
            self.banner.show_text(
                self.tr("Learning “{name}” was interrupted. Your model was not changed.").format(
                    name=asked.name
                ),
                [
                    (self.tr("Resume"), self._go_on_from_banner),
                    (self.tr("Discard"), self._throw_away),
                ],
            )

    def _restore(self, settings: Settings) -> None:
        self.setup.offer_model(self._window.queue.engine.model)
        self.setup.minutes_box.setValue(max(round(settings.adaptation_minutes), 1))
        self.setup.background_box.setChecked(settings.adapts_in_background)
        self._propose_name()

    def _keep_choices(self) -> None:
        self._window.preferences.change(
            adaptation_minutes=float(self.setup.minutes),
            adapts_in_background=self.setup.background_box.isChecked(),
        )

    def _follow_preferences(self, before: Settings, after: Settings) -> None:
        if before.profile != after.profile:
            self._window.queue.engine.profile = after.profile
            self.profiles.show_uses()
        if before.device != after.device:
            self.recordings.forget_looker()

    # -- menu -------------------------------------------------------------------------------------

    def _add_entries(self) -> None:
        tr, menu = self.tr, self._window.section("adapt", "adapt")
        menu.add(tr("My &Instrument…"), self.show_learning, "Ctrl+Shift+P")
        menu.add(tr("P&rofiles…"), self.show_profiles)
        menu.add(tr("Learn from &This Recording…"), self.add_shown, needs=self._window.has_document)
        menu.add_line()
        self._pause = menu.add(tr("Pause or &Resume Learning"), self.toggle_pause)
        self._stop = menu.add(tr("&Stop Learning"), self.controller.stop)
        self._show_can_start()

    def show_learning(self) -> None:
        self._bring_forward()
        self.panel.show_learning()

    def show_profiles(self) -> None:
        self._bring_forward()
        self.panel.show_profiles()

    def toggle_pause(self) -> None:
        self.controller.hold(not self.controller.is_held)

    def _bring_forward(self) -> None:
        docks = self._window.docks
        if self._dock.isHidden() and docks and not self._window.tabifiedDockWidgets(self._dock):
            self._window.tabifyDockWidget(docks[0], self._dock)
        self._dock.show()
        self._dock.raise_()
        self.panel.setFocus()
        QTimer.singleShot(0, self._name_tabs)

    # -- recordings -------------------------------------------------------------------------------

    def what_comes_first(self) -> str:
        """The work that is more urgent than learning; "": none."""
        if self._window.queue.is_held:
            return self.tr("Paused while you record; it resumes by itself.")
        if any(item.state is QueueState.RUNNING for item in self._window.queue.items):
            return self.tr("Paused while a recording is transcribed; it resumes by itself.")
        return ""

    def add(self, paths: list[Path]) -> None:
        self.recordings.add(paths, self.corrections.open_projects())

    def add_shown(self) -> None:
        """Learn from the recording that is shown, among others."""
        self.show_learning()
        if self._window.document is not None:
            self.recordings.add_found([self._window.document.path.absolute()])
            self.corrections.count()

    def add_all(self) -> None:
        """The open and recent recordings, and the takes."""
        settings = self._window.preferences.settings
        paths = [item.document.path for item in self._window.queue.items]
        paths += [Path(name) for name in settings.recent_files]
        paths = [path for path in paths if path.is_file() and path != EXAMPLE]
        folder = recordings_folder(settings.recordings_folder)
        if folder.is_dir():
            paths.append(folder)
        if paths:
            self.add(paths)
        else:
            self._take_found(0)

    def ask_files(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in (*RECORDING_SUFFIXES, session.SUFFIX))
        recent = self._window.preferences.settings.recent_files
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Recordings of your instrument"),
            str(Path(recent[0]).parent) if recent else "",
            self.tr("Recordings and projects ({patterns});;All files (*)").format(
                patterns=patterns
            ),
        )
        if names:
            self.add([Path(name) for name in names])

    def ask_score(self) -> None:
        """Ask for the notes of the selected recording."""
        from amtstudio.formats.score_reader import SCORE_SUFFIXES  # noqa: PLC0415 - numpy

        (path,) = self.setup.list.selected
        patterns = " ".join(f"*{suffix}" for suffix in SCORE_SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("The notes of {name}").format(name=path.name),
            str(path.parent),
            self.tr("Scores ({patterns});;All files (*)").format(patterns=patterns),
        )
        if name:
            self.recordings.set_score(path, Path(name))

    def show_labels(self) -> None:
        """Show what would be learned from the selected recording."""
        (path,) = self.setup.list.selected
        self.comparing.show_labels(path, self.setup)

    def _take_found(self, count: int) -> None:
        if not count:
            text = self.tr("There are no recordings yet: open or record some, or add files.")
            self._window.say(text)
        self.corrections.count()

    def _make_looker(self) -> Looker:
        engine = self._window.queue.engine
        return Looker(self.setup.model, engine.device)

    # -- the run ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin with what is chosen."""
        setup, engine = self.setup, self._window.queue.engine
        total = self.recordings.total
        if not total.paths or not self.controller.is_idle:
            return
        try:
            decided, files = handed_over(setup.corrected, self.corrections.documents())
        except AmtStudioError as error:
            self._window.show_error(error)
            return
        request = Request(
            name=setup.name,
            recordings=tuple(named for path in total.paths for named in files.get(path, (path,))),
            minutes=float(setup.minutes),
            model=setup.model,
            device=engine.device,
            overwrite=has_profile(setup.name),
            trust=setup.trust,
            corrections=decided,
            scores={
                entry.path: entry.score
                for entry in self.recordings.entries
                if entry.score is not None
                and entry.path in total.paths
                and not setup.is_of_instruments
            },
        )
        self.banner.hide()
        self.controller.start(Asked(request))

    def keep(self, is_default: bool) -> None:
        """Keep the result, and hear new recordings by it."""
        asked = self.controller.asked
        self.controller.keep()
        self.banner.hide()
        if asked is not None and is_default:
            # The list may not have it yet.
            of_instruments = asked.request.model == DETECTOR
            self.profiles.use_for_new(asked.name, of_instruments=of_instruments)
        self.setup.name_box.setModified(False)
        self._propose_name()

    def discard(self) -> None:
        asked = self.controller.asked
        try:
            self.controller.discard()
        except AmtStudioError as error:
            self._window.show_error(error)
            return
        self.banner.hide()
        if asked is not None:
            self.profiles.forget_changes(asked.name)

    def _throw_away(self) -> None:
        self.banner.hide()
        self.controller.stop(throws_away=True)

    def _go_on_from_banner(self) -> None:
        self.banner.hide()
        self.controller.go_on()

    def _take_end(self) -> None:
        controller, asked = self.controller, self.controller.asked
        if asked is None:
            return
        if controller.state is State.DONE:
            self.profiles.forget_changes(asked.name)
            text = self._ended_text(controller.report).format(name=asked.name)
        elif controller.state is State.FAILED:
            text = self.tr("Learning “{name}” failed.").format(name=asked.name)
        else:
            return
        if not self.panel.isVisible():
            self.banner.show_text(text, [(self.tr("Show"), self._show_from_banner)])

    def _ended_text(self, report: Report | None) -> str:
        if report is None or not report.adopted:
            return self.tr("Learning “{name}”: no improvement found. Your model is unchanged.")
        if report.hears_better:
            return self.tr("“{name}” is ready: it transcribes your instrument better now.")
        return self.tr(
            "“{name}” is ready: the same notes, with more accurate timing, loudness or lengths."
        )

    def _show_from_banner(self) -> None:
        self.banner.hide()
        self.show_learning()

    def _show_can_start(self) -> None:
        controller = self.controller
        self.setup.set_can_start(controller.is_idle)
        if hasattr(self, "_pause"):
            for action in (self._pause, self._stop):
                action.setEnabled(controller.is_on and controller.state is not State.STOPPING)

    def _offer_anew(self, forgotten: Forgotten) -> None:
        """Choose the other recordings of a profile that was withdrawn, to make it again."""
        name = forgotten.recording
        parts = [self.tr("{recording} has been forgotten.").format(recording=name)]
        if forgotten.elsewhere:
            parts.append(
                self.tr("These profiles were made from it too: {names}.").format(
                    names=", ".join(forgotten.elsewhere)
                )
            )
        if forgotten.was_learned and forgotten.others and self.controller.is_idle:
            self.recordings.remove([entry.path for entry in self.recordings.entries])
            self.recordings.add_found([path.absolute() for path in forgotten.others])
            self.setup.name_box.setText(forgotten.name)
            self.setup.name_box.setModified(True)
            self.setup.minutes_box.setValue(max(round(forgotten.minutes), 1))
            self.corrections.count()
            self.show_learning()
            parts.append(
                self.tr(
                    "“{name}” can be learned again from the others, which are now selected."
                ).format(name=forgotten.name)
            )
        self.banner.show_text(" ".join(parts))

    def _look_at_name(self) -> None:
        self.setup.profile_exists = not name_problem(self.setup.name) and has_profile(
            self.setup.name
        )
        self.setup.refresh()

    def _propose_name(self) -> None:
        """A name that is free, unless the user has typed one."""
        if self.controller.is_idle and not self.setup.name_box.isModified():
            self.setup.name_box.setText(
                free_name(self.tr("My instrument"), self.profiles.view.names)
            )

    def _show_panel(self) -> None:
        self.profiles.refresh()  # the command line may have made some
        self.corrections.count()

    def _compare_result(self) -> None:
        if self.controller.asked is not None:
            self.comparing.show(self.controller.asked.name)

    def _show_item(self, _item: QueueItem | None) -> None:
        self.profiles.show_uses()

    def _watch_item(self, item: QueueItem) -> None:
        item.document.activations_changed.connect(self.profiles.show_uses)
