from __future__ import annotations

import dataclasses
import json

import pytest

from amtstudio.errors import CheckpointError
from amtstudio.models import ModelCard


def test_card_survives_json(card):
    assert ModelCard.from_json(card.to_json()) == card


def test_keys_with_defaults_may_be_left_out(card):
    values = json.loads(card.to_json())
    for key in ("onset_shift_s", "scores", "training", "description"):
        del values[key]
    assert ModelCard.from_json(json.dumps(values)).onset_shift_s == 0.0


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"format_version": 2}, "has format 2"),
        ({"format_version": True}, "format_version: Expected `int`, got `bool`"),
        ({"name": "../piano"}, "odd name"),
        ({"name": ""}, "name: Expected `str` of length >= 1"),
        ({"model": "nonesuch"}, "unknown network 'nonesuch'"),
        ({"model": 3}, "model: Expected `str`, got `int`"),
        ({"config": [1]}, "config: Expected `object`, got `array`"),
        ({"sample_rate": 16000.5}, "sample_rate: Expected `int`, got `float`"),
        ({"sample_rate": 10**12}, "sample_rate: Expected `int` <= 768000"),
        ({"hop_length": 0}, "hop_length"),
        ({"thresholds": {"onset": 0.5}}, "lacks the threshold 'frame'"),
        ({"thresholds": {"onset": 0.5, "frame": 1.5}}, r"'frame' in \[0, 1\]"),
        ({"thresholds": {"onset": "0.5", "frame": 0.5}}, r"thresholds\[...\]: Expected `float`"),
        ({"thresholds": {"onset": True, "frame": 0.5}}, r"thresholds\[...\]: Expected `float`"),
        ({"thresholds": None}, "thresholds: Expected `object`, got `null`"),
        ({"onset_shift_s": 60}, "onset_shift_s: Expected `float` <= 1.0"),
        ({"licence": ""}, "licence: Expected `str` of length >= 1"),
        ({"data": {}}, "data: Expected `array`, got `object`"),
        ({"data": ["MAPS"]}, r"data\[0\]: Expected `object`, got `str`"),
        ({"data": [{"name": "MAPS"}]}, "lacks licence"),
        ({"data": [{"name": 1, "licence": "x"}]}, r"data\[0\].name: Expected `str`, got `int`"),
        ({"scores": "good"}, "scores: Expected `object`, got `str`"),
        ({"surplus": 1}, "unknown keys: 'surplus'"),
    ],
)
def test_wrong_values_are_refused_by_name(card, change, match):
    values = json.loads(card.to_json()) | change
    with pytest.raises(CheckpointError, match=match):
        ModelCard.from_json(json.dumps(values))


@pytest.mark.parametrize("key", ["format_version", "name", "config", "thresholds", "data"])
def test_missing_keys_are_named(card, key):
    values = json.loads(card.to_json())
    del values[key]
    with pytest.raises(CheckpointError, match=f"the model card lacks {key}"):
        ModelCard.from_json(json.dumps(values))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "not valid JSON"),
        ("[]", "not a table"),
        ('{"a": NaN}', "NaN is not a number"),
        ("[" * 200_000, "not valid JSON"),
        ("1" * 10_000, "not valid JSON"),
    ],
)
def test_what_is_no_json_is_refused(text, match):
    with pytest.raises(CheckpointError, match=match):
        ModelCard.from_json(text)


def test_deep_values_are_refused(card):
    deep = {}
    for _ in range(50):
        deep = {"a": deep}
    with pytest.raises(CheckpointError, match="too deeply nested values in training"):
        dataclasses.replace(card, training=deep)


def test_values_that_json_cannot_hold_are_refused(card):
    with pytest.raises(CheckpointError, match="value in scores"):
        dataclasses.replace(card, scores={"f1": float("nan")})
