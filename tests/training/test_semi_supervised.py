import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from training import semi_supervised
from training.peer_processes import peers_of_torchrun
from training.presets import PRESETS
from training.run import Run
from training.semi_supervised import (
    METHOD,
    VARIANTS,
    SemiSupervisedRun,
    Stage,
    chosen,
    without_labels,
)

BATCH = {"steps": 2, "batch_size": 2}
N_FRAMES = 64  # of a segment: two seconds, as long as the recordings


@pytest.fixture(scope="module")
def folder(tmp_path_factory, write_recording):
    """Two labelled and two unlabelled recordings, and a supervised run of one step."""
    folder = tmp_path_factory.mktemp("semi_supervised")
    for number in range(2):
        write_recording(folder / f"labelled/piece{number}.wav", pitch=60 + number)
        path = write_recording(folder / f"unlabelled/piece{number}.wav", pitch=70 + number)
        path.with_suffix(".mid").unlink()
    (folder / "run").mkdir()
    config = replace(
        PRESETS["onsets_frames"],
        output=str(folder / "run"),
        recordings=(str(folder / "labelled"),),
        model_config={"model_complexity": 1},
        n_frames=N_FRAMES,
        steps=1,
        batch_size=2,
    )
    Run(config, peers_of_torchrun()).train()
    return folder


def make_run(folder, output, variant, **changes):
    stage = Stage(**{**BATCH, **changes})
    return SemiSupervisedRun(
        folder / "run/state.safetensors",
        output,
        variant,
        stage,
        labelled=chosen([folder / "labelled"]),
        unlabelled=without_labels(folder / "unlabelled"),
    )


def test_the_variants_are_those_of_the_table():
    assert list(VARIANTS) == ["OF", "SS1", "SS2", "SS3", "SS4", "SS5", "SS6", "SS7", "VAT"]
    assert [name for name, variant in VARIANTS.items() if variant.adversarial] == ["VAT"]
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


def test_each_variant_takes_a_step_and_a_stopped_run_goes_on(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(semi_supervised, "_RATIO_SEGMENTS", 4)  # there are but two
    for name, variant in VARIANTS.items():
        run = make_run(folder, tmp_path, variant)
        told = run.step()
        assert math.isfinite(told["supervised"])
        assert ("unsupervised" in told) == (name != "OF")
        assert run.model.training
    run.progress.step = 1
    run.save()
    again = make_run(folder, tmp_path, METHOD)
    assert again.progress.step == 1
    for name, value in again.model.state_dict().items():
        torch.testing.assert_close(value, run.model.state_dict()[name])


def test_proportions_are_those_of_the_labelled_recordings(folder, tmp_path):
    run = make_run(folder, tmp_path, METHOD)
    # Two notes in so many frames of 88 keys, one frame each.
    assert run.proportions["onset"] == pytest.approx(2 / (N_FRAMES * 88 - 2), rel=1e-3)
    assert run.proportions["frame"] > 10 * run.proportions["onset"]


def test_statistics_come_from_labelled_batches_alone_unless_as_published(folder, tmp_path):
    counts = {}
    for published in (False, True):
        run = make_run(folder, tmp_path, METHOD, published=published)
        key = next(name for name in run.model.state_dict() if "num_batches" in name)
        before = int(run.model.state_dict()[key])
        run.step()
        counts[published] = int(run.model.state_dict()[key]) - before
    assert counts == {False: 1, True: 3}


def test_recordings_are_chosen_by_group_and_name(folder):
    found = chosen([folder / "labelled"], groups=["labelled"], pieces="piece1$")
    assert [piece.audio.stem for piece in found] == ["piece1"]
    with pytest.raises(ValueError, match="no recordings"):
        chosen([folder / "labelled"], groups=["AkPnBcht"])


def test_unlabelled_recordings_need_no_truth(folder, tmp_path):
    run = make_run(folder, tmp_path, METHOD)
    segment = run._unlabelled[0]
    assert set(segment) == {"audio", "level"}
    assert np.isfinite(segment["audio"].numpy()).all()
