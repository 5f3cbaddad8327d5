"""From when on instruments are named, found on recordings whose players are known."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_instrument_model import tiny_instruments

from amtstudio.decoding.instrument_naming import NamingThresholds, renamed
from amtstudio.engine import InstrumentDetector
from amtstudio.models.checkpoint import save_checkpoint
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity
from training.instruments import naming
from training.instruments.naming import find_second_threshold, find_stretch_thresholds
from training.instruments.naming_scores import Played, naming_scores

N_CLASSES = len(INSTRUMENT_CLASSES)
PIANO, VOICE = (INSTRUMENT_CLASSES.index(name) for name in ("piano", "voice"))


def played(scores, labels, unknown=()) -> Played:
    """``scores`` and ``labels`` by class, a value a second; the other classes are silent."""
    n = len(next(iter(scores.values())))
    values, truth = np.zeros((n, N_CLASSES)), np.zeros((n, N_CLASSES), dtype=bool)
    for place, column in scores.items():
        values[:, place] = column
    for place, column in labels.items():
        truth[:, place] = column
    activity = InstrumentActivity(
        classes=INSTRUMENT_CLASSES,
        onsets=np.arange(n),
        offsets=np.arange(n) + 1,
        scores=values,
        attention=np.full((n, N_CLASSES), 1.0 / n),
        track_scores=values.mean(axis=0),
        thresholds=np.full(N_CLASSES, 0.5),
        duration=float(n),
    )
    return Played(activity, truth, np.isin(np.arange(N_CLASSES), unknown))


def calibrated(rng, n: int, shifts) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose odds are those of being present, moved by ``shifts`` for each class."""
    logit = rng.normal(-1.0, 2.0, (n, len(shifts)))
    present = rng.random(logit.shape) < 1.0 / (1.0 + np.exp(-(logit - np.array(shifts))))
    return (1.0 / (1.0 + np.exp(-logit))).astype(np.float32), present


def test_a_class_is_named_from_where_it_is_more_likely_there_than_not(rng):
    scores, present = calibrated(rng, 4000, (0.0, 1.5, -1.5))
    everything = np.ones_like(present)
    found = find_stretch_thresholds(scores, present, everything)
    np.testing.assert_allclose(found, 1.0 / (1.0 + np.exp([0.0, -1.5, 1.5])), atol=0.06)
    surer = find_stretch_thresholds(scores, present, everything, probability=0.8)
    assert np.all(surer > found)


def test_a_class_that_nobody_plays_is_as_strict_as_its_false_scores_make_it(rng):
    scores, present = calibrated(rng, 1000, (0.0, 0.0))
    present[:, 1] = False
    plain, absent = find_stretch_thresholds(scores, present, np.ones_like(present))
    assert absent > plain + 0.2


def test_what_is_not_known_counts_neither_way(rng):
    scores, present = calibrated(rng, 2000, (0.0, 0.0))
    observed = np.ones_like(present)
    observed[1000:] = False
    wrong = present.copy()
    wrong[1000:] = ~present[1000:]
    np.testing.assert_array_equal(
        find_stretch_thresholds(scores, present, observed),
        find_stretch_thresholds(scores, wrong, observed),
    )


def test_seconds_are_found_from_the_lowest_score_at_which_they_are_right_often_enough():
    plays = [True] * 10 + [False] * 10
    recording = played({PIANO: [0.9] * 10 + [0.3] * 10}, {PIANO: plays})
    stretch = np.full(N_CLASSES, 0.5, np.float32)
    assert find_second_threshold([recording], stretch, floor=0.5) == naming.LOWEST
    found = find_second_threshold([recording], stretch, floor=0.9)
    assert 0.3 < found < 0.6
    heard = renamed(recording.activity, NamingThresholds(stretch, found)).heard[:, PIANO]
    assert heard.sum() in (10, 11)


def test_strays_are_counted_in_solos_and_in_ensembles():
    scores = {PIANO: [0.9] * 4, VOICE: [0.9, 0.1, 0.1, 0.1]}
    solo = played(scores, {PIANO: [True] * 4})
    band = played(scores, {PIANO: [True] * 4, VOICE: [True] * 4})
    doubtful = played(scores, {PIANO: [True] * 4}, unknown=[VOICE])
    found = naming_scores([solo, band])
    assert found["stray_in_solos"] == 0.25
    assert found["stray_in_ensembles"] == 0.0
    assert found["seconds_precision"] == pytest.approx(9 / 10)
    assert found["seconds_recall"] == pytest.approx(9 / 12)
    assert found["names_precision"] == 1.0
    assert found["names_recall"] == pytest.approx(2 / 3)
    assert naming_scores([doubtful])["seconds_precision"] == 1.0


def test_thresholds_go_into_the_card_and_the_engine_names_by_them(tmp_path, rng, capsys):
    model = tmp_path / "m.safetensors"
    save_checkpoint(model, *tiny_instruments())
    labels = np.zeros((6, 10, N_CLASSES), dtype=bool)
    labels[::2, :, PIANO] = True
    audio = rng.normal(0, 3000, (6, 160000)).astype(np.int16)
    np.savez(
        tmp_path / "r.npz", audio=audio, labels=labels, unknowns=np.zeros((6, N_CLASSES), bool)
    )
    output = tmp_path / "named.safetensors"
    recordings = str(tmp_path / "r.npz")
    naming.main([recordings, "--model", str(model), "--check", recordings, "-o", str(output)])
    assert "stray: solos" in capsys.readouterr().out
    detector = InstrumentDetector.load(output, device="cpu", n_threads=1)
    thresholds = detector.card.thresholds
    assert thresholds["presence"] == tiny_instruments()[1].thresholds["presence"]
    activity = detector.detect_blocks([audio[0].astype(np.float32) / 32768])
    np.testing.assert_allclose(
        activity.track_thresholds, [thresholds[f"stretch_{name}"] for name in activity.classes]
    )
