from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch

from amtstudio.features import FrameGrid
from amtstudio.learning.train_state import read_metadata
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_model
from amtstudio.models.drums import Drums, DrumsConfig
from amtstudio.symbolic.drums import DRUMS
from training.drums.averaging import write_mean
from training.drums.bank import SAMPLE_RATE, BankWriter
from training.drums.clips import DrumClipMaker, KitChooser
from training.drums.evaluation import (
    Counts,
    HeldOutClip,
    compare,
    find_recordings,
    hits_in,
    load_drums,
    score_kits,
    score_recordings,
    tune,
)
from training.drums.export import export
from training.drums.hearing import DrumActivations, hear
from training.drums.pattern_weights import COSTS, GAINS, best_weights
from training.drums.patterns import Patterns
from training.drums.recording import Recorder
from training.drums.synthetic_kits import synthetic_kits
from training.drums.training import DrumTrainingConfig, Memory, loss_of, train

SMALL = DrumsConfig(n_maps=(4, 4, 4, 4), n_channels=8)


def small_model() -> Drums:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return Drums(SMALL)


@pytest.fixture(scope="module")
def maker():
    writer = BankWriter()
    for take, sounds in synthetic_kits(1, SAMPLE_RATE, np.random.default_rng(3)):
        writer.add(take, "train", sounds)
    bank = writer.bank()
    model = small_model()
    return DrumClipMaker(
        bank, KitChooser(bank), Patterns([]), Recorder(), None, model.grid, model.margin, 100
    )


def config(steps: int) -> DrumTrainingConfig:
    return DrumTrainingConfig(steps=steps, decay_steps=1, warmup_steps=1, n_frames=100)


def test_a_run_goes_on_where_it_stopped_and_is_exported(tmp_path, maker):
    model = small_model()
    train(tmp_path, maker, model, SMALL, config(2))
    state = tmp_path / "state.safetensors"
    progress, _ = read_metadata(state)
    assert progress.step == 2
    train(tmp_path, maker, small_model(), SMALL, config(3))
    progress, kept = read_metadata(state)
    assert progress.step == 3
    assert kept["training"]["steps"] == 3
    with pytest.raises(ValueError, match="no thresholds for crash"):
        export(state, tmp_path / "drums.safetensors", {})
    thresholds = dict.fromkeys(DRUMS, 0.3) | {"crash": 0.2}
    export(state, tmp_path / "drums.safetensors", thresholds)
    network, card = load_model(tmp_path / "drums.safetensors")
    assert card.thresholds["crash"] == 0.2
    averaged, _ = load_drums(state)
    for name, value in averaged.state_dict().items():
        torch.testing.assert_close(network.state_dict()[name], value)
    assert load_drums(tmp_path / "drums.safetensors")[1] == card.thresholds


def test_the_mean_of_a_run_and_a_model_lies_between_them(tmp_path, maker):
    state, model, mean = (tmp_path / f"{name}.safetensors" for name in ("state", "model", "mean"))
    train(tmp_path, maker, small_model(), SMALL, config(1))
    export(state, model, dict.fromkeys(DRUMS, 0.3))
    train(tmp_path, maker, small_model(), SMALL, config(4))
    write_mean(state, model, mean, share=0.25)
    early, late, between = (load_drums(path)[0].state_dict() for path in (model, state, mean))
    assert any(not torch.equal(early[name], late[name]) for name in early)
    for name, value in between.items():
        if value.is_floating_point():
            expected = 0.75 * early[name] + 0.25 * late[name]
            torch.testing.assert_close(value, expected, rtol=1e-5, atol=1e-6)
    assert read_metadata(mean) == read_metadata(state)
    with pytest.raises(ValueError, match="share"):
        write_mean(state, model, mean, share=1.5)


def test_what_is_no_sound_is_not_learnt(tmp_path, maker):
    class Broken:
        def make(self, rng, **options):
            clip = maker.make(rng, **options)
            return replace(clip, audio=np.full_like(clip.audio, np.nan))

        def plain(self):
            return self

    with pytest.raises(RuntimeError, match="non-finite"):
        train(tmp_path, Broken(), small_model(), SMALL, config(2))
    assert not (tmp_path / "state.safetensors").exists()


def test_loss_is_low_for_the_truth_and_high_for_its_opposite():
    onset = torch.zeros(1, 20, 10)
    onset[0, 5, 2], onset[0, 6, 2] = 0.25, 0.75
    velocity = 0.8 * (onset > 0).float()
    right = {
        "onset": torch.where(onset > 0, onset.logit(), -12.0),
        "velocity": velocity.logit(eps=1e-3),
    }
    wrong = {"onset": -right["onset"], "velocity": -right["velocity"]}
    assert (
        float(loss_of(right, onset, velocity)[0]) < float(loss_of(wrong, onset, velocity)[0]) / 10
    )


def test_what_is_heard_again_has_another_equaliser_and_the_same_truth():
    memory = Memory(3)
    features = torch.zeros(2, 2, 10, 96)
    onset = torch.arange(2.0)[:, None, None].expand(2, 10, 10)
    memory.add(features, onset, onset)
    memory.add(features, onset, onset)
    assert len(memory) == 3
    again, truth, _ = memory.draw(4, np.random.default_rng(1))
    assert again.shape == (4, 2, 10, 96)
    assert again.std() > 0.05
    # The same in every frame and window: an equaliser, no noise.
    torch.testing.assert_close(again, again[:, :1, :1].expand_as(again))
    assert set(truth.unique().tolist()) <= {0.0, 1.0}


