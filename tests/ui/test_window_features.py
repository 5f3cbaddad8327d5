"""Features: each can be left out of the window, and a new one needs nothing but the shell."""

from __future__ import annotations

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtWidgets import QLabel, QMenu

from amtstudio import session
from amtstudio.ui.main_window import FEATURES, MainWindow
from amtstudio.ui.roll.lane import ItemLane
from amtstudio.ui.shell import Shell
from amtstudio.ui.sound_devices import NoSound
from amtstudio.workbench.transcribing import Engine


@pytest.fixture
def saved(project, tmp_path):
    """A project in a file of its own."""
    path = tmp_path / "saved.amts"
    project.save_as(path)
    project.close()
    return path


def window_with(features, qtbot, model_file) -> MainWindow:
    window = MainWindow(Engine(str(model_file), "cpu"), sound=NoSound(), features=features)
    qtbot.addWidget(window)
    window.resize(1100, 700)
    window.show()
    window.begin()
    return window


def menu_titles(window) -> list[str]:
    actions = window.menuBar().actions()
    return [action.text().replace("&", "") for action in actions if action.isVisible()]


@pytest.mark.parametrize("missing", FEATURES, ids=lambda feature: feature.__name__)
def test_the_window_works_without_any_one_feature(missing, qtbot, model_file, saved):
    rest = [feature for feature in FEATURES if feature is not missing]
    window = window_with(rest, qtbot, model_file)
    with pytest.raises(LookupError):
        window.feature(missing)
    assert all(isinstance(window.feature(feature), feature) for feature in rest)

    window.open_paths([saved])
    if missing.__name__ == "Opening":  # nobody answers the wish
        window.projects.open(saved)
    qtbot.waitUntil(lambda: window.item is not None, timeout=60_000)
    qtbot.waitUntil(lambda: window.is_settled, timeout=60_000)
    assert [note.pitch for note in window.document.notes] == [60, 64, 67, 60]
    assert window.windowTitle() == "saved.amts[*] — AMT Studio"
    assert window.page.isVisible()
    window.row_menu_wanted.emit(window.item, QMenu(window))
    window.editor.selection.set([1])
    window.page.time_selection.set(0.5, 1.5)
    window.editor.move(steps=12)
    qtbot.waitUntil(lambda: window.is_settled, timeout=60_000)
    for dock in window.docks:
        dock.toggleViewAction().trigger()
    window.preferences.change(theme="dark", shows_candidates=False, onset_threshold=0.6)
    window.show_item(None)
    assert window.close()

    assert window.pool.is_idle
    with session.Document.open(saved) as document:
        assert document.notes[1].note.pitch == 72  # what was edited is in the file


