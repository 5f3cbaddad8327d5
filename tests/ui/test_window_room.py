"""What is empty takes no room, and the notes keep half of the height."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio import session
from amtstudio.symbolic import Note, NoteTable, Pedal, Track, Transcription
from amtstudio.symbolic.drums import KIT
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.ui.codec_names import codec_name
from amtstudio.ui.plurals import counted
from amtstudio.ui.roll.drum_axis import SMALLEST_TEXT_PX


def activity(*classes: str) -> InstrumentActivity:
    n, k = 8, len(classes)
    onsets = np.arange(n, dtype=float)
    return InstrumentActivity(
        classes=classes,
        thresholds=np.full(k, 0.5),
        track_scores=np.linspace(0.9, 0.6, k),
        onsets=onsets,
        offsets=onsets + 1.0,
        scores=np.full((n, k), 0.8),
        attention=np.full((n, k), 1.0 / n),
        duration=float(n),
    )


@pytest.fixture
def open_notes(window, finish, recording):
    def open_notes(notes, *, pedals=(), model="piano"):
        project = session.Document.create(session.AudioReference.read(recording))
        project.replace_transcription(
            Transcription(NoteTable.of(notes), tuple(pedals), duration=3.0, model=model)
        )
        item = window.queue.add_project(project)
        window.show_item(item)
        finish()
        return item.document

    return open_notes


@pytest.mark.parametrize(
    ("model", "pedals", "is_shown"),
    [("melodic", (), False), ("piano", (), True), ("melodic", (Pedal(0.5, 1.0),), True)],
)
def test_a_lane_of_pedals_only_where_there_may_be_some(window, open_notes, model, pedals, is_shown):
    guitar = Track.named("guitar")
    open_notes([Note(1, 2, 60, track=guitar)], pedals=pedals, model=model)
    roll = window.page.roll
    assert roll.lanes["pedal"].item.isVisible() is is_shown
    assert (roll.lanes["pedal"].box.height() > 8.0) is is_shown
    assert roll._time_axis.height() >= roll._time_axis.wanted_height - 1.0  # the ruler stays


def test_lanes_fold_away_before_the_notes_have_less_than_half(window, qtbot, open_notes):
    drums = Track.named("drums")
    notes = [Note(t, t + 0.1, p, track=drums) for p in range(35, 55) for t in (1.0, 2.0)]
    document = open_notes([*notes, Note(1, 2, 60)], model="piano+drums")
    document.set_instruments(activity("piano", "drums", "bass", "guitar", "violin", "voice"))
    page = window.page
    window.table_dock.show()
    for height in (1000, 768, 560):
        window.resize(1366, height)
        qtbot.wait(50)
        assert page.roll.box.height() >= 0.5 * page.roll.height() - 1.0
        assert page.roll.box.height() >= min(0.5 * page.height(), page.roll.height() - 60) - 1.0
    assert not page.roll.lanes["velocities"].box.isVisible()
    assert len(page.instrument_strip.shown_classes) < 4
    window.table_dock.hide()
    window.resize(1366, 1000)
    qtbot.waitUntil(page.roll.lanes["velocities"].box.isVisible)


def test_drums_without_room_fold_away_and_come_back(window, qtbot, open_notes):
    drums = Track.named("drums")
    open_notes([Note(1, 1.1, 36, track=drums), Note(1, 2, 60)], model="piano+drums")
    lane = window.page.roll.lanes["drums"]
    window.table_dock.show()
    heights = set()
    for height in range(1000, 480, -40):
        window.resize(1366, height)
        qtbot.wait(20)
        heights.add(lane.box.height() / len(lane.plane.rows) if lane.box.isVisible() else 0.0)
    assert 0.0 in heights
    assert not any(0.0 < height < 4.0 - 0.1 for height in heights), heights
    window.table_dock.hide()
    window.resize(1366, 1000)
    qtbot.waitUntil(lane.box.isVisible)


@pytest.mark.parametrize("height", [768, 950])
def test_every_row_of_drums_has_room_for_its_name(window, qtbot, open_notes, height):
    notes = [Note(1, 1.1, p, track=Track.named("drums")) for p in KIT.pitches]
    open_notes([*notes, Note(1, 2, 60)], model="melodic+drums")
    window.resize(1366, height)
    lane = window.page.roll.lanes["drums"]
    qtbot.waitUntil(lambda: lane.box.height() >= SMALLEST_TEXT_PX * len(KIT.pitches))


def test_the_overview_is_lower_on_a_low_screen(window, qtbot, open_notes):
    open_notes([Note(1, 2, 60)])
    heights = {}
    for height in (1000, 540):
        window.resize(960, height)
        qtbot.waitUntil(lambda height=height: window.height() == height)
        qtbot.wait(50)
        heights[height] = window.page.overview.height()
    assert heights[1000] == 64
    assert 36 <= heights[540] < 50


def test_an_instrument_has_one_colour_in_the_strip_and_the_list_of_tracks(window, open_notes):
    bass, violin = Track.named("bass"), Track.named("violin")
    notes = [Note(1, 2, 40, track=bass), Note(1, 2, 70, track=violin)]
    document = open_notes(notes, model="melodic")
    document.set_instruments(activity("voice", "violin", "bass"))
    strip = window.page.instrument_strip
    colours = document.track_colours()
    assert strip.colour_of("violin") == colours[violin] != strip.colour_of("bass")
    assert strip.colour_of("bass") == colours[bass]
    assert strip.colour_of("voice") not in colours.values()
    window.editor.take(session.Document.set_track_colour, violin, 6)
    assert strip.colour_of("violin") == 6


@pytest.mark.parametrize(
    ("codec", "container", "name"),
    [
        ("pcm_16", "wav", "16-bit WAV"),
        ("pcm_s24le", "wav", "24-bit WAV"),
        ("pcm_16", "flac", "16-bit FLAC"),
        ("float", "wavex", "32-bit float WAV"),
        ("vorbis", "ogg", "Ogg Vorbis"),
        ("mpeg_layer_iii", "mp3", "MP3"),
        ("aac", "mp4", "AAC"),
        ("cook", "rm", "COOK"),
    ],
)
def test_codecs_are_called_as_people_call_them(codec, container, name):
    assert codec_name(codec, container) == name


def test_one_thing_is_not_called_several():
    assert counted(1, "%n note", "%n notes") == "1 note"
    assert counted(0, "%n note", "%n notes") == "0 notes"
    assert counted(1200, "%n note", "%n notes") == "1200 notes"