def test_long_audio_is_heard_in_parts_as_in_one():
    model = small_model().eval()
    audio = 0.1 * np.random.default_rng(0).standard_normal(320 * 400).astype(np.float32)
    whole = hear(model, audio)
    assert whole.onset.shape == (400, len(DRUMS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.drums.hearing.SEGMENT_FRAMES", 150)
        parts = hear(model, audio)
    np.testing.assert_allclose(parts.onset, whole.onset, atol=1e-4)


def test_hits_are_matched_within_fifty_milliseconds():
    counts = compare([1.0, 2.0, 3.0], [1.04, 2.06, 3.0, 4.0])
    assert (counts.matched, counts.reference, counts.estimated) == (2, 3, 4)
    assert counts.f1 == pytest.approx(4 / 7)
    assert np.isnan(Counts().f1)
    assert compare([], [1.0]).precision == 0.0


def held_out(score: float) -> HeldOutClip:
    """A clip with one kick, heard with ``score``, and a snare that is not there at 0.3."""
    onset = np.zeros((100, len(DRUMS)), dtype=np.float32)
    velocity = np.full((100, len(DRUMS)), 64 / 127, dtype=np.float32)
    onset[50, DRUMS.index("kick")] = score
    onset[20, DRUMS.index("snare")] = 0.3
    hits = np.array([[0.5, DRUMS.index("kick"), 70.0], [0.8, DRUMS.index("snare"), 70.0]])
    return HeldOutClip("kit", hits, DrumActivations(onset, velocity))


def test_thresholds_are_tuned_for_each_drum():
    model = small_model()
    found = tune([held_out(0.2), held_out(0.22)], model)
    assert 0.1 <= found["kick"] <= 0.2
    scores = score_kits([held_out(0.2)], model, found)
    assert scores["kick"] == 1.0
    assert scores["snare"] == 0.0
    assert np.isnan(scores["crash"])
    assert scores["macro"] == 0.5
    assert scores["velocity"] == 1.0


def test_recordings_are_found_by_kind_and_scored(tmp_path, capsys):
    soundfile.write(tmp_path / "A.drum.ogg", np.zeros(44100, dtype=np.float32), 44100)
    table = "onset_s,offset_s,midi_pitch,velocity,instrument\n0.5,,36,,KD\n0.7,,42,,HH\n"
    (tmp_path / "A.drum.notes.csv").write_text(table)
    (recording,) = find_recordings(tmp_path)
    assert (recording.name, recording.kind) == ("A", "drum")
    assert recording.times["HH"] == [0.7]
    scores = score_recordings(small_model().eval(), {"onset": 0.9}, tmp_path)
    assert scores["drum"]["KD"] == 0.0
    assert "times real time" in capsys.readouterr().out
    json.dumps(scores)


def test_the_grid_is_ten_milliseconds():
    assert small_model().grid == FrameGrid(32000, 320)


def test_the_checkpoint_is_the_network_of_the_program():
    path = find_model("drums")
    model, thresholds = load_drums(path)
    of_patterns = {name for name in thresholds if "_pattern_" in name}
    assert set(thresholds) - of_patterns == {"onset", *DRUMS}
    assert thresholds["kick_pattern_gain"] > 0.0
    assert sum(weight.numel() for weight in model.parameters()) < 1_200_000
    # A kick drum of our own making, twice a second, is heard as one.
    rng = np.random.default_rng(2)
    times = np.arange(0.5, 5.5, 0.5)
    audio = 1e-4 * rng.standard_normal(6 * SAMPLE_RATE).astype(np.float32)
    ages = np.arange(SAMPLE_RATE // 3) / SAMPLE_RATE
    phase = 2 * np.pi * (55 * ages + 3.0 * (1 - np.exp(-ages / 0.02)))
    kick = np.sin(phase) * np.exp(-ages / 0.12) + 0.3 * rng.standard_normal(len(ages)) * np.exp(
        -ages / 0.003
    )
    for time in times:
        start = round(time * SAMPLE_RATE)
        audio[start : start + len(kick)] += 0.5 * kick.astype(np.float32)
    heard = hear(model, audio)
    hits = hits_in(heard, model, thresholds)
    assert compare(times, [hit.time for hit in hits if hit.drum == "kick"]).f1 > 0.9


def test_the_least_weights_that_are_nearly_best_are_taken():
    def table(gain, cost):
        """Kicks gain by much, snares by what is not worth it, hi-hats by a cost."""
        row = np.full(len(DRUMS), 0.5)
        row[DRUMS.index("kick")] += 0.1 * min(gain, 0.9) - 0.02 * cost
        row[DRUMS.index("snare")] += 0.001 * gain
        row[DRUMS.index("hihat_closed")] -= 0.1 * abs(cost - 0.6)
        return np.stack([row, row - 0.1])

    weights = best_weights({(gain, cost): table(gain, cost) for gain in GAINS for cost in COSTS})
    assert weights.gain[DRUMS.index("kick")] in (0.9, 1.2)
    assert weights.gain[DRUMS.index("snare")] == 0.0
    assert weights.cost[DRUMS.index("hihat_closed")] == 0.6
    assert weights.cost[DRUMS.index("kick")] == 0.0
