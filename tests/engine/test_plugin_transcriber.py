"""Engines of other packages in the place of a model."""

import numpy as np
import pytest
import soundfile

from amtstudio.engine import transkun
from amtstudio.engine.plugin_transcriber import PluginTranscriber
from amtstudio.engine.plugins import engine_names, load_engine
from amtstudio.errors import Cancelled, CheckpointError, InputNotFoundError
from amtstudio.symbolic import Note, Pedal, Transcription


class Loud:
    """Hears one note where the sound it is given is loudest."""

    name = "loud"

    def available(self):
        return True

    def transcribe(self, path, *, on_progress, is_cancelled):
        if is_cancelled is not None and is_cancelled():
            raise Cancelled
        audio, rate = soundfile.read(path)
        onset = float(np.argmax(np.abs(audio))) / rate
        return Transcription((Note(onset, onset + 0.5, 60),), (Pedal(onset, onset + 1.0),))


@pytest.fixture
def click(tmp_path):
    """Four seconds with a click at 3 s."""
    audio = np.zeros(4 * 22050)
    audio[3 * 22050] = 0.9
    path = tmp_path / "click.flac"
    soundfile.write(path, audio, 22050)
    return path


def test_times_count_from_the_start_of_the_recording(click):
    told = []
    heard = PluginTranscriber(Loud()).transcribe_file(
        click, start=2.5, end=3.5, on_progress=lambda done, total: told.append((done, total))
    )
    (note,) = heard.transcription.notes
    assert note.onset == pytest.approx(3.0, abs=0.001)
    assert heard.transcription.pedals[0].offset == pytest.approx(4.0, abs=0.001)
    assert heard.transcription.duration == pytest.approx(3.5)
    assert (heard.transcription.model, heard.transcription.file) == ("loud", "click.flac")
    assert told == [(0.0, pytest.approx(1.0)), (pytest.approx(1.0), pytest.approx(1.0))]


def test_a_stopped_engine_is_stopped(click):
    with pytest.raises(Cancelled):
        PluginTranscriber(Loud()).transcribe_file(click, is_cancelled=lambda: True)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputNotFoundError, match=r"nothing\.wav"):
        PluginTranscriber(Loud()).transcribe_file(tmp_path / "nothing.wav")


def test_transkun_is_known_and_what_it_lacks_is_said(monkeypatch):
    assert "transkun" in engine_names()
    monkeypatch.setattr(transkun.importlib.util, "find_spec", lambda name: None)
    monkeypatch.delenv(transkun.PYTHON, raising=False)
    with pytest.raises(CheckpointError, match=r"lacks a package \(pip install 'amtstudio\[tran"):
        PluginTranscriber.load("transkun")


def test_a_python_for_transkun_that_is_none_is_said(monkeypatch, click, tmp_path):
    monkeypatch.setenv(transkun.PYTHON, str(tmp_path / "no python"))
    with pytest.raises(CheckpointError, match="cannot be started"):
        load_engine("transkun").transcribe(click, on_progress=None, is_cancelled=None)


def test_what_transkun_says_last_is_handed_on(monkeypatch, click, tmp_path):
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'no weights here' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv(transkun.PYTHON, str(program))
    with pytest.raises(CheckpointError, match="transkun failed: no weights here"):
        load_engine("transkun").transcribe(click, on_progress=None, is_cancelled=None)
