"""A SoundFont of the user's choice for playback, and its ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pretty_midi
import pytest
import soundfile
from PySide6.QtWidgets import QFileDialog
from studio import Studio

from amtstudio.playback import InstrumentSet, ManualOutput, OutputDevice, SoundFont
from amtstudio.playback import render_transcription as rendered
from amtstudio.settings import load_settings
from amtstudio.symbolic import Note, Transcription
from amtstudio.ui.document import Document
from amtstudio.ui.queue import QueueItem, State
from amtstudio.ui.redecoder import Redecoder
from amtstudio.workbench.transcribing import Engine, Transcribed

FONT = Path(pretty_midi.__file__).with_name("TimGM6mb.sf2")
RATE = 8000
NOTES = (Note(0.0, 1.5, 60, 90), Note(0.5, 1.5, 67, 90))


class Speakers:
    def __init__(self):
        self.outputs = []

    def devices(self, *, refresh):
        return [OutputDevice(0, "Speakers", "Test", RATE, 1, is_default=True)]

    def open(self, _chosen):
        self.outputs.append(ManualOutput(sample_rate=RATE))
        return self.outputs[-1]


@pytest.fixture
def speakers():
    return Speakers()


@pytest.fixture
def window(qtbot, model_file, speakers, tmp_path):
    window = Studio(Engine(str(model_file), "cpu"), sound=speakers)
    qtbot.addWidget(window)
    window.show()
    window.playback.look_for_devices()
    qtbot.waitUntil(lambda: not window.playback.devices.is_looking)
    window.playback.set_balance(1.0)
    soundfile.write(tmp_path / "silent.wav", np.zeros(3 * RATE), RATE)
    document = Document(tmp_path / "silent.wav")
    document.finish(Transcribed(Transcription(NOTES)))
    item = QueueItem(document, Redecoder(document, window.pool), window.queue)
    item.set_state(State.DONE)
    window.queue.items.append(item)
    window.queue.added.emit(item)
    window.show_item(item)
    yield window
    window.close()


@pytest.fixture
def errors(window):
    told = []
    window.playback.instruments.refused.disconnect(window.show_error)
    window.playback.instruments.refused.connect(told.append)
    return told


def heard(window, speakers, qtbot):
    """What the loudspeakers get in the first second."""
    window.playback.seek(0.0)
    window.playback.play()
    blocks = []

    def has_sound():
        blocks.append(speakers.outputs[-1].render(RATE // 4))
        return blocks[-1].any()

    qtbot.waitUntil(has_sound, timeout=60_000)
    blocks.append(speakers.outputs[-1].render(RATE))
    window.playback.pause()
    return np.concatenate(blocks)


def likeness(sound, bank):
    """The highest correlation with what these instruments play, the onset free."""
    wanted = rendered(Transcription(NOTES), RATE, bank=bank)[: RATE // 2]
    products = np.correlate(sound, wanted, mode="full")
    power = np.convolve(np.square(sound), np.ones(len(wanted)))
    return float((products / np.sqrt(power * np.square(wanted).sum() + 1e-12)).max())


def choose(window, monkeypatch, path, qtbot):
    window.customizing.show_dialog()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window.customizing.dialog.soundfont_button.click()
    qtbot.waitUntil(lambda: window.playback.instruments.is_idle)


def test_the_notes_are_played_and_exported_by_the_font_that_was_chosen(
    window, speakers, qtbot, monkeypatch, tmp_path
):
    shipped = InstrumentSet()
    font = SoundFont(FONT, shipped)
    assert likeness(heard(window, speakers, qtbot), shipped) > 0.9
    choose(window, monkeypatch, FONT, qtbot)
    dialog = window.customizing.dialog
    assert dialog.soundfont_label.text() == FONT.name
    assert dialog.soundfont_label.toolTip() == str(FONT)
    sound = heard(window, speakers, qtbot)
    assert likeness(sound, font) > 0.9
    assert likeness(sound, shipped) < 0.8
    qtbot.waitUntil(lambda: load_settings().soundfont == str(FONT))

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "a"), ""))
    window.exports.export_sound()
    qtbot.waitUntil((tmp_path / "a.wav").exists, timeout=60_000)
    written, rate = soundfile.read(tmp_path / "a.wav", dtype="float32")
    np.testing.assert_allclose(
        written, rendered(Transcription(NOTES), rate, bank=font), atol=2.0**-22
    )

    dialog.shipped_button.click()
    qtbot.waitUntil(lambda: not window.preferences.settings.soundfont)
    assert likeness(heard(window, speakers, qtbot), shipped) > 0.9
    assert not dialog.shipped_button.isEnabled()


def test_a_file_that_cannot_be_used_is_told_and_changes_nothing(
    window, errors, qtbot, monkeypatch, tmp_path
):
    choose(window, monkeypatch, FONT, qtbot)
    (tmp_path / "song.sf2").write_bytes(b"RIFF")
    choose(window, monkeypatch, tmp_path / "song.sf2", qtbot)
    assert ["is not a SoundFont" in str(error) for error in errors] == [True]
    assert window.preferences.settings.soundfont == str(FONT)
    assert window.customizing.dialog.soundfont_label.text() == FONT.name


def test_a_font_that_has_gone_is_told_and_the_built_in_instruments_play(
    window, errors, speakers, qtbot, tmp_path
):
    window.preferences.change(soundfont=str(tmp_path / "gone.sf2"))
    sound = heard(window, speakers, qtbot)
    assert ["gone.sf2 was not found" in str(error) for error in errors] == [True]
    assert likeness(sound, InstrumentSet()) > 0.9


def test_the_defaults_are_the_built_in_instruments(window, qtbot, monkeypatch):
    choose(window, monkeypatch, FONT, qtbot)
    window.customizing.dialog.reset_button.click()
    assert not window.preferences.settings.soundfont
    assert not window.playback.instruments.chosen
