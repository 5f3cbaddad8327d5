"""Music with beats: which of its bars are known, and what of them is asked of a network."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import numpy as np

from training.beats.pieces import BeatPiece, _agreed, quartet_pieces
from training.beats.playing import as_heard, clip, in_motion
from training.beats.score_bars import score_of


def song(n_beats=40):
    """Half a second to a beat, four to a bar, a note on each."""
    beats = 1.0 + np.arange(n_beats) / 2
    notes = np.stack([beats, beats + 0.4, 0 * beats + 60, 0 * beats + 80, 0 * beats], axis=1)
    downs, sure = np.arange(n_beats) % 4 == 0, np.ones(n_beats, bool)
    return BeatPiece("x", "pop909", "train", notes, beats, downs, True, sure)


def other(piece, first, *, shift=0.2):
    """A second annotation, whose bars begin with beat ``first`` and the recording later."""
    places = (np.arange(len(piece.beats)) - first) % 4 + 1
    return np.stack([piece.beats + shift, places], axis=1)


def test_bars_that_a_second_annotation_has_too_are_sure():
    piece = song()
    sure = _agreed(piece, other(piece, 0))
    assert sure[:36].all()
    assert not sure[36:].any()  # of the last bar nobody has told the end


def test_bars_are_unsure_where_the_second_annotation_begins_them_elsewhere():
    piece = song()
    assert not _agreed(piece, other(piece, 1)).any()
    half = np.concatenate([other(piece, 0)[:20], other(piece, 2)[20:]])
    sure = _agreed(piece, half)
    assert sure[:16].all()
    assert not sure[20:].any()


def test_bars_twice_as_long_are_unsure():
    piece = song()
    twos = replace(piece, is_downbeat=np.arange(40) % 2 == 0)
    assert not _agreed(twos, other(piece, 0)).any()


def test_a_network_is_not_asked_for_bars_that_nobody_knows():
    piece = song(80)
    unsure = replace(piece, is_sure=np.zeros(80, bool))
    _, wanted = clip(piece, np.random.default_rng(3), n_frames=500)
    _, masked = clip(unsure, np.random.default_rng(3), n_frames=500)
    assert np.isfinite(wanted).all()
    assert wanted[:, 1].max() == 1.0
    assert np.isnan(masked[:, 1]).all()
    assert np.array_equal(masked[:, 0], wanted[:, 0])


def test_music_in_motion_has_notes_on_the_parts_of_its_beats():
    piece = replace(song(200), is_played=False)
    moved = in_motion(piece, np.random.default_rng(4))
    slower = moved.beats[0] / piece.beats[0]
    assert 1.0 <= slower <= 1.5
    assert len(moved.notes) > 1.4 * len(piece.notes)
    places = (moved.notes[:, 0] - moved.beats[0]) / (0.5 * slower)
    assert np.abs(places * 12 - np.round(places * 12)).max() < 1e-6
    assert np.all(np.diff(moved.notes[:, 0]) >= 0)


def test_what_is_heard_is_near_to_what_was_played(rng):
    notes = song(400).notes
    heard = [as_heard(notes, rng) for _ in range(20)]
    n_heard = np.array([len(one) for one in heard])
    assert 0.6 * 400 < n_heard.mean() < 400
    for one in heard:
        assert np.all(one[:, 1] > one[:, 0])
        assert one[:, 3].min() >= 1
        assert one[:, 3].max() <= 127
        off = np.abs(one[:, 0] - notes[:, 0][np.abs(one[:, :1] - notes[:, 0]).argmin(axis=1)])
        assert np.median(off) < 0.02


def quartet(path, *, n_bars=80):
    """A score in MusicXML of four parts in 3/4: quarters above, tied halves and a rest below."""
    quarter = "<note><pitch><step>{}</step><octave>5</octave></pitch><duration>2</duration></note>"
    bar = "".join(quarter.format(step) for step in "CEG")
    long = (
        "<note><pitch><step>F</step><alter>1</alter><octave>3</octave></pitch>"
        '<duration>4</duration><tie type="start"/></note>'
        "<note><pitch><step>F</step><alter>1</alter><octave>3</octave></pitch>"
        '<duration>1</duration><tie type="stop"/></note>'
        "<note><rest/><duration>1</duration></note>"
    )
    first = (
        "<attributes><divisions>2</divisions><time><beats>3</beats><beat-type>4</beat-type></time>"
        "</attributes>"
        '<direction><direction-type><dynamics><p/></dynamics></direction-type><sound tempo="90"/>'
        "</direction>"
    )
    faster = '<direction><sound tempo="180"/></direction>'
    parts = ""
    for number in range(4):
        music = bar if number == 0 else long
        bars = [music] * n_bars
        bars[0] = first + bars[0]
        bars[40] = faster + bars[40]
        told = "".join(f'<measure number="{at}">{text}</measure>' for at, text in enumerate(bars))
        parts += f'<part id="P{number}">{told}</part>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("score.xml", f"<score-partwise>{parts}</score-partwise>")


def test_a_score_tells_notes_tempos_and_bars(tmp_path):
    quartet(tmp_path / "a.mxl")
    score = score_of(tmp_path / "a.mxl")
    assert len(score.bars) == 80
    assert score.bars[3].start == 9.0
    assert score.tempos.tolist() == [[0.0, 90.0], [120.0, 180.0]]
    assert score.parts[0][:4].tolist() == [
        [0.0, 1.0, 72.0, 55.0],
        [1.0, 2.0, 76.0, 55.0],
        [2.0, 3.0, 79.0, 55.0],
        [3.0, 4.0, 72.0, 55.0],
    ]
    assert score.parts[3][1].tolist() == [3.0, 5.5, 54.0, 55.0]  # tied notes are one
    assert len(score.parts[3]) == 80


def test_quartets_are_cut_into_pieces_with_their_beats(tmp_path):
    quartet(tmp_path / "a.mxl", n_bars=100)
    one, two = quartet_pieces(tmp_path / "a.mxl", "train")
    assert (one.source, one.split, one.is_played) == ("quartets", "train", False)
    assert np.allclose(np.diff(one.beats)[:110], 60 / 90)  # to bar 40
    assert np.allclose(np.diff(one.beats)[125:], 60 / 180)
    assert np.array_equal(np.flatnonzero(two.is_downbeat), np.arange(0, len(two.beats), 3))
    assert two.notes[0, 0] == 0.0
    assert np.allclose(np.diff(two.beats), 60 / 180)
    assert np.isin(np.round(two.notes[:, 0] * 3, 6) % 1, (0.0, 1.0)).all()
