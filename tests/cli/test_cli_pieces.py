"""Recordings with truth in a folder."""

from __future__ import annotations

import pytest

from amtstudio.cli.evaluate import clipped
from amtstudio.cli.pieces import find_pieces
from amtstudio.errors import InputNotFoundError
from amtstudio.symbolic import Note, Transcription


def test_pieces_are_found_at_any_depth_and_a_table_goes_before_midi(tmp_path):
    (tmp_path / "sub").mkdir()
    names = (
        *("b.FLAC", "b.mid", "b.notes.csv", "alone.wav", "alone.txt"),
        *("sub/a.1.mp3", "sub/a.1.midi", "folder.mid"),
    )
    for name in names:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.wav").mkdir()
    found = [(piece.name, piece.truth.name) for piece in find_pieces(tmp_path)]
    assert found == [("b.FLAC", "b.notes.csv"), ("sub/a.1.mp3", "a.1.midi")]


def test_what_macos_and_others_keep_beside_recordings_is_left_out(tmp_path):
    names = ("take.CAF", "take.MID", "._take.CAF", "._take.MID", ".old.wav", ".old.mid")
    for name in (*names, ".trash/b.wav", ".trash/b.mid", "memo.qta", "memo.Notes.CSV"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"\0\5\x16\7")
    found = [(piece.name, piece.truth.name) for piece in find_pieces(tmp_path)]
    assert found == [("memo.qta", "memo.Notes.CSV"), ("take.CAF", "take.MID")]


def test_names_with_points_keep_their_own_truth(tmp_path):
    for number in "12":
        (tmp_path / f"Etude No.{number}").write_bytes(b"RIFF\0\0\0\0WAVE")
        (tmp_path / f"Etude No.{number}.mid").write_bytes(b"")
    (tmp_path / "Etude No.mid").write_bytes(b"")
    found = [(piece.name, piece.truth.name) for piece in find_pieces(tmp_path)]
    assert found == [("Etude No.1", "Etude No.1.mid"), ("Etude No.2", "Etude No.2.mid")]


def test_what_is_left_out_is_said(tmp_path):
    for name in ("a.wav", "a.mid", "b.wav", "sub/c.wav", "d.mp3", "e.mp3"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    said: list[str] = []
    assert len(find_pieces(tmp_path, on_warning=said.append)) == 1
    assert said == ["4 recordings have no truth beside them: left out (b.wav, d.mp3, e.mp3, ...)"]


def test_a_folder_without_pieces_is_refused(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"")
    with pytest.raises(InputNotFoundError, match=r"no recording in .* has its truth beside it"):
        find_pieces(tmp_path)
    with pytest.raises(InputNotFoundError, match="is not a folder"):
        find_pieces(tmp_path / "a.wav")
    with pytest.raises(InputNotFoundError, match="b does not exist"):
        find_pieces(tmp_path / "b")


def test_clipped_keeps_what_starts_before_the_limit():
    truth = Transcription((Note(0.0, 1.0, 60), Note(1.5, 9.0, 62), Note(2.0, 3.0, 64)), (), 10.0)
    part = clipped(truth, 2.0)
    assert part.notes == (Note(0.0, 1.0, 60), Note(1.5, 2.0, 62))
    assert part.duration == 2.0
    assert clipped(truth, None) is truth
