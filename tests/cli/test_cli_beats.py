"""``amtstudio beats``, and bars in what ``transcribe`` writes."""

from __future__ import annotations

import io
import json

import mido
import numpy as np
import pytest

from amtstudio.cli import main
from amtstudio.formats import FORMATS, read_midi
from amtstudio.formats.midi_writer import dump_midi
from amtstudio.session import Document
from amtstudio.symbolic import Note, NoteTable, TempoMap, Transcription


@pytest.fixture(scope="module")
def waltz(tmp_path_factory):
    """Forty bars of three at 150 beats a minute: a bass note, two chords, and a tune."""
    rng = np.random.default_rng(2)
    notes = []
    for bar in range(40):
        root = (48, 53, 55, 48)[bar // 2 % 4]
        start = 0.3 + 1.2 * bar
        notes.append(Note(start, start + 0.4, root - 12, 90))
        notes += [
            Note(start + beat * 0.4, start + beat * 0.4 + 0.25, root + step, 55)
            for beat in (1, 2)
            for step in (0, 4, 7)
        ]
        notes.append(Note(start, start + 1.1, root + 24 + int(rng.choice((0, 4, 7))), 95))
    path = tmp_path_factory.mktemp("beats") / "waltz.mid"
    path.write_bytes(dump_midi(Transcription(NoteTable.of(notes), duration=49.0)))
    return path


def beats(path, *options):
    return main(["beats", str(path), *options])


def test_beats_of_a_waltz(waltz, capsys):
    assert beats(waltz, "--format", "json") == 0
    captured = capsys.readouterr()
    content = json.loads(captured.out)
    assert content["time_signature"] == "3/4"
    assert content["tempo_bpm"] == pytest.approx(150.0, rel=0.02)
    downbeats = 0.3 + 1.2 * np.arange(40)
    found = np.array(content["downbeats_s"])
    assert np.mean([np.abs(found - time).min() < 0.05 for time in downbeats]) > 0.9
    assert "about 150 beats a minute in 3/4" in captured.err


def test_the_suffix_of_the_output_says_how_it_is_written(waltz, tmp_path, capsys):
    outputs = {suffix: tmp_path / f"beats.{suffix}" for suffix in ("json", "csv", "txt")}
    for output in outputs.values():
        assert beats(waltz, "-o", str(output)) == 0
    assert json.loads(outputs["json"].read_text())["time_signature"] == "3/4"
    assert outputs["csv"].read_text().startswith("time_s,bar,beat\n")
    assert "\t" in outputs["txt"].read_text().splitlines()[0]
    assert beats(waltz, "-o", str(outputs["json"]), "--format", "csv", "--overwrite") == 0
    assert outputs["json"].read_text().startswith("time_s,bar,beat\n")
    assert beats(waltz, "-o", str(tmp_path / "beats.mid")) == 2
    assert "not MIDI" in capsys.readouterr().err
    assert not (tmp_path / "beats.mid").exists()


def test_notes_may_come_from_standard_input(waltz, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with waltz.open("rb") as given:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(given))
        assert main(["beats", "-", "--meter", "3/4"]) == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) > 100
    assert "standard input: about 150 beats a minute" in captured.err


@pytest.mark.parametrize("kind", ["midi", "csv", "json", "jsonl"])
def test_every_file_of_notes_is_taken_by_name_and_from_standard_input(
    waltz, tmp_path, capsys, monkeypatch, kind
):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    path = tmp_path / f"waltz{FORMATS[kind].suffix}"
    path.write_bytes(FORMATS[kind].dumps(read_midi(waltz)))
    assert beats(path, "--meter", "3/4", "-q") == 0
    by_name = capsys.readouterr().out
    assert len(by_name.splitlines()) > 100
    with path.open("rb") as given:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(given))
        assert beats("-", "--meter", "3/4", "-q") == 0
    assert capsys.readouterr().out == by_name


def test_text_tells_the_place_in_the_bar_and_csv_the_bar_too(waltz, capsys):
    assert beats(waltz, "--meter", "3/4") == 0
    places = [int(line.split("\t")[1]) for line in capsys.readouterr().out.splitlines()]
    assert set(places) == {1, 2, 3}
    assert set(np.diff(places).tolist()) == {1, -2}
    assert beats(waltz, "--meter", "3/4", "--format", "csv", "-q") == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0] == "time_s,bar,beat"
    assert captured.err == ""


def test_half_and_twice_as_many(waltz, capsys):
    counts = []
    for options in ([], ["--half"], ["--double"]):
        assert beats(waltz, "-q", *options) == 0
        counts.append(len(capsys.readouterr().out.splitlines()))
    assert counts[1] == pytest.approx(counts[0] / 2, abs=1)
    assert counts[2] == pytest.approx(counts[0] * 2, abs=1)


