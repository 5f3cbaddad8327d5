"""Miniature recordings with their truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pretty_midi
import pytest
import soundfile

SAMPLE_RATE = 16000
WriteRecording = Callable[..., Path]


def _write_midi(path: Path, notes, pedal=()) -> Path:
    """Notes as (onset, offset, pitch, velocity), pedal as (time, value of CC64)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    midi = pretty_midi.PrettyMIDI(resolution=960)
    piano = pretty_midi.Instrument(0)
    piano.notes = [pretty_midi.Note(v, p, on, off) for on, off, p, v in notes]
    piano.control_changes = [pretty_midi.ControlChange(64, value, time) for time, value in pedal]
    midi.instruments.append(piano)
    midi.write(str(path))
    return path


def _write_tones(path: Path, notes, *, seconds: float = 2.0) -> Path:
    """Decaying sines at the notes' pitches."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    audio = np.zeros_like(time)
    for onset, offset, pitch, velocity in notes:
        tone = np.sin(2 * np.pi * pretty_midi.note_number_to_hz(pitch) * (time - onset))
        sounding = (time >= onset) & (time < offset)
        audio += velocity / 1000 * tone * np.exp(-3 * np.abs(time - onset)) * sounding
    soundfile.write(path, audio, SAMPLE_RATE)
    return path


@pytest.fixture
def write_midi() -> Callable[..., Path]:
    return _write_midi


@pytest.fixture
def write_recording() -> WriteRecording:
    """Write two notes to an audio file and to ``truth``, by default the MIDI file beside it."""

    def write(audio: Path, truth: Path | None = None, *, pitch: int = 60) -> Path:
        notes = [(0.5, 1.0, pitch, 80), (1.2, 1.6, pitch + 4, 60)]
        _write_tones(audio, notes)
        _write_midi(truth or audio.with_suffix(".mid"), notes)
        return audio

    return write
