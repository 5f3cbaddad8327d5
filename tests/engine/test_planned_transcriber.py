"""One recording, several models: their notes become one transcription."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
import torch
from tiny_transcription_model import RATE, TinyModel, tiny_card

from amtstudio.decoding import NoSettings, decode
from amtstudio.engine import Plan, PlannedTranscriber, Reason, Transcriber
from amtstudio.engine.parts import named_parts
from amtstudio.models import ModelCard
from amtstudio.models.drums import Drums, DrumsConfig
from amtstudio.symbolic import Note, NoteTable, Track
from amtstudio.symbolic.families import FAMILY_TRACKS

BAND = Plan(("piano", "drums"), Reason.OTHER_INSTRUMENTS, ("guitar", "drums"))


def load(name):
    if name == "piano":
        return Transcriber(TinyModel(), tiny_card(), device="cpu", n_threads=1)
    torch.manual_seed(2)
    config = {"n_mels": 32, "n_maps": (4, 4, 4, 4), "n_channels": 16}
    model = Drums(DrumsConfig(**config)).eval()
    with torch.no_grad():
        model.head[2].weight.mul_(30.0)
    card = ModelCard(
        name="drums",
        model="drums",
        config=config,
        sample_rate=model.grid.sample_rate,
        hop_length=model.grid.hop_length,
        thresholds={"onset": 0.3},
        licence="CC0-1.0",
        data=(),
        decoder="drums",
    )
    return Transcriber(model, card, device="cpu", n_threads=1)


@pytest.fixture
def recording(tmp_path):
    rng = np.random.default_rng(3)
    path = tmp_path / "band.wav"
    soundfile.write(path, 0.3 * rng.standard_normal(4 * RATE), RATE)
    return path


def test_notes_of_all_models_are_joined_and_told_apart_by_their_tracks(recording):
    plans = []
    planned = PlannedTranscriber(load, on_plan=plans.append)
    planned.plan = lambda *_args, **_options: BAND
    told, progress = [], []
    result = planned.transcribe_file(
        recording,
        keep_activations=True,
        on_notes=told.extend,
        on_progress=lambda done, total: progress.append((done, total)),
    )
    assert plans == [BAND]
    notes = result.transcription.notes
    pitched = [note for note in notes if not note.track.is_drums]
    drums = [note for note in notes if note.track.is_drums]
    alone = load("piano").transcribe_file(recording).transcription
    assert pitched == list(alone.notes)
    assert drums == list(load("drums").transcribe_file(recording).transcription.notes)
    assert len(pitched) > 5
    assert len(drums) > 5
    assert sorted(told) == list(notes)
    assert result.transcription.model == "piano+drums"
    # Thresholds move again what each of them heard.
    assert result.settings == load("piano").settings
    for part, name, own in zip(result.parts, BAND.models, (pitched, drums), strict=True):
        assert part.transcription.model == load(name).name
        assert part.activations is not None
        assert part.activations.decoder == {"piano": "notes", "drums": "drums"}[name]
        assert list(decode(part.activations, part.settings)[0]) == own
    done = [done for done, _ in progress]
    assert done == sorted(done)
    assert progress[-1][0] == pytest.approx(4.0, abs=0.1)


def test_each_model_takes_the_thresholds_that_it_knows(recording):
    planned = PlannedTranscriber(load, changes={"onset_threshold": 0.95, "kick_threshold": 0.99})
    planned.plan = lambda *_args, **_options: BAND
    few = planned.transcribe_file(recording).transcription.notes
    many = PlannedTranscriber(load)
    many.plan = planned.plan
    all_of_them = many.transcribe_file(recording).transcription.notes
    assert 0 < len(few) < len(all_of_them)
    assert planned.settings == NoSettings()


def test_without_other_models_it_is_the_piano_at_once(recording, monkeypatch):
    monkeypatch.setattr("amtstudio.engine.planned_transcriber.list_models", lambda: ["piano"])
    planned = PlannedTranscriber(load)
    assert planned.plan(recording) == Plan(("piano",), Reason.NOTHING_ELSE)


def test_tracks_are_named_by_who_is_heard():
    winds, keys = FAMILY_TRACKS["winds"], FAMILY_TRACKS["keys"]
    drums = Track.named("drums")
    notes = NoteTable.of(
        [
            Note(0.0, 1.0, 60, track=winds),
            Note(0.5, 1.0, 64, track=keys),
            Note(0.6, 1.0, 40, track=FAMILY_TRACKS["bass"]),
            Note(0.7, 0.8, 36, track=drums),
        ]
    )
    named = named_parts(notes, ("saxophone", "bass", "clarinet"))
    assert [note.track.name for note in named] == ["saxophone", "saxophone", "bass", "drums"]
    assert [note.track.name for note in named_parts(notes, ("voice",))] == [*["voice"] * 3, "drums"]
    assert named_parts(notes, ()) is notes
    assert len(named_parts(NoteTable.of(()), ("voice",))) == 0
