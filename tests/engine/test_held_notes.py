"""Keys that are held alone are transcribed as they were played."""

from __future__ import annotations

import pytest
import soundfile

from amtstudio.engine import load_transcriber
from amtstudio.playback import render_transcription
from amtstudio.symbolic import Note, Transcription

RATE = 16000

PLAYED = {
    "one key for seven seconds": [Note(0.5, 7.5, 57, 80)],
    "a sixth for six seconds": [Note(0.5, 6.5, 55, 80), Note(0.5, 6.5, 64, 80)],
    "a chord for seven seconds": [Note(0.5, 7.5, pitch, 80) for pitch in (45, 57, 61, 64)],
    "one key eight times": [Note(0.5 + 0.7 * i, 1.2 + 0.7 * i, 55, 85) for i in range(8)],
    "a trill": [Note(0.5 + 0.14 * i, 0.64 + 0.14 * i, 74 + i % 2, 80) for i in range(30)],
}


@pytest.fixture(scope="module")
def transcriber():
    return load_transcriber("piano", device="cpu")


@pytest.mark.parametrize("name", PLAYED)
def test_held_and_repeated_keys_come_out_whole(tmp_path, transcriber, name):
    notes = PLAYED[name]
    audio = render_transcription(Transcription(tuple(notes), duration=9.0), RATE)
    path = tmp_path / "a.wav"
    soundfile.write(path, audio, RATE, subtype="FLOAT")
    found = transcriber.transcribe_file(path).transcription.notes
    assert len(found) == len(notes)
    for note in notes:
        same = [other for other in found if abs(other.onset - note.onset) < 0.05]
        same = [other for other in same if other.pitch == note.pitch]
        assert len(same) == 1
        assert same[0].duration > 0.7 * note.duration
