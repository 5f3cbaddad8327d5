"""Keyboard music of the Mutopia Project: what is taken of it, and its notes and bars."""

from __future__ import annotations

import shutil

import mido
import numpy as np
import pytest

from amtstudio.symbolic import Meter
from training.beats import mutopia
from training.beats.keyboard_scores import keyboard_score, read_bars, write_bars
from training.beats.mutopia import bars_told, free_keyboard_scores, main
from training.beats.ornaments import ornamented
from training.beats.pieces import BeatPiece, load_keyboard_music
from training.beats.score_bars import Bar

_HEADER = """\\header {{
  mutopiainstrument = "{instrument}"
  mutopiatitle = "A Little Piece"
  maintainer = "Somebody"
  license = "{licence}"
}}
"""
_MUSIC = """\\version "2.24.0"
\\score {
  <<
    \\new Staff \\relative c'' {
      \\time 3/4 \\tempo 4 = 90 \\partial 4
      g4 | \\repeat unfold 20 { c8 d e f g4 | } R2.*2 | c2.~ | c2. |
    }
    \\new Staff \\relative c { \\clef bass r4 | \\repeat unfold 20 { c2 g'4 | } R2.*2 | c2.~ | c2. }
  >>
  \\layout { }
  \\midi { }
}
"""


def typed(folder, place, *, licence="Public Domain", instrument="Harpsichord, Piano"):
    path = folder / "ftp" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEADER.format(licence=licence, instrument=instrument) + _MUSIC)


def test_only_free_scores_for_keyboard_that_are_not_measured_with_are_taken(tmp_path):
    typed(tmp_path, "BachJS/BWV784/a/a.ly")
    typed(tmp_path, "BachJS/BWV847/b/b.ly")
    typed(tmp_path, "BachJS/BWV988/c/c.ly")
    typed(tmp_path, "BachJS/BWV269/d/d.ly", instrument="Organ")
    typed(tmp_path, "MozartWA/KV545/e/e.ly", instrument="Piano")
    typed(tmp_path, "MozartWA/KV331/f/f.ly", licence="Creative Commons Attribution 4.0")
    typed(tmp_path, "MozartWA/KV332/g/g.ly", licence="Creative Commons Attribution-ShareAlike 4.0")
    typed(tmp_path, "MozartWA/KV333/h/h.ly", licence="Creative Commons Attribution-NonCommercial")
    typed(tmp_path, "MozartWA/KV334/i/i.ly", instrument="Voice and Piano")
    typed(tmp_path, "MozartWA/KV335/j/j.ly", licence="")
    found = list(free_keyboard_scores(tmp_path / "ftp"))
    assert [(score.composer, score.stem) for score in found] == [
        ("BachJS", "BWV784-a-a"),
        ("MozartWA", "KV331-f-f"),
    ]
    assert found[1].typed_by == "Somebody"
    assert found[1].licence == "Creative Commons Attribution 4.0"


def places(*told):
    return [(*entry.split(),) for entry in told]


def test_bars_are_told_from_where_in_them_something_sounds():
    bars = bars_told(
        places(
            *("0 -1/4 3/4 3/4", "1/8 -1/8 3/4 3/4", "1/4 0 3/4 3/4", "3/4 1/2 3/4 3/4"),
            *("13/4 0 3/4 3/4", "4 0 4/4 2/2"),
        )
    )
    assert [(bar.start, bar.length, str(bar.meter)) for bar in bars] == [
        (0, 1, "3/4"),
        (1, 3, "3/4"),
        (4, 3, "3/4"),  # nothing begins in this and the next two
        (7, 3, "3/4"),
        (10, 3, "3/4"),
        (13, 3, "3/4"),
        (16, 4, "2/2"),
    ]


def test_music_that_is_not_in_bars_is_left_out():
    assert bars_told([]) == []
    assert bars_told(places("0 0 1 4/4", "1/3 0 1 4/4", "1 0 1 4/4")) == []
    assert bars_told(places("0 0 1 4/4", "1 1/2 1 4/4", "2 9/4 1 4/4")) == []


def written(path, *, tempo=None):
    """Twelve bars of eighths in 3/4 after an upbeat of a quarter."""
    music = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    if tempo is not None:
        track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(tempo)))
    for _ in range(74):
        track.append(mido.Message("note_on", note=64, velocity=70))
        track.append(mido.Message("note_on", note=64, velocity=0, time=240))
    music.tracks.append(track)
    path.parent.mkdir(parents=True, exist_ok=True)
    music.save(path)
    bars = [Bar(0.0, 1.0, Meter(3)), *(Bar(1.0 + 3 * i, 3.0, Meter(3)) for i in range(12))]
    write_bars(path.with_suffix(".bars"), bars)
    assert read_bars(path.with_suffix(".bars")) == bars


def test_a_score_tells_its_notes_bars_and_tempo(tmp_path):
    written(tmp_path / "a.mid", tempo=80)
    score = keyboard_score(tmp_path / "a.mid")
    assert score.parts[0][:2].tolist() == [[0.0, 0.5, 64.0, 70.0], [0.5, 1.0, 64.0, 70.0]]
    assert score.tempos == pytest.approx(np.array([[0.0, 80.0]]), abs=1e-3)
    assert score.bars[1].start == 1.0


