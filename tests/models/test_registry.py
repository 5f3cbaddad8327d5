from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import pytest

from amtstudio.models import build_config, build_model, register, registered_names
from amtstudio.models.registry import REGISTRY


@dataclass(frozen=True)
class ShapesConfig:
    dilations: tuple[int, ...]
    gain: float = 1.0
    name: str | None = None
    is_deep: bool = False


@pytest.fixture
def shapes(monkeypatch):
    monkeypatch.setitem(REGISTRY, "shapes", None)  # put back what was there at the end
    del REGISTRY["shapes"]
    register("shapes", ShapesConfig)(dict)
    return "shapes"


def test_config_from_json_values_gets_the_types_of_its_class(shapes):
    config = build_config(shapes, {"dilations": [1, 2, 4], "gain": 2})
    assert config == ShapesConfig(dilations=(1, 2, 4), gain=2.0)
    assert isinstance(config.gain, float)


@pytest.mark.parametrize(
    ("config", "match"),
    [
        ({}, "lacks dilations"),
        ({"dilations": [1], "depth": 3}, "knows no 'depth'"),
        ({"dilations": [1.5]}, "dilations must be int, got 1.5"),
        ({"dilations": 3}, "dilations must be tuple"),
        ({"dilations": [True]}, "dilations must be int, got True"),
        ({"dilations": [1], "is_deep": 1}, "is_deep must be bool, got 1"),
        ({"dilations": [1], "gain": "2"}, "gain must be float"),
        ({"dilations": [1], "name": 3}, "name must be"),
    ],
)
def test_wrong_configs_are_refused(shapes, config, match):
    with pytest.raises(ValueError, match=match):
        build_config(shapes, config)


def test_unknown_network_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"no network is called 'nonesuch'.*onsets_frames"):
        build_model("nonesuch", {})


def test_a_name_is_given_once(shapes):
    with pytest.raises(ValueError, match="'shapes' is taken by dict"):
        register("shapes", ShapesConfig)(list)


def test_a_config_class_is_a_dataclass():
    with pytest.raises(ValueError, match="must be a dataclass"):
        register("plain", dict)


def test_names_and_cards_need_no_torch():
    code = (
        "import sys; import amtstudio.models as m; m.list_models(); "
        "assert 'onsets_frames' in m.registered_names(); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert "onsets_frames" in registered_names()
