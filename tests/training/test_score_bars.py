"""Bars of scores, and the beats that they give to notes without bars."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from amtstudio.symbolic import Meter
from training.beats.pieces import BeatPiece, with_bars
from training.beats.score_bars import Bar, bars_of

_NOTE = "<note><pitch/><duration>{}</duration></note>"


def score(tmp_path, measures, time=("3", "4")):
    """A piano part of two divisions a quarter."""
    first = (
        "<attributes><divisions>2</divisions><time>"
        f"<beats>{time[0]}</beats><beat-type>{time[1]}</beat-type></time></attributes>"
    )
    text = "".join(
        f"<measure>{first if i == 0 else ''}{''.join(_NOTE.format(d) for d in lengths)}</measure>"
        for i, lengths in enumerate(measures)
    )
    path = tmp_path / "song.mxl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        data = f"<score-partwise><part><measure/></part><part>{text}</part></score-partwise>"
        archive.writestr("song.xml", data)
    return path


def test_bars_have_the_length_of_what_is_in_them(tmp_path):
    bars = bars_of(score(tmp_path, [[2], [2, 2, 2], [6], [4]]))
    assert [(bar.start, bar.length) for bar in bars] == [(0, 1), (1, 3), (4, 3), (7, 2)]
    assert {str(bar.meter) for bar in bars} == {"3/4"}


def test_what_is_no_score_is_refused(tmp_path):
    path = tmp_path / "no.mxl"
    path.write_bytes(b"no zip")
    with pytest.raises(ValueError, match="not a score in MusicXML"):
        bars_of(path)


def quarters(n, on):
    """A piece of ``n`` quarters of half a second, with a note at each of ``on``, in quarters."""
    onsets = np.array(on) / 2
    notes = np.stack([onsets, onsets + 0.4, 0 * onsets + 60, 0 * onsets + 80, 0 * onsets], axis=1)
    times, downs, sure = np.arange(n) / 2, np.arange(n) > 0, np.ones(n, bool)
    return BeatPiece("x", "lieder", "train", notes, times, downs, False, sure)


def test_beats_of_an_upbeat_are_counted_back_from_the_bar():
    bars = [Bar(0.0, 0.5, Meter(3)), *(Bar(0.5 + 3 * i, 3.0, Meter(3)) for i in range(4))]
    piece = with_bars(quarters(13, [0.0, 0.5, 3.5, 6.5, 9.5]), bars)
    assert piece.beats[:3].tolist() == [0.25, 0.75, 1.25]
    assert piece.beats[piece.is_downbeat].tolist() == [0.25, 1.75, 3.25, 4.75]


def test_compound_meters_have_long_beats_and_cut_bars_one_first_beat():
    six = Meter.parse("6/8")
    bars = [Bar(3.0 * i, 3.0, six) for i in range(4)]
    bars += [Bar(12.0, 1.5, six), Bar(13.5, 1.5, six), Bar(15.0, 3.0, six)]
    piece = with_bars(quarters(18, [0.0, 3.0, 6.0, 9.0, 12.0, 15.0]), bars)
    assert np.diff(piece.beats).tolist() == [0.75] * 11
    assert piece.is_downbeat.tolist() == [True, False] * 6


def test_a_score_of_other_notes_is_refused():
    bars = [Bar(3.0 * i, 3.0, Meter(3)) for i in range(4)]
    assert with_bars(quarters(20, [0.0, 3.0, 6.0, 9.0]), bars) is None
    assert with_bars(quarters(12, [0.7, 3.7, 6.7, 9.7]), bars) is None