def test_a_project_tells_the_beats_that_it_has_and_finds_others_on_wish(waltz, tmp_path, capsys):
    project = tmp_path / "waltz.amts"
    mine = TempoMap(0.25 + 0.4 * np.arange(120), np.arange(120) % 2 == 0)
    notes = read_midi(waltz).notes
    with Document.create() as document:
        document.replace_transcription(Transcription(notes, tempo=mine, duration=49.0))
        document.save_as(project)
    before = project.read_bytes()
    assert beats(project, "--format", "json", "-q") == 0
    content = json.loads(capsys.readouterr().out)
    assert content["beats_s"] == pytest.approx(mine.beats.tolist())
    assert content["time_signature"] == "2/4"
    assert beats(project, "--meter", "3/4", "--format", "json", "-q") == 0
    assert json.loads(capsys.readouterr().out)["time_signature"] == "3/4"
    assert project.read_bytes() == before
    with Document.open(project) as document:
        document.set_beats(None, text="Remove")
        document.save()
    assert beats(project, "--format", "json", "-q") == 0
    assert json.loads(capsys.readouterr().out)["time_signature"] == "3/4"  # found in its notes


def test_programs_are_told_how_far_it_is(waltz, capsys):
    assert beats(waltz, "--json-progress") == 0
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (first, *_) = (entry for entry in told if entry["event"] == "progress")
    assert (first["done_s"], first["total_s"]) == (0.0, pytest.approx(48.0, abs=1.0))


def test_a_tempo_that_is_known_is_taken(waltz, capsys):
    assert beats(waltz, "-q", "--tempo", "75", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["tempo_bpm"] == pytest.approx(75.0, rel=0.05)


def test_a_file_is_written_and_not_over_another(waltz, tmp_path, capsys):
    out = tmp_path / "beats.csv"
    assert beats(waltz, "-o", str(out), "--format", "csv") == 0
    assert out.read_text().startswith("time_s,bar,beat\n")
    assert beats(waltz, "-o", str(out)) == 73
    assert "already exists" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--tempo", "9"], "9 is not between 15 and 400"),
        (["--meter", "three"], "'three' is not a time signature such as 3/4"),
        (["--meter", "3/5"], "the unit must be 1, 2, 4, 8, 16 or 32, got 5"),
        (["--half", "--double"], "not allowed with argument"),
        (["--end", "5"], "--end can only be used with a recording, and waltz.mid has notes"),
        (["--track", "2", "--model", "piano"], "--track and --model can only be used with"),
    ],
)
def test_wrong_options_say_what_is_wrong(waltz, capsys, options, sentence):
    assert beats(waltz, *options) == 2
    assert sentence in capsys.readouterr().err


def test_a_note_that_is_days_behind_the_others_is_told(tmp_path, capsys):
    path = tmp_path / "stray.csv"
    path.write_text("onset_s,offset_s,midi_pitch\n0,1,60\n1,2,62\n279620,279621,64\n")
    assert beats(path) == 65
    said = capsys.readouterr().err
    assert "stray.csv has notes up to hour 78, and beats are found in 24 hours (remove" in said


def test_no_notes_have_no_beats(tmp_path, capsys):
    path = tmp_path / "empty.mid"
    path.write_bytes(dump_midi(Transcription(duration=3.0)))
    assert beats(path) == 65
    assert "no beats were found in empty.mid" in capsys.readouterr().err


def tempos(path):
    file = mido.MidiFile(file=io.BytesIO(path.read_bytes()))
    return [m.tempo for m in file.tracks[0] if m.type == "set_tempo"], [
        f"{m.numerator}/{m.denominator}" for m in file.tracks[0] if m.type == "time_signature"
    ]


def test_transcribe_puts_bars_into_midi_or_not(recording, model_file, tmp_path):
    out = tmp_path / "out.mid"
    arguments = ["transcribe", str(recording), "-o", str(out), "--model", str(model_file)]
    arguments += ["--device", "cpu", "-q", "--overwrite"]
    # Random notes have no certain beats, but what the user knows is taken.
    assert main(arguments) == 0
    assert tempos(out) == ([500_000], ["4/4"])
    assert main([*arguments, "--tempo", "100", "--meter", "3/4"]) == 0
    found, signatures = tempos(out)
    assert np.median(found) == pytest.approx(600_000, rel=0.3)
    assert "3/4" in signatures
    assert main([*arguments, "--beats", "off"]) == 0
    assert tempos(out) == ([500_000], ["4/4"])


def test_what_is_said_of_half_the_tempo_is_half_the_tempo(waltz, capsys):
    assert main(["beats", str(waltz), "--format", "json"]) == 0
    whole = capsys.readouterr()
    assert main(["beats", str(waltz), "--half", "--format", "json"]) == 0
    half = capsys.readouterr()
    bpm = json.loads(whole.out)["tempo_bpm"], json.loads(half.out)["tempo_bpm"]
    assert bpm[1] == pytest.approx(bpm[0] / 2, rel=0.02)
    assert f"about {bpm[1]:.0f} beats a minute" in half.err


def test_beats_that_cannot_be_doubled_are_refused_with_the_reason(waltz, capsys):
    assert main(["beats", str(waltz), "--tempo", "300", "--double"]) == 2
    assert "faster than 400 a minute" in capsys.readouterr().err


def test_a_recording_is_decoded_once(recording, openings, capsys):
    assert main(["beats", str(recording), "--device", "cpu"]) in (0, 65)  # it may have no beats
    assert openings == [recording]
