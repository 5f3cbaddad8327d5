from __future__ import annotations

import copy
from dataclasses import asdict, replace

import numpy as np
import pytest
import soundfile
import torch
from test_instrument_material import write_stems
from tiny_instrument_model import tiny_instruments

from amtstudio.engine import InstrumentDetector
from amtstudio.models.checkpoint import save_checkpoint
from amtstudio.models.instrument_attention import InstrumentAttention
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES
from training.instruments import evaluation, export
from training.instruments.evaluation import (
    evaluate_mixtures,
    evaluate_recordings,
    find_truths,
)
from training.instruments.experiments import (
    Bags,
    Schedule,
    compare,
    generative_probs,
    standardised,
    train_mean_teacher,
)
from training.instruments.mixing import StemPool
from training.instruments.training import RunConfig, Trainer


@pytest.fixture
def pool(tmp_path):
    (tmp_path / "stems").mkdir()
    write_stems(tmp_path / "stems")
    pool = StemPool(tmp_path / "stems")
    pool.reload()
    return pool


def test_a_run_that_was_stopped_goes_on_where_it_was(pool, tmp_path):
    config = RunConfig(seconds=1e9, batch_size=2, n_instances=2)
    whole = Trainer(pool, config, tmp_path / "whole")
    for _ in range(4):
        whole._step()
        whole.progress.step += 1
    first = Trainer(pool, config, tmp_path / "halves")
    for _ in range(2):
        first._step()
        first.progress.step += 1
    first.save()
    second = Trainer(pool, config, tmp_path / "halves")
    assert second.progress.step == 2
    for model in (whole.model, first.model):
        assert model.training
    # Dropout draws from torch's own generator: the same seed at the same step makes them alike.
    for trainer in (first, second):
        trainer.model.eval()
        torch.manual_seed(9)
        trainer._step()
    for one, other in zip(first.model.parameters(), second.model.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def test_a_run_may_begin_with_a_model_and_end_between_the_two(pool, tmp_path):
    torch.manual_seed(3)
    start = InstrumentAttention(RunConfig().model)
    _, card = tiny_instruments()
    begun = tmp_path / "begun.safetensors"
    card = replace(card, config=asdict(RunConfig().model))
    save_checkpoint(begun, start, card)
    config = RunConfig(seconds=1e9, batch_size=2, n_instances=2, start_from=str(begun))
    trainer = Trainer(pool, config, tmp_path / "run")
    for name, value in start.state_dict().items():
        torch.testing.assert_close(trainer.model.state_dict()[name], value)
    trainer._step()
    trained = copy.deepcopy(trainer.model)
    between = export.blended(copy.deepcopy(trainer.model), start, 0.25)
    weight = "head.score.weight"
    first, last = start.state_dict()[weight], trained.state_dict()[weight]
    assert not torch.equal(first, last)
    torch.testing.assert_close(between.state_dict()[weight], 0.75 * first + 0.25 * last)


def test_a_run_becomes_a_model_that_the_engine_takes(pool, tmp_path):
    trainer = Trainer(pool, RunConfig(seconds=1e9, batch_size=2, n_instances=2), tmp_path / "run")
    trainer._step()
    trainer.save()
    output = tmp_path / "instruments.safetensors"
    export.main([str(tmp_path / "run"), str(pool.folder), str(output), "--bags", "3"])
    detector = InstrumentDetector.load(output, device="cpu", n_threads=1)
    assert "presence_voice" in detector.card.thresholds
    assert output.stat().st_size < 10e6
    mixtures = tmp_path / "mixtures.npz"
    labels = np.zeros((4, 10, 20), dtype=bool)
    labels[::2, :5, 12] = True
    audio = (np.random.default_rng(0).normal(0, 3000, (4, 160000))).astype(np.int16)
    np.savez(mixtures, audio=audio, labels=labels, unknowns=np.zeros((4, 20), dtype=bool))
    report = evaluate_mixtures(detector, mixtures)
    assert 0 <= report["auroc_by_class"]["piano"] <= 1
    assert np.isnan(report["auroc_by_class"]["voice"])
    assert report["n_mixtures"] == 4
    for key in ("activity_1_s", "activity_5_s", "activity_10_s", "activity_inf_s"):
        assert 0 <= report[key]["auroc"] <= 1
    assert 0 <= report["multitrack_1_s"]["auroc"] <= 1
    assert set(evaluation.MULTITRACK_CLASSES.values()) <= set(INSTRUMENT_CLASSES)


def test_truths_are_read_from_the_layout_of_the_recordings(tmp_path):
    band = tmp_path / "drums_band"
    band.mkdir()
    for kind in ("mix", "drum"):
        (band / f"A.{kind}.ogg").touch()
    (band / "A.instruments.json").write_text(
        '{"stem_instruments": {"S1": "drum set", "S2": "male singer", "S3": "theremin"}}'
    )
    (tmp_path / "harmonica").mkdir()
    (tmp_path / "harmonica" / "b.flac").touch()
    first, second = find_truths(tmp_path)
    assert first.present == ("cymbals", "drums", "voice")
    assert second.present == ()
    assert "accordion" in second.near
    assert set(evaluation.SOLO_FOLDERS) == {
        "piano_disklavier",
        "piano_open",
        "guitar",
        "harmonica",
    }


def test_recordings_are_ranked_and_the_piano_is_to_be_named_first(tmp_path, rng):
    for folder, name in (("piano_disklavier", "a"), ("guitar", "b"), ("harmonica", "c")):
        (tmp_path / folder).mkdir()
        sound = rng.normal(0, 0.1, 32000)
        soundfile.write(tmp_path / folder / f"{name}.flac", sound, 16000)
    detector = InstrumentDetector(*tiny_instruments(), device="cpu", n_threads=1)
    with torch.no_grad():
        score = detector._model.head.score
        score.weight.zero_()
        score.bias.copy_(torch.linspace(-2, -1, 20))
        score.bias[12] = 2.0  # the piano, whatever sounds
    report = evaluate_recordings(detector, tmp_path)
    assert report["n_recordings"] == 3
    assert report["piano_first"] == 1.0
    assert report["seconds_with_others"] == {
        "piano_disklavier": 0.0,
        "guitar": 1.0,
        "harmonica": 1.0,
    }
    assert report["hinted"] == {"guitar": False, "harmonica": False, "piano_disklavier": False}
    assert report["auroc_by_group"]["piano_disklavier"] == 1.0
    # Guitar is the ninth: seven below it, eight above and the piano, three of them near classes.
    assert report["auroc_by_group"]["guitar"] == pytest.approx(7 / 16)


def easy_bags(n, seed):
    """Class 0 shows in one of ten instances, the others nowhere."""
    generator = torch.Generator().manual_seed(seed)
    features = torch.rand(n, 10, 128, generator=generator)
    labels = torch.zeros(n, 20, dtype=torch.bool)
    labels[::2, 0] = True
    where = torch.randint(10, (n,), generator=generator)
    features[labels[:, 0], where[labels[:, 0]], :20] += 1.5
    observed = torch.zeros(n, 20, dtype=torch.bool)
    observed[:, 0] = True
    return Bags(features, labels, observed)


def test_the_comparison_scores_every_method_at_every_fraction(capsys):
    train, test = easy_bags(96, 1), easy_bags(64, 2)
    rows = compare(
        train,
        test,
        fractions=[0.25, 1.0],
        seeds=[0],
        methods=["ATT", "MT", "FC_T", "FC", "RNN", "DGM"],
        schedule=Schedule(n_epochs=3, batch_size=32),
        classes=[0],
    )
    assert [row["method"] for row in rows] == ["ATT", "MT", "FC_T", "FC", "RNN", "DGM"] * 2
    assert all(0 <= row["auroc"] <= 1 for row in rows)
    assert capsys.readouterr().out.count("AUROC") == 12


def test_every_method_gets_the_same_numbers():
    train, test = easy_bags(96, 1), easy_bags(64, 2)
    train.features[..., 5] = 0.3  # says nothing
    one, other = standardised(train, test)
    flat = one.features.flatten(0, 1)
    assert flat.mean(dim=0).abs().max() < 1e-4
    spread = flat.std(dim=0)
    assert torch.allclose(spread[spread > 0.5], torch.ones(127), atol=1e-4)
    assert torch.isfinite(other.features).all()
    assert one.labels is train.labels


def test_the_teacher_learns_what_the_student_is_told():
    torch.manual_seed(0)
    train, test = easy_bags(128, 1), easy_bags(64, 2)
    from amtstudio.models.instrument_attention import AttentionHead  # noqa: PLC0415

    teacher = train_mean_teacher(
        AttentionHead(dropout=0.2),
        train,
        torch.arange(128),
        Schedule(n_epochs=40, batch_size=32, learning_rate=3e-3, average=0.95),
    )
    with torch.inference_mode():
        probs = teacher(test.features).bag[:, 0]
    present = test.labels[:, 0]
    assert probs[present].mean() > probs[~present].mean() + 0.2


def test_the_generative_model_is_one_for_each_class():
    train, test = easy_bags(64, 1), easy_bags(16, 2)
    probs = generative_probs(
        train, torch.arange(32), test, Schedule(n_epochs=1, batch_size=32), classes=[0, 3], seed=0
    )
    assert len(np.unique(probs[:, 0])) == 16
    assert np.all(probs[:, 3] == np.float32(0.1))  # nobody knows anything of it
