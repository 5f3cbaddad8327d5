"""Packs of scores for guitar and for quartets, and how clips play them."""

from __future__ import annotations

import zipfile

import mido
import numpy as np
import pytest

from amtstudio.symbolic import Meter
from training.add_music import main
from training.beats.keyboard_scores import write_bars
from training.beats.score_bars import Bar
from training.instruments.phrases import Role
from training.instruments.written_music import (
    WrittenPiece,
    load_pack,
    read_written_music,
    save_pack,
)
from training.instruments.written_playing import guitar_solo, quartet_parts, quartet_player

_PICKED = (40, 47, 52, 55, 59, 64)  # E minor, one string after the other
_HEADER = """\\header {{
  mutopiatitle = "{title}"
  mutopiainstrument = "{instrument}"
  maintainer = "Somebody"
  license = "{licence}"
}}
"""


def score(root, place, pitches, *, licence="Public Domain", instrument="Guitar", tracks=1):
    """A LilyPond source, and what LilyPond made of it: eighths, at 120 quarters a minute."""
    source = root / "ftp" / place
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(
        _HEADER.format(title=f"Piece {place}", instrument=instrument, licence=licence)
    )
    composer, *rest = place.removesuffix(".ly").split("/")
    music = mido.MidiFile(ticks_per_beat=480)
    for _ in range(tracks):
        track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500_000)])
        for pitch in pitches:
            track.append(mido.Message("note_on", note=pitch, velocity=70))
            track.append(mido.Message("note_on", note=pitch, velocity=0, time=240))
        music.tracks.append(track)
    stem = root / "typeset" / composer / "-".join(rest)
    stem.parent.mkdir(parents=True, exist_ok=True)
    music.save(f"{stem}.mid")
    write_bars(stem.with_name(f"{stem.name}.bars"), [Bar(0.0, 4.0, Meter()) for _ in range(8)])
    stem.with_name(f"{stem.name}.done").write_text("1")


def made(root):
    arguments = ["--mutopia", str(root), "--typeset", str(root / "typeset")]
    assert main([str(root / "music"), *arguments]) == 0
    return load_pack(root / "music/guitar.npz")


def test_free_guitar_music_sounds_an_octave_below_what_is_written(tmp_path):
    score(tmp_path, "SorF/a/a.ly", 5 * _PICKED)
    score(tmp_path, "SorF/b/b.ly", [p + 12 for p in 5 * _PICKED], tracks=2)
    score(tmp_path, "SorF/c/c.ly", 5 * _PICKED, licence="Creative Commons Attribution 3.0")
    shared = "Creative Commons Attribution-ShareAlike 3.0"
    score(tmp_path, "SorF/d/d.ly", 5 * _PICKED, licence=shared)
    score(tmp_path, "SorF/e/e.ly", 5 * _PICKED, instrument="Flute and Guitar")
    score(tmp_path, "SorF/f/f.ly", 5 * (21, 31, 41, 51, 61))
    score(tmp_path, "SorF/g/g.ly", 5 * _PICKED, instrument="2 Guitars", tracks=2)
    pieces = made(tmp_path)
    places = [piece.origin.rpartition("-")[2] for piece in pieces]
    assert places == ["a", "b", "c", "g", "g"]
    for piece in pieces:
        assert piece.notes[:, 2].tolist() == list(5 * _PICKED)
        assert np.diff(piece.notes[:, 0]) == pytest.approx(0.25)
        assert piece.notes[:6, 5].tolist() == [0, 1, 2, 3, 4, 5]
    assert pieces[2].licence == "Creative Commons Attribution 3.0"
    assert (pieces[2].composer, pieces[2].typed_by) == ("SorF", "Somebody")


