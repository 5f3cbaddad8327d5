"""What is missed where something else is named wrongly, and pictures of it."""

from __future__ import annotations

import numpy as np
import pytest

from training.instruments.confusion import confusion_lines, draw_confusion, missed_where_named
from training.instruments.share_figure import draw_shares, share_table

CLASSES = ("banjo", "guitar", "voice")
PNG = b"\x89PNG"


def example():
    present = np.array([[1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 0, 1]], dtype=bool)
    named = np.array([[0, 1, 0], [0, 1, 1], [0, 1, 0], [1, 0, 1]], dtype=bool)
    return named, present


def test_what_is_missed_where_a_class_is_named_wrongly():
    named, present = example()
    shares, counts = missed_where_named(named, present, np.ones_like(present))
    assert counts.tolist() == [1, 2, 0]
    assert shares[1].tolist() == [1.0, 0.0, 0.0]  # each time a guitar was a banjo
    assert shares[0].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(shares[2]).all()
    assert confusion_lines(CLASSES, shares, counts) == [
        "guitar               2 times; missed then: banjo 1.00",
        "banjo                1 times; missed then: -",
    ]


def test_what_nobody_knows_is_neither_false_nor_missed():
    named, present = example()
    observed = np.ones_like(present)
    observed[0, 1] = observed[1, 0] = False
    shares, counts = missed_where_named(named, present, observed)
    assert counts.tolist() == [1, 1, 0]
    assert shares[1].tolist() == [0.0, 0.0, 0.0]


def row(method, fraction, value):
    return {"method": method, "fraction": fraction, "auroc": value, "auroc_std": 0.01}


def test_the_table_has_a_row_for_each_method():
    rows = [row("ATT", 0.01, 0.6), row("MT", 0.01, 0.62), row("ATT", 0.32, 0.7)]
    lines = share_table(rows).splitlines()
    assert lines[0].split() == ["auroc", "1", "%", "32", "%"]
    assert lines[2].split() == ["ATT", "0.600", "±", "0.010", "0.700", "±", "0.010"]
    assert lines[3].split() == ["MT", "0.620", "±", "0.010"]


def test_pictures_are_drawn(tmp_path):
    pytest.importorskip("matplotlib", reason="needs the extra figures")
    named, present = example()
    shares, _ = missed_where_named(named, present, np.ones_like(present))
    draw_confusion(CLASSES, shares, tmp_path / "a.png")
    draw_shares([row("ATT", 0.01, 0.6), row("ATT", 0.32, 0.7)], tmp_path / "b.png")
    for name in ("a.png", "b.png"):
        assert (tmp_path / name).read_bytes().startswith(PNG)
