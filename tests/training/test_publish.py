import json

import pytest

from amtstudio.errors import CheckpointError
from amtstudio.models import load_card, sha256_of
from amtstudio.scoring import score_notes
from amtstudio.symbolic import Note, Transcription
from training.export import export
from training.publish import publish
from training.run import Run
from training.training_config import TrainingConfig


@pytest.fixture
def checkpoint(material_root, material_cache, tmp_path):
    Run(
        TrainingConfig(
            model_config={"n_channels": 8},
            material=str(material_root),
            output=str(tmp_path),
            cache=str(material_cache),
            n_frames=8,
            steps=1,
            batch_size=1,
            bfloat16=False,
        )
    ).train()
    path = tmp_path / "toy.safetensors"
    export(tmp_path / "state.safetensors", path, name="toy", description="A toy.")
    return path


def test_publishing_writes_scores_and_checksums(checkpoint, tmp_path):
    reference = Transcription((Note(0.5, 1.0, 60), Note(1.5, 2.0, 62)))
    scores = score_notes(reference, Transcription((Note(0.5, 1.0, 60),))).to_dict()
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"mean": scores, "pieces": [scores]}))
    folder = tmp_path / "models"
    path = publish(checkpoint, folder, [("two notes", report)])
    card = load_card(path)
    assert card.description == "A toy."
    # One of two notes found, none invented: 2 * 1 * 0.5 / 1.5.
    assert card.scores["two notes"]["note"] == pytest.approx(0.6667)
    assert card.scores["two notes"]["n_recordings"] == 1
    sums = (folder / "SHA256SUMS").read_text()
    assert sums == f"{sha256_of(path)}  toy.safetensors\n"


def test_publishing_again_replaces_the_model_and_its_checksum(checkpoint, tmp_path):
    publish(checkpoint, tmp_path / "models", [])
    path = publish(checkpoint, tmp_path / "models", [], description="Another toy.")
    assert load_card(path).description == "Another toy."
    assert sha256_of(path) in (tmp_path / "models/SHA256SUMS").read_text()
    assert len(list((tmp_path / "models").iterdir())) == 2


def test_publishing_refuses_what_is_no_model(tmp_path):
    (tmp_path / "text.safetensors").write_text("hello")
    with pytest.raises(CheckpointError, match=r"text\.safetensors"):
        publish(tmp_path / "text.safetensors", tmp_path / "models", [])
