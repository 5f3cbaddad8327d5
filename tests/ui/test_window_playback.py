"""Playing in the window, judged on the samples that the sound device would have got."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel
from studio import Studio

from amtstudio.audio import probe
from amtstudio.playback import ManualOutput, OutputDevice, render_transcription
from amtstudio.settings import load_settings
from amtstudio.symbolic import Note, TempoMap, Transcription
from amtstudio.ui.document import Document
from amtstudio.ui.queue import QueueItem, State
from amtstudio.ui.redecoder import Redecoder
from amtstudio.ui.roll.axes import SIDE_WIDTH
from amtstudio.workbench.transcribing import Engine

RATE = 8000  # Hz
BLOCK = 512  # samples: the first one of a sound is faded in
SECONDS = 4.0
NOTES = (Note(0.1, 0.9, 69, 100), Note(0.5, 1.5, 60, 80), Note(2.0, 3.0, 72, 90))


def device(name: str, index: int = 0) -> OutputDevice:
    return OutputDevice(index, name, "Test", RATE, 1, is_default=index == 0)


class Sound:
    """A machine whose devices hand back what they are given."""

    def __init__(self) -> None:
        self.plugged = [device("Speakers"), device("Headphones", 1)]
        self.n_refreshed = 0
        self.opened: list[tuple[str, ManualOutput]] = []

    def devices(self, *, refresh):
        self.n_refreshed += refresh
        return list(self.plugged)

    def open(self, chosen):
        output = ManualOutput(sample_rate=RATE)
        self.opened.append((chosen.name, output))
        return output


@pytest.fixture
def sound():
    return Sound()


@pytest.fixture
def make_window(qtbot, model_file, sound):
    windows = []

    def make(**options) -> Studio:
        window = Studio(Engine(str(model_file), "cpu"), sound=sound, **options)
        qtbot.addWidget(window)
        window.resize(1200, 800)
        window.show()
        window.activateWindow()
        window.playback.look_for_devices()
        qtbot.waitUntil(lambda: not window.playback.devices.is_looking)
        windows.append(window)
        return window

    yield make
    for window in windows:
        window.close()
        assert window.pool.is_idle


@pytest.fixture
def noise_file(tmp_path, rng):
    path = tmp_path / "noise.wav"
    audio = (0.2 * rng.standard_normal(round(SECONDS * RATE))).astype(np.float32)
    soundfile.write(path, audio, RATE, subtype="FLOAT")
    return path


def show(window, path, notes=NOTES) -> Document:
    """Show a document as if it had been transcribed."""
    document = Document(path)
    item = QueueItem(document, Redecoder(document, window.pool), window.queue)
    if path.exists():
        document.set_info(probe(path))
    document.set_notes(notes)
    item.set_state(State.DONE)
    window.queue.items.append(item)
    window.queue.added.emit(item)
    window.show_item(item)
    return document


@pytest.fixture
def window(make_window, noise_file, qtbot):
    window = make_window()
    show(window, noise_file)
    qtbot.waitUntil(lambda: window.is_settled, timeout=60_000)
    return window


@pytest.fixture
def recording_samples(noise_file):
    return soundfile.read(noise_file, dtype="float32")[0]


@pytest.fixture
def hear(window, sound):
    """The next samples, once all that was asked for is done; the views follow."""

    def hear(n_samples):
        player = window.playback._player
        assert player.wait_until_ready(1, 10.0)
        out = sound.opened[-1][1].render(n_samples)
        window.playback._tell_position()
        return out

    return hear


def notes_as_sound(notes=NOTES):
    return render_transcription(Transcription(tuple(notes), duration=SECONDS), RATE)


def press(qtbot, window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)


def frequency_of(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.argmax(spectrum) * RATE / len(samples)


def as_array(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8)
    return pixels.reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)


def on_roll(window, time, pitch) -> QPoint:
    roll = window.page.roll
    return roll.mapFromScene(roll.box.mapViewToScene(QPointF(time, pitch)))


def on_ruler(window, time) -> QPoint:
    roll = window.page.roll
    x = roll.box.mapViewToScene(QPointF(time, 60.0)).x()
    return roll.mapFromScene(QPointF(x, roll._time_axis.sceneBoundingRect().bottom() - 10.0))


# -- what is heard ---------------------------------------------------------------------------------


def test_at_one_end_of_the_crossfade_only_the_recording_is_heard(window, hear, recording_samples):
    window.transport.volume_slider.setValue(100)
    window.transport.balance_slider.setValue(0)
    window.playback_actions.play.trigger()
    out = hear(len(recording_samples) - BLOCK)

    np.testing.assert_allclose(out[BLOCK:], recording_samples[BLOCK:-BLOCK], atol=1e-6)


def test_at_the_other_end_only_the_notes_are_heard(window, hear):
    window.transport.volume_slider.setValue(100)
    window.transport.balance_slider.setValue(100)
    window.playback_actions.play.trigger()
    out = hear(3 * RATE)

    expected = notes_as_sound()
    np.testing.assert_allclose(out[BLOCK:], expected[BLOCK : 3 * RATE], atol=1e-5)
    assert np.abs(out).max() > 0.02


def test_between_both_are_heard_with_equal_power(window, hear, recording_samples):
    window.transport.volume_slider.setValue(100)
    window.transport.balance_slider.setValue(50)
    window.playback_actions.play.trigger()
    out = hear(2 * RATE)

    expected = np.sqrt(0.5) * (recording_samples + notes_as_sound()[: len(recording_samples)])
    np.testing.assert_allclose(out[BLOCK:], expected[BLOCK : 2 * RATE], atol=1e-5)


def test_volume_and_mute(window, hear, qtbot):
    window.transport.volume_slider.setValue(100)
    window.playback_actions.play.trigger()
    hear(BLOCK)
    loud = np.std(hear(4 * BLOCK))
    window.transport.volume_slider.setValue(50)
    hear(BLOCK)
    assert np.std(hear(4 * BLOCK)) == pytest.approx(0.25 * loud, rel=0.15)
    press(qtbot, window, Qt.Key.Key_M)
    assert window.playback_actions.mute.isChecked()
    hear(BLOCK)
    assert not hear(4 * BLOCK).any()
    window.transport.volume_slider.setValue(60)  # is a wish to hear something
    assert not window.playback.is_muted


def test_the_metronome_clicks_on_the_beats_that_are_there(window, hear, qtbot):
    window.playback.set_balance(1.0)
    window.document.set_notes([Note(0.1, 3.9, 60, 10)])
    action = window.playback_actions.click
    assert not action.isEnabled()
    assert "Find Beats" in action.toolTip()
    window.document._set_tempo(TempoMap(0.5 + 0.5 * np.arange(7), np.arange(7) % 4 == 0))
    assert action.isEnabled()
    window.playback.play()
    quiet = np.abs(hear(round(1.25 * RATE))).max()
    press(qtbot, window, Qt.Key.Key_K)
    assert action.isChecked()
    heard = np.concatenate([hear(BLOCK) for _ in range(16)])  # until 2.27 s
    loud = np.flatnonzero(np.abs(heard) > 3 * quiet) / RATE + 1.25
    assert loud.min() == pytest.approx(1.5, abs=0.005)
    assert 2.0 <= loud.max() < 2.05
    press(qtbot, window, Qt.Key.Key_K)
    hear(BLOCK)
    assert np.abs(hear(4 * BLOCK)).max() < 3 * quiet


def test_half_speed_takes_twice_the_samples(window, hear, qtbot):
    window.transport.speed_box.setValue(50)
    window.playback_actions.play.trigger()
    hear(2 * RATE)
    assert window.playback.position == pytest.approx(1.0, abs=1e-3)

    press(qtbot, window, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert window.transport.speed_box.value() == 55
    press(qtbot, window, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert window.transport.speed_box.value() == 100
    press(qtbot, window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert window.playback.speed_percent == 95


def test_the_notes_keep_their_pitch_at_half_speed(window, hear):
    window.transport.balance_slider.setValue(100)
    window.playback.set_speed(50)
    window.playback.seek(0.1)
    window.playback.play()
    assert frequency_of(hear(RATE)[2000:6000]) == pytest.approx(440.0, abs=4.0)


def test_a_change_of_the_notes_is_heard_at_once_and_candidates_are_not(window, hear, qtbot):
    document = window.document
    document.set_candidates([Note(0.0, 3.9, 84, 127)])
    window.transport.balance_slider.setValue(100)
    document.set_notes([])
    window.playback.play()
    assert not hear(BLOCK).any()

    for pitch in (50, 60, 69):  # of many changes at once, the last
        document.set_notes([Note(0.0, 3.5, pitch, 100)])
    qtbot.waitUntil(lambda: not window.playback._has_other_notes)
    hear(BLOCK)
    assert frequency_of(hear(RATE // 2)) == pytest.approx(440.0, abs=4.0)


def test_notes_changed_while_nothing_plays_are_heard_when_it_does(window, hear):
    window.transport.balance_slider.setValue(100)
    window.playback.play()
    hear(BLOCK)
    window.playback.pause()
    window.document.set_notes([Note(0.0, 3.5, 69, 100)])
    window.playback.play()
    hear(BLOCK)
    assert frequency_of(hear(RATE // 2)) == pytest.approx(440.0, abs=4.0)


def test_only_the_notes_are_played_where_the_recording_is_missing(
    make_window, tmp_path, sound, qtbot
):
    window = make_window()
    show(window, tmp_path / "gone.wav")
    qtbot.waitUntil(lambda: window.is_settled)
    assert "recording is missing" in window.transport.word.text()
    assert not window.transport.balance_slider.isEnabled()
    window.transport.volume_slider.setValue(100)
    window.playback.play()
    assert window.playback._player.wait_until_ready(1, 10.0)
    out = sound.opened[-1][1].render(2 * RATE)

    np.testing.assert_allclose(out[BLOCK:], notes_as_sound()[BLOCK : 2 * RATE], atol=1e-5)
    assert not window.playback.message


def test_a_recording_that_cannot_be_read_is_told_and_nothing_hangs(make_window, tmp_path, qtbot):
    window = make_window()
    document = show(window, tmp_path / "gone.wav")
    (tmp_path / "gone.wav").write_bytes(b"no sound at all")
    window.playback.play()
    qtbot.waitUntil(lambda: bool(window.playback.message))
    assert document.path.name in window.transport.word.text()
    assert not window.playback.is_playing


# -- transport -------------------------------------------------------------------------------------


def test_space_plays_and_pauses_and_the_end_stops(window, hear, qtbot):
    assert not window.playback.is_playing
    press(qtbot, window, Qt.Key.Key_Space)
    assert window.playback.is_playing
    assert window.playback_actions.play.text() == "&Pause"
    hear(RATE)
    press(qtbot, window, Qt.Key.Key_Space)
    assert not window.playback.is_playing
    hear(BLOCK)
    assert window.playback.position == pytest.approx(1.0 + BLOCK / RATE)
    assert not hear(RATE).any()

    press(qtbot, window, Qt.Key.Key_Space)
    hear(4 * RATE)
    qtbot.waitUntil(lambda: window.playback_actions.play.text() == "&Play")
    assert window.playback.position == pytest.approx(SECONDS)
    press(qtbot, window, Qt.Key.Key_Space)  # at the end: from the beginning
    hear(RATE)
    assert window.playback.position == pytest.approx(1.0)
    window.playback_actions.stop.trigger()
    assert window.playback.position == 0.0
    assert window.transport.position_label.text() == "0:00.0 / 0:04"


def test_space_is_left_to_a_button_with_the_focus_and_to_text(window, qtbot):
    box = window.notes_panel.candidate_box
    box.setFocus()
    was_checked = box.isChecked()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked() != was_checked
    assert not window.playback.is_playing

    edit = window.transport.speed_box
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Space)
    assert not window.playback.is_playing


def test_a_click_on_a_button_of_the_bar_leaves_the_focus_in_the_notes(window, qtbot):
    window.page.roll.setFocus()
    qtbot.mouseClick(window.transport.play_button, Qt.MouseButton.LeftButton)
    assert window.playback.is_playing
    assert QApplication.focusWidget() is window.page.roll
    press(qtbot, window, Qt.Key.Key_Space)
    assert not window.playback.is_playing


def test_the_marked_stretch_is_looped(window, hear, recording_samples, qtbot):
    window.transport.balance_slider.setValue(0)
    window.transport.volume_slider.setValue(100)
    window.page.time_selection.set(0.5, 1.25)
    press(qtbot, window, Qt.Key.Key_L)
    assert window.playback_actions.loop.isChecked()
    window.playback.play()  # from the beginning of the loop
    n_round = round(0.75 * RATE)
    out = hear(3 * n_round)

    n_seam = round(0.01 * RATE)
    begin, end = RATE // 2, RATE // 2 + n_round - n_seam
    np.testing.assert_allclose(
        out[BLOCK : n_round - n_seam], recording_samples[begin + BLOCK : end], atol=1e-6
    )
    np.testing.assert_allclose(out[n_round : 2 * n_round], out[2 * n_round :], atol=1e-6)
    np.testing.assert_allclose(
        out[n_round : 2 * n_round - n_seam], recording_samples[begin:end], atol=1e-6
    )
    assert window.playback.position == pytest.approx(0.5)
    assert window.page.roll.cursor_line.time == pytest.approx(0.5)

    press(qtbot, window, Qt.Key.Key_L)
    assert not window.playback.is_looping
    hear(RATE)
    assert window.playback.position == pytest.approx(1.5)


def test_the_loop_follows_the_marked_stretch_and_ends_with_it(window, hear):
    selection = window.page.time_selection
    selection.set(0.5, 1.0)
    window.playback.set_looping(True)
    window.playback.play()
    hear(BLOCK)
    selection.set(2.0, 2.5)
    window.playback.seek(2.0)
    hear(RATE)
    assert window.playback.position == pytest.approx(2.0)
    selection.clear()
    assert not window.playback.is_looping
    assert not window.playback_actions.loop.isChecked()
    hear(RATE)
    assert window.playback.position == pytest.approx(3.0)


def test_where_nothing_is_marked_the_loop_marks_what_is_in_view(window):
    window.page.roll.show_range(1.0, 2.0)
    window.playback_actions.loop.trigger()
    assert window.page.time_selection.range == pytest.approx((1.0, 2.0))
    assert window.playback.is_looping


def test_keys_move_the_cursor(window, qtbot):
    window.page.roll.show_range(0.0, 4.0)
    press(qtbot, window, Qt.Key.Key_Right)  # an eighth of the view, and a second at most
    assert window.playback.position == pytest.approx(0.5)
    press(qtbot, window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert window.playback.position == pytest.approx(4.0)
    press(qtbot, window, Qt.Key.Key_Left)
    assert window.playback.position == pytest.approx(3.5)
    press(qtbot, window, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert window.playback.position == 0.0
    press(qtbot, window, Qt.Key.Key_Left)
    assert window.playback.position == 0.0


def test_a_click_on_ruler_or_overview_goes_there_and_a_drag_does_not(window, hear, qtbot):
    page, left = window.page, Qt.MouseButton.LeftButton
    window.playback.play()
    hear(BLOCK)
    qtbot.mouseClick(page.roll.viewport(), left, pos=on_ruler(window, 2.0))
    assert window.playback.position == pytest.approx(2.0, abs=0.02)
    hear(RATE // 2)
    assert window.playback.position == pytest.approx(2.5, abs=0.02)

    window.playback.pause()
    before = window.playback.position
    qtbot.mousePress(page.roll.viewport(), left, pos=on_ruler(window, 0.5))
    qtbot.mouseMove(page.roll.viewport(), on_ruler(window, 1.0))
    qtbot.mouseRelease(page.roll.viewport(), left, pos=on_ruler(window, 1.5))
    assert window.playback.position == before
    assert not page.time_selection.is_empty

    overview = page.overview
    middle = QPoint(SIDE_WIDTH + (overview.width() - SIDE_WIDTH) // 2, 20)
    qtbot.mouseClick(overview, left, pos=middle)
    assert window.playback.position == pytest.approx(2.0, abs=0.02)
    qtbot.mousePress(overview, left, pos=middle)
    qtbot.mouseMove(overview, middle + QPoint(200, 0))
    qtbot.mouseRelease(overview, left, pos=middle + QPoint(200, 0))
    assert window.playback.position == pytest.approx(2.0, abs=0.02)


def test_another_document_stops_what_plays(window, hear, recording):
    window.playback.play()
    hear(RATE)
    show(window, recording, ())
    assert not window.playback.is_playing
    assert window.playback.position == 0.0
    assert window.playback.duration == pytest.approx(3.0)


# -- in step ---------------------------------------------------------------------------------------


def test_the_cursor_stands_at_the_samples_taken_and_the_keys_that_sound_are_lit(window, hear):
    roll = window.page.roll
    roll.show_range(0.0, 4.0)
    window.playback.play()
    hear(round(0.7 * RATE))
    place = round(0.7 * RATE) / RATE
    assert roll.cursor_line.time == pytest.approx(place)
    expected = roll.box.mapViewToScene(QPointF(place, 60.0)).x()
    assert roll.cursor_line.x == pytest.approx(expected, abs=0.1)
    assert window.page.overview._cursor == pytest.approx(place)
    assert roll.keyboard.sounding == {60, 69}
    assert window.transport.position_label.text() == "0:00.7 / 0:04"

    hear(round(0.5 * RATE))
    assert roll.keyboard.sounding == {60}
    window.playback.pause()
    assert roll.keyboard.sounding == frozenset()


def test_while_it_plays_the_cursor_moves_by_itself(window, sound, qtbot):
    window.playback.play()
    seen = []
    window.playback.position_changed.connect(seen.append)
    assert window.playback._player.wait_until_ready(1, 10.0)
    sound.opened[-1][1].render(RATE)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == pytest.approx(1.0))
    assert window.page.roll.cursor_line.time == pytest.approx(1.0)


def test_the_view_is_turned_like_a_page_unless_that_is_switched_off(window, hear, qtbot):
    roll = window.page.roll
    roll.show_range(0.0, 1.0)
    window.playback.play()
    hear(round(0.9 * RATE))
    assert roll.visible_range == pytest.approx((0.0, 1.0))
    hear(round(0.2 * RATE))
    assert roll.visible_range == pytest.approx((1.0, 2.0))  # a tenth before the cursor

    roll.show_range(0.0, 0.5)  # the user looks at another place
    hear(BLOCK)
    assert roll.visible_range == pytest.approx((0.0, 0.5))
    window.playback.seek(1.2)
    assert roll.visible_range == pytest.approx((1.15, 1.65))

    press(qtbot, window, Qt.Key.Key_C)
    assert not window.playback_actions.follow.isChecked()
    hear(RATE)
    assert roll.visible_range == pytest.approx((1.15, 1.65))


@pytest.mark.parametrize("taller", [0, 1, 2, 5])
def test_a_moved_cursor_leaves_nothing_behind_on_the_screen(window, qtbot, taller):
    window.resize(window.width(), window.height() + taller)
    qtbot.wait(20)
    roll = window.page.roll
    roll.show_range(0.0, 4.0)
    for time in (0.3, 0.31, 1.7, 2.2, 2.21, 2.9):
        window.playback.seek(time)
        QApplication.processEvents()

    def is_as_if_painted_anew():
        place = roll.viewport().mapTo(window, QPoint(0, 0))
        screen = QGuiApplication.primaryScreen().grabWindow(window.winId())
        size = roll.viewport().size()
        painted = screen.toImage().copy(place.x(), place.y(), size.width(), size.height())
        whole = roll.viewport().grab().toImage()
        # A smoothed picture that is drawn in parts may be rounded otherwise, by one of 255.
        return np.abs(as_array(painted) - as_array(whole)).max() <= 1

    # A busy computer may still be laying out the window; what is left behind stays.
    qtbot.waitUntil(is_as_if_painted_anew)


# -- to hear a note --------------------------------------------------------------------------------


def test_a_click_on_a_note_sounds_it(window, sound, qtbot):
    qtbot.mouseClick(
        window.page.roll.viewport(), Qt.MouseButton.LeftButton, pos=on_roll(window, 0.4, 69)
    )
    qtbot.waitUntil(lambda: bool(sound.opened))
    assert window.playback._player.wait_until_ready(1, 10.0)
    assert frequency_of(sound.opened[-1][1].render(RATE // 2)) == pytest.approx(440.0, abs=4.0)
    assert not window.playback.is_playing
    assert window.playback.position == 0.0


def test_a_click_beside_the_notes_sounds_nothing(window, sound, qtbot):
    viewport = window.page.roll.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=on_roll(window, 3.5, 40))
    qtbot.mouseClick(viewport, Qt.MouseButton.RightButton, pos=on_roll(window, 0.4, 69))
    assert not sound.opened


def test_the_keys_at_the_side_can_be_played(window, sound, qtbot):
    pressed = []
    window.page.roll.keyboard.pressed.connect(pressed.append)
    viewport = window.page.roll.viewport()
    at = {pitch: QPoint(20, on_roll(window, 1.0, pitch).y()) for pitch in (69, 72)}
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at[69])
    assert window.playback._player.wait_until_ready(1, 10.0)
    assert frequency_of(sound.opened[-1][1].render(RATE // 2)) == pytest.approx(440.0, abs=4.0)
    qtbot.mouseMove(viewport, at[72])
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=at[72])
    assert (pressed[0], pressed[-1]) == (69, 72)


# -- devices ---------------------------------------------------------------------------------------


def test_without_a_device_the_controls_say_why_and_all_else_works(make_window, noise_file, sound):
    sound.plugged = []
    window = make_window()
    show(window, noise_file)
    actions, bar = window.playback_actions, window.transport
    reason = "No sound: this computer has no playback device."
    for action in (actions.play, actions.stop, actions.loop, actions.mute):
        assert not action.isEnabled()
        assert reason in action.toolTip()
    for control in (bar.speed_box, bar.balance_slider, bar.volume_slider):
        assert not control.isEnabled()
        assert control.toolTip() == reason
    assert bar.word.isVisible()
    assert bar.word.text().startswith(reason)
    window.playback.toggle()
    window.playback.hear(60)
    assert not window.playback.is_playing
    window.playback.seek(2.0)
    assert window.page.roll.cursor_line.time == pytest.approx(2.0)


def test_a_device_that_was_plugged_in_is_found_on_demand(make_window, noise_file, sound, qtbot):
    plugged, sound.plugged = sound.plugged, []
    window = make_window()
    show(window, noise_file)
    sound.plugged = plugged
    qtbot.mouseClick(window.transport.look_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.playback.can_play)
    assert sound.n_refreshed == 1
    assert not window.transport.word.isVisible()
    assert "Play" in window.playback_actions.play.toolTip()


def test_a_device_lost_while_playing_pauses_with_a_message_and_keeps_the_place(
    window, hear, sound, qtbot
):
    window.playback.play()
    hear(RATE)
    sound.plugged = [device("Headphones")]
    sound.opened[-1][1].lose("The sound device was unplugged")
    qtbot.waitUntil(lambda: sound.n_refreshed == 1 and window.pool.is_idle)
    qtbot.waitUntil(lambda: not window.playback.devices.is_looking)
    assert not window.playback.is_playing
    assert window.transport.word.text() == "The sound device was unplugged."
    assert window.playback.position == pytest.approx(1.0)

    window.playback.play()
    hear(BLOCK)
    assert sound.opened[-1][0] == "Headphones"
    assert window.playback.position == pytest.approx(1.0 + BLOCK / RATE)
    assert not window.transport.word.isVisible()


def test_the_chosen_device_is_played_on_and_remembered(window, hear, sound, make_window, qtbot):
    window.playback.play()
    hear(RATE)
    assert sound.opened[-1][0] == "Speakers"
    entries = {action.text(): action for action in window.playback_actions.device_menu.actions()}
    entries["Headphones (Test)"].trigger()
    assert window.playback.is_playing  # goes on over there
    hear(BLOCK)
    assert sound.opened[-1][0] == "Headphones"
    assert window.playback.position == pytest.approx(1.0 + BLOCK / RATE)
    window.transport.volume_slider.setValue(35)
    window.close()

    assert load_settings().output_device == "Headphones (Test)"
    again = make_window()
    assert again.playback.devices.chosen.name == "Headphones"
    assert again.playback.volume == pytest.approx(0.35)
    sound.plugged = sound.plugged[:1]
    again.playback.look_for_devices(refresh=True)
    qtbot.waitUntil(lambda: not again.playback.devices.is_looking)
    assert again.playback.devices.chosen.name == "Speakers"
    assert again.playback.devices.wanted == "Headphones (Test)"


def test_while_something_is_recorded_nothing_is_played(window, hear, sound, qtbot):
    window.playback.play()
    hear(RATE)
    window.playback.set_recording(True)
    assert not window.playback.is_playing
    assert not sound.opened[-1][1].is_open
    assert not window.playback_actions.play.isEnabled()
    assert "while recording" in window.transport.word.text()
    window.playback.look_for_devices(refresh=True)
    assert sound.n_refreshed == 0
    window.playback.set_recording(False)
    qtbot.waitUntil(lambda: window.playback.can_play)
    assert window.playback.position == pytest.approx(1.0)


def test_before_anything_is_open_there_is_nothing_to_play(make_window):
    window = make_window()
    for action in (window.playback_actions.play, window.playback_actions.to_start):
        assert not action.isEnabled()
    window.playback.toggle()
    window.playback.seek(1.0)
    assert window.playback.position == 0.0


def test_in_a_narrow_window_the_bar_keeps_what_matters(window, qtbot):
    bar = window.transport
    labels = [label for label in bar.findChildren(QLabel) if label.text() == "Recording"]
    for dock in window.docks:
        dock.close()
    window.resize(1200, 700)
    qtbot.waitUntil(lambda: labels[0].isVisible() and bar.volume_slider.isVisible())
    window.resize(520, 700)
    qtbot.waitUntil(lambda: not labels[0].isVisible())
    window.resize(420, 700)
    qtbot.waitUntil(lambda: not bar.volume_slider.isVisible())
    for control in (bar.play_button, bar.position_label, bar.speed_box, bar.balance_slider):
        assert control.isVisible()
        assert bar.rect().contains(control.geometry())
    window.resize(1200, 700)
    qtbot.waitUntil(lambda: labels[0].isVisible() and bar.volume_slider.isVisible())
