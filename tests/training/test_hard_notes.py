import numpy as np
import pytest
import torch
from torch.nn import functional

from amtstudio.features import FrameGrid
from amtstudio.learning.targets import render_targets
from training.export import export
from training.hard_notes import emphasised_onset_loss, hard_onsets
from training.run import Run
from training.side_by_side import main
from training.training_config import TrainingConfig

GRID = FrameGrid(16000, 1600)  # ten frames a second


def targets(*notes):
    """Of notes as (onset, end, pitch, velocity)."""
    drawn = render_targets(np.array(notes, dtype=np.float64), np.zeros((0, 2)), GRID, 40)
    return {name: torch.from_numpy(value)[None] for name, value in vars(drawn).items()}


def keys_and_frames(hard):
    return {(int(key) + 21, int(frame)) for _, frame, key in hard.nonzero()}


def test_a_soft_note_under_a_loud_one_is_hard_and_the_loud_one_is_not():
    hard = hard_onsets(targets((1.0, 2.0, 60, 100), (1.1, 2.0, 48, 40), (3.5, 3.9, 48, 40)))
    found = keys_and_frames(hard)
    assert {key for key, _ in found} == {48}
    # About the onset at frame 11; the same touch with nothing beside it is not hard.
    assert {frame for _, frame in found} <= set(range(8, 15))
    assert (48, 11) in found


def test_a_key_struck_again_is_hard_the_second_time_alone():
    hard = hard_onsets(targets((1.0, 2.0, 60, 80), (2.0, 3.0, 60, 80), (1.0, 1.2, 70, 80)))
    found = keys_and_frames(hard)
    assert {key for key, _ in found} == {60}
    assert {frame for _, frame in found} <= set(range(17, 24))


def test_hard_notes_count_as_often_as_asked():
    batch = targets((1.0, 2.0, 60, 100), (1.1, 2.0, 48, 40))
    logits = torch.randn(1, 40, 88)
    plain = functional.binary_cross_entropy_with_logits(logits, batch["onset"])
    torch.testing.assert_close(emphasised_onset_loss(logits, batch, 1.0), plain)
    each = functional.binary_cross_entropy_with_logits(logits, batch["onset"], reduction="none")
    extra = each[hard_onsets(batch)].sum() / each.numel()
    torch.testing.assert_close(emphasised_onset_loss(logits, batch, 3.0), plain + 2.0 * extra)


def test_networks_taught_side_by_side_are_compared_clip_by_clip(
    material_root, material_cache, tmp_path, capsys, tiny_piano_file
):
    words = [str(tmp_path / "out"), "--material", str(material_root), "--cache"]
    words += [str(material_cache), "--start-from", str(tiny_piano_file), "--steps", "2"]
    words += ["--batch-size", "1", "--held-out", "2", "--variant", "control"]
    main([*words, "--variant", "twin", "--variant", "wide:n_channels=8,hard_note_weight=2.0"])
    head, _, control, twin, wide = capsys.readouterr().out.splitlines()
    assert "hard onsets" in head
    assert control.split()[0] == "control"
    assert twin.count("(+0.0 +-0.0 %)") == 5
    assert wide.count("(+0.0 +-0.0 %)") < 5
    assert (tmp_path / "out/wide/state.safetensors").exists()


@pytest.fixture
def tiny_piano_file(tmp_path, material_root, material_cache):
    config = TrainingConfig(
        model_config={"n_channels": 4},
        material=str(material_root),
        cache=str(material_cache),
        output=str(tmp_path),
        steps=0,
    )
    Run(config).train()
    export(tmp_path / "state.safetensors", tmp_path / "tiny.safetensors", name="tiny")
    return tmp_path / "tiny.safetensors"
