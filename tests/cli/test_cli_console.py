"""What reaches standard error, character by character."""

from __future__ import annotations

import json

import pytest

from amtstudio.cli.console import Console, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Étude in E.wav", "Étude in E.wav"),
        ("練習　曲.wav", "練習　曲.wav"),
        ("two\nlines", r"two\nlines"),
        ("\x1b[2Jgone", r"\x1b[2Jgone"),
        ("bell\x07\x9b31m", r"bell\x07\x9b31m"),
        ("not utf-8 \udcff\udc80", r"not utf-8 \xff\x80"),
        ("gpj.\u202evaw", r"gpj.\u202evaw"),  # right-to-left override: shows as gpj.wav
        ("line\u2028separator", r"line\u2028separator"),
    ],
)
def test_printable_escapes_what_could_drive_the_terminal(text, expected):
    assert printable(text) == expected


def test_an_error_is_one_line(capsys):
    Console().error("it is\nodd (do this)", file="a\nb.wav", code=65)
    assert capsys.readouterr().err == "amtstudio: a\\nb.wav: it is\\nodd (do this)\n"


def test_a_very_long_message_is_cut(capsys):
    Console().error("x" * 100_000, code=65)
    assert len(capsys.readouterr().err) == 2001


def test_quiet_keeps_warnings_and_errors(capsys):
    console = Console(quiet=True)
    console.message("wrote it")
    console.detail("with care")
    console.event("finished")
    console.warning("odd", file="a.wav")
    console.error("bad", file="a.wav", code=65)
    captured = capsys.readouterr()
    assert captured.err == "amtstudio: warning: a.wav: odd\namtstudio: a.wav: bad\n"
    assert captured.out == ""


def test_json_mode_says_everything_as_json(capsys):
    console = Console(as_json=True, verbose=True)
    console.message("for people")
    console.detail("for people")
    console.event("progress", file="n\u00e4me\udcff.wav", done_s=1.5)
    console.warning("odd", file="a.wav")
    console.error("bad", file="a.wav", code=65)
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line) for line in lines] == [
        {"event": "progress", "file": "n\u00e4me\udcff.wav", "done_s": 1.5},
        {"event": "warning", "file": "a.wav", "message": "odd"},
        {"event": "error", "file": "a.wav", "message": "bad", "exit_code": 65},
    ]
    assert all(line.isascii() for line in lines)


def test_a_stream_that_takes_nothing_is_survived(monkeypatch):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        monkeypatch.setattr("sys.stderr", full)
        Console().error("bad", code=65)
        monkeypatch.undo()
        with pytest.raises(OSError, match="No space"):
            full.close()


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("x/a.wav", "a.wav does not exist", "x/a.wav does not exist"),
        ("a.wav", "a.wav is empty", "a.wav is empty"),
        ("a", "an odd name", "a: an odd name"),
        ("a.wav", "a.wave does not exist", "a.wav: a.wave does not exist"),
        ("-", "standard input is empty", "standard input is empty"),
        ("-", "is not audio", "standard input: is not audio"),
    ],
)
def test_the_file_is_named_once(file, text, line, capsys):
    Console().error(text, file=file, code=66)
    assert capsys.readouterr().err == f"amtstudio: {line}\n"