class Practice(QObject):
    """A feature of its own: it counts what is shown."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.label = QLabel()
        self.dock = shell.add_dock("Practice", "practice", self.label, key="Ctrl+Alt+P")
        self.banner = shell.banner("About practising")
        shell.menus.add_menu("practice", "P&ractice", "count", "", "more")
        shell.section("practice", "more").add("&Forget", self.forget)
        self.count = shell.section("practice", "count").add(
            "&Count", self.show_count, "Ctrl+Alt+C", needs=shell.has_notes
        )
        shell.section("file", "practice").add("Print the Count", self.show_count)
        shell.follow_document(self.set_document)
        self.shown = []

    def set_document(self, document) -> None:
        self.shown.append(document)
        self.label.setText("" if document is None else f"{len(document.notes)} notes")

    def show_count(self) -> None:
        self.banner.show_text(self.label.text(), [("Close", self.banner.hide)])
        self._shell.say("counted")

    def forget(self) -> None:
        self.label.clear()


def test_a_new_feature_plugs_in(qtbot, model_file, saved):
    window = window_with((*FEATURES, Practice), qtbot, model_file)
    practice = window.feature(Practice)
    assert menu_titles(window)[-2:] == ["Practice", "Help"]
    menu = next(a.menu() for a in window.menuBar().actions() if "ractice" in a.text())
    assert [a.text() for a in menu.actions() if not a.isSeparator()] == ["&Count", "&Forget"]
    assert practice.count in window.menus.shortcuts.actions
    assert practice.dock.toggleViewAction() in window.menus.shortcuts.actions
    texts = [a.text() for a in window.menuBar().actions()[0].menu().actions()]
    assert texts[-6:] == ["Export A&ll…", "", "Print the Count", "", "&Close", "&Quit"]
    assert not practice.count.isEnabled()

    window.open_paths([saved])
    qtbot.waitUntil(lambda: window.item is not None and window.is_settled, timeout=60_000)
    assert practice.dock.isVisible()
    assert practice.count.isEnabled()
    practice.count.trigger()
    assert practice.banner.isVisible()
    assert practice.banner.label.text() == "4 notes"
    assert window.statusBar().currentMessage() == "counted"
    assert practice.shown == [None, window.document]
    window.close()


class Breath(pg.GraphicsObject):
    """Paints a bar over the whole of its lane."""

    def __init__(self) -> None:
        super().__init__()
        self.colour = None
        self.n_painted = 0

    def set_theme(self, theme) -> None:
        self.colour = theme.accent

    def boundingRect(self) -> QRectF:  # noqa: N802
        return QRectF(0.0, 0.0, 10.0, 1.0)

    def paint(self, painter, *_args) -> None:
        self.n_painted += 1
        painter.fillRect(self.boundingRect(), self.colour)


class BreathGestures:
    """Counts what the mouse does."""

    def __init__(self) -> None:
        self.pressed, self.cancelled = [], 0

    def click(self, event) -> bool:
        self.pressed.append(event.scenePos())
        return True

    def drag(self, _event) -> bool:
        return False

    def cancel(self) -> bool:
        self.cancelled += 1
        return False


class BreathLane(ItemLane):
    def __init__(self, selection) -> None:
        self.item, self.mouse = Breath(), BreathGestures()
        self.n_notes = 0
        super().__init__("breath", "Breath", self.item, selection, pixels=30)

    def gestures(self, _editor) -> BreathGestures:
        return self.mouse

    def refresh(self) -> None:
        self.n_notes = len(self._document.notes)


class Breathing(QObject):
    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.lane = BreathLane(shell.page.time_selection)
        self.entry = shell.add_lane(self.lane, "&Breath Below the Notes")


def test_a_new_lane_is_seen_follows_the_mouse_and_folds_away(qtbot, model_file, saved):
    window = window_with((*FEATURES, Breathing), qtbot, model_file)
    lane, entry = window.feature(Breathing).lane, window.feature(Breathing).entry
    window.open_paths([saved])
    qtbot.waitUntil(lambda: window.item is not None and window.is_settled, timeout=60_000)
    roll = window.page.roll
    qtbot.waitUntil(lambda: lane.item.n_painted > 0)
    assert lane.n_notes == 4
    place = lane.box.sceneBoundingRect()
    assert 20.0 < place.height() <= 30.0
    assert place.left() == pytest.approx(roll.box.sceneBoundingRect().left())
    assert place.top() > roll.lanes["pedal"].box.sceneBoundingRect().bottom()
    assert place.bottom() < roll._time_axis.sceneBoundingRect().bottom()
    roll.show_range(0.5, 1.5)
    assert lane.box.viewRange()[0] == pytest.approx([0.5, 1.5])
    middle = roll.mapFromScene(place.center())
    colour = roll.grab().toImage().pixelColor(middle)
    assert colour.name() == lane.item.colour.name()
    qtbot.mouseClick(roll.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert len(lane.mouse.pressed) == 1
    roll.editing.cancel()
    assert lane.mouse.cancelled == 1

    assert entry.isChecked()
    entry.trigger()
    assert not lane.box.isVisible()
    roll.lane_wanted.emit("breath")
    assert entry.isChecked()
    assert lane.box.isVisible()
    roll.leave_to_notes(10_000)
    assert not lane.box.isVisible()
    window.close()


def test_a_window_without_features_is_a_shell(qtbot, model_file):
    window = window_with((), qtbot, model_file)
    assert menu_titles(window) == ["File"]  # Close and Quit
    assert window.docks == []
    assert window.close()
