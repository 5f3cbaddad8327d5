"""The instrument detector in the panel My instrument, and its profiles in the window."""

from __future__ import annotations

import pytest

from amtstudio.learning.report import Code, Reason, RecordingUse, Report
from amtstudio.learning.request import DETECTOR, LEAST_TAGS, Request
from amtstudio.models import find_model, load_card, sha256_of
from amtstudio.models.checkpoint import load_model
from amtstudio.profiles import LedgerEntry, Profile, delete_profile, rename_profile
from amtstudio.profiles.fitting import heard_instruments
from amtstudio.profiles.weights import save_profile
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES
from amtstudio.ui.adaptation.corrected import handed_over
from amtstudio.ui.adaptation.words import figures, headline
from amtstudio.workbench.adaptation.asked import Asked
from amtstudio.workbench.adaptation.looking import Looked, Looker

PATIENCE_MS = 120_000


@pytest.fixture
def banjo():
    """A profile by which the detector hears a banjo wherever there is sound."""
    path = find_model(DETECTOR)
    model, card = load_model(path)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    after = {name: value.clone() for name, value in before.items()}
    after["head.score.bias"][INSTRUMENT_CLASSES.index("banjo")] += 30.0
    ledger = (LedgerEntry("take.wav", "a" * 64, 60.0, "adapt", corrected_s=30.0),)
    profile = Profile(
        "Banjo", DETECTOR, sha256_of(path), dict(card.thresholds), ledger=ledger,
        created="2026-11-20T10:00:00+00:00",
    )  # fmt: skip
    save_profile(profile, before, after)
    return profile


def settle(qtbot, window):
    qtbot.waitUntil(lambda: window.adaptation.profiles.is_idle, timeout=PATIENCE_MS)
    qtbot.wait(1)
    qtbot.waitUntil(lambda: window.is_settled, timeout=PATIENCE_MS)


def show_profiles(qtbot, window):
    window.adaptation.show_profiles()
    window.adaptation.profiles.refresh()
    settle(qtbot, window)
    return window.adaptation.profiles.view


def test_marked_passages_are_counted_and_it_takes_a_few_to_start(editing, qtbot):
    adaptation, document = editing.adaptation, editing.document
    setup = adaptation.setup
    adaptation.show_learning()
    adaptation.recordings._what_comes_first = lambda: "the test"
    adaptation.recordings.add_found([document.path.absolute()])
    qtbot.waitUntil(lambda: adaptation.recordings.entries[0].looked is not None)
    setup.model_box.setCurrentIndex(setup.model_box.findData(DETECTOR))
    qtbot.waitUntil(lambda: adaptation.recordings.entries[0].looked is not None)
    # As if it were longer.
    adaptation.recordings._put(Looked(document.path.absolute(), 30.0, was_heard=True))
    assert setup.is_of_instruments
    assert not setup.minutes_box.isEnabled()
    assert not setup.start_button.isEnabled()
    assert f"at least {LEAST_TAGS} are needed" in setup.start_label.text()
    for place in range(LEAST_TAGS):
        document.edits.take(
            lambda project, at=place: project.tag_instrument(
                "drums", 0.5 * at, 0.5 * at + 0.3, is_heard=False
            )
        )
    qtbot.waitUntil(lambda: setup.n_tags == LEAST_TAGS, timeout=PATIENCE_MS)
    assert f"marked instruments: {LEAST_TAGS}" in setup.corrections_label.text()
    assert setup.start_button.isEnabled()
    assert "heard or as not heard" in setup.limits.text()
    decided, _ = handed_over(setup.corrected, [document])
    (known,) = decided.values()
    assert len(known.instruments) == LEAST_TAGS
    setup.corrections_box.setChecked(False)
    assert not setup.start_button.isEnabled()
    setup.corrections_box.setChecked(True)
    setup.model_box.setCurrentIndex(setup.model_box.findData("piano"))
    assert setup.corrected == []  # no notes were corrected


def test_any_recording_may_be_marked(recording):
    looked = Looker(DETECTOR, "cpu").hear(recording, lambda: False)
    assert looked.was_heard
    assert "five seconds" in str(looked.objection)  # it has three; nothing else speaks against it


