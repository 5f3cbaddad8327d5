"""The sound of the notes as a file."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from amtstudio.errors import Cancelled, CannotCreateOutputError, OutputExistsError
from amtstudio.playback import render_transcription, write_transcription_sound
from amtstudio.symbolic import Note, Pedal, Transcription

RATE = 8000  # Hz
STEP = 2.0**-23  # of 24 bits


@pytest.fixture
def music():
    notes = (Note(0.1, 1.2, 60, 90), Note(0.95, 2.5, 64, 60), Note(1.0, 1.1, 100, 127))
    return Transcription(notes, (Pedal(1.0, 3.0),), duration=2.0)


def test_the_file_holds_what_is_rendered_to_the_last_bit(tmp_path, music):
    done = []
    path = tmp_path / "notes.wav"
    write_transcription_sound(
        music, path, sample_rate=RATE, on_progress=lambda *parts: done.append(parts)
    )

    read, rate = soundfile.read(path, dtype="float64")
    expected = render_transcription(music, RATE)
    assert (rate, soundfile.info(path).subtype) == (RATE, "PCM_24")
    assert len(read) == len(expected) > 2 * RATE
    np.testing.assert_allclose(read, expected, atol=STEP)
    assert [place for place, _ in done] == list(range(len(done)))
    assert {total for _, total in done} == {len(expected) / RATE}


def test_a_transcription_without_notes_is_as_long_as_its_audio(tmp_path):
    path = tmp_path / "silence.wav"
    write_transcription_sound(Transcription(duration=0.5), path, sample_rate=RATE)
    read, _ = soundfile.read(path)
    assert len(read) == RATE // 2
    assert not read.any()


def test_what_is_too_loud_is_clipped(tmp_path):
    notes = tuple(Note(0.0, 1.0, pitch, 127) for pitch in range(30, 90))
    path = tmp_path / "loud.wav"
    write_transcription_sound(Transcription(notes), path, sample_rate=RATE)
    read, _ = soundfile.read(path)
    assert np.abs(render_transcription(Transcription(notes), RATE)).max() > 1.0
    assert read.max() == pytest.approx(1.0, abs=2 * STEP)
    assert read.min() == -1.0


def test_nothing_is_left_of_a_file_that_was_cancelled(tmp_path, music):
    asked = []

    def is_cancelled():
        asked.append(True)
        return len(asked) == 3

    with pytest.raises(Cancelled):
        write_transcription_sound(
            music, tmp_path / "notes.wav", sample_rate=RATE, is_cancelled=is_cancelled
        )
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced_only_where_that_is_wanted(tmp_path, music):
    path = tmp_path / "notes.wav"
    path.write_bytes(b"precious")
    with pytest.raises(OutputExistsError, match=r"notes\.wav already exists"):
        write_transcription_sound(music, path, sample_rate=RATE)
    assert path.read_bytes() == b"precious"
    write_transcription_sound(music, path, sample_rate=RATE, overwrite=True)
    assert soundfile.info(path).frames > 0
    with pytest.raises(CannotCreateOutputError, match="no folder"):
        write_transcription_sound(music, tmp_path / "no" / "notes.wav")
