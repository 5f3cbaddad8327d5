"""Which model is in front, and what becomes of thresholds that moved meanwhile."""

from __future__ import annotations

import numpy as np
import pytest
from piano_activations import piano_activations

from amtstudio import session
from amtstudio.decoding import Activations, DecodingSettings, DrumSettings
from amtstudio.features import FrameGrid
from amtstudio.symbolic import TrackKind
from amtstudio.symbolic.heads import Drums, Head, HeadKind
from amtstudio.workbench.listening_models import ListeningModels
from amtstudio.workbench.transcribing import HeardModel, Recalled

DRUM_HEADS = (Head("onset", HeadKind.EVENT, Drums(("kick", "snare"), (36, 38))),)
SUGGESTED = DecodingSettings()
MOVED = SUGGESTED.changed({"onset_threshold": 0.7})
BACK = SUGGESTED.changed({"onset_threshold": 0.2})


def heard(model="piano", settings=SUGGESTED, *, kept_as=""):
    nothing = np.zeros((4, 88), np.float32)
    activations = piano_activations(nothing, nothing, nothing, nothing)
    if model == "drums":
        values = {head.name: np.zeros(head.shape(4), np.float32) for head in DRUM_HEADS}
        activations = Activations(DRUM_HEADS, values, FrameGrid(), decoder="drums")
    kept = session.KeptActivations.of(activations)
    return HeardModel(model, activations, {}, settings, settings, kept, kept_as)


@pytest.fixture
def models():
    return ListeningModels(SUGGESTED)


def test_a_threshold_that_moved_while_the_model_listened_stays_moved(models):
    models.change_settings(onset_threshold=0.7)
    models.put_heard([heard()], is_as_expected=True)
    assert models.settings == MOVED
    assert models.decoded_settings == SUGGESTED
    assert models.foreground.is_behind


def test_models_that_a_plan_chose_bring_their_own_thresholds(models):
    models.change_settings(onset_threshold=0.7)
    models.put_heard([heard()], is_as_expected=False)
    assert models.settings == SUGGESTED


def test_the_kind_that_the_user_turned_to_stays_in_front(models):
    drums = heard("drums", DrumSettings())
    models.put_heard([heard(), drums], is_as_expected=False)
    assert models.reviewed_kind is TrackKind.PITCHED
    models.bring_forward(TrackKind.DRUMS)
    models.put_heard([heard("melodic"), drums], is_as_expected=False)
    assert models.foreground.model == "drums"
    models.put_heard([heard()], is_as_expected=False)
    assert (models.foreground.model, models.reviewed_kind) == ("piano", None)


def test_thresholds_that_were_undone_count_as_decoded(models):
    models.put_heard([heard(settings=MOVED)], is_as_expected=False)
    name = models.foreground.heard
    source = session.Source(model="piano", settings=BACK, heard={"piano": name})
    assert models.put_source(source)
    assert models.settings == models.decoded_settings == BACK
    assert not models.put_source(source)  # nothing is other now


def test_a_threshold_that_moved_on_while_the_former_was_written_stays(models):
    models.put_heard([heard()], is_as_expected=False)
    models.change_settings(onset_threshold=0.7)
    name = models.foreground.heard
    source = session.Source(model="piano", settings=SUGGESTED, heard={"piano": name})
    assert not models.put_source(source)
    assert models.settings == MOVED


def test_another_transcription_has_nothing_at_hand_until_it_is_recalled(models):
    models.put_heard([heard()], is_as_expected=False)
    source = session.Source(model="piano", settings=BACK, heard={"piano": "another"})
    assert models.put_source(source)
    assert models.activations is None
    assert models.settings == BACK
    assert not models.put_recalled(Recalled((heard(kept_as="a third"),), 0.0, None), source)
    assert models.put_recalled(Recalled((heard(kept_as="another"),), 0.0, None), source)
    assert models.activations is not None
    assert models.settings == BACK


def test_preferences_reach_every_model_that_knows_them(models):
    models.put_heard([heard(), heard("drums", DrumSettings())], is_as_expected=False)
    models.prefer({"onset_threshold": 0.7})
    assert models.part_of(TrackKind.PITCHED).settings == MOVED
    assert models.part_of(TrackKind.DRUMS).settings == DrumSettings()
    models.reset_settings()
    assert models.settings == SUGGESTED