def test_the_pack_for_the_piano_has_no_organ_and_nothing_that_is_measured_with(tmp_path):
    run = tuple(range(48, 84))
    score(tmp_path, "HellerS/a/a.ly", run, instrument="Piano", tracks=2)
    score(tmp_path, "HellerS/b/b.ly", run, instrument="Harpsichord, Piano")
    score(tmp_path, "HellerS/c/c.ly", run, instrument="Organ")
    score(tmp_path, "HellerS/d/d.ly", run, instrument="Voice and Piano")
    score(tmp_path, "HellerS/e/e.ly", run, instrument="Piano Duet")
    score(tmp_path, "HellerS/f/f.ly", (*run, 110), instrument="Piano")
    score(tmp_path, "ChopinFF/O66/impromptu/impromptu.ly", run, instrument="Piano")
    assert made(tmp_path) == []
    pieces = load_pack(tmp_path / "music/piano.npz")
    assert [piece.origin.rpartition("-")[2] for piece in pieces] == ["a", "b"]
    for piece in pieces:  # what both staves have is played once
        assert piece.notes[:, 2].tolist() == list(run)
        assert np.diff(piece.notes[:, 0]) == pytest.approx(0.25)


def quartet_file(folder, n_parts=4):
    def part(octave):
        note = f"<note><pitch><step>G</step><octave>{octave}</octave></pitch>"
        return f"<measure>{30 * (note + '<duration>1</duration></note>')}</measure>"

    parts = "".join(f"<part>{part(5 - number)}</part>" for number in range(n_parts))
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "sq1.mxl", "w") as archive:
        archive.writestr("score.xml", f"<score-partwise>{parts}</score-partwise>")


def test_a_pack_of_quartets_has_their_parts_from_the_highest_on(tmp_path):
    quartet_file(tmp_path / "scores/Haydn,_Joseph/Quartet_in_G")
    quartet_file(tmp_path / "scores/Haydn,_Joseph/Trio", n_parts=3)
    assert main([str(tmp_path / "music"), "--quartets", str(tmp_path)]) == 0
    (piece,) = load_pack(tmp_path / "music/quartets.npz")
    assert (piece.title, piece.composer) == ("Quartet in G", "Haydn, Joseph")
    assert piece.n_parts == 4
    for number in range(4):
        assert set(piece.notes[piece.notes[:, 4] == number, 2]) == {79 - 12 * number}
    music = read_written_music(tmp_path / "music", held_out=piece.is_held_out)
    assert len(music.quartets) == 1
    assert not music.guitar


def piece(title="x", *, n_parts=1):
    """A minute of eighths, plucked on the strings, or in ``n_parts`` parts an octave apart."""
    rows = []
    for index in range(240):
        for part in range(n_parts):
            string = index % 6 if n_parts == 1 else -1
            pitch = _PICKED[index % 6] if n_parts == 1 else 79 - 12 * part + index % 5
            rows.append((0.25 * index, 0.25 * index + 0.25, pitch, 70 + part, part, string))
    return WrittenPiece(title, "Nobody", "Somebody", "CC0 1.0", "made up", np.array(rows))


def test_one_work_in_ten_is_held_out_by_its_title(tmp_path):
    pieces = [piece(f"Study {number}") for number in range(300)]
    save_pack(tmp_path / "guitar.npz", pieces)
    training, held_out = (
        {one.title for one in read_written_music(tmp_path, held_out=is_held_out).guitar}
        for is_held_out in (False, True)
    )
    assert training | held_out == {one.title for one in pieces}
    assert not training & held_out
    assert 15 <= len(held_out) <= 50
    assert not read_written_music(tmp_path / "nowhere", held_out=False).guitar


