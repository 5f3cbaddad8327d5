"""The program before any sub-command: help, version, wrong usage, odd streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from cli_program import COMMAND, environment, run_in_shell, run_program

from amtstudio import __version__
from amtstudio.cli import main
from amtstudio.cli.parser import build_parser
from amtstudio.cli.shared_options import FORMAT_SUFFIXES
from amtstudio.formats import FORMATS

_HEAVY = ("torch", "numpy", "scipy", "PySide6", "av", "soundfile", "mido", "tqdm")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["transcribe", "--help"], ["x"]])
def test_help_and_version_import_nothing_heavy(arguments):
    script = (
        "import sys; from amtstudio.cli import main; main(sys.argv[1:]);"
        f"print([name for name in {_HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_version_goes_to_standard_output():
    done = run_program(["--version"])
    assert (done.returncode, done.stdout.decode(), done.stderr) == (
        0,
        f"amtstudio {__version__}\n",
        b"",
    )


def test_the_formats_of_the_command_line_are_those_there_are():
    assert {entry.name: entry.suffix for entry in FORMATS.values()} == FORMAT_SUFFIXES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sing"], "there is no command 'sing'; choose from transcribe, listen"),
        (["transcrib"], "there is no command 'transcrib'; did you mean 'transcribe'?"),
        (["models", "lst"], "there is no action 'lst'; did you mean 'list'?"),
        (["transcribe", "a.wav", "--onset-treshold", "1"], "did you mean '--onset-threshold'?"),
        (["transcribe", "a.wav", "--overwrit=1"], "--overwrit; did you mean '--overwrite'?"),
        (["transcribe", "a.wav", "--xyz"], "there is no option --xyz ("),
        (["transcribe", "a.wav", "--format", "mid"], "'mid'; did you mean 'midi'?"),
        (["beats", "a.wav", "b.wav"], "unexpected argument 'b.wav'"),
        (["instruments", "a.wav", "--resolution", "2"], "there is no '2'"),
        (["transcribe"], "required: IN"),
        (["transcribe", "a.wav", "--onset-threshold", "1.5"], "1.5 is not between 0 and 1"),
        (["transcribe", "a.wav", "--frame-threshold", "nan"], "'nan' is not a finite number"),
        (["transcribe", "a.wav", "--start", "-1"], "-1 is below 0"),
        (["transcribe", "a.wav", "--device", "tpu"], "'tpu' is not one of auto, cpu"),
        (["transcribe", "a.wav", "--start", "soon"], "'soon' is not a number"),
        (["transcribe", "a.wav", "--end", "inf"], "'inf' is not a finite number"),
        (["transcribe", "a.wav", "--overwrite", "--skip-existing"], "not allowed with"),
        (["transcribe", "a.wav", "-q", "-v"], "not allowed with"),
        (["evaluate", ".", "--limit", "0"], "0 is not greater than 0"),
        (["transcribe", "a.wav", "--format", "x\x1b[2J\ny"], r"there is no 'x\x1b[2J\ny'"),
        (["transcribe", "a.wav", "--odd\x1b[2J\ny"], r"--odd\x1b[2J\ny"),
        (["transcribe", "a.wav", "--start", "2", "--end", "1"], "--end 1 is not after --start 2"),
        (["transcribe", "a.wav", "--end", "0"], "--end 0 is not after --start 0"),
        (["transcribe", "a.wav", "b.wav", "-o", "-"], "-o - takes one input"),
        (["transcribe", "a.wav", "--start", "1,5"], "'1,5' is not a number; did you mean 1.5?"),
        (["transcribe", "a.wav", "--onset-threshold", "30%"], "did you mean 0.3?"),
        (["transcribe", "a.wav", "--quantize", "2"], "2 is not a number from 0 to 1"),
        (["transcribe", "a.wav", "--start", "1:2:3:4"], "is not a time such as 90, 1:30"),
        (["transcribe", "a.wav", "--end", f"{'9' * 400}:00"], "is not a finite number"),
        (["transcribe", "a.wav", "--start", "2:00", "--end", "1:30"], "--end 90 is not after"),
        (["evaluate", ".", "--limit", "0:00"], "0:00 is not greater than 0"),
        (["transcribe", ""], "IN: it is empty; is a shell variable not set?"),
        (["evaluate", ""], "FOLDER: it is empty; is a shell variable not set?"),
        (["beats", "a.mid", "-o", ""], "--output: it is empty; is a shell variable not set?"),
        (["transcribe", "a.wav", "--profile="], "--profile: it is empty; is a shell variable"),
        (["adapt", "a.wav", "--name", "x", "--score", "", "a.wav"], "--score: it is empty"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(arguments, message, capsys):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("amtstudio: ")
    assert captured.err.count("\n") == 1
    assert "\x1b" not in captured.err
    assert message in captured.err


def test_programs_are_told_of_wrong_usage_as_of_other_errors(capsys):
    assert main(["transcribe", "a.wav", "--json-progress", "--start", "soon"]) == 2
    (event,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert (event["event"], event["file"], event["exit_code"]) == ("error", None, 2)
    assert "'soon' is not a number (see amtstudio transcribe --help)" in event["message"]


def test_times_may_be_written_as_on_a_clock():
    parse = build_parser().parse_args
    arguments = parse(["transcribe", "a.wav", "--start", "1:30", "--end", "0:02:05.5"])
    assert (arguments.start, arguments.end) == (90.0, 125.5)
    assert parse(["listen", "--seconds", "2:00"]).seconds == 120.0


@pytest.mark.parametrize("arguments", [[], ["models"], ["profiles"]])
def test_a_command_left_out_prints_the_help(arguments, capsys):
    assert main(arguments) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert main([*arguments, "--help"]) == 0
    assert capsys.readouterr().out == captured.out
    assert captured.out.startswith(" ".join(["usage: amtstudio", *arguments]))
    # Every command stands on one line with what it does.
    section = "actions" if arguments else "commands"
    lines = captured.out.partition(f"\n{section}:\n")[2].splitlines()[1:]
    commands = lines[: lines.index("")] if "" in lines else lines
    assert len(commands) >= 3
    assert all(len(line.split(maxsplit=1)) == 2 for line in commands)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("redirection", "code", "error"),
    [
        (">/dev/full", 74, b"amtstudio: cannot write to standard output: No space left on device"),
        (">&-", 74, b"amtstudio: standard output is closed"),
        (">&- 2>&-", 74, b""),
        ("2>&-", 0, b""),
        ("2>/dev/full", 0, b""),
    ],
)
def test_odd_streams(redirection, code, error):
    done = run_in_shell(["--version"], redirection)
    assert done.returncode == code
    assert done.stderr.startswith(error)
    assert done.stderr.count(b"\n") <= 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_an_error_with_standard_error_closed_still_has_its_code():
    assert run_in_shell(["sing"], "2>&-").returncode == 2
    assert run_in_shell(["sing"], "2>/dev/full").returncode == 2


def test_a_reader_that_has_left_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*COMMAND, "--help"],
            env=environment(),
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")
