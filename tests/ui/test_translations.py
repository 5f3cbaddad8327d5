"""No text of the window is missing from a translation, and gaps are where they belong."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from amtstudio.errors import AudioDeviceError, BadAudioError, EditError
from amtstudio.playback.device import NO_DEVICE, NO_LIBRARY, NO_LIBRARY_HINT
from amtstudio.symbolic import Meter, Track, beat_edits
from amtstudio.ui import translation
from amtstudio.ui.customizing.preferences_dialog import PreferencesDialog
from amtstudio.ui.failure import describe, describe_warning
from amtstudio.ui.help.guide import guide_path
from amtstudio.ui.instrument_names import track_name
from amtstudio.ui.plurals import counted

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "translations.py"
LANGUAGES = translation.languages()[1:]
LEAST_SHARE = 0.97
_GAP = re.compile(r"\{[\w:.]*\}|%n")


@pytest.fixture(scope="module")
def tools():
    return runpy.run_path(str(SCRIPT))


@pytest.fixture(scope="module")
def texts(tools):
    return tools["gather"]()


@pytest.fixture
def german(qapp):
    translation.install("de")
    yield
    translation.install(translation.ENGLISH)


def test_there_is_a_language_beside_english():
    assert "de" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_sources_is_missing(language, texts, tools):
    path = tools["FOLDER"] / f"amtstudio_{language}.ts"
    listed = {message.findtext("source") for message in ET.parse(path).iter("message")}
    assert listed == set(texts.all), "run packaging/translations.py"
    kept = json.loads((tools["FOLDER"] / "messages.json").read_text(encoding="utf-8"))
    assert kept == list(texts.messages), "run packaging/translations.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_are_translated(tools, texts, language):
    """A few may be new: the script marks them unfinished, and they are shown in English."""
    known = tools["read"](tools["FOLDER"] / f"amtstudio_{language}.ts")
    missing = [text for text in texts.all if not all(known.get(text, [""]))]
    share = 1.0 - len(missing) / len(texts.all)
    assert share >= LEAST_SHARE, f"{share:.1%} translated; missing: {missing}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_gaps_and_keys_of_the_menus_are_kept(tools, texts, language):
    known = tools["read"](tools["FOLDER"] / f"amtstudio_{language}.ts")
    wrong = {}
    for text, forms in known.items():
        for form in forms:
            if sorted(_GAP.findall(text)) != sorted(_GAP.findall(form)):
                wrong[text] = form
            if text.endswith("…") != form.endswith("…") or text.count("\n") != form.count("\n"):
                wrong[text] = form
            if text[:1] == " " != form[:1]:
                wrong[text] = form
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shipped_was_made_from_the_sources(tools, texts, language, qapp):
    known = tools["read"](tools["FOLDER"] / f"amtstudio_{language}.ts")
    shipped = QTranslator()
    assert shipped.load(str(tools["FOLDER"] / f"amtstudio_{language}.qm"))
    for text in (*texts.plain, *texts.messages):
        assert shipped.translate("amtstudio", text) == known.get(text, [""])[0]
    for text in texts.plural:
        assert shipped.translate("amtstudio", text, None, 1) == known.get(text, [""])[0]


def test_the_search_finds_every_kind_of_text(tools, tmp_path):
    path = tmp_path / "session" / "a.py"
    path.parent.mkdir()
    path.write_text(
        'self.tr("One" if x else "Two"); counted(3, "%n a", "%n as")\n'
        'raise EditError(f"{a} is not {b}", hint="try again"); _edit(c, ids, "Move", f)\n'
    )
    calls = list(tools["_calls"](path))
    names = [tools["_name"](call) for call in calls]
    assert {"tr", "counted", "EditError", "_edit"} <= set(names)
    error = calls[names.index("EditError")]
    assert list(tools["_messages"](error, "EditError")) == ["{0} is not {1}", "try again"]
    assert list(tools["_steps"](path)) == ["Move a note", "Move {0} notes"]
    assert tools["_constants"](calls[names.index("tr")].args[0]) == ["One", "Two"]


def test_a_window_speaks_german(german, window, qtbot):
    bar = [action.text().replace("&", "") for action in window.menuBar().actions()]
    assert bar[:4] == ["Datei", "Bearbeiten", "Ansicht", "Wiedergabe"]
    assert window.empty_page.record_button.text() == "Aufnehmen…"
    assert counted(1, "%n note", "%n notes") == "1 Note"
    assert counted(2, "%n note", "%n notes") == "2 Noten"
    assert guide_path(translation.current_language()).name == "guide.de.html"
    dialog = PreferencesDialog(window.preferences, parent=window)
    qtbot.addWidget(dialog)
    assert dialog.windowTitle() == "Einstellungen"
    names = [dialog.language_box.itemText(i) for i in range(dialog.language_box.count())]
    assert names == ["Wie das System", QLocale("en").nativeLanguageName(), "Deutsch"]
    dialog.language_box.setCurrentIndex(1)
    dialog.language_box.activated.emit(1)
    assert window.preferences.settings.language == "en"
    assert dialog.language_hint.isVisibleTo(dialog)


def test_tracks_that_the_program_named_are_named_in_german(german):
    names = [track_name(Track(name)) for name in ("drums", "strings", "mallet_percussion")]
    assert names == ["Schlagzeug", "Streicher", "Stabspiele"]
    assert (
        track_name(Track("Notes")) == "Notes"
    )  # a name of the user's, though it has a translation


def test_errors_of_the_layers_below_speak_german(german):
    error = BadAudioError(
        "a {b}.wav has 99 channels, and at most 64 can be read", hint="mix it down first"
    )
    failure = describe(error, subject="a {b}.wav")
    assert failure.cause == "a {b}.wav hat 99 Kanäle; höchstens 64 können gelesen werden."
    assert failure.next_step == "Mischen Sie die Datei zuerst ab."
    assert translation.translated_message("Move 12 notes") == "12 Noten verschieben"
    unknown = EditError("nobody knows this sentence")
    assert describe(unknown).cause == "Nobody knows this sentence."


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (
            "a.wav is damaged near 3.0 s; what can be read is used",
            "a.wav ist bei 3.0 s beschädigt; verwendet wird, was lesbar ist.",
        ),
        (
            "a.wav is damaged; what can be read is used",
            "a.wav ist beschädigt; verwendet wird, was lesbar ist.",
        ),
        (
            "the GPU ran out of memory; continuing with 2 segments at a time",
            "The GPU hatte nicht genug Speicher; es geht mit je 2 Abschnitten weiter.",
        ),
        (
            "the piano is tuned about halfway between two keys, 49 cents below A = 440 Hz: all"
            " notes may come out a semitone too low. If they do, transpose them by one",
            "Das Klavier ist etwa zwischen zwei Tasten gestimmt, 49 Cent unter A = 440 Hz: Alle"
            " Noten können einen Halbton zu tief ausfallen. Transponieren Sie sie dann um einen"
            " Halbton.",
        ),
    ],
)
def test_warnings_of_the_layers_below_speak_german(told, shown, german):
    assert describe_warning(told, subject="a.wav") == shown


def test_refused_edits_of_beats_speak_german(german):
    with pytest.raises(ValueError, match="tempo") as caught:
        beat_edits.even_beats(999.0, Meter(), first=0.0, duration=9.0)
    assert translation.translated_message(str(caught.value)) == (
        "ein Tempo liegt zwischen 15 und 400, nicht bei 999"
    )


def test_messages_that_constants_hold_speak_german(german):
    failure = describe(AudioDeviceError(NO_LIBRARY, hint=NO_LIBRARY_HINT))
    assert failure.cause == "Kein Ton: Die Bibliothek PortAudio fehlt."
    assert failure.next_step.startswith("Installieren Sie unter Debian")
    assert translation.translated_message(NO_DEVICE).startswith("Kein Ton: Dieser Rechner")


def test_english_stays_as_it_stands(qapp):
    translation.install(translation.ENGLISH)
    assert translation.translated_message("Move 12 notes") == "Move 12 notes"
    assert QCoreApplication.translate("Any", "&File") == "&File"
    assert counted(1, "%n note", "%n notes") == "1 note"


@pytest.mark.parametrize(
    ("chosen", "of_system", "wanted"),
    [
        ("", ["de-AT", "en"], "de"),
        ("", ["xx", "de"], "de"),
        ("", ["xx"], "en"),
        ("en", ["de-DE"], "en"),
        ("xx", ["de-DE"], "en"),
    ],
)
def test_which_language_is_spoken(chosen, of_system, wanted, monkeypatch):
    class System:
        def uiLanguages(self):  # noqa: N802
            return of_system

    monkeypatch.setattr(translation.QLocale, "system", System)
    assert translation.wanted_language(chosen) == wanted


def test_the_script_says_what_is_missing(tmp_path):
    for part in ("amtstudio", "packaging", "resources/translations"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("*.pyc"))
    path = tmp_path / "resources/translations/amtstudio_de.ts"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("<source>&amp;File</source>", "<source>old</source>"))
    found = subprocess.run(
        [sys.executable, str(tmp_path / "packaging/translations.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert "&File" in found.stdout.splitlines()[1:]
