"""A keyboard recorded along: what it sent becomes known notes of the recording."""

import numpy as np
import pytest
import soundfile

from amtstudio.audio.take_files import keyboard_file
from amtstudio.formats import write_transcription
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.keyboard_labels import with_keyboards
from amtstudio.learning.recordings import load_recording
from amtstudio.learning.replay import bundled_music, played
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.symbolic import Note, Transcription

SECONDS = 15.0
LATE_S = 0.18  # the microphone, behind the keyboard


@pytest.fixture(scope="module")
def base():
    model, card = load_transcription_model(find_model("piano"))
    return Candidate(model, card, model.grid, "cpu")


@pytest.fixture
def take(tmp_path):
    excerpt = played(bundled_music("replay")[1], 51, seconds=SECONDS)
    path = tmp_path / "Take.wav"
    soundfile.write(path, excerpt.audio, 16000)
    return path, excerpt.truth.notes


def known(path, notes, base, folder):
    write_transcription(Transcription(notes), keyboard_file(path), format_name="midi")
    (entry,), fits = with_keyboards([load_recording(path, base.grid)], base, RunControl(folder))
    return entry, fits["Take.wav"]


def test_the_notes_of_the_keyboard_are_known_when_they_sound(base, take, tmp_path):
    path, truth = take
    early = [
        Note(note.onset - LATE_S, note.offset - LATE_S, note.pitch, note.velocity)
        for note in truth
        if note.onset > LATE_S
    ]
    entry, fit = known(path, early, base, tmp_path)
    (passage,) = entry.passages
    assert passage.knows == "played"
    assert (passage.start, passage.end) == (0.0, pytest.approx(entry.seconds))
    assert fit.score == "Take.keyboard.mid"
    assert fit.matched > 0.85 > 0.2 > fit.extra
    onsets = {(round(note.onset, 2), note.pitch): note for note in truth}
    late = [
        min((note.onset - onset for onset, pitch in onsets if pitch == note.pitch), key=abs)
        for note in passage.notes
    ]
    # As near as the model hears them, and all by the same.
    assert abs(np.median(late)) < 0.03
    assert np.ptp(late) < 0.02
    assert entry.corrected_s == 0.0  # nobody looked at them


def test_the_notes_of_another_take_are_left_out(base, take, tmp_path):
    path, _ = take
    other = played(bundled_music("guard")[0], 52, seconds=SECONDS).truth.notes
    entry, fit = known(path, other, base, tmp_path)
    assert entry.passages == ()
    assert fit.matched < 0.6


def test_a_recording_alone_stays_as_it_is(base, take, tmp_path):
    path, _ = take
    recording = load_recording(path, base.grid)
    assert with_keyboards([recording], base, RunControl(tmp_path)) == ([recording], {})
