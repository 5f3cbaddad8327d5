"""The profiles of the panel My instrument, and what of it needs no run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox
from struck_tones import SAMPLE_RATE, struck_tones
from test_accessibility import controls_of, describe_widget, reached_by_tab, spoken_name

from amtstudio import session
from amtstudio.errors import BadAudioError
from amtstudio.learning.corrections import gathered
from amtstudio.learning.recording_file import checksum
from amtstudio.learning.report import Report
from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import run_path
from amtstudio.models import find_model, sha256_of
from amtstudio.models.checkpoint import load_model
from amtstudio.profiles import LedgerEntry, Profile, has_profile, list_profiles, read_profile
from amtstudio.profiles.weights import save_profile
from amtstudio.settings import load_settings
from amtstudio.symbolic import Note
from amtstudio.ui.adaptation.controller import State
from amtstudio.ui.adaptation.corrected import handed_over, of_documents
from amtstudio.ui.adaptation.words import objection_text
from amtstudio.ui.sound_devices import NoSound
from amtstudio.workbench.adaptation.looking import Looked

PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def weights():
    model, _ = load_model(find_model("piano"))
    base = {name: value.clone() for name, value in model.state_dict().items()}
    adapted = {name: value.clone() for name, value in base.items()}
    adapted["head.bias"] += 0.5
    return base, adapted


@pytest.fixture
def make_profile(weights):
    def make(name="Klavier zu Hause"):
        ledger = (
            LedgerEntry("Aufnahme 1.wav", "a" * 64, 254.0, "adapt", corrected_s=48.0),
            LedgerEntry("Aufnahme 2.wav", "b" * 64, 90.0, "accept"),
        )
        profile = Profile(
            name,
            "piano",
            sha256_of(find_model("piano")),
            {"onset": 0.31, "frame": 0.22},
            -31.0,
            "2026-11-20T10:00:00+00:00",
            {"adopted": True},
            ledger,
        )
        save_profile(profile, *weights)
        return profile

    return make


@pytest.fixture
def show_profiles(qtbot, window):
    """The list of profiles, once it is filled."""

    def show():
        window.adaptation.show_profiles()
        window.adaptation.profiles.refresh()
        qtbot.waitUntil(lambda: window.adaptation.profiles.is_idle, timeout=PATIENCE_MS)
        names = [profile.name for profile in list_profiles()[0]]
        view = window.adaptation.profiles.view
        qtbot.waitUntil(lambda: view.names == names, timeout=PATIENCE_MS)
        return view

    return show


@pytest.fixture
def settle(qtbot, window):
    def settle():
        profiles = window.adaptation.profiles
        qtbot.waitUntil(lambda: profiles.is_idle, timeout=PATIENCE_MS)
        qtbot.wait(1)  # for the signals
        qtbot.waitUntil(lambda: profiles.is_idle, timeout=PATIENCE_MS)

    return settle


def test_without_profiles_the_model_as_it_ships_is_told_of(show_profiles):
    view = show_profiles()
    assert view.tree.topLevelItemCount() == 1
    assert "never changed" in view.ledger_title.text()
    assert not view.ledger.isVisible()
    for control in (view.rename_button, view.export_button, view.delete_button):
        assert not control.isEnabled()
    assert view.import_button.isEnabled()


def test_a_profile_tells_what_it_was_made_from(show_profiles, make_profile):
    make_profile()
    view = show_profiles()
    view.choose("Klavier zu Hause")
    assert view.ledger_title.text() == (
        "Made 2026-11-20 for the model “piano” from 2 recordings, 6 minutes. You had corrected"
        " 48 seconds of that. Tuning: -31 cents."
    )
    rows = [view.ledger.topLevelItem(row) for row in range(view.ledger.topLevelItemCount())]
    assert [row.text(0) for row in rows] == ["Aufnahme 1.wav", "Aufnahme 2.wav"]
    assert [row.text(1) for row in rows] == [
        "4:14, used for learning",
        "1:30, only used for testing",
    ]


def test_deleting_can_be_undone(qtbot, show_profiles, make_profile, settle, window):
    profile = make_profile()
    view = show_profiles()
    view.choose(profile.name)
    window.preferences.change(profile=profile.name)
    view.delete_button.click()
    settle()
    assert not has_profile(profile.name)
    qtbot.waitUntil(lambda: view.names == [])  # the list is read again beside the window
    assert window.preferences.settings.profile == ""  # what is gone is no choice
    assert view.undo_label.isVisible()
    view.undo_button.click()
    settle()
    assert read_profile(profile.name) == profile
    qtbot.waitUntil(lambda: view.names == [profile.name])
    assert not view.undo_label.isVisible()


def test_a_recording_is_forgotten_and_the_profile_offered_anew(
    show_profiles, weights, settle, window, tmp_path, monkeypatch
):
    paths = [tmp_path / f"{name}.wav" for name in ("erste", "zweite")]
    for number, path in enumerate(paths):
        soundfile.write(path, struck_tones(6.0 + number), SAMPLE_RATE)
    ledger = tuple(
        LedgerEntry(path.name, checksum(path), 6.0, "adapt", source=str(path)) for path in paths
    )
    base = sha256_of(find_model("piano"))
    report = {"asked": {"minutes": 7.0, "teacher": "auto"}}
    thresholds = {"onset": 0.3, "frame": 0.3}
    save_profile(
        Profile("Flügel", "piano", base, thresholds, report=report, ledger=ledger), *weights
    )
    view = show_profiles()
    view.choose("Flügel")
    view.ledger.setCurrentItem(view.ledger.topLevelItem(0))
    monkeypatch.setattr(QMessageBox, "exec", lambda box: box.buttons()[0].click())
    monkeypatch.setattr(
        QMessageBox,
        "clickedButton",
        lambda box: next(b for b in box.buttons() if b.text() == "Forget"),
    )
    window.adaptation.recordings.close()
    view.forget_button.click()
    settle()
    assert not has_profile("Flügel")
    setup = window.adaptation.setup
    assert [entry.path for entry in window.adaptation.recordings.entries] == [paths[1]]
    assert (setup.name, setup.minutes) == ("Flügel", 7)
    assert "erste.wav has been forgotten" in window.adaptation.banner.label.text()
    assert paths[0].is_file()  # the recording itself is the user's


def test_renaming_takes_the_choices_along(show_profiles, make_profile, settle, window, monkeypatch):
    profile = make_profile()
    view = show_profiles()
    view.choose(profile.name)
    view.default_button.click()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: (" Flügel, Saal ", True))
    view.rename_button.click()
    settle()
    assert view.names == ["Flügel, Saal"]
    assert window.preferences.settings.profile == "Flügel, Saal"
    assert window.queue.engine.profile == "Flügel, Saal"
    window.preferences.save()
    assert load_settings().profile == "Flügel, Saal"


def test_exporting_and_importing_under_another_name(
    show_profiles, make_profile, settle, window, tmp_path, monkeypatch
):
    profile = make_profile()
    view = show_profiles()
    view.choose(profile.name)
    target = tmp_path / "für Anna"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    view.export_button.click()
    settle()
    written = target.with_suffix(".amtprofile")
    assert written.is_file()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(written), ""))
    proposals = []

    def get_text(*arguments):
        proposals.append(arguments[-1])
        return "Annas Klavier", True

    monkeypatch.setattr(QInputDialog, "getText", get_text)
    view.import_button.click()  # its own name is taken
    settle()
    settle()
    assert proposals == ["für Anna"]
    assert view.names == ["Annas Klavier", profile.name]
    assert read_profile("Annas Klavier").ledger == profile.ledger


def test_a_file_that_is_no_profile_is_told_of(window, settle, tmp_path, monkeypatch):
    errors = []
    monkeypatch.setattr(window.adaptation.profiles, "_window", window)
    window.adaptation.profiles.failed.disconnect()
    window.adaptation.profiles.failed.connect(errors.append)
    path = tmp_path / "brief.txt"
    path.write_text("Liebe Anna")
    window.adaptation.profiles.import_from(path)
    settle()
    assert len(errors) == 1
    assert "cannot read the profile" in str(errors[0])


def test_a_recording_is_heard_by_a_profile_and_by_the_model_again(
    window, finish, recording, show_profiles, make_profile
):
    make_profile()
    window.open_paths([recording])
    finish()
    document = window.document
    tiny = document.settings
    view = show_profiles()
    assert not view.use_button.isEnabled()  # it is heard by the model as it ships
    view.choose("Klavier zu Hause")
    view.use_button.click()
    finish()
    assert document.transcription.profile == "Klavier zu Hause"
    assert document.transcription.model == "piano"
    assert document.settings.onset_threshold == 0.31
    assert document.default_settings.frame_threshold == 0.22
    assert document.project.source.profile == "Klavier zu Hause"
    view.choose("")
    view.use_button.click()
    finish()
    assert document.transcription.profile is None
    assert document.settings == tiny


def test_new_recordings_are_heard_by_the_chosen_profile_and_one_that_is_gone_is_told_of(
    window, finish, recording, show_profiles, make_profile, settle
):
    make_profile()
    view = show_profiles()
    view.choose("Klavier zu Hause")
    view.default_button.click()
    window.open_paths([recording])
    finish()
    assert window.document.transcription.profile == "Klavier zu Hause"
    assert view.tree.topLevelItem(1).text(1) == "new recordings, this one"
    # Deleted by the command line meanwhile.
    from amtstudio.profiles import delete_profile  # noqa: PLC0415

    delete_profile("Klavier zu Hause")
    window.transcribe_actions.retry()
    finish()
    assert window.document.transcription.profile is None
    assert "no longer exists" in window.item.warnings[0]


def test_before_and_after_are_compared_stepped_through_and_heard(
    qtbot, window, finish, recording, show_profiles, make_profile
):
    make_profile()
    window.open_paths([recording])
    finish()
    window.playback.devices._system = NoSound()
    window.playback.look_for_devices()
    view = show_profiles()
    view.choose("Klavier zu Hause")
    view.compare_button.click()
    shown = window.adaptation.comparing.diff_window
    qtbot.waitUntil(lambda: shown.is_settled and shown.compared is not None, timeout=PATIENCE_MS)
    diff = shown.compared.diff
    assert diff.changes
    assert shown.list.topLevelItemCount() == len(diff.changes)
    assert shown.list.current is diff.changes[0]
    qtbot.keyClick(shown, Qt.Key.Key_N)
    assert shown.list.current is diff.changes[1 % len(diff.changes)]
    qtbot.keyClick(shown, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert shown.list.current is diff.changes[0]
    lender = window.playback.document
    qtbot.waitUntil(lambda: shown.player.can_play, timeout=PATIENCE_MS)
    shown.player.toggle()
    assert shown.player.is_playing
    heard = window.playback.document
    assert sorted(heard.notes) == sorted(shown.compared.after.notes)
    qtbot.keyClick(shown, Qt.Key.Key_X)
    assert shown.before_radio.isChecked()
    assert sorted(heard.notes) == sorted(shown.compared.before.notes)
    assert shown.player.is_playing  # changing over does not stop it
    shown.close()
    assert window.playback.document is lender
    assert not window.playback.is_playing
    assert window.adaptation.comparing.diff_window is None


# -- choosing -------------------------------------------------------------------------------------


def test_the_empty_panel_says_what_it_does_and_what_it_cannot(window):
    setup = window.adaptation.setup
    window.adaptation.show_learning()
    assert window.adaptation.panel.isVisible()
    assert "nothing leaves it" in setup.intro.text()
    assert "No improvement found" in setup.limits.text()
    assert setup.empty_label.isVisible()
    assert not setup.start_button.isEnabled()


def looked_at(window, *entries):
    """Put recordings on the list as if they had been looked at."""
    recordings = window.adaptation.recordings
    recordings.close()  # it looks at nothing by itself any more
    recordings.add_found([entry.path for entry in entries])
    for entry in entries:
        recordings._put(entry)


def test_recordings_tell_their_length_and_why_they_are_left_out(window, tmp_path):
    window.adaptation.show_learning()
    setup = window.adaptation.setup
    paths = [tmp_path / f"{name}.wav" for name in ("eins", "zwei", "lang", "spät")]
    looked_at(
        window,
        Looked(paths[0], 200.0, was_heard=True),
        Looked(paths[1], 30.0, BadAudioError("hardly any notes are to be heard"), was_heard=True),
    )
    assert setup.total_label.text() == "1 recording, 3 minutes · 1 left out"
    assert setup.reason_label.text() == "zwei.wav: Hardly any notes are to be heard."
    assert "can only learn how your instrument is tuned" in setup.start_label.text()
    assert setup.start_button.isEnabled()
    window.adaptation.recordings.set_score(paths[0], tmp_path / "eins.mid")
    with_score = "1 recording, 3 minutes · 3 minutes with a score · 1 left out"
    assert setup.total_label.text() == with_score
    window.adaptation.recordings.set_score(paths[0], None)
    looked_at(
        window,
        Looked(paths[2], 7100.0, was_heard=True),
        Looked(paths[3], 60.0, was_heard=True),
    )
    total = window.adaptation.recordings.total
    assert total.paths == (paths[0], paths[3])  # more than two hours are too much
    assert total.too_much == {paths[2]}
    setup.list.setCurrentItem(setup.list.topLevelItem(1))
    setup.remove_button.click()
    assert [entry.path.name for entry in window.adaptation.recordings.entries] == [
        "eins.wav",
        "lang.wav",
        "spät.wav",
    ]


def test_names_that_cannot_be_and_names_that_are_taken(window, tmp_path, make_profile):
    make_profile("Flügel")
    setup = window.adaptation.setup
    looked_at(window, *(Looked(tmp_path / f"{n}.wav", 90.0, was_heard=True) for n in range(3)))
    assert setup.start_label.text() == ""
    setup.name_box.setText("???")
    assert "must contain a letter" in setup.start_label.text()
    assert not setup.start_button.isEnabled()
    setup.name_box.setText("flügel")
    assert "learned again" in setup.start_label.text()
    assert setup.start_button.isEnabled()


def test_what_cannot_be_used_is_seen_in_real_files(window, qtbot, tmp_path):
    text = tmp_path / "Notizen.wav"
    text.write_text("kein Ton")
    short = tmp_path / "kurz.wav"
    soundfile.write(short, np.zeros(16000), 16000)
    window.adaptation.add([text, short, tmp_path / "fehlt.wav"])
    recordings = window.adaptation.recordings
    qtbot.waitUntil(lambda: len(recordings.entries) == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: recordings.is_idle, timeout=PATIENCE_MS)
    by_name = {entry.path.name: objection_text(entry) for entry in recordings.entries}
    assert by_name["kurz.wav"] == "It is shorter than five seconds."
    assert "Notizen.wav" in by_name["Notizen.wav"]
    assert "fehlt.wav" in by_name["fehlt.wav"]
    assert recordings.total.paths == ()


def test_all_my_recordings_are_those_open_known_and_taken(
    window, finish, recording, qtbot, tmp_path, monkeypatch
):
    takes = tmp_path / "takes"
    takes.mkdir()
    other = tmp_path / "früher.wav"
    for path in (takes / "Take 1.wav", other):
        soundfile.write(path, struck_tones(6.0), SAMPLE_RATE)
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(takes))
    window.open_paths([recording])
    finish()
    window.opening.open_example()
    window.preferences.remember_file(other)
    window.preferences.remember_file(tmp_path / "gone.wav")
    recordings = window.adaptation.recordings
    recordings._what_comes_first = lambda: "the test"
    window.adaptation.setup.all_button.click()
    qtbot.waitUntil(lambda: len(recordings.entries) == 3, timeout=PATIENCE_MS)
    assert {entry.path for entry in recordings.entries} == {
        recording,
        other,
        takes / "Take 1.wav",
    }
    window.transcribe_actions.cancel()


def test_files_dropped_on_the_panel_are_chosen_and_not_opened(window, qtbot, recording):
    window.adaptation.show_learning()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(recording))])
    panel = window.adaptation.panel
    panel.dropEvent(
        QDropEvent(
            QPointF(20, 20),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    recordings = window.adaptation.recordings
    qtbot.waitUntil(lambda: len(recordings.entries) == 1, timeout=PATIENCE_MS)
    assert window.queue.items == []


# -- corrections ----------------------------------------------------------------------------------


def test_accepted_passages_are_counted_and_handed_over(editing, qtbot):
    window = editing
    adaptation = window.adaptation
    adaptation.show_learning()
    document = window.document
    looked_at(window, Looked(document.path.absolute(), 30.0, was_heard=True))
    assert "have no corrections" in adaptation.setup.corrections_label.text()
    assert not adaptation.setup.corrections_box.isEnabled()
    document.edits.take(lambda project: project.accept_passage(0.5, 2.0))
    document.edits.take(lambda project: project.accept([4]))  # at 2 s, outside
    text = adaptation.setup.corrections_label
    qtbot.waitUntil(lambda: "2 s of corrected passages" in text.text(), timeout=PATIENCE_MS)
    assert "1 single note" in text.text()
    (corrected,) = adaptation.setup.corrected
    assert corrected.seconds == pytest.approx(1.5)
    # The project is open, and locked: what was decided in it travels in the request.
    decided, files = handed_over([corrected], [document])
    assert files == {}
    (known,) = decided.values()
    assert [(span.start, span.end) for span in known.passages] == [(0.5, 2.0)]
    assert list(decided) == [document.path.absolute()]
    assert known.project is None  # it has no name yet
    adaptation.setup.corrections_box.setChecked(False)
    assert adaptation.setup.corrected == []


def test_projects_that_are_not_open_count_too(window, qtbot, project, recording, tmp_path):
    path = tmp_path / "Werk.amts"
    project.accept_passage(0.0, 1.0)
    project.save_as(path)
    project.close()
    adaptation = window.adaptation
    adaptation.recordings._what_comes_first = lambda: "the test"
    adaptation.add([path])
    recordings = adaptation.recordings
    qtbot.waitUntil(lambda: len(recordings.entries) == 1, timeout=PATIENCE_MS)
    assert recordings.entries[0].path == recording  # a project stands for its recording
    qtbot.waitUntil(lambda: recordings.entries[0].corrected is not None, timeout=PATIENCE_MS)
    corrected = recordings.entries[0].corrected
    assert corrected.project == path
    assert handed_over([corrected], []) == ({}, {recording: (path,)})
    known = gathered(Request("x", (path,))).corrections[recording]
    assert (len(known.passages), known.project) == (1, path)
    assert of_documents([]) == []


def test_projects_of_one_recording_teach_together(editing, qtbot, recording, tmp_path):
    """As for ``amtstudio adapt``: of two in files and one that is open, the last is right."""
    window, files = editing, []
    for number, onset in enumerate((0.1, 2.4)):
        files.append(tmp_path / f"lesson {number}.amts")
        with session.Document.create(session.AudioReference.read(recording)) as other:
            other.accept_passage(onset, onset + 0.4)
            if number:
                other.add(Note(0.2, 0.35, 72))
            other.save_as(files[-1])
    adaptation, document = window.adaptation, window.document
    adaptation.recordings._what_comes_first = lambda: "the test"
    document.edits.take(lambda project: project.accept_passage(1.0, 2.0))
    adaptation.add(files)
    recordings = adaptation.recordings
    qtbot.waitUntil(
        lambda: (
            len(recordings.entries) == 1
            and recordings.entries[0].corrected is not None
            and len(recordings.entries[0].corrected.projects) == 3
        ),
        timeout=PATIENCE_MS,
    )
    corrected = recordings.entries[0].corrected
    assert corrected.seconds == pytest.approx(1.8)
    assert corrected.projects == (*files, document.project.path)
    decided, named = handed_over([corrected], [document])
    assert named == {recording: tuple(files)}
    request = gathered(Request("x", named[recording], corrections=decided))
    (known,) = request.corrections.values()
    assert request.recordings == (recording,)
    assert known == replace(corrected.known, project=known.project, sha256=known.sha256)
    spans = sorted((span.start, span.end) for span in known.passages)
    assert np.allclose(spans, [(0.1, 0.5), (1.0, 2.0), (2.4, 2.8)])
    (added,) = (note for span in known.passages for note in span.notes if note.pitch == 72)
    assert added.onset == 0.2  # in the passage that the first project accepted without it


# -- for all --------------------------------------------------------------------------------------


def test_every_control_of_the_panel_has_a_name_and_is_reached_with_tab(
    window, qtbot, tmp_path, make_profile, show_profiles
):
    make_profile()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE_MS)
    looked_at(window, *(Looked(tmp_path / f"{n}.wav", 90.0, was_heard=True) for n in range(3)))
    view = show_profiles()
    view.choose("Klavier zu Hause")
    controller = window.adaptation.controller
    pages = {
        "setup": (window.adaptation.show_learning, State.NONE),
        "profiles": (window.adaptation.show_profiles, State.NONE),
        "stopped": (window.adaptation.show_learning, State.STOPPED),
        "done": (window.adaptation.show_learning, State.DONE),
    }
    from amtstudio.workbench.adaptation.asked import Asked  # noqa: PLC0415

    controller.asked = Asked(Request("Klavier", (tmp_path / "0.wav",), 1.0))
    controller.report = Report(True, (), 0.0, {}, {}, {}, {}, 0.0, [])
    for name, (show, state) in pages.items():
        controller.state = state
        controller.changed.emit()
        show()
        panel = window.adaptation.panel
        controls = controls_of(panel)
        assert controls, name
        nameless = [describe_widget(control) for control in controls if not spoken_name(control)]
        assert nameless == [], name
        panel.setFocus()
        reached = reached_by_tab(window, qtbot)
        missed = [
            f"{describe_widget(control)} {spoken_name(control)}"
            for control in controls
            if control.isEnabled() and control not in reached
        ]
        assert missed == [], name
    controller.state = State.NONE
    assert not run_path("Klavier").exists()
