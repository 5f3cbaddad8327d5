"""The bundled piano is made from a sampled one: layers chosen, tails cut, levels measured."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import soundfile

from amtstudio.playback import SampleBank
from training.build_piano_bank import QUIET_DB, build, read_source, shorten

RATE = 16_000


def decaying(seconds, frequency=440.0, *, half_life=0.3):
    t = np.arange(round(seconds * RATE)) / RATE
    return 0.5 * np.sin(2 * np.pi * frequency * t) * 0.5 ** (t / half_life)


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    (folder / "notes").mkdir(parents=True)
    rows = [("soft", 1, 60, 0.1), ("loud", 61, 127, 0.8), ("other", 1, 127, 0.5)]
    with (folder / "bank.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("file", "pitch", "velocity_low", "velocity_high", "attack_s"))
        for layer, low, high, gain in rows:
            name = f"notes/069_{layer}.flac"
            soundfile.write(folder / name, gain * decaying(4.0), RATE)
            table.writerow((name, 69, low, high, 0.005))
    return folder


def test_a_bank_is_built_and_can_be_played(source, tmp_path):
    build(source, ["soft", "loud"], tmp_path / "bank")
    bank = SampleBank(tmp_path / "bank")
    loud, soft = bank.sound(69, 94, RATE), bank.sound(69, 30, RATE)
    # Played at the velocity of its layer a note has the level that was recorded.
    ratio = np.abs(loud.samples * loud.gain).max() / np.abs(soft.samples * soft.gain).max()
    assert ratio == pytest.approx(8.0, rel=0.02)
    assert loud.attack == soft.attack == round(0.005 * RATE)


def test_a_tail_is_cut_where_it_has_become_quiet_and_ends_in_silence():
    short = shorten(decaying(6.0), RATE)
    # 52 dB are 8.6 halvings of 0.3 s.
    assert len(short) / RATE == pytest.approx(-QUIET_DB / 6.02 * 0.3, abs=0.05)
    assert abs(short[-1]) < 1e-6
    np.testing.assert_array_equal(short[: RATE // 2], decaying(6.0)[: RATE // 2])


def test_a_long_note_is_cut_at_the_limit():
    assert len(shorten(decaying(10.0, half_life=20.0), RATE)) == round(7.5 * RATE)


def test_a_layer_that_is_not_there_is_named(source):
    with pytest.raises(ValueError, match="no layer medium"):
        read_source(source, ["soft", "medium"])