def test_a_profile_of_the_detector_is_used_for_instruments_and_not_for_notes(editing, qtbot, banjo):
    view = show_profiles(qtbot, editing)
    settings = editing.preferences
    view.choose("Banjo")
    assert not view.compare_button.isEnabled()
    assert "“instruments”" in view.ledger_title.text()
    assert "banjo" not in editing.document.instruments.named()
    notes = list(editing.document.notes)
    view.use_wanted.emit("Banjo")
    qtbot.waitUntil(lambda: "banjo" in editing.document.instruments.named(), timeout=PATIENCE_MS)
    settle(qtbot, editing)
    assert list(editing.document.notes) == notes
    assert editing.document.profile == ""
    view.default_wanted.emit("Banjo")
    assert (settings.settings.profile, settings.settings.instrument_profile) == ("", "Banjo")
    assert editing.instrument_finder.profile == "Banjo"
    assert not view.default_button.isEnabled()
    view.choose("")
    assert view.default_button.isEnabled()
    view.default_wanted.emit("")
    assert settings.settings.instrument_profile == ""
    assert editing.instrument_finder.profile == ""


def test_renaming_and_deleting_take_the_choice_along(window, qtbot, banjo):
    view = show_profiles(qtbot, window)
    view.default_wanted.emit("Banjo")
    window.adaptation.profiles.rename("Banjo", "Mandoline")
    settle(qtbot, window)
    assert window.preferences.settings.instrument_profile == "Mandoline"
    window.adaptation.profiles.delete("Mandoline")
    settle(qtbot, window)
    assert window.preferences.settings.instrument_profile == ""


def hear_a_banjo(qtbot, window):
    window.adaptation.profiles.use_for_shown("Banjo")
    instruments = window.document.instruments
    qtbot.waitUntil(lambda: window.document.instruments is not instruments, timeout=PATIENCE_MS)
    settle(qtbot, window)
    assert "banjo" in window.document.instruments.named()


def uses(view):
    rows = [view.tree.topLevelItem(row) for row in range(view.tree.topLevelItemCount())]
    return {row.text(0): row.text(1) for row in rows}


def test_instruments_go_back_to_the_detector_as_it_ships(editing, qtbot, banjo):
    view = show_profiles(qtbot, editing)
    assert not view.use_button.isEnabled()
    transcribed = []
    editing.transcription_wanted.connect(lambda *wanted: transcribed.append(wanted))
    hear_a_banjo(qtbot, editing)
    assert uses(view) == {"Standard model": "new recordings, this one", "Banjo": "this one"}
    view.choose("Banjo")
    assert not view.use_button.isEnabled()
    view.choose("")
    view.use_button.click()
    qtbot.waitUntil(
        lambda: "banjo" not in editing.document.instruments.named(), timeout=PATIENCE_MS
    )
    settle(qtbot, editing)
    assert transcribed == []
    assert uses(view)["Banjo"] == ""
    assert not view.use_button.isEnabled()
    view.choose("Banjo")
    assert view.use_button.isEnabled()


def test_instruments_of_a_profile_that_was_renamed_and_deleted_go_back_too(editing, qtbot, banjo):
    view = show_profiles(qtbot, editing)
    hear_a_banjo(qtbot, editing)
    editing.adaptation.profiles.rename("Banjo", "Mandoline")
    settle(qtbot, editing)
    assert uses(view)["Mandoline"] == "this one"
    editing.adaptation.profiles.delete("Mandoline")
    settle(qtbot, editing)
    view.choose("")
    view.use_button.click()
    qtbot.waitUntil(
        lambda: "banjo" not in editing.document.instruments.named(), timeout=PATIENCE_MS
    )
    settle(qtbot, editing)
    assert not view.use_button.isEnabled()


def test_the_standard_model_is_for_notes_and_instruments_as_far_as_profiles_were(editing, qtbot):
    wanted = []
    for signal, name in (
        (editing.transcription_wanted, "notes"),
        (editing.instruments_wanted, "instruments"),
    ):
        signal.disconnect()
        signal.connect(lambda _item, profile, name=name: wanted.append((name, profile)))
    profiles, document = editing.adaptation.profiles, editing.document
    for of_notes, of_instruments, expected in (
        ("Flügel", "", [("notes", "")]),
        ("", "Banjo", [("instruments", "")]),
        ("", None, [("instruments", "")]),  # as a project has kept them
        ("Flügel", "Banjo", [("notes", ""), ("instruments", "")]),
    ):
        document.profile, document.instrument_profile = of_notes, of_instruments
        wanted.clear()
        profiles.use_for_shown("")
        assert wanted == expected


def test_until_instruments_are_found_the_choice_for_new_recordings_is_that_of_this_one(
    window, qtbot, finish, recording, banjo
):
    view = show_profiles(qtbot, window)
    window.queue.hold()
    window.open_paths([recording])
    qtbot.waitUntil(lambda: window.document is not None)
    assert uses(view)["Banjo"] == ""
    view.default_wanted.emit("Banjo")
    assert uses(view)["Banjo"] == "instruments, this one"
    window.queue.release()
    finish()
    assert "banjo" in window.document.instruments.named()
    view.default_wanted.emit("")
    assert uses(view)["Banjo"] == "this one"


