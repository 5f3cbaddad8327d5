"""``amtstudio models``."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from amtstudio.cli import main


@pytest.fixture
def shipped(tmp_path, monkeypatch, model_file) -> Path:
    """A folder of shipped models with the tiny one in it."""
    folder = tmp_path / "models"
    folder.mkdir()
    data = model_file.read_bytes()
    (folder / "tiny.safetensors").write_bytes(data)
    (folder / "SHA256SUMS").write_text(f"{hashlib.sha256(data).hexdigest()}  tiny.safetensors\n")
    for module in ("amtstudio.models.shipped", "amtstudio.cli.models"):
        monkeypatch.setattr(f"{module}.resource_path", tmp_path.joinpath)
    return folder


@pytest.mark.usefixtures("shipped")
def test_list(capsys):
    assert main(["models", "list"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "tiny  onsets_frames, 0.2 MB, MIT: random weights\n"
    assert captured.err == ""


def test_list_as_json(shipped, capsys):
    assert main(["models", "list", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["name"] == "tiny"
    assert row["thresholds"] == {"onset": 0.5, "frame": 0.4}
    assert row["path"] == str(shipped / "tiny.safetensors")


def test_list_goes_on_past_a_damaged_file(shipped, capsys):
    (shipped / "broken.safetensors").write_bytes(b"\x08")
    assert main(["models", "list"]) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("tiny ")
    assert captured.err.startswith("amtstudio: broken: ")


def test_verify(shipped, capsys):
    assert main(["models", "verify"]) == 0
    checksum = hashlib.sha256((shipped / "tiny.safetensors").read_bytes()).hexdigest()
    assert capsys.readouterr().out == f"tiny: good, SHA-256 {checksum}\n"


def test_verify_notices_one_changed_byte(shipped, capsys):
    path = shipped / "tiny.safetensors"
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(data)
    assert main(["models", "verify", "tiny"]) == 78
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "is not the one that was shipped" in captured.err


@pytest.mark.usefixtures("shipped")
def test_verify_takes_the_user_s_own_file(model_file, tmp_path, capsys):
    assert main(["models", "verify", str(model_file)]) == 0
    assert capsys.readouterr().out.startswith(f"{model_file}: good, SHA-256 ")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(model_file.read_bytes()[:-1])
    assert main(["models", "verify", str(broken)]) == 78
    assert main(["models", "verify", "nothing"]) == 78


def test_path(shipped, capsysbinary):
    assert main(["models", "path"]) == 0
    assert main(["models", "path", "tiny"]) == 0
    assert main(["models", "path", "nothing"]) == 78
    captured = capsysbinary.readouterr()
    lines = [os.fsencode(path) for path in (shipped, shipped / "tiny.safetensors")]
    assert captured.out.splitlines() == lines
    assert captured.err.startswith(b"amtstudio: there is no model 'nothing'")
