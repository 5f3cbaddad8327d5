"""Which input goes where, and what is refused before any work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from amtstudio.cli.console import Console
from amtstudio.cli.inputs import Input, find_inputs
from amtstudio.cli.outputs import check_output, make_folder, output_folder, plan_jobs
from amtstudio.cli.stopping import StopRequest
from amtstudio.errors import CannotCreateOutputError, OptionError, OutputExistsError


def test_a_recording_that_is_named_in_several_ways_is_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("song.wav", "other.wav"):
        Path("set").mkdir(exist_ok=True)
        Path("set", name).write_bytes(b"RIFF")
    Path("linked.wav").symlink_to("set/song.wav")
    names = ["set/song.wav", "./set/song.wav", str(tmp_path / "set" / "song.wav"), "set", "-", "-"]
    inputs, errors = find_inputs([*names, "linked.wav"], Console(), StopRequest())
    assert [given.name for given in inputs] == [
        "set/song.wav",
        "set/other.wav",
        "-",
        "linked.wav",  # has an output of its own
    ]
    assert errors == {}


@pytest.mark.parametrize(
    ("inputs", "output", "format_name", "expected"),
    [
        (["x/a.mp3"], None, None, [("x/a.mid", "midi")]),
        (["x/a.b.mp3"], None, "json", [("x/a.b.json", "json")]),
        (
            ["Etude No.1", "Etude No.2"],
            None,
            None,
            [("Etude No.1.mid", "midi"), ("Etude No.2.mid", "midi")],
        ),
        (["Op. 10 No. 3 in E"], "new/", "csv", [("new/Op. 10 No. 3 in E.csv", "csv")]),
        (["Op.10 No.3.FLAC"], None, None, [("Op.10 No.3.mid", "midi")]),
        (["a.K545", "a.K331"], None, None, [("a.K545.mid", "midi"), ("a.K331.mid", "midi")]),
        (["memo.qta", "lesson.M4V"], None, None, [("memo.mid", "midi"), ("lesson.mid", "midi")]),
        (["a.mp3"], "Etude No.1", None, [("Etude No.1", "midi")]),
        (["a.mp3"], "out.csv", None, [("out.csv", "csv")]),
        (["a.mp3"], "out.MIDI", None, [("out.MIDI", "midi")]),
        (["a.mp3"], "out.mid", "jsonl", [("out.mid", "jsonl")]),
        (["a.mp3"], "out", None, [("out", "midi")]),
        (["a.mp3"], "out.no1", "midi", [("out.no1", "midi")]),
        (["a.mp3"], "new/", "csv", [("new/a.csv", "csv")]),
        (["a.mp3", "y/b.wav"], "new", None, [("new/a.mid", "midi"), ("new/b.mid", "midi")]),
        (["a.mp3"], "-", None, [(None, "midi")]),
        (["a.mp3"], "-", "json", [(None, "json")]),
    ],
)
def test_plan(inputs, output, format_name, expected):
    jobs = plan_jobs([Input(name) for name in inputs], output, format_name)
    assert [job.input for job in jobs] == inputs
    assert [(job.output, job.format_name) for job in jobs] == [
        (path and Path(path), name) for path, name in expected
    ]


def test_an_existing_folder_takes_the_output(tmp_path):
    (job,) = plan_jobs([Input("a.mp3")], str(tmp_path), None)
    assert job.output == tmp_path / "a.mid"
    assert output_folder(str(tmp_path), [Input("a.mp3")]) == tmp_path


def test_recordings_of_a_folder_keep_their_subfolders_and_stay_apart():
    below = [
        Input("f/a.mp3", Path()),
        Input("f/x/a.mp3", Path("x")),
        Input("f/x/b.wav", Path("x")),
        Input("f/x/b.mp3", Path("x")),
    ]
    outputs = [job.output for job in plan_jobs(below, "new", None)]
    assert outputs == [
        Path("new/a.mid"),
        Path("new/x/a.mid"),
        Path("new/x/b.wav.mid"),
        Path("new/x/b.mp3.mid"),
    ]
    # One recording of a folder is many that happen to be one.
    assert plan_jobs(below[:1], "new", None)[0].output == Path("new/a.mid")
    assert plan_jobs(below[1:2], None, None)[0].output == Path("f/x/a.mid")


def test_standard_input_goes_to_standard_output_or_where_it_is_told():
    assert plan_jobs([Input("-")], None, None)[0].output is None
    assert plan_jobs([Input("-")], "take.csv", None)[0].output == Path("take.csv")
    assert plan_jobs([Input("-"), Input("a.mp3")], "new", None)[0].output == Path("new/stdin.mid")
    with pytest.raises(OptionError, match="needs a folder for its output"):
        plan_jobs([Input("-"), Input("a.mp3")], None, None)


def test_a_misspelt_suffix_is_answered_with_the_one_that_was_meant():
    with pytest.raises(OptionError, match=r"no format has the suffix \.jsn .*mean '\.json'"):
        plan_jobs([Input("a.mp3")], "out.jsn", None)


@pytest.mark.parametrize(
    ("inputs", "output", "message"),
    [
        (["a.mp3", "b.mp3"], "-", "takes one input"),
        (["a.mp3", "a.wav"], None, "would both be written to a.mid"),
        (["a.mp3", "./a.mp3"], None, "would both be written"),
        (["x/a.mp3", "y/a.mp3"], "new", "would both be written"),
        (["a.mp3"], "out.wav", "no format has the suffix .wav"),
    ],
)
def test_contradictions_are_refused(inputs, output, message):
    with pytest.raises(OptionError, match=message):
        plan_jobs([Input(name) for name in inputs], output, None)


def test_check_output_takes_a_free_name_a_device_and_what_may_be_replaced(tmp_path):
    old = tmp_path / "old.mid"
    old.write_bytes(b"old")
    check_output(tmp_path / "new.mid", tmp_path / "a.wav", overwrite=False)
    check_output(old, tmp_path / "a.wav", overwrite=True)
    check_output(Path(os.devnull), tmp_path / "a.wav", overwrite=False)
    assert sorted(tmp_path.iterdir()) == [old]


def test_check_output_keeps_what_is_there(tmp_path):
    old = tmp_path / "old.mid"
    old.write_bytes(b"old")
    with pytest.raises(OutputExistsError, match=r"old\.mid already exists \(use --overwrite"):
        check_output(old, tmp_path / "a.wav", overwrite=False)
    with pytest.raises(OutputExistsError, match=r"exists \(name another output with --record\)"):
        check_output(old, tmp_path / "a.wav", overwrite=None, option="--record")


def test_check_output_never_takes_the_recording(tmp_path):
    source = tmp_path / "a.wav"
    source.write_bytes(b"RIFF")
    link = tmp_path / "link.mid"
    link.symlink_to(source)
    for path in (source, link):
        with pytest.raises(CannotCreateOutputError, match="is the recording itself"):
            check_output(path, source, overwrite=True)


def test_check_output_takes_none_of_several_files_that_are_read(tmp_path):
    recordings = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for recording in recordings:
        recording.write_bytes(b"RIFF")
        with pytest.raises(CannotCreateOutputError, match=r"are read \(.* with --report"):
            check_output(
                recording, *recordings, tmp_path / "b.mid", overwrite=True, option="--report"
            )


def test_check_output_needs_a_folder_that_is_there(tmp_path):
    with pytest.raises(CannotCreateOutputError, match="there is no folder"):
        check_output(tmp_path / "no" / "a.mid", tmp_path / "a.wav", overwrite=False)
    with pytest.raises(CannotCreateOutputError, match="it is a folder"):
        check_output(tmp_path, tmp_path / "a.wav", overwrite=True)
    with pytest.raises(CannotCreateOutputError, match="too long"):
        check_output(tmp_path / ("x" * 300), tmp_path / "a.wav", overwrite=False)


def test_make_folder_makes_what_is_missing_and_says_why_it_cannot(tmp_path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotCreateOutputError, match="cannot make the folder"):
        make_folder(tmp_path / "file" / "b")
