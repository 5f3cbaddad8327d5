"""What was heard of a score, and what else, on recordings without exact truth."""

from __future__ import annotations

import json
import shutil

import pytest

from amtstudio.errors import BadFileError
from amtstudio.formats import read_transcription
from amtstudio.resources import resource_path
from amtstudio.symbolic import Note, NoteTable
from training.peers.__main__ import main
from training.peers.score_shares import score_shares, shares_table
from training.truth import read_aligned_score

EXAMPLES = resource_path("examples")
HEADER = "onset_s,offset_s,midi_pitch,aligned_onset_s,snapped,rise_db\n"


def notes(*onsets_and_pitches: tuple[float, int]) -> NoteTable:
    return NoteTable.of(Note(onset, onset + 0.4, pitch) for onset, pitch in onsets_and_pitches)


def test_notes_match_within_150_ms_and_only_once():
    written = notes((1.0, 60), (2.0, 62), (3.0, 64), (4.0, 65))
    heard = notes((1.14, 60), (1.9, 62), (2.05, 62), (3.2, 64))
    shares = score_shares("piece", written, heard)
    assert (shares.n_written, shares.n_heard) == (4, 4)
    assert shares.matched == pytest.approx(2 / 4)
    assert shares.extra == pytest.approx(2 / 4)  # the second of the two, and what is 200 ms late


@pytest.mark.parametrize(
    ("interval", "share"), [(12, 0.5), (19, 0.5), (24, 0.5), (28, 0.5), (7, 0.0), (-12, 0.0)]
)
def test_extra_notes_on_partials_are_told_apart(interval, share):
    shares = score_shares("piece", notes((1.0, 60)), notes((1.0, 60), (1.05, 60 + interval)))
    assert shares.matched == 1.0
    assert shares.extra == pytest.approx(0.5)
    assert shares.partials == pytest.approx(share)


def test_an_octave_that_is_written_is_none_of_the_partials():
    written = notes((1.0, 60), (1.0, 72))
    shares = score_shares("piece", written, notes((1.0, 60), (1.0, 72)))
    assert (shares.extra, shares.partials) == (0.0, 0.0)


def test_an_octave_of_a_note_that_begins_elsewhere_is_none_of_the_partials():
    shares = score_shares("piece", notes((1.0, 60)), notes((1.5, 72)))
    assert (shares.extra, shares.partials) == (1.0, 0.0)


def test_nothing_heard_and_nothing_written():
    nothing = score_shares("piece", notes((1.0, 60)), notes())
    assert (nothing.matched, nothing.extra, nothing.partials) == (0.0, 0.0, 0.0)
    assert score_shares("piece", notes(), notes((1.0, 60))).extra == 1.0


def test_table_has_the_mean_over_pieces():
    all_of_it = score_shares("a", notes((1.0, 60)), notes((1.0, 60)))
    none_of_it = score_shares("b", notes((1.0, 60), (2.0, 60)), notes((1.0, 61)))
    *_, mean = shares_table({"ours": [all_of_it, none_of_it]}).splitlines()
    assert mean.split() == ["mean", "3", "50.0", "50.0", "0.0"]


def test_the_aligned_times_count_and_not_those_of_the_score(tmp_path):
    table = tmp_path / "a.aligned.csv"
    table.write_text(HEADER + "5.0,5.5,62,7.0,1,20.0\n1.0,2.5,60,1.5,0,0.0\n\n")
    first, second = read_aligned_score(table)
    assert (first.onset, first.offset, first.pitch) == (1.5, 2.5, 60)
    assert second.onset == 7.0
    assert second.offset > second.onset  # where the score's own end lies before it


@pytest.mark.parametrize(
    "text",
    [
        "",
        "onset_s,offset_s\n",
        "onset_s,offset_s\n1,2\n",
        HEADER + "1,2,x,1,0,0\n",
        HEADER + "1,2\n",
    ],
)
def test_another_table_is_refused(tmp_path, text):
    table = tmp_path / "a.aligned.csv"
    table.write_text(text)
    with pytest.raises(BadFileError, match="is not an aligned score"):
        read_aligned_score(table)


def test_command_prints_the_shares(tmp_path, capsys):
    shutil.copy(EXAMPLES / "schumann_im_wunderschoenen.mp3", tmp_path / "song.mp3")
    truth = read_transcription(EXAMPLES / "schumann_im_wunderschoenen.notes.csv").notes
    rows = [f"0,{n.offset},{n.pitch},{n.onset},0,0\n" for n in truth]
    (tmp_path / "song.aligned.csv").write_text(HEADER + "".join(rows))
    arguments = [str(tmp_path), "--cache", str(tmp_path / "cache"), "--scores", "--peers", "ours"]
    report = tmp_path / "report.json"
    assert main([*arguments, "--seconds", "6", "--report", str(report)]) == 0
    assert "ours matched" in capsys.readouterr().out
    (shares,) = json.loads(report.read_text())["AMT Studio, piano"]
    assert shares["n_written"] == sum(n.onset < 6.0 for n in truth)
    assert shares["matched"] > 0.8
    assert shares["extra"] < 0.2


@pytest.mark.parametrize("option", [("--pieces", "0"), ("--pieces", "-1"), ("--seconds", "0")])
def test_nothing_to_compare_is_refused(tmp_path, capsys, option):
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--cache", str(tmp_path), *option])
    assert f"argument {option[0]}" in capsys.readouterr().err


def test_command_without_scores_says_what_is_missing(tmp_path, capsys):
    shutil.copy(EXAMPLES / "schumann_im_wunderschoenen.mp3", tmp_path / "song.mp3")
    assert main([str(tmp_path), "--cache", str(tmp_path), "--scores"]) == 66
    assert ".aligned.csv" in capsys.readouterr().err
