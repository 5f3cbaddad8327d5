"""A keyboard within this process, through mido as any other."""

import sys

import loop_midi
import mido
import pytest

from amtstudio.audio.take_files import keyboard_file
from amtstudio.errors import AudioDeviceError, OutputExistsError
from amtstudio.formats import read_transcription
from amtstudio.formats.midi_keyboard import (
    Keyboard,
    find_keyboard,
    list_keyboards,
)


@pytest.fixture(autouse=True)
def _backend():
    former = mido.backend.name
    mido.set_backend("loop_midi")
    yield
    mido.set_backend(former)


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def keyboard():
    clock = Clock()
    keyboard = Keyboard(find_keyboard("loop"), clock=clock)

    def play(at, kind, **values):
        clock.now = 100.0 + at
        loop_midi.play(mido.Message(kind, **values))

    keyboard.play = play
    yield keyboard
    keyboard.close()


def test_what_is_played_becomes_notes_and_pedal_of_the_take(keyboard, tmp_path):
    keyboard.play(-0.5, "note_on", note=50, velocity=40)  # before the recording began
    keyboard.play(-0.2, "note_off", note=50)
    keyboard.play(0.5, "note_on", note=60, velocity=80)
    keyboard.play(0.6, "control_change", control=64, value=127)
    keyboard.play(1.0, "note_on", note=60, velocity=0)  # lets it go, as many keyboards do
    keyboard.play(1.2, "clock")
    keyboard.play(1.5, "note_on", note=64, velocity=90, channel=9)  # its drums
    keyboard.play(1.8, "control_change", control=64, value=0)
    keyboard.play(2.5, "note_on", note=67, velocity=100)  # held to the end
    assert keyboard.n_struck == 4
    path = keyboard_file(tmp_path / "Take 1.wav")
    assert path.name == "Take 1.keyboard.mid"
    assert keyboard.write(path, begin=100.0, duration=3.0) == 2
    found = read_transcription(path)
    notes = [(note.pitch, note.velocity) for note in found.notes]
    assert notes == [(60, 80), (67, 100)]
    spans = [time for note in found.notes for time in (note.onset, note.offset)]
    assert spans == pytest.approx([0.5, 1.0, 2.5, 3.0], abs=1e-3)
    (pedal,) = found.pedals
    assert (pedal.onset, pedal.offset) == pytest.approx((0.6, 1.8), abs=1e-3)
    with pytest.raises(OutputExistsError):
        keyboard.write(path, begin=100.0, duration=3.0)


def test_a_take_without_a_key_struck_leaves_no_file(keyboard, tmp_path):
    path = tmp_path / "none.mid"
    assert keyboard.write(path, begin=100.0, duration=3.0) == 0
    assert keyboard.write(path, begin=float("inf"), duration=0.0) == 0
    assert not path.exists()


def test_keyboards_are_found_by_a_part_of_their_name():
    assert list_keyboards() == [loop_midi.NAME]
    assert find_keyboard("LOOP") == loop_midi.NAME
    with pytest.raises(AudioDeviceError, match="there is no MIDI keyboard 'Grand'"):
        find_keyboard("Grand")
    with pytest.raises(AudioDeviceError, match="cannot be reached: unknown port"):
        Keyboard("Grand")


def test_a_missing_library_is_said_in_words(monkeypatch):
    mido.set_backend("mido.backends.rtmidi")
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    monkeypatch.delitem(sys.modules, "mido.backends.rtmidi", raising=False)
    with pytest.raises(AudioDeviceError, match="need the library python-rtmidi") as caught:
        list_keyboards()
    assert 'pip install "amtstudio[midi]"' in caught.value.hint