def test_a_guitar_plays_a_piece_in_uneven_time_one_note_at_a_time_on_a_string(rng):
    gaps, lengths, capos = [], [], set()
    for _ in range(40):
        notes = guitar_solo([piece()], rng, lowest=40, highest=84, seconds=10.0)
        assert 15 < len(notes) < 80
        assert np.all(np.diff(notes[:, 0]) >= 0.0)
        assert np.all((notes[:, 2] >= 40) & (notes[:, 2] <= 84))
        assert np.all(notes[:, 1] > notes[:, 0])
        capos.add(notes[:, 2].min() - 40)
        for pitch in np.unique(notes[:, 2]):  # each pitch of this piece has its own string
            same = notes[notes[:, 2] == pitch]
            assert np.all(same[1:, 0] > same[:-1, 1])
        gaps.append(np.std(np.diff(notes[:, 0])) / np.mean(np.diff(notes[:, 0])))
        lengths.append(np.median(notes[:, 1] - notes[:, 0]))
    assert 0.01 < np.median(gaps) < 0.15  # no machine, no stumbling
    assert min(lengths) < 0.25 < 0.6 < max(lengths)  # some let the strings ring
    assert {0, 1, 2, 3} <= capos


def test_chords_are_plucked_together_or_rolled_from_the_bass_up(rng):
    onsets = np.repeat(np.arange(60) * 1.0, 4)
    strings = np.tile([0, 3, 4, 5], 60)
    pitches = np.array(_PICKED)[strings]
    columns = (onsets, onsets + 0.9, pitches, 0 * onsets + 70, 0 * onsets, strings)
    chords = WrittenPiece("x", "x", "x", "x", "x", np.column_stack(columns))
    widths = []
    for _ in range(60):
        notes = guitar_solo([chords], rng, lowest=40, highest=84, seconds=10.0)
        for chord in np.split(notes, np.flatnonzero(np.diff(notes[:, 0]) > 0.3) + 1):
            widths.append(chord[-1, 0] - chord[0, 0])
            if widths[-1] > 0.03 and len(chord) == 4:
                assert chord[:, 2].tolist() == sorted(chord[:, 2])
    assert np.median(widths) < 0.02
    assert 0.05 < np.mean(np.array(widths) > 0.03) < 0.5
    assert max(widths) < 0.2


def test_players_of_a_quartet_keep_together_within_their_ranges(rng):
    parts = quartet_parts([piece(n_parts=4)], rng, 3, seconds=10.0, fastest=11.0)
    middles = [np.median(part[:, 2]) for part in parts]
    assert middles == sorted(middles, reverse=True)
    assert all(len(part) == len(parts[0]) for part in parts)
    role = Role(50, 70)
    played = [quartet_player(part, role, rng, apart_s=0.01) for part in parts]
    for notes, part in zip(played, parts, strict=True):
        assert np.all((notes[:, 2] >= 50) & (notes[:, 2] <= 70))
        assert np.all((notes[:, 2] - part[:, 2]) % 12 == 0)
        assert np.all(notes[1:, 0] >= notes[:-1, 1])
        assert np.abs(notes[:, 0] - part[:, 0]).max() <= 0.05
    assert 0.002 < np.abs(played[0][:, 0] - played[1][:, 0]).mean() < 0.03


def test_a_passage_is_slowed_down_for_players_who_are_slower(rng):
    gaps = {}
    for fastest in (3.0, 11.0):
        lines = [
            quartet_parts([piece(n_parts=4)], rng, 1, seconds=10.0, fastest=fastest)[0]
            for _ in range(10)
        ]
        gaps[fastest] = [float(np.quantile(np.diff(line[:, 0]), 0.1)) for line in lines]
    assert min(gaps[3.0]) > 0.9 / 3.0
    assert max(gaps[11.0]) < 0.4  # eighths of a quarter of a second, at any tempo


def test_double_stops_are_played_where_a_role_has_two_voices(rng):
    part = np.array([(0.0, 0.5, 62, 70), (0.0, 0.5, 69, 70), (0.5, 1.0, 64, 70)])
    for n_voices in (1, 2):
        notes = quartet_player(part, Role(55, 90, n_voices), rng, apart_s=0.0)
        assert sorted(notes[:, 2].tolist()) == ([64, 69] if n_voices == 1 else [62, 64, 69])
