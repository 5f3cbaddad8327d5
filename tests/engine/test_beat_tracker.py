"""The network for beats, and the model that ships."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from amtstudio.engine import BeatHints, BeatTracker
from amtstudio.errors import Cancelled, CheckpointError
from amtstudio.features.note_features import N_FEATURES
from amtstudio.models import find_model, verify_model
from amtstudio.models.beats import Beats, BeatsConfig
from amtstudio.symbolic import Meter, Note, NoteTable, Track


@pytest.mark.parametrize("n_frames", [1, 7, 30])
@pytest.mark.parametrize("fold", [1, 2, 3])
def test_a_value_for_each_frame(fold, n_frames):
    model = Beats(BeatsConfig(n_channels=4, n_blocks=2, fold=fold)).eval()
    beat, downbeat = model(torch.rand(2, n_frames, N_FEATURES))
    assert beat.shape == downbeat.shape == (2, n_frames)


def test_the_shipped_model_is_small_and_whole():
    verify_model("beats")
    assert find_model("beats").stat().st_size < 2e6


def steady(n_bars=40):
    """A bass on each first beat, chords on the others, at 100 beats a minute in four."""
    notes = []
    for beat in range(4 * n_bars):
        start = 0.5 + 0.6 * beat
        pitches = (36, 60, 64, 67) if beat % 4 == 0 else (60, 64, 67)
        root = (0, 5, 7, 0)[beat // 4 % 4]
        notes += [Note(start, start + 0.5, pitch + root, 80) for pitch in pitches]
    return NoteTable.of(notes)


def test_long_pieces_are_seen_in_parts_without_a_seam(monkeypatch):
    tracker = BeatTracker.load()
    whole = tracker.track(steady())
    monkeypatch.setattr("amtstudio.engine.beat_tracker._BLOCK", 1200)
    parts = tracker.track(steady())
    np.testing.assert_allclose(whole.tempo.beats, parts.tempo.beats, atol=1e-3)
    assert whole.is_sure
    assert whole.tempo.tempo == pytest.approx(100.0, rel=0.01)


def chugging_band(n_bars=16):
    """A guitar in even eighths at 110 beats a minute, and drums: kick and snare on the beats."""
    guitar, drums = Track.named("guitar"), Track.named("drums")
    notes = []
    for eighth in range(8 * n_bars):
        start = 0.5 + eighth * 30.0 / 110.0
        root = (40, 43, 45, 40)[eighth // 8 % 4]
        notes += [Note(start, start + 0.2, root + step, 90, track=guitar) for step in (0, 7, 12)]
        strokes = [42] if eighth % 2 else [42, 38 if eighth % 4 else 36]
        notes += [Note(start, start + 0.1, key, 100, track=drums) for key in strokes]
    return NoteTable.of(notes)


def test_drums_say_which_of_the_even_notes_of_a_band_are_beats():
    found = BeatTracker.load().track(chugging_band())
    assert found.is_sure
    assert found.tempo.tempo == pytest.approx(110.0, rel=0.01)
    assert str(found.tempo.meter) == "4/4"


@pytest.mark.parametrize("notes", [steady(12), chugging_band(16)])
def test_the_share_that_is_done_grows_to_nearly_all(notes, monkeypatch):
    monkeypatch.setattr("amtstudio.engine.beat_tracker._BLOCK", 300)
    told = []
    BeatTracker.load().track(notes, on_progress=told.append)
    assert told == sorted(told)
    assert len(set(told)) > 4
    assert told[0] == 0.0
    assert 0.4 < told[-1] < 1.0


def test_notes_alone_are_followed_where_no_drums_play():
    # The drums come in with the ninth bar.
    notes = chugging_band()
    is_drum = np.isin(notes.pitch, (36, 38, 42))
    late = notes.take(np.flatnonzero(~is_drum | (notes.onset > 17.9)))
    beats = BeatTracker.load().track(late).tempo.beats
    assert beats[0] < 2.0


def test_hints_decide():
    tracker = BeatTracker.load()
    found = tracker.track(steady(), BeatHints(tempo=50.0, meter=Meter(3, 8)))
    assert found.tempo.tempo == pytest.approx(50.0, rel=0.05)
    assert str(found.tempo.meter) == "3/8"
    assert str(tracker.track(steady(), BeatHints(meter=Meter.parse("6/8"))).tempo.meter) == "6/8"
    with pytest.raises(ValueError, match="a tempo must be between 15 and 400"):
        BeatHints(tempo=2.0)


def test_notes_at_thirds_of_beats_make_a_compound_meter():
    notes = []
    for eighth in range(240):
        start = 0.5 + 0.2 * eighth
        place = eighth % 6
        notes.append(Note(start, start + 0.18, 72 - place, 95 if place == 0 else 60))
        if place in (0, 3):
            notes.append(Note(start, start + 0.55, 40 if place == 0 else 47, 90))
    found = BeatTracker.load().track(NoteTable.of(notes), BeatHints(tempo=100.0))
    assert found.tempo.is_compound
    assert found.tempo.meter.beat_unit == 8


def test_no_notes_no_beats_and_a_wish_to_stop_is_heard():
    tracker = BeatTracker.load()
    assert tracker.track(NoteTable.of([])) is None
    with pytest.raises(Cancelled):
        tracker.track(steady(), is_cancelled=lambda: True)


def test_another_kind_of_model_is_refused():
    with pytest.raises(CheckpointError, match="is not a beat tracker"):
        BeatTracker.load("instruments")
