from __future__ import annotations

import csv
import math

import numpy as np
import pytest
import soundfile
import torch
from test_instrument_material import write_stems

from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES
from training.instruments.lessons import LEVEL, Lessons, mix_audio, read_audio, teach
from training.instruments.mixing import Recipe, StemPool, draw_recipe
from training.instruments.training import RunConfig, Trainer
from training.instruments.yamnet import (
    EMBEDDING_SIZE,
    LABELS_BY_CLASS,
    PATCH_FRAMES,
    SAMPLE_RATE,
    Yamnet,
    class_scores,
)

TEACHER = "training_assets/teachers/yamnet"


def some_lessons(n=6, n_instances=2):
    recipes = [Recipe((i % 6, (i + 1) % 6), (i, 0), (0.1 * i, -0.5), n_instances) for i in range(n)]
    values = np.random.default_rng(0).gamma(0.3, 0.5, (n, n_instances, EMBEDDING_SIZE))
    return Lessons(recipes, values.astype(np.float16))


# -- the teacher ----------------------------------------------------------------------------------


def test_each_class_has_labels_of_the_teacher():
    assert set(LABELS_BY_CLASS) == set(INSTRUMENT_CLASSES)
    every = [label for labels in LABELS_BY_CLASS.values() for label in labels]
    assert len(every) == len(set(every))


def test_the_score_of_a_class_is_that_of_its_likeliest_label():
    logits = torch.full((1, 521), -20.0)
    logits[0, 138] = 0.0  # an acoustic guitar is a guitar
    scores = class_scores(logits)[0]
    assert scores[INSTRUMENT_CLASSES.index("guitar")] == pytest.approx(0.5)
    assert scores.sum() == pytest.approx(0.5, abs=1e-6)


def test_the_front_end_hears_a_tone_in_its_mel_band():
    times = torch.arange(SAMPLE_RATE) / SAMPLE_RATE
    log_mel = Yamnet().log_mel(0.5 * torch.sin(2 * math.pi * 1000 * times)[None])
    assert log_mel.shape == (1, 98, 64)
    mels = 1127 * np.log(1 + np.array([125.0, 1000.0, 7500.0]) / 700)
    expected = 65 * (mels[1] - mels[0]) / (mels[2] - mels[0]) - 1
    assert int(log_mel[0, 50].argmax()) == pytest.approx(expected, abs=1)
    silence = Yamnet().log_mel(torch.zeros(1, SAMPLE_RATE))
    torch.testing.assert_close(silence, torch.full_like(silence, math.log(0.001)))


def test_the_network_keeps_the_sizes_of_same_padding():
    model = Yamnet().eval()
    sizes = []
    for layer in model.L:
        layer.register_forward_hook(lambda _m, _i, out: sizes.append(tuple(out.shape[2:])))
    output = model(torch.zeros(2, PATCH_FRAMES, 64))
    assert sizes[0] == (48, 32)
    assert sizes[-1] == (3, 2)
    assert output.embedding.shape == (2, 1024)
    assert output.logits.shape == (2, 521)


def test_the_teacher_names_a_piano(shared):
    folder = shared / TEACHER
    model = Yamnet.load(folder)
    with (folder / "yamnet_class_map.csv").open(newline="") as file:
        names = [row["display_name"] for row in csv.DictReader(file)]
    for name, labels in LABELS_BY_CLASS.items():
        assert {names[label] for label in labels}, name
    assert names[LABELS_BY_CLASS["piano"][0]] == "Piano"
    assert names[LABELS_BY_CLASS["banjo"][0]] == "Banjo"
    path = next((shared / "data/real/piano_disklavier").glob("*.flac"))
    audio, rate = soundfile.read(path, frames=8 * 44100, dtype="float32", always_2d=True)
    mono = torch.from_numpy(audio.mean(axis=1)[:: round(rate / SAMPLE_RATE)].copy())
    if rate != SAMPLE_RATE:
        pytest.skip("needs a recording at 16 kHz")
    scores = class_scores(model.seconds(mono).logits).mean(dim=0)
    assert INSTRUMENT_CLASSES[int(scores.argmax())] == "piano"


# -- lessons --------------------------------------------------------------------------------------


def test_a_mixture_is_the_sum_of_its_stems_at_their_gains():
    rng = np.random.default_rng(3)
    audio = [rng.normal(0, 0.1, 4 * SAMPLE_RATE).astype(np.float16) for _ in range(2)]
    recipe = Recipe((0, 1), (1, 2), (0.0, math.log(0.5)), 2)
    mixed = mix_audio(audio, recipe)
    one, other = (a.astype(np.float32) for a in audio)
    expected = one[SAMPLE_RATE : 3 * SAMPLE_RATE] + 0.5 * other[2 * SAMPLE_RATE :]
    assert np.corrcoef(mixed, expected)[0, 1] == pytest.approx(1.0)
    assert np.sqrt((mixed**2).mean()) == pytest.approx(LEVEL, rel=1e-3)


def test_lessons_come_back_from_their_files(tmp_path):
    lessons = some_lessons()
    lessons.save(tmp_path / "lessons-0000.npz")
    lessons.save(tmp_path / "lessons-0001.npz")
    again = Lessons.load(tmp_path)
    assert len(again) == 12
    for one, other in zip(lessons.recipes, again.recipes, strict=False):
        assert one.indices == other.indices
        assert one.starts == other.starts
        assert one.gains == pytest.approx(other.gains)
        assert one.n_instances == other.n_instances
    np.testing.assert_array_equal(again.embeddings[6:], lessons.embeddings)
    # Stem 2 is in the second and the third of the six.
    left = again.without({2})
    assert len(left) == 8
    assert all(2 not in recipe.indices for recipe in left.recipes)
    with pytest.raises(ValueError, match="no lessons"):
        Lessons.load(tmp_path / "nowhere")


def test_the_teacher_is_asked_about_mixtures_of_the_pool(tmp_path):
    write_stems(tmp_path)
    path = tmp_path / "stems-0000.npz"
    with np.load(path) as arrays:
        contents = dict(arrays)
    noise = np.random.default_rng(0).normal(0, 0.1, (6, 10 * SAMPLE_RATE))
    np.savez(path, **contents, audio=noise.astype(np.float16))
    pool = StemPool(tmp_path)
    pool.reload()
    torch.manual_seed(0)
    lessons = teach(
        Yamnet().eval(), pool, read_audio(tmp_path), np.random.default_rng(1),
        n_recipes=3, n_instances=2,
    )  # fmt: skip
    assert lessons.embeddings.shape == (3, 2, 1024)
    assert np.isfinite(lessons.embeddings).all()
    rng = np.random.default_rng(1)
    assert lessons.recipes == [draw_recipe(pool, rng, n_instances=2) for _ in range(3)]


def test_the_distance_to_the_teacher_falls_and_a_run_goes_on_with_its_map(tmp_path):
    write_stems(tmp_path)
    pool = StemPool(tmp_path)
    pool.reload()
    config = RunConfig(seconds=1e9, batch_size=3, n_instances=2, learning_rate=2e-3)
    trainer = Trainer(pool, config, tmp_path / "run", some_lessons())
    losses = []
    for _ in range(30):
        losses.append(trainer._step())
        trainer.progress.step += 1
    assert np.mean(losses[-5:]) < np.mean(losses[:5])
    trainer.save()
    again = Trainer(pool, config, tmp_path / "run", some_lessons())
    torch.testing.assert_close(again.to_teacher.weight, trainer.to_teacher.weight)
