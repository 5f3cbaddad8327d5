"""Learning from unlabelled music: loaders, features, teachers, students, significance."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
import torch

from amtstudio.learning.drums.clips import recorded_drums, stroke
from amtstudio.learning.drums.nmf import template_of
from training.drums.bank import SAMPLE_RATE
from training.drums.evaluation import THREE
from training.drums.unlabelled.datasets import LOADERS, DatasetError, mdb
from training.drums.unlabelled.features import (
    Autoencoder,
    classify,
    compare_features,
    labels_of,
    mfcc,
    onsets_of,
    patches_of,
    train_autoencoder,
)
from training.drums.unlabelled.material import Track, of_datasets, times_of
from training.drums.unlabelled.scores import holm, mean, p_value, score, table
from training.drums.unlabelled.students import (
    factorising,
    pick,
    soft_targets,
    students,
    train_student,
)

KEYS = {"KD": 36, "SD": 38, "HH": 42}
# By data set: annotation, audio, and the lines of one drum each and of one that is none of them.
LAYOUTS = {
    "enst": (
        "drummer_1/annotation/107_minus-one_salsa_sticks.txt",
        "drummer_1/audio/wet_mix/107_minus-one_salsa_sticks.wav",
        "0.5 bd\n1.0 sd\n1.5 chh\n1.7 ohh\n2.0 rc\n",
    ),
    "mdb": (
        "annotations/class/MusicDelta_Toy_class.txt",
        "audio/drum_only/MusicDelta_Toy_Drum.wav",
        "0.5\t KD\n1.0\t SD\n1.5\t HH\n1.7\t HH\n2.0\t CY\n",
    ),
    "rbma": (
        "annotations/drums/RBMA-13-Track-01.txt",
        "audio/RBMA-13-Track-01.wav",
        "0.5\t0\n1.0\t1\n1.5\t2\n1.7\t2\n",
    ),
    "mirex": ("training/toy.v2.txt", "training/toy.v2.wav", "0.5 0\n1.0 1\n1.5 2\n1.7 2\n\n"),
}


def write(folder, dataset):
    annotation, audio, lines = LAYOUTS[dataset]
    for path in (annotation, audio):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / annotation).write_text(lines)
    soundfile.write(folder / audio, np.zeros(16000 * 3), 16000)


@pytest.mark.parametrize("dataset", sorted(LAYOUTS))
def test_a_data_set_is_read_as_its_authors_lay_it_out(tmp_path, dataset):
    write(tmp_path, dataset)
    (track,) = LOADERS[dataset](tmp_path)
    assert track.times == {"KD": (0.5,), "SD": (1.0,), "HH": (1.5, 1.7)}
    assert track.path == tmp_path / LAYOUTS[dataset][1]
    (heard,) = of_datasets({dataset: tmp_path}, seconds=1.6)
    assert heard.times["HH"] == (1.5,)
    assert len(heard.audio) == round(1.6 * SAMPLE_RATE)


@pytest.mark.parametrize("dataset", sorted(LAYOUTS))
def test_a_folder_that_is_no_such_data_set_says_so(tmp_path, dataset):
    with pytest.raises(DatasetError, match="laid out"):
        LOADERS[dataset](tmp_path)


def test_annotations_without_audio_or_without_times_are_refused(tmp_path):
    write(tmp_path, "mdb")
    annotation, audio, _ = LAYOUTS["mdb"]
    (tmp_path / audio).unlink()
    with pytest.raises(DatasetError, match="has no audio"):
        mdb(tmp_path)
    write(tmp_path, "mdb")
    (tmp_path / annotation).write_text("time class\n")
    with pytest.raises(DatasetError, match="line 1"):
        mdb(tmp_path)


def toy_tracks(count, seed):
    """Beats of kick, snare and hi-hat on the kit that ships."""
    tracks = []
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        audio = 1e-4 * rng.standard_normal(6 * SAMPLE_RATE).astype(np.float32)
        step = rng.uniform(0.2, 0.3)
        times = {
            "KD": np.arange(0.3, 5.5, 4 * step),
            "SD": np.arange(0.3 + 2 * step, 5.5, 4 * step),
            "HH": np.arange(0.3 + step, 5.5, 2 * step),
        }
        for drum, key in KEYS.items():
            sound = stroke(key, 115, SAMPLE_RATE)[: SAMPLE_RATE // 2]
            for time in times[drum]:
                part = audio[round(time * SAMPLE_RATE) :][: len(sound)]
                part += 0.3 * sound[: len(part)]
        tracks.append(Track(f"toy {number}", "toy", audio, {k: tuple(v) for k, v in times.items()}))
    return tracks


@pytest.fixture(scope="module")
def toys():
    return toy_tracks(3, 1)


@pytest.fixture(scope="module")
def teacher():
    columns = [template_of([stroke(key, 115, SAMPLE_RATE)], SAMPLE_RATE) for key in KEYS.values()]
    return factorising(np.stack(columns, axis=1))


def test_onsets_and_their_drums_are_found(toys):
    frames = onsets_of(toys[0])
    labels = labels_of(toys[0], frames)
    n_hits = sum(map(len, toys[0].times.values()))
    assert 0.9 * n_hits <= len(frames) <= 1.3 * n_hits
    assert labels.any(axis=1).mean() > 0.8
    patches = patches_of(toys[0], frames)
    assert patches.shape[0] == len(frames)
    assert mfcc(patches).shape == (len(frames), 80)


def test_a_machine_tells_three_drums_by_their_cepstra(toys):
    heard = classify(mfcc, toys[:2], toys[2:])
    scores = score(toys[2:], heard)
    assert all(mean(scores[drum]) > 0.8 for drum in THREE)


def test_an_autoencoder_restores_more_the_longer_it_learns(toys):
    patches = patches_of(toys[0], onsets_of(toys[0]))

    def error(model: Autoencoder) -> float:
        with torch.no_grad():
            wanted = model.prepared(torch.from_numpy(patches))
            return float((model(wanted) - wanted).square().mean())

    for takes_noise_off in (False, True):
        errors = [
            error(train_autoencoder(patches, epochs=n, takes_noise_off=takes_noise_off, seed=1))
            for n in (0, 40)
        ]
        assert errors[1] < 0.7 * errors[0]


def test_all_four_kinds_of_features_are_compared(toys):
    scores = compare_features(toys[:1], toys[:1], toys[1:], epochs=2, seed=1)
    assert list(scores) == ["MFCC", "CONV-RANDOM", "CONV-AE", "CONV-DAE"]
    text = table(scores, {"CONV-AE": "MFCC"})
    assert "CONV-DAE" in text


def test_a_student_learns_what_its_teacher_says(toys, teacher):
    targets = soft_targets(teacher, toys)
    assert all(one.min() >= 0.0 for one in targets)
    assert all(one.max() <= 1.0 for one in targets)
    before = train_student([(toys, targets)], steps=0, seed=1)
    student = train_student([(toys, targets)], steps=180, seed=1)
    errors = [
        np.mean([np.square(one.listen(t) - y).mean() for t, y in zip(toys, targets, strict=True)])
        for one in (before, student)
    ]
    assert errors[1] < 0.3 * errors[0]
    scores = score(toys, [pick(student.listen(track)) for track in toys])
    assert mean(scores["KD"]) > 0.7
    taught = score(toys, [pick(teacher(track)) for track in toys])
    assert mean(taught["KD"]) > 0.8


def test_students_of_one_and_of_several_teachers_and_of_styles(toys, teacher):
    found = students({"a": teacher, "b": teacher}, {"rock": toys[:1], "jazz": toys[1:2]},
                     steps=6, seed=1)  # fmt: skip
    assert list(found) == [
        "FC of a", "FC of b", "FC-ALL, rock", "FC-ALL, jazz", "FC-ALL", "FC-ALL, of the mean",
    ]  # fmt: skip


def test_a_difference_over_many_tracks_is_significant_and_one_by_chance_is_not():
    rng = np.random.default_rng(0)
    scores = rng.uniform(0.4, 0.8, 20)
    assert p_value(scores, scores + 0.05) < 0.001
    assert p_value(scores, scores + rng.normal(0.0, 0.05, 20)) > 0.05
    assert np.isnan(p_value(scores[:5], scores[:5] + 0.1))
    # Of twenty comparisons, one with p of 0.04 says nothing.
    values = {(str(n), "KD"): 0.5 for n in range(19)} | {("x", "KD"): 0.04, ("y", "KD"): 0.001}
    assert holm(values) == {("y", "KD")}


def test_hits_of_ten_drums_are_counted_as_three():
    _, hits = recorded_drums(6.0, SAMPLE_RATE, np.random.default_rng(3))
    times = times_of(hits)
    assert set(times) == set(THREE)
    assert sum(map(len, times.values())) <= len(hits)
