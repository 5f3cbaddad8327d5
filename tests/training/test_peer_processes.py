"""Several processes that torchrun starts train what one would."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from shared_material import ROOT
from train_tiny import TINY

from amtstudio.learning.train_state import read_metadata, read_tensors
from training import train
from training.run import Run

TRAIN_TINY = Path(__file__).with_name("train_tiny.py")
START = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")


def two_processes(material_root, material_cache, output, *words):
    command = [sys.executable, *START, str(TRAIN_TINY), str(output), "--preset", "tiny"]
    command += ["--material", str(material_root), "--cache", str(material_cache), *words]
    return subprocess.Popen(command, cwd=ROOT)


def test_two_processes_learn_what_one_learns_of_all_their_clips(
    material_root, material_cache, tmp_path
):
    words = ("--steps", "2", "--batch-size", "4", "--workers", "1")
    with two_processes(material_root, material_cache, tmp_path / "two", *words) as process:
        assert process.wait(120.0) == 0

    def alone(**changes):
        material = {"material": str(material_root), "cache": str(material_cache)}
        run = Run(replace(TINY, **material, output=str(tmp_path), steps=2, **changes))
        start = {name: value.clone() for name, value in run.model.state_dict().items()}
        for batch in run.batches():
            run._step(batch)
            run.progress.step += 1
        return start, run.model.state_dict()

    start, one = alone(batch_size=4)
    _, half = alone(batch_size=2)
    two = read_tensors(tmp_path / "two/state.safetensors", "model.")

    def distance(weights, others):
        return sum(float((weights[name] - value).square().sum()) for name, value in others.items())

    moved = distance(one, start)
    assert moved > 1e-3
    assert distance(two, one) < 1e-4 * moved
    assert distance(half, one) > 1e-2 * moved
    progress, _ = read_metadata(tmp_path / "two/state.safetensors")
    assert (progress.step, progress.n_clips) == (2, 8)


@pytest.mark.skipif(sys.platform == "win32", reason="no program can be asked to stop there")
def test_stopping_torchrun_stops_its_processes_which_save(material_root, material_cache, tmp_path):
    words = ("--batch-size", "2", "--steps", "1000000", "--save-minutes", "0.001")
    with two_processes(material_root, material_cache, tmp_path, *words) as process:
        state = tmp_path / "state.safetensors"
        patience = time.monotonic() + 120.0
        while not state.exists() and process.poll() is None and time.monotonic() < patience:
            time.sleep(0.2)
        before, _ = read_metadata(state)
        process.terminate()
        process.wait(60.0)
    after, _ = read_metadata(state)
    assert after.step > before.step > 0


def test_clips_that_cannot_be_shared_are_refused(monkeypatch, tmp_path):
    for name, value in {"RANK": "0", "WORLD_SIZE": "2", "LOCAL_RANK": "0"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match="multiple of the 2 processes"):
        train.main([str(tmp_path), "--material", str(tmp_path), "--batch-size", "3"])
