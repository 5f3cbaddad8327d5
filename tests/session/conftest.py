from __future__ import annotations

import numpy as np
import pytest
import soundfile

from amtstudio.session import Document
from amtstudio.symbolic import Note, Pedal, Transcription


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def transcription():
    notes = (
        Note(0.0, 1.0, 60, 64, 0.9),
        Note(1.0, 2.0, 60, 70, 0.4),
        Note(1.1, 1.5, 64, 90, 0.95),
        Note(3.0, 4.0, 67, 100, 0.6),
    )
    return Transcription(notes, (Pedal(0.5, 2.5),), duration=5.0, file="a.wav", model="piano")


@pytest.fixture
def document(transcription):
    """Notes 1 to 4 of the model, sorted by onset and pitch, and the candidate 5."""
    with Document.create() as document:
        document.replace_transcription(transcription, candidates=[Note(2.0, 2.2, 72, 30, 0.3)])
        yield document


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(8000), 8000, subtype="PCM_16")
    return path
