"""Beats of recordings by the scores that were aligned with them."""

from __future__ import annotations

import csv

import mido
import numpy as np
import pytest

from training.beats.recordings import beats_of_meter, quarters
from training.truth import read_aligned_score


@pytest.fixture
def aligned(tmp_path):
    """A scale of 24 quarters in a meter, heard at 0.6 seconds to a quarter from second 2 on."""

    def write(numerator, denominator):
        music = mido.MidiFile(ticks_per_beat=480)
        track = mido.MidiTrack()
        meter = {"numerator": numerator, "denominator": denominator}
        track.append(mido.MetaMessage("time_signature", **meter))
        rows = []
        for step in range(24):
            track.append(mido.Message("note_on", note=50 + step, velocity=70))
            track.append(mido.Message("note_on", note=50 + step, velocity=0, time=480))
            onset = 2.0 + 0.6 * step
            rows.append((onset, onset + 0.5, 50 + step))
        music.tracks.append(track)
        music.save(tmp_path / "a.mid")
        with (tmp_path / "a.aligned.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(("aligned_onset_s", "offset_s", "midi_pitch"))
            table.writerows(rows)
        return tmp_path / "a.mid", read_aligned_score(tmp_path / "a.aligned.csv")

    return write


@pytest.mark.parametrize(
    ("meter", "gap"), [((4, 4), 0.6), ((2, 2), 1.2), ((3, 8), 0.3), ((6, 8), 0.9)]
)
def test_beats_are_quarters_and_those_of_the_time_signature(aligned, meter, gap):
    midi, heard = aligned(*meter)
    assert np.diff(quarters(midi, heard)) == pytest.approx([0.6] * 23)
    beats = beats_of_meter(midi, heard)
    assert beats[0] == pytest.approx(2.0)
    assert np.diff(beats) == pytest.approx([gap] * (len(beats) - 1))
    assert beats[-1] > 2.0 + 0.6 * 23 - gap
