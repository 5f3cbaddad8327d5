"""A model that does not keep up with playing has a stand-in."""

from __future__ import annotations

import pytest

from amtstudio.engine.plan import MADE_FOR
from amtstudio.models import find_model, sha256_of
from amtstudio.models.checkpoint import load_model
from amtstudio.profiles import Profile, model_while_playing
from amtstudio.profiles.weights import save_profile


@pytest.fixture(autouse=True)
def _data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


def keep_profile(name: str, base: str) -> None:
    path = find_model(base)
    weights = load_model(path)[0].state_dict()
    changed = {key: value.clone() for key, value in weights.items()}
    changed["head.bias"] += 0.5
    save_profile(
        Profile(name, base, sha256_of(path), {"onset": 0.4, "frame": 0.3}), weights, changed
    )


@pytest.mark.parametrize("model", ["piano", "melodic", "drums", "auto", "/home/me/own.safetensors"])
def test_what_keeps_up_hears_itself(model):
    assert model_while_playing(model) == (model, None)
    assert model_while_playing(model, "") == (model, "")


def test_the_piano_listens_in_place_of_the_careful_one():
    assert model_while_playing("piano_large") == ("piano", None)
    assert MADE_FOR["piano"] == MADE_FOR["piano_large"]


def test_a_profile_goes_with_its_model():
    keep_profile("grand", "piano_large")
    keep_profile("upright", "piano")
    assert model_while_playing("piano", "grand") == ("piano", None)
    assert model_while_playing("piano_large", "upright") == ("piano_large", "upright")
    assert model_while_playing("piano", "gone") == ("piano", "gone")
