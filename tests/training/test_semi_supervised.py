import math

import numpy as np
import pytest
import torch

from training import train
from training.semi_supervised import (
    METHOD,
    VARIANTS,
    SemiSupervisedRun,
    Stage,
    chosen,
    without_labels,
)

BATCH = {"steps": 2, "batch_size": 2}


@pytest.fixture
def supervised(tmp_path, write_recording):
    """Two labelled and two unlabelled recordings, and a supervised run of one step."""
    for number in range(2):
        write_recording(tmp_path / f"labelled/piece{number}.wav", pitch=60 + number)
        path = write_recording(tmp_path / f"unlabelled/piece{number}.wav", pitch=70 + number)
        path.with_suffix(".mid").unlink()
    train.main(
        [
            str(tmp_path / "run"),
            *("--recordings", str(tmp_path / "labelled")),
            *("--preset", "onsets_frames", "--config", "model_complexity=1"),
            *("--steps", "1", "--batch-size", "2"),
        ]
    )
    return tmp_path / "run/state.safetensors"


def make_run(state, tmp_path, variant, **changes):
    stage = Stage(**{**BATCH, **changes})
    labelled = chosen([tmp_path / "labelled"])
    unlabelled = without_labels(tmp_path / "unlabelled")
    return SemiSupervisedRun(
        state, tmp_path / "out", variant, stage, labelled=labelled, unlabelled=unlabelled
    )


def test_the_variants_are_those_of_the_table():
    assert list(VARIANTS) == ["OF", "SS1", "SS2", "SS3", "SS4", "SS5", "SS6", "SS7"]
    assert not VARIANTS["OF"].uses_unlabelled
    switches = {name: (v.matches, v.augments) for name, v in VARIANTS.items() if name != "OF"}
    assert switches["SS1"] == (False, False)
    assert switches["SS2"] == (True, False)
    assert switches["SS3"] == (False, True)
    assert {switches[name] for name in ("SS4", "SS5", "SS6", "SS7")} == {(True, True)}
    assert (VARIANTS["SS5"].lower, VARIANTS["SS5"].upper) == (0.25, 0.75)
    assert VARIANTS["SS6"].weights["offset"] == 1.0
    assert VARIANTS["SS7"].share == 0.01
    assert METHOD.share == 0.05
    assert "offset" not in METHOD.weights


def test_each_variant_takes_a_step_and_a_stopped_run_goes_on(supervised, tmp_path):
    for name, variant in VARIANTS.items():
        run = make_run(supervised, tmp_path, variant)
        told = run.step()
        assert math.isfinite(told["supervised"])
        assert ("unsupervised" in told) == (name != "OF")
        assert run.model.training
    run.progress.step = 1
    run.save()
    again = make_run(supervised, tmp_path, METHOD)
    assert again.progress.step == 1
    for name, value in again.model.state_dict().items():
        torch.testing.assert_close(value, run.model.state_dict()[name])


def test_proportions_are_those_of_the_labelled_recordings(supervised, tmp_path):
    run = make_run(supervised, tmp_path, METHOD)
    # Two notes in 640 frames of 88 keys, one frame each.
    assert run.proportions["onset"] == pytest.approx(2 / (640 * 88 - 2), rel=1e-3)
    assert run.proportions["frame"] > 10 * run.proportions["onset"]


def test_statistics_come_from_labelled_batches_alone_unless_as_published(supervised, tmp_path):
    counts = {}
    for published in (False, True):
        run = make_run(supervised, tmp_path, METHOD, published=published)
        key = next(name for name in run.model.state_dict() if "num_batches" in name)
        before = int(run.model.state_dict()[key])
        run.step()
        counts[published] = int(run.model.state_dict()[key]) - before
    assert counts == {False: 1, True: 3}


def test_recordings_are_chosen_by_group_and_name(supervised, tmp_path):
    found = chosen([tmp_path / "labelled"], groups=["labelled"], pieces="piece1$")
    assert [piece.audio.stem for piece in found] == ["piece1"]
    with pytest.raises(ValueError, match="no recordings"):
        chosen([tmp_path / "labelled"], groups=["AkPnBcht"])


def test_unlabelled_recordings_need_no_truth(supervised, tmp_path):
    run = make_run(supervised, tmp_path, METHOD)
    segment = run._unlabelled[0]
    assert set(segment) == {"audio", "level"}
    assert np.isfinite(segment["audio"].numpy()).all()
