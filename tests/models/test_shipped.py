from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from amtstudio.errors import CheckpointError
from amtstudio.models import find_model, list_models, sha256_of, shipped, verify_model
from amtstudio.models.checkpoint import load_model, save_checkpoint


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "resource_path", tmp_path.joinpath)
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


def ship(folder, name, data):
    (folder / f"{name}.safetensors").write_bytes(data)
    with (folder / "SHA256SUMS").open("a") as sums:
        sums.write(f"{hashlib.sha256(data).hexdigest()}  {name}.safetensors\n")


def test_reading_a_model_that_ships_loads_no_symbolic_algebra():
    code = """
import sys
from amtstudio.models import find_model, list_models
from amtstudio.models.checkpoint import load_model
names = list_models()
for name in names:
    load_model(find_model(name))
print(len(names), [name for name in sys.modules if name in ("sympy", "torch._dynamo")])
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    number, _, others = told.stdout.strip().partition(" ")
    assert int(number) >= 5
    assert others == "[]"


def test_models_are_found_by_name_and_by_path(folder, tmp_path, tiny_model, card):
    ship(folder, "piano", b"1")
    save_checkpoint(folder / "alpha.safetensors", tiny_model, card)
    own = tmp_path / "own.safetensors"
    own.write_bytes(b"2")
    assert list_models() == ["alpha", "piano"]
    assert find_model("piano") == folder / "piano.safetensors"
    assert find_model(str(own)) == own
    assert load_model(find_model("alpha"))[1].name == "tiny"


@pytest.mark.parametrize("name", ["organ", "../models/piano", "", "piano.pt", "PIANO\n"])
def test_unknown_names_are_refused_with_those_there_are(folder, name):
    ship(folder, "piano", b"1")
    with pytest.raises(CheckpointError, match=r"there is no model .*: piano"):
        find_model(name)


def test_a_missing_file_is_named(folder):
    with pytest.raises(CheckpointError, match=r"there is no model file none\.safetensors"):
        find_model("none.safetensors")


def test_verify_tells_a_changed_file(folder):
    ship(folder, "piano", b"1")
    assert verify_model("piano") == hashlib.sha256(b"1").hexdigest()
    (folder / "piano.safetensors").write_bytes(b"2")
    with pytest.raises(CheckpointError, match="not the one that was shipped"):
        verify_model("piano")


def test_verify_needs_an_entry(folder):
    (folder / "piano.safetensors").write_bytes(b"1")
    with pytest.raises(CheckpointError, match="cannot read the checksums"):
        verify_model("piano")
    (folder / "SHA256SUMS").write_text("")
    with pytest.raises(CheckpointError, match="no checksum for the model piano"):
        verify_model("piano")
    (folder / "SHA256SUMS").write_text("nonsense\n")
    with pytest.raises(CheckpointError, match="line that is not a checksum: 'nonsense'"):
        verify_model("piano")


def test_sha256_of_a_folder_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="it is a folder"):
        sha256_of(tmp_path)
