"""Typed values as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta

from amtstudio.json_files import check_fields, from_json, to_json


@dataclass(frozen=True)
class Part:
    path: Path
    share: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.5


@dataclass(frozen=True)
class Whole:
    parts: tuple[Part, ...]
    kind: Literal["a", "b"] = "a"
    names: tuple[str, ...] = ()


def test_values_come_back_whatever_the_names_of_files_are():
    whole = Whole((Part(Path("/music/Ünï.wav")), Part(Path("b\udcff.wav"), 1.0)), "b")
    data = to_json(whole)
    assert data.isascii()
    assert from_json(data, Whole) == whole


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "Expecting value"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "object"),
        ('{"kind": "a"}', "parts"),
        ('{"parts": [{"path": 3}]}', r"parts\[0\].path"),
        ('{"parts": [{"path": "x"}, {"path": "y", "share": 2}]}', r"parts\[1\].share"),
        ('{"parts": [{"path": "x", "share": NaN}]}', "NaN"),
        ('{"parts": [], "kind": "c"}', "kind"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(text, place):
    with pytest.raises(ValueError, match=place):
        from_json(text, Whole)


def test_numbers_that_are_not_finite_are_not_written():
    with pytest.raises(ValueError, match="JSON"):
        to_json(Part(Path("x"), float("nan")))


def test_fields_are_checked_against_their_annotations():
    check_fields(Whole((Part(Path("x")),)))
    with pytest.raises(ValueError, match=r"^kind: "):
        check_fields(Whole((), "c"))
    with pytest.raises(ValueError, match=r"^names\[1\]: "):
        check_fields(Whole((), names=("x", 3)))
    with pytest.raises(ValueError, match=r"^share: "):
        check_fields(Part(Path("x"), float("nan")))