def test_repeated_keys_and_two_voices_of_a_part_keep_their_notes_apart(tmp_path):
    music = mido.MidiFile(ticks_per_beat=480)
    notes = [
        (0, 480, 60, 0),  # struck again on the tick on which it ends
        (480, 960, 60, 0),
        (0, 960, 60, 1),  # the same key in another voice
        (960, 1200, 64, 0),
        (960, 1440, 67, 0),
    ]
    for shift in (0, 12):
        events = [
            (tick, is_on, pitch + shift, channel)
            for onset, offset, pitch, channel in notes
            for tick, is_on in ((onset, True), (offset, False))
        ]
        track, now = mido.MidiTrack(), 0
        for tick, is_on, pitch, channel in sorted(events):  # ends come first
            velocity = 60 if is_on else 0
            track.append(
                mido.Message(
                    "note_on", note=pitch, velocity=velocity, channel=channel, time=tick - now
                )
            )
            now = tick
        music.tracks.append(track)
    music.save(tmp_path / "a.mid")
    write_bars(tmp_path / "a.bars", [Bar(0.0, 3.0, Meter(3))])
    parts = keyboard_score(tmp_path / "a.mid").parts
    for part, shift in zip(parts, (0, 12), strict=True):
        expected = sorted(
            [onset / 480, offset / 480, pitch + shift, 60.0] for onset, offset, pitch, _ in notes
        )
        assert part.tolist() == expected


def test_a_score_without_a_tempo_gets_one_at_which_its_notes_are_as_fast_as_usual(tmp_path):
    written(tmp_path / "a.mid")
    assert 120 < keyboard_score(tmp_path / "a.mid").tempos[0, 1] < 150


def test_keyboard_music_has_the_beats_of_its_bars_and_some_composers_are_held_out(tmp_path):
    written(tmp_path / "BachJS/a.mid", tempo=120)
    written(tmp_path / "HandelGF/b.mid", tempo=120)
    one, two = load_keyboard_music(tmp_path)
    assert (one.source, one.split, two.split) == ("keyboard", "train", "test")
    assert one.beats.tolist() == (np.arange(37) / 2).tolist()
    assert np.flatnonzero(one.is_downbeat).tolist() == list(range(1, 37, 3))
    assert len(one.notes) == 74


def test_ornaments_are_played_within_the_note_that_has_them(rng):
    onsets = np.repeat(np.arange(200) * 0.5, 2)
    pitches = np.tile((48.0, 72.0), 200)
    notes = np.stack([onsets, onsets + 0.5, pitches, 0 * onsets + 80, 0 * onsets], axis=1)
    beats, sure = np.arange(200) * 0.5, np.ones(200, bool)
    piece = BeatPiece("x", "keyboard", "train", notes, beats, sure, False, sure)
    played = [ornamented(piece, rng).notes for _ in range(20)]
    n_added = [len(one) - len(notes) for one in played]
    assert min(n_added) > 0
    assert np.mean(n_added) > 60
    for one in played:
        assert np.all(np.diff(one[:, 0]) >= 0)
        assert np.all(one[:, 1] > one[:, 0])
        near = np.abs(one[:, 2:3] - (48.0, 72.0)).min(axis=1)
        assert near.max() <= 2
        changed = one[(one[:, 2] > 60) & (near > 0)]
        assert len(changed) > np.sum((one[:, 2] < 60) & (near > 0))
    short = BeatPiece(
        "x", "keyboard", "train", notes * (0.2, 0.2, 1, 1, 1), *(beats, sure, False, sure)
    )
    assert len(ornamented(short, rng).notes) == len(notes)


@pytest.mark.skipif(shutil.which("lilypond") is None, reason="LilyPond is not installed")
def test_lilypond_tells_the_notes_and_the_bars(tmp_path, monkeypatch):
    monkeypatch.setattr(mutopia, "_LONGEST_S", 300.0)  # on a machine that is busy
    typed(tmp_path, "BachJS/BWV784/a/a.ly")
    assert main([str(tmp_path), str(tmp_path / "keyboard")]) == 0
    score = keyboard_score(tmp_path / "keyboard/BachJS/BWV784-a-a.mid")
    assert [(bar.start, bar.length) for bar in score.bars[:3]] == [(0, 1), (1, 3), (4, 3)]
    assert len(score.bars) == 25
    assert score.tempos[0, 1] == pytest.approx(90, abs=0.01)
    above, below = sorted(score.parts, key=len, reverse=True)
    assert above[0, :3].tolist() == [0.0, 1.0, 67.0]
    assert len(below) == 41
    assert below[-1, :2].tolist() == [67.0, 73.0]  # of tied notes
    told = (tmp_path / "keyboard/credits.tsv").read_text().splitlines()
    assert told[1].split("\t") == [
        "BWV784-a-a",
        "BachJS",
        "A Little Piece",
        "Somebody",
        "Public Domain",
    ]
