"""Instruments in the window: found behind the notes, listed, gone to, hinted at."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from studio import Studio

from amtstudio import session
from amtstudio.engine import Mismatch
from amtstudio.errors import BadAudioError, Cancelled
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.ui.document import Document
from amtstudio.ui.instrument_hint import InstrumentHint
from amtstudio.ui.instruments.finder import InstrumentFinder
from amtstudio.ui.instruments.panel import InstrumentsPanel
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.queue import TranscriptionQueue
from amtstudio.workbench.instrument_engine import MODEL, Heard
from amtstudio.workbench.transcribing import Engine

CLASSES = ("banjo", "piano", "violin")


def activity(**changes) -> InstrumentActivity:
    """Piano for two seconds, then violin for two, twice; six instances each."""
    heard = np.array([1, 1, 2, 2, 0, 0] * 2)
    scores = np.full((12, 3), 0.1)
    for place in (1, 2):
        scores[heard == place, place] = 0.5 + 0.1 * place
    values = {
        "classes": CLASSES,
        "onsets": np.arange(12.0),
        "offsets": np.arange(12.0) + 1,
        "scores": scores,
        "attention": np.full((12, 3), 1 / 12),
        "track_scores": np.array([0.1, 0.9, 0.6]),
        "thresholds": np.full(3, 0.5),
        "duration": 12.0,
    }
    return InstrumentActivity(**(values | changes))


class Listener:
    """Stands in for the detector where a test decides when it is done."""

    def __init__(self, answer=None):
        self.answer = answer or Heard(activity(), None)
        self.heard = []
        self.may_end = threading.Event()
        self.may_end.set()

    def find(self, source, *, is_cancelled, **_callbacks):
        self.heard.append(source.path)
        while not self.may_end.wait(0.005):
            if is_cancelled():
                break
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class ProfiledListener:
    """Hears a banjo by the profile "Banjo", and else a piano, once it may end or is cancelled."""

    def __init__(self, *, is_at_its_end):
        self.is_at_its_end = is_at_its_end  # when it is cancelled: it answers all the same
        self.profiles = []
        self.may_end = threading.Event()

    def find(self, _source, profile, *, is_cancelled):
        self.profiles.append(profile)
        while not self.may_end.wait(0.005):
            if is_cancelled():
                if not self.is_at_its_end:
                    raise Cancelled
                break
        scores = [0.9, 0.1, 0.1] if profile == "Banjo" else [0.1, 0.9, 0.1]
        return Heard(activity(track_scores=np.array(scores)), None)


@pytest.fixture(autouse=True)
def _detector_ships(monkeypatch):
    monkeypatch.setattr("amtstudio.ui.instruments.finder.list_models", lambda: [MODEL])


@pytest.fixture
def panel(qtbot, tmp_path):
    panel = InstrumentsPanel()
    qtbot.addWidget(panel)
    document = Document(tmp_path / "a.wav", parent=panel)
    panel.set_document(document)
    panel.show()
    document.set_instruments(activity())
    return panel


@pytest.fixture
def queue(model_file):
    pool = JobPool()
    queue = TranscriptionQueue(Engine(str(model_file), "cpu"), pool)
    yield queue
    queue.close()
    pool.close()


def test_named_instruments_stand_first_with_level_and_time(panel):
    rows = [panel.tree.topLevelItem(i) for i in range(3)]
    assert [row.text(0) for row in rows] == ["piano", "violin", "banjo"]
    assert [row.text(2) for row in rows] == ["0:04", "0:04", ""]
    assert [row.font(0).bold() for row in rows] == [True, True, False]
    assert rows[0].data(1, Qt.ItemDataRole.AccessibleTextRole) == "90 %"
    assert panel.status.isHidden()


def test_the_next_passage_is_the_one_behind_the_view_and_goes_round(panel, qtbot):
    wanted = []
    panel.passage_wanted.connect(lambda *span: wanted.append(span))
    assert panel.chosen_class == "piano"
    panel.set_range(0.0, 2.0)
    qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
    panel.set_range(6.0, 8.0)
    qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.before, Qt.MouseButton.LeftButton)
    assert wanted == [(6.0, 8.0), (0.0, 2.0), (0.0, 2.0)]
    panel.tree.setCurrentItem(panel.tree.topLevelItem(1))
    qtbot.keyClick(panel.tree, Qt.Key.Key_Return)
    assert wanted[-1] == (8.0, 10.0)


def test_an_instrument_that_is_nowhere_heard_has_no_passage(panel):
    panel.tree.setCurrentItem(panel.tree.topLevelItem(2))
    assert not panel.next.isEnabled()
    panel.passage_wanted.connect(lambda *_: pytest.fail("there is none"))
    panel.go_next()


def test_without_instruments_the_panel_says_why(panel):
    panel._document.set_instruments(None)
    panel.set_status("Listening")
    assert panel.tree.isHidden()
    assert panel.status.text() == "Listening"
    panel._document.set_instruments(activity(track_scores=np.zeros(3)))
    assert panel.status.text() == "No instrument detected reliably."
    assert not panel.tree.isHidden()


def test_the_hint_names_what_is_heard_and_can_be_closed(qtbot):
    hint = InstrumentHint()
    qtbot.addWidget(hint)
    hint.set_mismatch(None)
    assert hint.isHidden()
    hint.set_mismatch(Mismatch(("guitar", "mallet_percussion"), 0.9))
    assert "mostly guitar, mallet percussion" in hint.label.text()
    assert not hint.isHidden()
    qtbot.mouseClick(hint.close_button, Qt.MouseButton.LeftButton)
    assert hint.isHidden()


def test_instruments_are_looked_for_when_all_notes_are_there(qtbot, queue, recording, tmp_path):
    listener = Listener()
    finder = InstrumentFinder(queue, queue._pool, engine=listener)
    other = tmp_path / "other.wav"
    soundfile.write(other, np.zeros(16000), 16000)
    first, second = queue.add(recording), queue.add(other)
    assert listener.heard == []
    qtbot.waitUntil(lambda: queue.is_idle and finder.is_idle, timeout=60_000)
    assert listener.heard == [recording, other]
    assert first.document.instruments is second.document.instruments is listener.answer.activity
    assert finder.mismatch(first) is None


def test_a_new_transcription_comes_first(qtbot, queue, recording, tmp_path):
    listener = Listener()
    finder = InstrumentFinder(queue, queue._pool, engine=listener)
    listener.may_end.clear()
    first = queue.add(recording)
    qtbot.waitUntil(lambda: listener.heard == [recording], timeout=60_000)
    other = tmp_path / "other.wav"
    soundfile.write(other, np.zeros(16000), 16000)
    queue.add(other)
    assert not finder._job._may_run.is_set()  # it waits where it asks whether to go on
    qtbot.waitUntil(lambda: queue.is_idle, timeout=60_000)
    listener.may_end.set()
    qtbot.waitUntil(lambda: finder.is_idle, timeout=60_000)
    assert first.document.instruments is not None


def test_a_project_that_is_opened_again_has_its_instruments(qtbot, queue, recording, tmp_path):
    listener = Listener()
    finder = InstrumentFinder(queue, queue._pool, engine=listener)
    item = queue.add(recording)
    qtbot.waitUntil(lambda: queue.is_idle and finder.is_idle, timeout=60_000)
    item.document.project.save_as(tmp_path / "take.amts")
    queue.remove(item)
    again = queue.add_project(session.Document.open(tmp_path / "take.amts"))
    assert again.document.instruments.named() == ["piano", "violin"]
    assert finder.mismatch(again) is None
    assert again.document.instrument_profile is None  # the project does not tell
    assert finder.is_idle
    assert listener.heard == [recording]


@pytest.mark.parametrize("is_at_its_end", [False, True])
def test_another_profile_takes_over_at_once(qtbot, queue, recording, is_at_its_end):
    listener = ProfiledListener(is_at_its_end=is_at_its_end)
    finder = InstrumentFinder(queue, queue._pool, engine=listener)
    item = queue.add(recording)
    shown = []
    item.document.instruments_changed.connect(
        lambda: shown.append(item.document.instruments.named())
    )
    qtbot.waitUntil(lambda: listener.profiles == [""], timeout=60_000)
    finder.find_again(item, "Banjo")
    assert item.document.instrument_profile == "Banjo"
    qtbot.waitUntil(lambda: listener.profiles == ["", "Banjo"], timeout=60_000)
    assert finder.is_listening_to(item)
    listener.may_end.set()
    qtbot.waitUntil(lambda: finder.is_idle, timeout=60_000)
    assert shown == [["banjo"]]
    assert listener.profiles == ["", "Banjo"]


def test_a_search_that_is_held_up_is_begun_again_by_another_profile(
    qtbot, queue, recording, tmp_path
):
    listener = ProfiledListener(is_at_its_end=False)
    finder = InstrumentFinder(queue, queue._pool, engine=listener)
    item = queue.add(recording)
    qtbot.waitUntil(lambda: listener.profiles == [""], timeout=60_000)
    other = tmp_path / "other.wav"
    soundfile.write(other, np.zeros(16000), 16000)
    queue.hold()
    queue.add(other)
    assert not finder._job._may_run.is_set()
    finder.find_again(item, "Banjo")
    qtbot.waitUntil(lambda: not finder.is_listening_to(item), timeout=60_000)
    queue.release()
    listener.may_end.set()
    qtbot.waitUntil(lambda: queue.is_idle and finder.is_idle, timeout=60_000)
    assert item.document.instruments.named() == ["banjo"]


def test_what_fails_is_kept_and_not_tried_again(qtbot, queue, recording):
    listener = Listener(BadAudioError("no sound in it"))
    finder = InstrumentFinder(queue, queue._pool, engine=listener)
    item = queue.add(recording)
    qtbot.waitUntil(lambda: queue.is_idle and finder.is_idle, timeout=60_000)
    assert str(finder.error(item)) == "no sound in it"
    assert item.document.instruments is None
    item.changed.emit()
    assert listener.heard == [recording]


def test_a_removed_recording_is_forgotten(qtbot, queue, recording):
    listener = Listener(Heard(activity(), Mismatch(("banjo",), 1.0)))
    finder = InstrumentFinder(queue, queue._pool, engine=listener)
    item = queue.add(recording)
    qtbot.waitUntil(lambda: queue.is_idle and finder.is_idle, timeout=60_000)
    assert finder.mismatch(item).instruments == ("banjo",)
    queue.remove(item)
    assert finder.mismatch(item) is None


def test_without_a_detector_the_window_offers_none(qtbot, model_file, monkeypatch):
    monkeypatch.setattr("amtstudio.ui.instruments.finder.list_models", lambda: ["piano"])
    window = Studio(Engine(str(model_file), "cpu"), keeps_state=False)
    qtbot.addWidget(window)
    assert [dock.objectName() for dock in window.docks] == ["notes", "queue", "tracks"]
    texts = [action.text() for action in window.menus.all if action.isVisible()]
    assert not any("Above the Notes" in text or "of This Instrument" in text for text in texts)
    assert window.instrument_finder.is_idle
    window.close()


def test_the_window_shows_list_strip_and_hint_of_the_recording_at_hand(
    window, finish, recording, monkeypatch
):
    heard = Heard(activity(), Mismatch(("violin",), 0.8))
    monkeypatch.setattr(window.instrument_finder, "_engine", Listener(heard))
    window.open_paths([recording])
    finish()
    assert window.instruments_panel.chosen_class == "piano"
    assert window.page.instrument_strip.shown_classes == ["piano", "violin"]
    assert "mostly violin" in window.page.instrument_hint.label.text()
    assert window.page.instrument_hint.isVisible()
    asked = []
    window.page.instrument_hint.instruments_wanted.connect(asked.append)
    monkeypatch.setattr(window.transcribe_actions, "ask_and_retry", lambda item: None)
    window.page.instrument_hint.again_button.click()
    assert asked == [("violin",)]
    assert window.document.asked_instruments == ("violin",)
    window.page.roll.show_range(0.0, 1.0)
    window.instruments_panel.tree.setCurrentItem(window.instruments_panel.tree.topLevelItem(1))
    window.instruments_panel.go_next()
    start, end = window.page.roll.visible_range
    assert start > 1.0
    assert end - start == pytest.approx(1.0)
    window.show_item(None)
    assert window.page.instrument_hint.isHidden()
