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


def test_a_folder_without_pieces_is_refused(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"")
    with pytest.raises(InputNotFoundError, match=r"no recording in .* has its truth beside it"):
        find_pieces(tmp_path)
    with pytest.raises(InputNotFoundError, match="is not a folder"):
        find_pieces(tmp_path / "a.wav")


def test_clipped_keeps_what_starts_before_the_limit():
    truth = Transcription((Note(0.0, 1.0, 60), Note(1.5, 9.0, 62), Note(2.0, 3.0, 64)), (), 10.0)
    part = clipped(truth, 2.0)
    assert part.notes == (Note(0.0, 1.0, 60), Note(1.5, 2.0, 62))
    assert part.duration == 2.0
    assert clipped(truth, None) is truth
