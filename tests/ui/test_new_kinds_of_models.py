"""A kind of model that nothing under ``amtstudio`` knows works everywhere once it is registered."""

from __future__ import annotations

import json

import mido
import numpy as np
import pytest
import soundfile
from studio import Studio
from toy_models import KIT, save_toy_drums

from amtstudio import session
from amtstudio.cli.program import main
from amtstudio.engine import plugins, register_engine
from amtstudio.formats import read_transcription, write_transcription
from amtstudio.workbench.transcribing import Engine

KICKS, SNARES = (0.5, 1.0, 2.0), (0.75, 1.5)
SHOWN_HEADS = ["hit"]


@pytest.fixture
def beat(tmp_path):
    """Low and high bursts at known times."""
    rate = 8000
    audio = np.zeros(3 * rate, dtype=np.float32)
    decay = np.exp(-np.arange(800) / 150.0)
    for times, sound in (
        (KICKS, np.sin(2 * np.pi * 200.0 * np.arange(800) / rate)),
        (SNARES, np.sin(2 * np.pi * 3000.0 * np.arange(800) / rate)),
    ):
        for time in times:
            at = round(time * rate)
            audio[at : at + 800] += (0.4 * decay * sound).astype(np.float32)
    path = tmp_path / "beat.wav"
    soundfile.write(path, audio, rate)
    return path


@pytest.fixture
def toy_engine(monkeypatch):
    """Known to this test alone: elsewhere it would be chosen as the best teacher at hand."""
    monkeypatch.setattr(plugins, "_REGISTERED", dict(plugins._REGISTERED))
    register_engine("toy-engine", "toy_models:ToyEngine")
    return "toy-engine"


@pytest.fixture
def open_window(qtbot):
    windows = []

    def opened(model):
        window = Studio(Engine(str(model), "cpu"))
        qtbot.addWidget(window)
        window.show()
        windows.append(window)
        return window

    yield opened
    for window in windows:
        window.close()


def settle(qtbot, window):
    qtbot.waitUntil(lambda: window.is_settled, timeout=60_000)


def onsets_by_pitch(notes):
    return {
        pitch: [note.onset for note in notes if note.pitch == pitch]
        for pitch in sorted({note.pitch for note in notes})
    }


def test_a_model_with_heads_of_its_own_transcribes_at_the_command_line(beat, tmp_path):
    model = save_toy_drums(tmp_path / "toy-drums.safetensors")
    target = tmp_path / "beat.mid"
    assert main(["transcribe", str(beat), "--model", str(model), "-o", str(target)]) == 0
    found = onsets_by_pitch(read_transcription(target).notes)
    assert list(found) == list(KIT.pitches)
    for pitch, times in zip(KIT.pitches, (KICKS, SNARES), strict=True):
        np.testing.assert_allclose(found[pitch], times, atol=0.05)


def test_thresholds_that_it_does_not_have_are_refused(beat, tmp_path, capsys):
    model = save_toy_drums(tmp_path / "toy-drums.safetensors")
    arguments = ["transcribe", str(beat), "--model", str(model), "--onset-threshold", "0.3"]
    assert main([*arguments, "-o", str(tmp_path / "beat.mid")]) == 2
    assert "toy-drums has no onset threshold" in capsys.readouterr().err


def test_the_window_shows_its_heads_moves_its_thresholds_and_keeps_them(
    qtbot, open_window, beat, tmp_path
):
    window = open_window(save_toy_drums(tmp_path / "toy-drums.safetensors"))
    window.open_paths([beat])
    settle(qtbot, window)
    panel = window.notes_panel
    assert list(panel.sliders) == ["kick_threshold", "snare_threshold"]
    assert list(panel.head_boxes) == SHOWN_HEADS
    assert list(onsets_by_pitch(window.document.notes)) == list(KIT.pitches)
    exported = tmp_path / "exported.mid"
    write_transcription(window.document.transcription, exported, format_name="midi")
    hits = [message for message in mido.MidiFile(exported) if message.type == "note_on"]
    assert {(hit.channel, hit.note) for hit in hits} == {(9, pitch) for pitch in KIT.pitches}
    drums = window.page.roll.drums
    hover = drums.hover_at(KICKS[1], drums.plane.rows.index(KIT.pitches[0]))
    assert set(hover.activations) == {"hit"}

    panel.sliders["snare_threshold"].slider.setValue(99)
    settle(qtbot, window)
    assert list(onsets_by_pitch(window.document.notes)) == [KIT.pitches[0]]
    path = tmp_path / "beat.amts"
    window.document.project.save_as(path)
    window.close()

    # Opened while another model is at work, the thresholds are still those of the drums.
    other = open_window("piano")
    other.open_paths([path])
    settle(qtbot, other)
    assert other.notes_panel.sliders["snare_threshold"].slider.value() == 99
    other.notes_panel.sliders["snare_threshold"].slider.setValue(50)
    settle(qtbot, other)
    assert list(onsets_by_pitch(other.document.notes)) == list(KIT.pitches)
    other.close()
    with session.Document.open(path) as project:
        assert project.activations["toy-drums"].unpack().heads[0].axis == KIT


def test_an_engine_that_gives_notes_directly_works_at_the_command_line(beat, tmp_path, toy_engine):
    target = tmp_path / "beat.json"
    arguments = ["transcribe", str(beat), "--model", toy_engine, "--format", "json"]
    assert main([*arguments, "-o", str(target)]) == 0
    notes = json.loads(target.read_text(encoding="utf-8"))["notes"]
    assert [note["pitch"] for note in notes] == [60, 64]


def test_the_window_copes_with_notes_without_activations(
    qtbot, open_window, beat, tmp_path, toy_engine
):
    window = open_window(toy_engine)
    window.open_paths([beat])
    settle(qtbot, window)
    document, panel = window.document, window.notes_panel
    assert [note.pitch for note in document.notes] == [60, 64]
    assert document.activations is None
    assert not panel.sliders
    assert not any(box.isEnabled() for box in panel.head_boxes.values())
    assert document.can_edit
    path = tmp_path / "beat.amts"
    document.project.save_as(path)
    window.close()
    with session.Document.open(path) as project:
        assert len(project.transcription().notes) == 2
        assert project.activations == {}