def test_a_new_profile_of_instruments_is_kept_for_those_before_the_list_has_it(window, tmp_path):
    request = Request("Banjo", (tmp_path / "a.wav",), model=DETECTOR)
    window.adaptation.controller.asked = Asked(request)
    window.adaptation.keep(is_default=True)
    settings = window.preferences.settings
    assert (settings.profile, settings.instrument_profile) == ("", "Banjo")


def test_a_profile_that_is_gone_is_told_where_the_instruments_would_stand(editing, qtbot, banjo):
    rename_profile("Banjo", "Other")
    editing.instruments_wanted.emit(editing.item, "Banjo")
    settle(qtbot, editing)
    assert "no profile 'Banjo'" in str(editing.instrument_finder.error(editing.item))


def test_the_result_is_told_in_words_of_instruments(window):
    report = Report(
        adopted=True,
        reasons=(Reason(Code.TAGS_ROSE, 0.4, 0.9),),
        minutes_used=0.1,
        recordings={"a.wav": RecordingUse("adapt", 12.0)},
        before={"tags": 0.4, "mixtures": 0.92, "names": 0.5},
        after={"tags": 0.9, "mixtures": 0.92, "names": 0.5},
        guard_set={"before": [], "after": []},
        seconds=60.0,
        steps=[],
    )
    assert headline(report) == "It recognizes instruments better now"
    assert [figure.name for figure in figures(report)] == ["Marked instruments", "In other music"]
    assert load_card(find_model(DETECTOR)).name == DETECTOR


def piano_profile(name, *instruments, created="2026-11-20T10:00:00+00:00"):
    path = find_model("piano")
    model, card = load_model(path)
    profile = Profile(
        name, "piano", sha256_of(path), dict(card.thresholds), created=created,
        instruments=instruments,
    )  # fmt: skip
    save_profile(profile, model.state_dict(), model.state_dict())
    return profile


def transcriptions_wanted(window):
    """Filled with (item, profile) in place of transcribing."""
    wanted = []
    window.transcription_wanted.disconnect()
    window.transcription_wanted.connect(lambda item, name: wanted.append((item, name)))
    return wanted


def test_a_profile_of_another_instrument_is_told_and_can_be_left_out(editing, qtbot, monkeypatch):
    banner, wanted = editing.adaptation.offer.banner, transcriptions_wanted(editing)
    heard = heard_instruments([editing.document.instruments])
    piano_profile("Flute and harp", "flute", "harp")
    piano_profile("Home of old", *heard)
    show_profiles(qtbot, editing)
    offer = editing.adaptation.offer
    monkeypatch.setattr(editing.document, "profile", "Home of old")
    offer.refresh()
    assert banner.isHidden()
    delete_profile("Home of old")
    editing.adaptation.profiles.refresh()
    settle(qtbot, editing)
    monkeypatch.setattr(editing.document, "profile", "Flute and harp")
    offer.refresh()
    assert not banner.isHidden()
    assert "“Flute and harp” was made for something else: flute, harp." in banner.label.text()
    banner.buttons[0].click()
    assert wanted == [(editing.item, "")]
    assert banner.isHidden()
    offer.refresh()
    banner._close.click()
    offer.refresh()
    assert banner.isHidden()  # no: not again
    # But there is one that fits, whatever was declined of the other.
    piano_profile("At home", *heard)
    editing.adaptation.profiles.refresh()
    settle(qtbot, editing)
    assert "“At home” was made for this" in banner.label.text()
    banner._close.click()
    offer.refresh()
    assert banner.isHidden()


def test_a_profile_is_offered_where_its_instrument_is_heard_again(editing, qtbot):
    heard = heard_instruments([editing.document.instruments])
    assert heard
    banner, wanted = editing.adaptation.offer.banner, transcriptions_wanted(editing)
    assert banner.isHidden()
    piano_profile("Flute and harp", "flute", "harp")
    show_profiles(qtbot, editing)
    assert banner.isHidden()
    piano_profile("At home", *heard)
    editing.adaptation.profiles.refresh()
    settle(qtbot, editing)
    assert not banner.isHidden()
    assert "“At home” was made for this" in banner.label.text()
    banner.buttons[0].click()
    assert wanted == [(editing.item, "At home")]
    assert banner.isHidden()
    editing.adaptation.offer.refresh()
    assert not banner.isHidden()
    editing.preferences.change(profile="At home")  # it is used for new recordings anyway
    editing.adaptation.offer.refresh()
    assert banner.isHidden()
    editing.preferences.change(profile="")
    editing.adaptation.offer.refresh()
    banner._close.click()
    editing.adaptation.offer.refresh()
    assert banner.isHidden()  # no: not again
